using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Camera;

/// <summary>
/// Finds the second derivatives of a closed cubic spline: a tridiagonal system with two corners, solved by elimination
/// and the correction of Sherman and Morrison (W. H. Press et al., Numerical Recipes, 2.7.2).
/// </summary>
/// <remarks>Row i: hᵢ₋₁·Mᵢ₋₁ + 2(hᵢ₋₁ + hᵢ)·Mᵢ + hᵢ·Mᵢ₊₁ = 6·(slope of piece i − slope of piece i − 1).</remarks>
internal static class PathFit<T> where T : unmanaged, ILane<T>
{
    /// <summary>Shortest piece, as a share of the path's chords or in metres; coinciding points would divide by zero.</summary>
    private const float Shortest = 1e-6f;

    /// <summary>What elimination keeps of a row beside its knot, whose bend holds the right side and then the solution.</summary>
    private struct Row
    {
        /// <summary>Length of the piece behind the knot.</summary>
        public T Length;

        public T Pivot;

        /// <summary>The solution for the corners' column.</summary>
        public T Corner;
    }

    private struct Rows
    {
        public Row First, Second, Third;
    }

    /// <summary>Sets where each knot is along the path, and its bend.</summary>
    public static void Fit(ref TargetPath<T> path)
    {
        Measure(ref path, out Rows upperLeft, out Rows lowerLeft, out Rows lowerRight, out Rows upperRight);
        Steepen(ref path, in upperLeft, in lowerLeft, in lowerRight, in upperRight);

        T diagonal = 2f * (upperRight.Third.Length + upperLeft.First.Length), corner = upperRight.Third.Length;
        Prepare(in upperRight.Third, ref upperLeft);
        Prepare(in upperLeft.Third, ref lowerLeft);
        Prepare(in lowerLeft.Third, ref lowerRight);
        Prepare(in lowerRight.Third, ref upperRight);
        upperLeft.First.Pivot += diagonal;
        upperLeft.First.Corner = -diagonal;
        upperRight.Third.Pivot += corner * corner / diagonal;
        upperRight.Third.Corner = corner;

        EliminateWithin(ref path.UpperLeft, ref upperLeft);
        Eliminate(in path.UpperLeft, in upperLeft, ref path.LowerLeft, ref lowerLeft);
        Eliminate(in path.LowerLeft, in lowerLeft, ref path.LowerRight, ref lowerRight);
        Eliminate(in path.LowerRight, in lowerRight, ref path.UpperRight, ref upperRight);

        // Behind the last row stands nothing: its piece closes the ring, which the corners take care of.
        PathKnot<T> nothing;
        nothing.Along = nothing.X = nothing.Y = nothing.BendX = nothing.BendY = T.Of(0);
        T none = T.Of(0);
        Substitute(in nothing, in none, ref path.UpperRight, ref upperRight);
        Substitute(in path.UpperRight.First, in upperRight.First.Corner, ref path.LowerRight, ref lowerRight);
        Substitute(in path.LowerRight.First, in lowerRight.First.Corner, ref path.LowerLeft, ref lowerLeft);
        Substitute(in path.LowerLeft.First, in lowerLeft.First.Corner, ref path.UpperLeft, ref upperLeft);

        Correct(ref path, in upperLeft, in lowerLeft, in lowerRight, in upperRight, in diagonal, in corner);
    }

