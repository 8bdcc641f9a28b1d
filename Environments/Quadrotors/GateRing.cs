using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Environments.Quadrotors;

/// <summary>
/// Three upright square gates on a circle about the origin, a third of a turn apart, to be flown through
/// counter-clockwise as seen from above: gate k stands at angle 2πk/3 and its normal is the circle's tangent there.
/// </summary>
public struct GateRing<T> where T : unmanaged, ILane<T>
{
    private const float HalfRoot3 = 0.8660254f;

    /// <summary>Heights of the gates' centres, m.</summary>
    public T Height0, Height1, Height2;

    /// <summary>Centre of gate <paramref name="index"/> (0, 1 or 2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Point<T> Centre(T index, float radius)
        => Point<T>.Of(radius * Cos(index), radius * Sin(index), ByIndex(index, Height0, Height1, Height2));

    /// <summary>The direction in which gate <paramref name="index"/> is to be passed, of length 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Point<T> Normal(T index) => Point<T>.Of(-Sin(index), Cos(index), T.Of(0));

    /// <summary>The gate after <paramref name="index"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T After(T index) => T.Select(index > T.Of(1.5f), T.Of(0), index + 1f);

    /// <summary>A place in the axes of a gate: along its normal, to its left, and up from its centre, m.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Point<T> InGate(in Point<T> place, T index, float radius)
    {
        T cos = Cos(index), sin = Sin(index);
        T along = T.Fma(cos, place.Y, -(sin * place.X));
        T left = T.Of(radius) - T.Fma(cos, place.X, sin * place.Y);
        return Point<T>.Of(along, left, place.Z - ByIndex(index, Height0, Height1, Height2));
    }

    /// <summary>Square of the distance from a place in the axes of a gate to its frame, m²: 0 inside the material.</summary>
    /// <param name="place">Along the normal, across, up.</param>
    /// <param name="inner">Half the side of the opening, m.</param>
    /// <param name="thickness">Width and depth of the frame's bars, m.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T SquaredDistanceToFrame(in Point<T> place, float inner, float thickness)
    {
        T zero = T.Of(0), outer = T.Of(inner + thickness);
        T depth = T.Max(T.Abs(place.X) - thickness * 0.5f, zero);
        T across = T.Abs(place.Y), up = T.Abs(place.Z);

        // In the opening the nearest bar is straight ahead; outside, an edge or a corner of the outer square is.
        T inside = T.Max(inner - T.Max(across, up), zero);
        T beyondAcross = T.Max(across - outer, zero), beyondUp = T.Max(up - outer, zero);
        return T.Fma(depth, depth, T.Fma(inside, inside, T.Fma(beyondAcross, beyondAcross, beyondUp * beyondUp)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Cos(T index) => ByIndex(index, T.Of(1), T.Of(-0.5f), T.Of(-0.5f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Sin(T index) => ByIndex(index, T.Of(0), T.Of(HalfRoot3), T.Of(-HalfRoot3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ByIndex(T index, T a, T b, T c) => T.Select(index < T.Of(0.5f), a, T.Select(index < T.Of(1.5f), b, c));
}
