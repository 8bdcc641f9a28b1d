using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sim.Physics.Numerics;
using static Sim.Physics.Numerics.LaneMath;

namespace Sim.Bench.Lanes;

/// <summary>
/// The measurement behind the shape of <see cref="ILane{T}"/>: one pendulum step (a sine, a Philox draw for the
/// torque, a masked reset from the same draw) written over one type parameter and over three (value, mask, bits),
/// in CPU time per environment step. Both forms must end in the same state, bit for bit.
/// </summary>
public static class ContractShape
{
    private const int Envs = 1024, Stride = Envs + 16, Steps = 200, Rounds = 15;

    public static void Run()
    {
        Console.WriteLine($"{Envs} environments, {Steps} steps a round, best of {Rounds} rounds, CPU time");
        Compare<Lane1, Real1, Mask1, Bits1>("scalar");
        Compare<Lane8, Real8, Mask8, Bits8>("8 wide");
    }

    private static unsafe void Compare<L, T, M, U>(string name)
        where L : unmanaged, ILane<L>
        where T : unmanaged, IReal<T, M, U>
        where M : unmanaged, IMask<M>
        where U : unmanaged, IBits<U>
    {
        float* one = Allocate(), three = Allocate();
        double bestOne = double.MaxValue, bestThree = double.MaxValue;
        for (int round = -Rounds; round < Rounds; round++)
        {
            double timeOne = Time(() => { for (int step = 0; step < Steps; step++) OneParameter<L>(one); });
            double timeThree = Time(() => { for (int step = 0; step < Steps; step++) ThreeParameters<T, M, U>(three); });
            if (round < 0)
            {
                Thread.Sleep(20); // lets the tiered compiler install the optimised code
                continue;
            }
            bestOne = Math.Min(bestOne, timeOne);
            bestThree = Math.Min(bestThree, timeThree);
        }

        bool equal = new ReadOnlySpan<byte>(one, 3 * Stride * sizeof(float))
            .SequenceEqual(new ReadOnlySpan<byte>(three, 3 * Stride * sizeof(float)));
        NativeMemory.AlignedFree(one);
        NativeMemory.AlignedFree(three);
        if (!equal) throw new InvalidOperationException($"The two forms ({name}) ended in different states.");
        Console.WriteLine(FormattableString.Invariant(
            $"{name}: one parameter {bestOne:F2} ns, three parameters {bestThree:F2} ns, one/three {bestOne / bestThree:F3}"));
    }

    private static unsafe float* Allocate()
    {
        float* rows = (float*)NativeMemory.AlignedAlloc(3 * Stride * sizeof(float), 64);
        new Span<float>(rows, 3 * Stride).Clear();
        return rows;
    }

    /// <summary>Nanoseconds of CPU an environment step.</summary>
    private static double Time(Action steps)
    {
        TimeSpan start = Environment.CpuUsage.TotalTime;
        steps();
        return (Environment.CpuUsage.TotalTime - start).TotalNanoseconds / ((double)Steps * Envs);
    }

