using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Agents.Networks.Fused;

/// <summary>Rows of a tile as a type, so that the JIT drops the code of the rows that are not there.</summary>
internal interface ITileRows
{
    static abstract int Count { get; }
}

internal readonly struct One : ITileRows
{
    public static int Count { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => 1; }
}

internal readonly struct Two : ITileRows
{
    public static int Count { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => 2; }
}

internal readonly struct Four : ITileRows
{
    public static int Count { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => 4; }
}

internal readonly struct Six : ITileRows
{
    public static int Count { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => 6; }
}

/// <summary>
/// The micro-kernel: a tile of up to six rows by one or two vectors, whose sums stay in registers over the inner
/// dimension. Six by two fills AVX2's sixteen registers: twelve sums, two of B, one of A.
/// </summary>
internal static unsafe class Tile<T, TRows, TFinish>
    where T : unmanaged, ILane<T>
    where TRows : struct, ITileRows
    where TFinish : struct, ITileFinish
{
    private const MethodImplOptions Hot = MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization;

    /// <summary>Two vectors of columns.</summary>
    [MethodImpl(Hot)]
    public static void Wide(in TileProduct product, nint row, nint column)
    {
        float* a = product.A + (row * product.ARow), b = product.B + column;
        float* start = product.Start + (row * product.StartRow) + column;
        nint a1 = product.ARow, a2 = 2 * a1, a3 = 3 * a1, a4 = 4 * a1, a5 = 5 * a1;
        nint aInner = product.AInner, bRow = product.BRow, startRow = product.StartRow;
        Unsafe.SkipInit(out T sum0);
        Unsafe.SkipInit(out T sum1);
        Unsafe.SkipInit(out T sum2);
        Unsafe.SkipInit(out T sum3);
        Unsafe.SkipInit(out T sum4);
        Unsafe.SkipInit(out T sum5);
        Unsafe.SkipInit(out T next0);
        Unsafe.SkipInit(out T next1);
        Unsafe.SkipInit(out T next2);
        Unsafe.SkipInit(out T next3);
        Unsafe.SkipInit(out T next4);
        Unsafe.SkipInit(out T next5);
        sum0 = T.Load(start);
        next0 = T.Load(start + T.Width);
        if (TRows.Count > 1)
        {
            sum1 = T.Load(start + startRow);
            next1 = T.Load(start + startRow + T.Width);
        }
        if (TRows.Count > 2)
        {
            sum2 = T.Load(start + (2 * startRow));
            next2 = T.Load(start + (2 * startRow) + T.Width);
        }
        if (TRows.Count > 3)
        {
            sum3 = T.Load(start + (3 * startRow));
            next3 = T.Load(start + (3 * startRow) + T.Width);
        }
        if (TRows.Count > 4)
        {
            sum4 = T.Load(start + (4 * startRow));
            next4 = T.Load(start + (4 * startRow) + T.Width);
        }
        if (TRows.Count > 5)
        {
            sum5 = T.Load(start + (5 * startRow));
            next5 = T.Load(start + (5 * startRow) + T.Width);
        }

        for (nint inner = product.Inner; inner > 0; inner--)
        {
            T left = T.Load(b);
            T right = T.Load(b + T.Width);
            T factor0 = T.Of(a[0]);
            sum0 = T.Fma(factor0, left, sum0);
            next0 = T.Fma(factor0, right, next0);
            if (TRows.Count > 1)
            {
                T factor1 = T.Of(a[a1]);
                sum1 = T.Fma(factor1, left, sum1);
                next1 = T.Fma(factor1, right, next1);
            }
            if (TRows.Count > 2)
            {
                T factor2 = T.Of(a[a2]);
                sum2 = T.Fma(factor2, left, sum2);
                next2 = T.Fma(factor2, right, next2);
            }
            if (TRows.Count > 3)
            {
                T factor3 = T.Of(a[a3]);
                sum3 = T.Fma(factor3, left, sum3);
                next3 = T.Fma(factor3, right, next3);
            }
            if (TRows.Count > 4)
            {
                T factor4 = T.Of(a[a4]);
                sum4 = T.Fma(factor4, left, sum4);
                next4 = T.Fma(factor4, right, next4);
            }
            if (TRows.Count > 5)
            {
                T factor5 = T.Of(a[a5]);
                sum5 = T.Fma(factor5, left, sum5);
                next5 = T.Fma(factor5, right, next5);
            }
            a += aInner;
            b += bRow;
        }

        nint cRow = product.CRow;
        float* c = product.C + (row * cRow) + column, other = product.Other + (row * cRow) + column;
        T.Store(TFinish.Apply(sum0, other), c);
        T.Store(TFinish.Apply(next0, other + T.Width), c + T.Width);
        if (TRows.Count > 1)
        {
            T.Store(TFinish.Apply(sum1, other + cRow), c + cRow);
            T.Store(TFinish.Apply(next1, other + cRow + T.Width), c + cRow + T.Width);
        }
        if (TRows.Count > 2)
        {
            T.Store(TFinish.Apply(sum2, other + (2 * cRow)), c + (2 * cRow));
            T.Store(TFinish.Apply(next2, other + (2 * cRow) + T.Width), c + (2 * cRow) + T.Width);
        }
        if (TRows.Count > 3)
        {
            T.Store(TFinish.Apply(sum3, other + (3 * cRow)), c + (3 * cRow));
            T.Store(TFinish.Apply(next3, other + (3 * cRow) + T.Width), c + (3 * cRow) + T.Width);
        }
        if (TRows.Count > 4)
        {
            T.Store(TFinish.Apply(sum4, other + (4 * cRow)), c + (4 * cRow));
            T.Store(TFinish.Apply(next4, other + (4 * cRow) + T.Width), c + (4 * cRow) + T.Width);
        }
        if (TRows.Count > 5)
        {
            T.Store(TFinish.Apply(sum5, other + (5 * cRow)), c + (5 * cRow));
            T.Store(TFinish.Apply(next5, other + (5 * cRow) + T.Width), c + (5 * cRow) + T.Width);
        }
    }

    /// <summary>One vector of columns.</summary>
    [MethodImpl(Hot)]
    public static void Narrow(in TileProduct product, nint row, nint column)
    {
        float* a = product.A + (row * product.ARow), b = product.B + column;
        float* start = product.Start + (row * product.StartRow) + column;
        nint a1 = product.ARow, a2 = 2 * a1, a3 = 3 * a1, a4 = 4 * a1, a5 = 5 * a1;
        nint aInner = product.AInner, bRow = product.BRow, startRow = product.StartRow;
        Unsafe.SkipInit(out T sum0);
        Unsafe.SkipInit(out T sum1);
        Unsafe.SkipInit(out T sum2);
        Unsafe.SkipInit(out T sum3);
        Unsafe.SkipInit(out T sum4);
        Unsafe.SkipInit(out T sum5);
        sum0 = T.Load(start);
        if (TRows.Count > 1)
        {
            sum1 = T.Load(start + startRow);
        }
        if (TRows.Count > 2)
        {
            sum2 = T.Load(start + (2 * startRow));
        }
        if (TRows.Count > 3)
        {
            sum3 = T.Load(start + (3 * startRow));
        }
        if (TRows.Count > 4)
        {
            sum4 = T.Load(start + (4 * startRow));
        }
        if (TRows.Count > 5)
        {
            sum5 = T.Load(start + (5 * startRow));
        }

        for (nint inner = product.Inner; inner > 0; inner--)
        {
            T left = T.Load(b);
            sum0 = T.Fma(T.Of(a[0]), left, sum0);
            if (TRows.Count > 1)
            {
                sum1 = T.Fma(T.Of(a[a1]), left, sum1);
            }
            if (TRows.Count > 2)
            {
                sum2 = T.Fma(T.Of(a[a2]), left, sum2);
            }
            if (TRows.Count > 3)
            {
                sum3 = T.Fma(T.Of(a[a3]), left, sum3);
            }
            if (TRows.Count > 4)
            {
                sum4 = T.Fma(T.Of(a[a4]), left, sum4);
            }
            if (TRows.Count > 5)
            {
                sum5 = T.Fma(T.Of(a[a5]), left, sum5);
            }
            a += aInner;
            b += bRow;
        }

        nint cRow = product.CRow;
        float* c = product.C + (row * cRow) + column, other = product.Other + (row * cRow) + column;
        T.Store(TFinish.Apply(sum0, other), c);
        if (TRows.Count > 1)
        {
            T.Store(TFinish.Apply(sum1, other + cRow), c + cRow);
        }
        if (TRows.Count > 2)
        {
            T.Store(TFinish.Apply(sum2, other + (2 * cRow)), c + (2 * cRow));
        }
        if (TRows.Count > 3)
        {
            T.Store(TFinish.Apply(sum3, other + (3 * cRow)), c + (3 * cRow));
        }
        if (TRows.Count > 4)
        {
            T.Store(TFinish.Apply(sum4, other + (4 * cRow)), c + (4 * cRow));
        }
        if (TRows.Count > 5)
        {
            T.Store(TFinish.Apply(sum5, other + (5 * cRow)), c + (5 * cRow));
        }
    }
}
