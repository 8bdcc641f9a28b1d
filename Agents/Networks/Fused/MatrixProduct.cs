using System.Runtime.Intrinsics;
using Sim.Physics.Numerics;

namespace Sim.Agents.Networks.Fused;

/// <summary>Covers a product with tiles: column panels outermost, so that a panel of B stays in the first-level cache.</summary>
internal static unsafe class MatrixProduct
{
    /// <summary>Computes <paramref name="product"/>. Every element is summed in the order of the inner index.</summary>
    public static void Run<TFinish>(in TileProduct product) where TFinish : struct, ITileFinish
    {
        if (product.Rows == 0)
        {
            return;
        }
        nint column = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; column + 32 <= product.Columns; column += 32)
            {
                Panel<Lane16, TFinish>(product, column, wide: true);
            }
            for (; column + 16 <= product.Columns; column += 16)
            {
                Panel<Lane16, TFinish>(product, column, wide: false);
            }
        }
        for (; column + 16 <= product.Columns; column += 16)
        {
            Panel<Lane8, TFinish>(product, column, wide: true);
        }
        for (; column < product.Columns; column += 8)
        {
            Panel<Lane8, TFinish>(product, column, wide: false);
        }
    }

    private static void Panel<T, TFinish>(in TileProduct product, nint column, bool wide)
        where T : unmanaged, ILane<T>
        where TFinish : struct, ITileFinish
    {
        nint row = 0, rows = product.Rows;
        for (; row + 6 <= rows; row += 6)
        {
            Cover<T, Six, TFinish>(product, row, column, wide);
        }
        if (row + 4 <= rows)
        {
            Cover<T, Four, TFinish>(product, row, column, wide);
            row += 4;
        }
        if (row + 2 <= rows)
        {
            Cover<T, Two, TFinish>(product, row, column, wide);
            row += 2;
        }
        if (row < rows)
        {
            Cover<T, One, TFinish>(product, row, column, wide);
        }
    }

    private static void Cover<T, TRows, TFinish>(in TileProduct product, nint row, nint column, bool wide)
        where T : unmanaged, ILane<T>
        where TRows : struct, ITileRows
        where TFinish : struct, ITileFinish
    {
        if (wide)
        {
            Tile<T, TRows, TFinish>.Wide(product, row, column);
        }
        else
        {
            Tile<T, TRows, TFinish>.Narrow(product, row, column);
        }
    }
}