    // Rows: angle, speed, age. The age counts on through resets and is the Philox counter.

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe void OneParameter<T>(float* rows) where T : unmanaged, ILane<T>
    {
        for (int env = 0; env < Envs; env += T.Width)
        {
            float* at = rows + env;
            T angle = T.Load(at), speed = T.Load(at + Stride), age = T.Load(at + (2 * Stride));
            T word0 = T.ToBits(age), word1 = T.OfBits((uint)env), word2 = T.OfBits(2), word3 = T.OfBits(3);
            Philox.Scramble(ref word0, ref word1, ref word2, ref word3, T.OfBits(4), T.OfBits(5));

            T torque = T.Fma(T.FromBits(T.ShiftRightBits(word0, 8)), T.Of(4f / 16777216f), T.Of(-2));
            speed = T.Fma(T.Fma(Sin(angle), T.Of(15), T.Of(3) * torque), T.Of(0.05f), speed);
            angle = T.Fma(speed, T.Of(0.05f), angle);
            age = age + T.Of(1);

            T failed = (speed > T.Of(8)) | (speed < T.Of(-8)) | (T.Abs(angle) > T.Of(20));
            T start = T.Fma(T.FromBits(T.ShiftRightBits(word1, 8)), T.Of(2f / 16777216f), T.Of(-1));
            angle = T.Select(failed, start, angle);
            speed = T.Select(failed, T.Of(0), speed);
            T.Store(angle, at);
            T.Store(speed, at + Stride);
            T.Store(age, at + (2 * Stride));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe void ThreeParameters<T, M, U>(float* rows)
        where T : unmanaged, IReal<T, M, U>
        where M : unmanaged, IMask<M>
        where U : unmanaged, IBits<U>
    {
        for (int env = 0; env < Envs; env += T.Width)
        {
            float* at = rows + env;
            T angle = T.Load(at), speed = T.Load(at + Stride), age = T.Load(at + (2 * Stride));
            U word0 = T.ToBits(age), word1 = U.Of((uint)env), word2 = U.Of(2), word3 = U.Of(3);
            Scramble(ref word0, ref word1, ref word2, ref word3, U.Of(4), U.Of(5));

            T torque = T.Fma(T.FromBits(U.ShiftRight(word0, 8)), T.Of(4f / 16777216f), T.Of(-2));
            speed = T.Fma(T.Fma(Sine<T, M, U>(angle), T.Of(15), T.Of(3) * torque), T.Of(0.05f), speed);
            angle = T.Fma(speed, T.Of(0.05f), angle);
            age = age + T.Of(1);

            M failed = (speed > T.Of(8)) | (speed < T.Of(-8)) | (T.Abs(angle) > T.Of(20));
            T start = T.Fma(T.FromBits(U.ShiftRight(word1, 8)), T.Of(2f / 16777216f), T.Of(-1));
            angle = T.Select(failed, start, angle);
            speed = T.Select(failed, T.Of(0), speed);
            T.Store(angle, at);
            T.Store(speed, at + Stride);
            T.Store(age, at + (2 * Stride));
        }
    }

    /// <summary><see cref="Philox.Scramble"/> over a type of its own for bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scramble<U>(ref U c0, ref U c1, ref U c2, ref U c3, U key0, U key1) where U : unmanaged, IBits<U>
    {
        for (int round = 0; round < 10; round++)
        {
            U.Multiply(c0, 0xD2511F53, out U high0, out U low0);
            U.Multiply(c2, 0xCD9E8D57, out U high1, out U low1);
            c0 = high1 ^ c1 ^ key0;
            c1 = low1;
            c2 = high0 ^ c3 ^ key1;
            c3 = low0;
            key0 = key0 + U.Of(0x9E3779B9);
            key1 = key1 + U.Of(0xBB67AE85);
        }
    }

    /// <summary><see cref="Sin"/> with its quadrant in a type for bits and its choice in a mask.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Sine<T, M, U>(T x)
        where T : unmanaged, IReal<T, M, U>
        where M : unmanaged, IMask<M>
        where U : unmanaged, IBits<U>
    {
        T shifted = T.Fma(x, T.Of(2 / MathF.PI), T.Of(12582912f));
        T n = shifted - T.Of(12582912f);
        U quadrant = T.AsBits(shifted);
        T r = T.Fma(n, T.Of(-1.5703125f), x);
        r = T.Fma(n, T.Of(-4.837512969970703125e-4f), r);
        r = T.Fma(n, T.Of(-7.54978995489188216e-8f), r);

        T square = r * r;
        T sine = T.Fma(T.Of(-1.9515295891e-4f), square, T.Of(8.3321608736e-3f));
        sine = T.Fma(sine, square, T.Of(-1.6666654611e-1f));
        sine = T.Fma(sine * square, r, r);
        T cosine = T.Fma(T.Of(2.443315711809948e-5f), square, T.Of(-1.388731625493765e-3f));
        cosine = T.Fma(cosine, square, T.Of(4.166664568298827e-2f));
        cosine = T.Fma(cosine, square, T.Of(-0.5f));
        cosine = T.Fma(cosine, square, T.Of(1));

        T value = T.Select(T.IsSet(quadrant & U.Of(1)), cosine, sine);
        return T.AsReal(T.AsBits(value) ^ U.ShiftLeft(quadrant & U.Of(2), 30));
    }
}
