using System.Runtime.InteropServices;

namespace Sim.Environments.PixelGames;

/// <summary>The wall of <c>pixel-breakout</c>: six rows of 18 bricks, a bit each, the leftmost lowest.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct BrickWall
{
    public const int Rows = 6, Columns = 18, BrickWidth = 8, BrickHeight = 6, Left = 8, Top = 57, Bottom = Top + (Rows * BrickHeight);

    public const uint FullRow = (1u << Columns) - 1;

    private const int Unit = 16, RowsAWord = 3;

    /// <summary>Rows 0 to 2, and rows 3 to 5.</summary>
    private ulong _upper, _lower;

    public static BrickWall Full { get; } = new() { _upper = (1ul << (RowsAWord * Columns)) - 1, _lower = (1ul << (RowsAWord * Columns)) - 1 };

    public readonly bool IsEmpty => (_upper | _lower) == 0;

    public readonly bool IsFull => (_upper & _lower) == Full._upper;

    public readonly bool IsWhole => ((_upper | _lower) & ~Full._upper) == 0;

    public readonly uint Row(int row) => (uint)((row < RowsAWord ? _upper >> (row * Columns) : _lower >> ((row - RowsAWord) * Columns)) & FullRow);

    /// <summary>The bricks of both.</summary>
    public readonly BrickWall With(BrickWall other) => new() { _upper = _upper | other._upper, _lower = _lower | other._lower };

    public void Remove(int column, int row)
    {
        if (row < RowsAWord) _upper &= ~(1ul << ((row * Columns) + column));
        else _lower &= ~(1ul << (((row - RowsAWord) * Columns) + column));
    }

    /// <summary>The brick that a moving rectangle runs into first, and from which side; lengths in sixteenths of a pixel.</summary>
    /// <param name="wall">The wall.</param>
    /// <param name="fromX">Left before the move.</param>
    /// <param name="fromY">Top before the move.</param>
    /// <param name="x">Left after it.</param>
    /// <param name="y">Top after it.</param>
    /// <param name="width">Of the rectangle.</param>
    /// <param name="height">Of the rectangle.</param>
    internal static BrickContact Contact(in BrickWall wall, int fromX, int fromY, int x, int y, int width, int height)
    {
        int firstRow = Index(y - (Top * Unit), BrickHeight), lastRow = Index(y + height - 1 - (Top * Unit), BrickHeight);
        if (lastRow < 0 || firstRow >= Rows) return default;
        int firstColumn = Index(x - (Left * Unit), BrickWidth), lastColumn = Index(x + width - 1 - (Left * Unit), BrickWidth);
        var nearest = default(BrickContact);
        for (int row = Math.Max(firstRow, 0); row <= Math.Min(lastRow, Rows - 1); row++)
        {
            uint bricks = wall.Row(row);
            for (int column = Math.Max(firstColumn, 0); column <= Math.Min(lastColumn, Columns - 1); column++)
            {
                if ((bricks >> column & 1) == 0) continue;
                int left = (Left + (column * BrickWidth)) * Unit, top = (Top + (row * BrickHeight)) * Unit;
                // How far the move goes until the rectangle is level with the brick, each way; less than nothing where it was.
                int sideways = x > fromX ? left - fromX - width : fromX - left - (BrickWidth * Unit);
                int upright = y > fromY ? top - fromY - height : fromY - top - (BrickHeight * Unit);
                // As shares of the move, which have the other way's length for a common denominator.
                long side = (long)sideways * Math.Abs(y - fromY), end = (long)upright * Math.Abs(x - fromX);
                BrickContact contact = new(true, column, row, side > end, Math.Max(side, end));
                if (!nearest.IsHit || contact.Time < nearest.Time) nearest = contact;
            }
        }
        return nearest;
    }

    private static int Index(int place, int size) => place < 0 ? -1 : place / (size * Unit);
}

/// <summary>The first brick on the way.</summary>
/// <param name="IsHit">Whether there is one.</param>
/// <param name="Column">Of the brick.</param>
/// <param name="Row">Of the brick.</param>
/// <param name="IsOnSide">Whether its left or right side was hit.</param>
/// <param name="Time">When, as compared with other bricks on the same way.</param>
internal readonly record struct BrickContact(bool IsHit, int Column, int Row, bool IsOnSide, long Time);
