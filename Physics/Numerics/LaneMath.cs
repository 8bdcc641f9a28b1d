using System.Runtime.CompilerServices;

namespace Sim.Physics.Numerics;

/// <summary>
/// Mathematics on lanes, written only on the contract of <see cref="ILane{T}"/>, so scalar and wide runs agree bit
/// for bit. Use it by <c>using static Sim.Physics.Numerics.LaneMath;</c>.
/// </summary>
/// <remarks>
/// No method branches on lane values, and NaN in gives NaN out. Errors in the summaries were measured against
/// double precision over every float32 of the range above 1e-9 in size (<see cref="Atan2"/>: along both axes and
/// over random vectors), in units in the last place (ulp) of the exact result or as absolute values. They hold for
/// lanes whose <c>Fma</c> rounds once. Everything inlines: called instead of inlined, one function costs 1.3 to 2
/// times as much. The price is that a method holds at most about six of them; <c>docs/lanes.md</c> says why.
/// </remarks>
public static partial class LaneMath
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private const uint SignBit = 0x80000000;

    /// <summary>x².</summary>
    [MethodImpl(Inline)]
    public static T Square<T>(T x) where T : unmanaged, ILane<T> => x * x;

    // The limit stands first in Min and Max because they return their second operand where either is NaN.

    /// <summary>x limited to [low, high]; NaN stays NaN.</summary>
    [MethodImpl(Inline)]
    public static T Clamp<T>(T x, T low, T high) where T : unmanaged, ILane<T> => T.Max(low, T.Min(high, x));

    /// <summary>x limited to [low, high]; NaN stays NaN.</summary>
    [MethodImpl(Inline)]
    public static T Clamp<T>(T x, float low, float high) where T : unmanaged, ILane<T> => Clamp(x, T.Of(low), T.Of(high));

    /// <summary>x limited to [-limit, limit], limit ≥ 0; NaN stays NaN.</summary>
    [MethodImpl(Inline)]
    public static T Clamp<T>(T x, T limit) where T : unmanaged, ILane<T> => Clamp(x, -limit, limit);

    /// <summary>x limited to [-limit, limit], limit ≥ 0; NaN stays NaN.</summary>
    [MethodImpl(Inline)]
    public static T Clamp<T>(T x, float limit) where T : unmanaged, ILane<T> => Clamp(x, T.Of(-limit), T.Of(limit));

    /// <summary>a + t·(b − a): exactly a at t = 0, b to rounding at t = 1; t is not limited.</summary>
    [MethodImpl(Inline)]
    public static T Lerp<T>(T a, T b, T t) where T : unmanaged, ILane<T> => T.Fma(t, b - a, a);

    /// <summary>a + t·(b − a): exactly a at t = 0, b to rounding at t = 1; t is not limited.</summary>
    [MethodImpl(Inline)]
    public static T Lerp<T>(T a, T b, float t) where T : unmanaged, ILane<T> => T.Fma(T.Of(t), b - a, a);

    /// <summary>−1, 1, or x itself where it is zero or NaN.</summary>
    [MethodImpl(Inline)]
    public static T Sign<T>(T x) where T : unmanaged, ILane<T>
        => T.Select(x > T.Of(0), T.Of(1), T.Select(x < T.Of(0), T.Of(-1), x));
}
