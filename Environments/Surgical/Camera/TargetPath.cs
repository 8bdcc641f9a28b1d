using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Camera;

/// <summary>A point of a <see cref="TargetPath{T}"/>.</summary>
public struct PathKnot<T> where T : unmanaged, ILane<T>
{
    /// <summary>Where on the path, as the share of its chords that lies before it, 0 to 1.</summary>
    public T Along;

    /// <summary>World, m.</summary>
    public T X, Y;

    /// <summary>Second derivatives by <see cref="Along"/>, m.</summary>
    public T BendX, BendY;
}

/// <summary>The three points of a path in one quarter of the table, in the order in which they are passed.</summary>
public struct PathQuarter<T> where T : unmanaged, ILane<T>
{
    public PathKnot<T> First, Second, Third;
}

/// <summary>
/// A closed path through twelve points, three in each quarter of the table: the cubic spline that interpolates them with
/// continuous curvature, its parameter the length of the chords.
/// </summary>
public struct TargetPath<T> where T : unmanaged, ILane<T>
{
    /// <summary>Places on the path that a target takes; the last is the first again.</summary>
    public const int Samples = 2000;

    public PathQuarter<T> UpperLeft, LowerLeft, LowerRight, UpperRight;

    /// <summary>Draws the points: 26 numbers of the stream, whatever they are.</summary>
    public static void Draw(ref Draws<T> draws, in TableSettings table, out TargetPath<T> path)
    {
        float xMiddle = 0.5f * (table.XLow + table.XHigh), xPlay = 0.1f * (table.XHigh - table.XLow);
        float yMiddle = 0.5f * (table.YLow + table.YHigh), yPlay = 0.1f * (table.YHigh - table.YLow);
        T x = draws.Uniform(xMiddle - xPlay, xMiddle + xPlay), y = draws.Uniform(yMiddle - yPlay, yMiddle + yPlay);
        T left = T.Of(table.XLow), right = T.Of(table.XHigh), low = T.Of(table.YLow), high = T.Of(table.YHigh);
        Draw(ref draws, in left, in x, in y, in high, out path.UpperLeft);
        Draw(ref draws, in left, in x, in low, in y, out path.LowerLeft);
        Draw(ref draws, in x, in right, in low, in y, out path.LowerRight);
        Draw(ref draws, in x, in right, in y, in high, out path.UpperRight);
        T down = T.Of(-1), across = T.Of(1), still = T.Of(0);
        Sort(ref path.UpperLeft, in still, in down);
        Sort(ref path.LowerLeft, in still, in down);
        Sort(ref path.LowerRight, in across, in still);
        Sort(ref path.UpperRight, in down, in still);
        PathFit<T>.Fit(ref path);
    }

    /// <summary>The place of a sample.</summary>
    /// <param name="sample">0 to <see cref="Samples"/> − 1.</param>
    /// <param name="x">World, m.</param>
    /// <param name="y">World, m.</param>
    public readonly void At(in T sample, out T x, out T y)
    {
        T along = sample * (1f / (Samples - 1));
        var from = UpperLeft.First;
        var to = UpperLeft.Second;
        Pass(in along, in UpperLeft.Second, in UpperLeft.Third, ref from, ref to);
        Pass(in along, in UpperLeft.Third, in LowerLeft.First, ref from, ref to);
        Pass(in along, in LowerLeft, in LowerRight.First, ref from, ref to);
        Pass(in along, in LowerRight, in UpperRight.First, ref from, ref to);
        var end = UpperLeft.First;
        end.Along = T.Of(1);
        Pass(in along, in UpperRight, in end, ref from, ref to);

        T length = to.Along - from.Along;
        T share = (along - from.Along) / length, rest = 1f - share;
        T sixth = length * length * (1f / 6);
        T fromBend = T.Fms(rest * rest, rest, rest) * sixth, toBend = T.Fms(share * share, share, share) * sixth;
        x = T.Fma(rest, from.X, share * to.X) + T.Fma(fromBend, from.BendX, toBend * to.BendX);
        y = T.Fma(rest, from.Y, share * to.Y) + T.Fma(fromBend, from.BendY, toBend * to.BendY);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pass(in T along, in PathQuarter<T> quarter, in PathKnot<T> next, ref PathKnot<T> from, ref PathKnot<T> to)
    {
        Pass(in along, in quarter.First, in quarter.Second, ref from, ref to);
        Pass(in along, in quarter.Second, in quarter.Third, ref from, ref to);
        Pass(in along, in quarter.Third, in next, ref from, ref to);
    }

    /// <summary>Takes the piece behind a knot in lanes that have come past it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pass(in T along, in PathKnot<T> knot, in PathKnot<T> next, ref PathKnot<T> from, ref PathKnot<T> to)
    {
        T passed = along >= knot.Along;
        Take(passed, in knot, ref from);
        Take(passed, in next, ref to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take(T mask, in PathKnot<T> knot, ref PathKnot<T> taken)
    {
        taken.Along = T.Select(mask, knot.Along, taken.Along);
        taken.X = T.Select(mask, knot.X, taken.X);
        taken.Y = T.Select(mask, knot.Y, taken.Y);
        taken.BendX = T.Select(mask, knot.BendX, taken.BendX);
        taken.BendY = T.Select(mask, knot.BendY, taken.BendY);
    }

    private static void Draw(ref Draws<T> draws, in T xLow, in T xHigh, in T yLow, in T yHigh, out PathQuarter<T> quarter)
    {
        Draw(ref draws, in xLow, in xHigh, in yLow, in yHigh, out quarter.First);
        Draw(ref draws, in xLow, in xHigh, in yLow, in yHigh, out quarter.Second);
        Draw(ref draws, in xLow, in xHigh, in yLow, in yHigh, out quarter.Third);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Draw(ref Draws<T> draws, in T xLow, in T xHigh, in T yLow, in T yHigh, out PathKnot<T> knot)
    {
        knot.X = draws.Uniform(xLow, xHigh);
        knot.Y = draws.Uniform(yLow, yHigh);
        knot.Along = knot.BendX = knot.BendY = T.Of(0);
    }

    /// <summary>Orders three points by their way along a direction.</summary>
    private static void Sort(ref PathQuarter<T> quarter, in T x, in T y)
    {
        Order(ref quarter.First, ref quarter.Second, in x, in y);
        Order(ref quarter.Second, ref quarter.Third, in x, in y);
        Order(ref quarter.First, ref quarter.Second, in x, in y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Order(ref PathKnot<T> first, ref PathKnot<T> second, in T x, in T y)
    {
        T swap = T.Fma(first.X, x, first.Y * y) > T.Fma(second.X, x, second.Y * y);
        T firstX = first.X, firstY = first.Y;
        first.X = T.Select(swap, second.X, firstX);
        first.Y = T.Select(swap, second.Y, firstY);
        second.X = T.Select(swap, firstX, second.X);
        second.Y = T.Select(swap, firstY, second.Y);
    }
}
