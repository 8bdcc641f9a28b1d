using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sim.Physics.Numerics;

namespace Sim.Agents.Networks.Fused;

/// <summary>Single passes over flat parameter arrays whose length is a multiple of 16.</summary>
internal static unsafe class ParameterPass
{
    /// <summary>Floats a flat array is padded to.</summary>
    public const int Multiple = 16;

    /// <summary>One Adam step, the <paramref name="step"/>-th, of all parameters.</summary>
    public static void Adam(
        AdamSettings settings, long step, float learningRate, float gradientScale,
        float* parameters, float* gradients, float* first, float* second, nint count)
    {
        // The bias corrections are taken in double: 1 - 0.999^t loses most of a float's digits at the start.
        double correction1 = 1 - Math.Pow(settings.Beta1, step), correction2 = 1 - Math.Pow(settings.Beta2, step);
        var rates = new AdamRates
        {
            Beta1 = settings.Beta1,
            Beta2 = settings.Beta2,
            GradientScale = gradientScale,
            Rate = (float)(learningRate / correction1),
            RootScale = (float)(1 / Math.Sqrt(correction2)),
            Epsilon = settings.Epsilon,
            Keep = 1 - (learningRate * settings.WeightDecay),
        };
        if (Vector512.IsHardwareAccelerated)
        {
            Adam<Lane16>(rates, parameters, gradients, first, second, count);
        }
        else
        {
            Adam<Lane8>(rates, parameters, gradients, first, second, count);
        }
    }

    /// <summary>target += tau (source - target).</summary>
    public static void Blend(float* target, float* source, float tau, nint count)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Blend<Lane16>(target, source, tau, count);
        }
        else
        {
            Blend<Lane8>(target, source, tau, count);
        }
    }

    /// <summary>target += source.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(float* target, float* source, nint count)
    {
        for (nint i = 0; i < count; i += 8)
        {
            (Vector256.Load(target + i) + Vector256.Load(source + i)).Store(target + i);
        }
    }

    /// <summary>The sum of squares, in double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double SquaredNorm(float* values, nint count)
    {
        var low = Vector256<double>.Zero;
        var high = Vector256<double>.Zero;
        for (nint i = 0; i < count; i += 8)
        {
            var (lower, upper) = Vector256.Widen(Vector256.Load(values + i));
            low += lower * lower;
            high += upper * upper;
        }
        return Vector256.Sum(low + high);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Adam<T>(
        in AdamRates rates, float* parameters, float* gradients, float* first, float* second, nint count)
        where T : unmanaged, ILane<T>
    {
        T beta1 = T.Of(rates.Beta1), beta2 = T.Of(rates.Beta2), rest1 = T.Of(1 - rates.Beta1), rest2 = T.Of(1 - rates.Beta2);
        T scale = T.Of(rates.GradientScale), rate = T.Of(-rates.Rate), rootScale = T.Of(rates.RootScale);
        T epsilon = T.Of(rates.Epsilon), keep = T.Of(rates.Keep);
        for (nint i = 0; i < count; i += T.Width)
        {
            T gradient = T.Load(gradients + i) * scale;
            T moment1 = T.Fma(beta1, T.Load(first + i), rest1 * gradient);
            T moment2 = T.Fma(beta2, T.Load(second + i), rest2 * gradient * gradient);
            T.Store(moment1, first + i);
            T.Store(moment2, second + i);
            T direction = moment1 / T.Fma(T.Sqrt(moment2), rootScale, epsilon);
            T.Store(T.Fma(rate, direction, keep * T.Load(parameters + i)), parameters + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Blend<T>(float* target, float* source, float tau, nint count) where T : unmanaged, ILane<T>
    {
        T share = T.Of(tau);
        for (nint i = 0; i < count; i += T.Width)
        {
            T old = T.Load(target + i);
            T.Store(T.Fma(share, T.Load(source + i) - old, old), target + i);
        }
    }

    private struct AdamRates
    {
        public float Beta1, Beta2, GradientScale, Rate, RootScale, Epsilon, Keep;
    }
}
