using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sim.Physics.Numerics;

namespace Sim.Agents.Networks.Fused;

/// <summary>
/// The activations that are too long for the end of a tile, over rows that the tiles just wrote and that are still in
/// the first-level cache.
/// </summary>
internal static unsafe class ActivationPass
{
    /// <summary>Replaces each value by its tanh.</summary>
    /// <param name="values">A multiple of 8 floats.</param>
    /// <param name="count">How many.</param>
    public static void Tanh(float* values, nint count)
    {
        nint i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            i = Tanh<Lane16>(values, i, count);
        }
        Tanh<Lane8>(values, i, count);
    }

    /// <summary>Replaces each value by its fast tanh and writes the derivative there to <paramref name="derivatives"/>.</summary>
    /// <param name="values">A multiple of 8 floats.</param>
    /// <param name="derivatives">As many floats.</param>
    /// <param name="count">How many.</param>
    public static void FastTanh(float* values, float* derivatives, nint count)
    {
        nint i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            i = FastTanh<Lane16>(values, derivatives, i, count);
        }
        FastTanh<Lane8>(values, derivatives, i, count);
    }

    /// <summary>Replaces each value below 0 by exp(value) − 1.</summary>
    /// <param name="values">A multiple of 8 floats.</param>
    /// <param name="count">How many.</param>
    public static void Elu(float* values, nint count)
    {
        nint i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            i = Elu<Lane16>(values, i, count);
        }
        Elu<Lane8>(values, i, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static nint Elu<T>(float* values, nint from, nint count) where T : unmanaged, ILane<T>
    {
        nint i = from;
        for (; i + T.Width <= count; i += T.Width)
        {
            T x = T.Load(values + i);
            T.Store(T.Select(x > T.Of(0), x, LaneMath.Exp(x) - T.Of(1)), values + i);
        }
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static nint Tanh<T>(float* values, nint from, nint count) where T : unmanaged, ILane<T>
    {
        nint i = from;
        for (; i + T.Width <= count; i += T.Width)
        {
            T.Store(Tanh(T.Load(values + i)), values + i);
        }
        return i;
    }

    /// <summary>
    /// Rational approximation, odd of degree 13 over even of degree 6, on ±7.9053 where float tanh reaches ±1;
    /// coefficients of the Eigen library's float tanh.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Tanh<T>(T value) where T : unmanaged, ILane<T>
    {
        T limit = T.Of(7.90531110763549805f);
        T x = T.Min(T.Max(value, -limit), limit);
        T square = x * x;
        T odd = T.Fma(square, T.Of(-2.76076847742355e-16f), T.Of(2.00018790482477e-13f));
        odd = T.Fma(square, odd, T.Of(-8.60467152213735e-11f));
        odd = T.Fma(square, odd, T.Of(5.12229709037114e-08f));
        odd = T.Fma(square, odd, T.Of(1.48572235717979e-05f));
        odd = T.Fma(square, odd, T.Of(6.37261928875436e-04f));
        odd = T.Fma(square, odd, T.Of(4.89352455891786e-03f));
        T even = T.Fma(square, T.Of(1.19825839466702e-06f), T.Of(1.18534705686654e-04f));
        even = T.Fma(square, even, T.Of(2.26843463243900e-03f));
        even = T.Fma(square, even, T.Of(4.89352518554385e-03f));
        return x * odd / even;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static nint FastTanh<T>(float* values, float* derivatives, nint from, nint count) where T : unmanaged, ILane<T>
    {
        nint i = from;
        for (; i + T.Width <= count; i += T.Width)
        {
            T x = T.Min(T.Max(T.Load(values + i), T.Of(-3)), T.Of(3));
            T square = x * x;
            T inverse = T.Of(1) / (square + T.Of(3));
            T.Store(x * (square + T.Of(27)) * T.Of(1f / 9f) * inverse, values + i);

            // f' = ((x² - 9) / (3 (x² + 3)))², which is 0 at the limits, so the limited part needs no case.
            T root = (square - T.Of(9)) * T.Of(1f / 3f) * inverse;
            T.Store(root * root, derivatives + i);
        }
        return i;
    }
}