    private static void Measure(ref TargetPath<T> path, out Rows upperLeft, out Rows lowerLeft, out Rows lowerRight, out Rows upperRight)
    {
        Measure(in path.UpperLeft, in path.LowerLeft.First, out upperLeft);
        Measure(in path.LowerLeft, in path.LowerRight.First, out lowerLeft);
        Measure(in path.LowerRight, in path.UpperRight.First, out lowerRight);
        Measure(in path.UpperRight, in path.UpperLeft.First, out upperRight);
        T perWay = 1f / (Way(in upperLeft) + Way(in lowerLeft) + (Way(in lowerRight) + Way(in upperRight)));
        T along = T.Of(0);
        Place(ref path.UpperLeft, ref upperLeft, in perWay, ref along);
        Place(ref path.LowerLeft, ref lowerLeft, in perWay, ref along);
        Place(ref path.LowerRight, ref lowerRight, in perWay, ref along);
        Place(ref path.UpperRight, ref upperRight, in perWay, ref along);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Measure(in PathQuarter<T> quarter, in PathKnot<T> next, out Rows rows)
    {
        rows.First.Length = Distance(in quarter.First, in quarter.Second);
        rows.Second.Length = Distance(in quarter.Second, in quarter.Third);
        rows.Third.Length = Distance(in quarter.Third, in next);
        rows.First.Pivot = rows.Second.Pivot = rows.Third.Pivot = T.Of(0);
        rows.First.Corner = rows.Second.Corner = rows.Third.Corner = T.Of(0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Distance(in PathKnot<T> a, in PathKnot<T> b)
    {
        T x = b.X - a.X, y = b.Y - a.Y;
        return T.Max(T.Sqrt(T.Fma(x, x, y * y)), T.Of(Shortest));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Way(in Rows rows) => rows.First.Length + rows.Second.Length + rows.Third.Length;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Place(ref PathQuarter<T> quarter, ref Rows rows, in T perWay, ref T along)
    {
        Place(ref quarter.First, ref rows.First, in perWay, ref along);
        Place(ref quarter.Second, ref rows.Second, in perWay, ref along);
        Place(ref quarter.Third, ref rows.Third, in perWay, ref along);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Place(ref PathKnot<T> knot, ref Row row, in T perWay, ref T along)
    {
        row.Length *= perWay;
        knot.Along = along;
        along += row.Length;
    }

    /// <summary>Right sides: how the slope changes at each knot.</summary>
    private static void Steepen(ref TargetPath<T> path, in Rows upperLeft, in Rows lowerLeft, in Rows lowerRight, in Rows upperRight)
    {
        Slope(in path.UpperRight.Third, in path.UpperLeft.First, in upperRight.Third, out T x, out T y);
        Steepen(ref path.UpperLeft, in path.LowerLeft.First, in upperLeft, ref x, ref y);
        Steepen(ref path.LowerLeft, in path.LowerRight.First, in lowerLeft, ref x, ref y);
        Steepen(ref path.LowerRight, in path.UpperRight.First, in lowerRight, ref x, ref y);
        Steepen(ref path.UpperRight, in path.UpperLeft.First, in upperRight, ref x, ref y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Steepen(ref PathQuarter<T> quarter, in PathKnot<T> next, in Rows rows, ref T x, ref T y)
    {
        Steepen(ref quarter.First, in quarter.Second, in rows.First, ref x, ref y);
        Steepen(ref quarter.Second, in quarter.Third, in rows.Second, ref x, ref y);
        Steepen(ref quarter.Third, in next, in rows.Third, ref x, ref y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Steepen(ref PathKnot<T> knot, in PathKnot<T> next, in Row row, ref T x, ref T y)
    {
        Slope(in knot, in next, in row, out T afterX, out T afterY);
        knot.BendX = 6f * (afterX - x);
        knot.BendY = 6f * (afterY - y);
        (x, y) = (afterX, afterY);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Slope(in PathKnot<T> from, in PathKnot<T> to, in Row row, out T x, out T y)
    {
        T perLength = 1f / row.Length;
        x = (to.X - from.X) * perLength;
        y = (to.Y - from.Y) * perLength;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prepare(in Row before, ref Rows rows)
    {
        rows.First.Pivot = 2f * (before.Length + rows.First.Length);
        rows.Second.Pivot = 2f * (rows.First.Length + rows.Second.Length);
        rows.Third.Pivot = 2f * (rows.Second.Length + rows.Third.Length);
    }

    private static void Eliminate(in PathQuarter<T> before, in Rows beforeRows, ref PathQuarter<T> quarter, ref Rows rows)
    {
        Eliminate(in before.Third, in beforeRows.Third, ref quarter.First, ref rows.First);
        EliminateWithin(ref quarter, ref rows);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EliminateWithin(ref PathQuarter<T> quarter, ref Rows rows)
    {
        Eliminate(in quarter.First, in rows.First, ref quarter.Second, ref rows.Second);
        Eliminate(in quarter.Second, in rows.Second, ref quarter.Third, ref rows.Third);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Eliminate(in PathKnot<T> beforeKnot, in Row before, ref PathKnot<T> knot, ref Row row)
    {
        T share = before.Length / before.Pivot;
        row.Pivot = T.Fnma(share, before.Length, row.Pivot);
        row.Corner = T.Fnma(share, before.Corner, row.Corner);
        knot.BendX = T.Fnma(share, beforeKnot.BendX, knot.BendX);
        knot.BendY = T.Fnma(share, beforeKnot.BendY, knot.BendY);
    }

    private static void Substitute(in PathKnot<T> next, in T nextCorner, ref PathQuarter<T> quarter, ref Rows rows)
    {
        Substitute(in next, in nextCorner, ref quarter.Third, ref rows.Third);
        Substitute(in quarter.Third, in rows.Third.Corner, ref quarter.Second, ref rows.Second);
        Substitute(in quarter.Second, in rows.Second.Corner, ref quarter.First, ref rows.First);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Substitute(in PathKnot<T> next, in T nextCorner, ref PathKnot<T> knot, ref Row row)
    {
        T perPivot = 1f / row.Pivot;
        row.Corner = T.Fnma(row.Length, nextCorner, row.Corner) * perPivot;
        knot.BendX = T.Fnma(row.Length, next.BendX, knot.BendX) * perPivot;
        knot.BendY = T.Fnma(row.Length, next.BendY, knot.BendY) * perPivot;
    }

    /// <summary>Takes the corners into account: x = y − q·(v·y)/(1 + v·q) with v = (1, 0, …, 0, −corner/diagonal).</summary>
    private static void Correct(ref TargetPath<T> path, in Rows upperLeft, in Rows lowerLeft, in Rows lowerRight, in Rows upperRight, in T diagonal, in T corner)
    {
        T last = -(corner / diagonal);
        T perCorner = 1f / (1f + T.Fma(last, upperRight.Third.Corner, upperLeft.First.Corner));
        T x = T.Fma(last, path.UpperRight.Third.BendX, path.UpperLeft.First.BendX) * perCorner;
        T y = T.Fma(last, path.UpperRight.Third.BendY, path.UpperLeft.First.BendY) * perCorner;
        Correct(ref path.UpperLeft, in upperLeft, in x, in y);
        Correct(ref path.LowerLeft, in lowerLeft, in x, in y);
        Correct(ref path.LowerRight, in lowerRight, in x, in y);
        Correct(ref path.UpperRight, in upperRight, in x, in y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Correct(ref PathQuarter<T> quarter, in Rows rows, in T x, in T y)
    {
        Correct(ref quarter.First, in rows.First, in x, in y);
        Correct(ref quarter.Second, in rows.Second, in x, in y);
        Correct(ref quarter.Third, in rows.Third, in x, in y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Correct(ref PathKnot<T> knot, in Row row, in T x, in T y)
    {
        knot.BendX = T.Fnma(row.Corner, x, knot.BendX);
        knot.BendY = T.Fnma(row.Corner, y, knot.BendY);
    }
}
