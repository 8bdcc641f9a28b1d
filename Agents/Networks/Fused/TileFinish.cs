using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Agents.Networks.Fused;

/// <summary>What happens to a sum on its way to memory. A struct per case, so that the JIT compiles one tile for each.</summary>
internal unsafe interface ITileFinish
{
    /// <param name="sum">Finished sums of neighbouring columns.</param>
    /// <param name="other">The elements of <see cref="TileProduct.Other"/> at the same place.</param>
    static abstract T Apply<T>(T sum, float* other) where T : unmanaged, ILane<T>;
}

/// <summary>The sum itself.</summary>
internal readonly unsafe struct AsIs : ITileFinish
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T sum, float* other) where T : unmanaged, ILane<T> => sum;
}

/// <summary>max(sum, 0).</summary>
internal readonly unsafe struct Rectified : ITileFinish
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T sum, float* other) where T : unmanaged, ILane<T> => T.Max(sum, T.Of(0));
}

/// <summary>Times the derivative of max(x, 0); <c>other</c> holds the activation's output.</summary>
internal readonly unsafe struct TimesReluDerivative : ITileFinish
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T sum, float* other) where T : unmanaged, ILane<T> => sum & (T.Load(other) > T.Of(0));
}

/// <summary>Times the derivative of tanh, 1 - h²; <c>other</c> holds the activation's output h.</summary>
internal readonly unsafe struct TimesTanhDerivative : ITileFinish
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T sum, float* other) where T : unmanaged, ILane<T>
    {
        T output = T.Load(other);
        return sum * T.Fma(-output, output, T.Of(1));
    }
}

/// <summary>Times the derivative of the exponential linear unit, 1 or h + 1; <c>other</c> holds the activation's output h.</summary>
internal readonly unsafe struct TimesEluDerivative : ITileFinish
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T sum, float* other) where T : unmanaged, ILane<T>
        => sum * (T.Min(T.Load(other), T.Of(0)) + T.Of(1));
}

/// <summary>Times <c>other</c>, a derivative kept by the forward pass.</summary>
internal readonly unsafe struct TimesOther : ITileFinish
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Apply<T>(T sum, float* other) where T : unmanaged, ILane<T> => sum * T.Load(other);
}
