using Sim.Physics.Numerics;

namespace Sim.Agents.Training;

/// <summary>
/// Random numbers of a learner: each call is a function of (seed, stream, time, position) and leaves no state behind,
/// so a resumed run draws what the uninterrupted one would have drawn. Eight positions are computed side by side.
/// </summary>
public static unsafe class CounterRandom
{
    /// <summary>Standard normal numbers, by Box and Muller.</summary>
    public static void FillNormal(Span<float> target, ulong seed, RandomStream stream, ulong time)
    {
        float* block = stackalloc float[32];
        for (int start = 0; start < target.Length; start += 32)
        {
            Words(seed, stream, time, (uint)start / 32, out var a, out var b, out var c, out var d);
            Pair(a, b, block);
            Pair(c, d, block + 16);
            new ReadOnlySpan<float>(block, Math.Min(32, target.Length - start)).CopyTo(target[start..]);
        }
    }

    /// <summary>Uniform in [0, 1).</summary>
    public static void FillUniform(Span<float> target, ulong seed, RandomStream stream, ulong time)
    {
        float* block = stackalloc float[32];
        for (int start = 0; start < target.Length; start += 32)
        {
            Words(seed, stream, time, (uint)start / 32, out var a, out var b, out var c, out var d);
            Lane8.Store(Unit(a), block);
            Lane8.Store(Unit(b), block + 8);
            Lane8.Store(Unit(c), block + 16);
            Lane8.Store(Unit(d), block + 24);
            new ReadOnlySpan<float>(block, Math.Min(32, target.Length - start)).CopyTo(target[start..]);
        }
    }

    /// <summary>Integers uniform in 0 … <paramref name="limit"/> − 1, by multiplication of 32 random bits.</summary>
    public static void FillIndices(Span<int> target, int limit, ulong seed, RandomStream stream, ulong time)
    {
        uint* block = stackalloc uint[32];
        for (int start = 0; start < target.Length; start += 32)
        {
            Words(seed, stream, time, (uint)start / 32, out var a, out var b, out var c, out var d);
            Lane8.Store(a, (float*)block);
            Lane8.Store(b, (float*)block + 8);
            Lane8.Store(c, (float*)block + 16);
            Lane8.Store(d, (float*)block + 24);
            int count = Math.Min(32, target.Length - start);
            for (int i = 0; i < count; i++) target[start + i] = (int)(((ulong)block[i] * (uint)limit) >> 32);
        }
    }

    /// <summary>A uniform permutation in place (Fisher and Yates); <paramref name="scratch"/> is as long as it.</summary>
    public static void Shuffle(Span<int> items, Span<float> scratch, ulong seed, RandomStream stream, ulong time)
    {
        FillUniform(scratch[..items.Length], seed, stream, time);
        for (int i = items.Length - 1; i > 0; i--)
        {
            // 24 bits: far finer than any batch is long.
            int j = Math.Min((int)(scratch[i] * (i + 1)), i);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static void Words(ulong seed, RandomStream stream, ulong time, uint block, out Lane8 a, out Lane8 b, out Lane8 c, out Lane8 d)
    {
        uint* position = stackalloc uint[8];
        for (uint i = 0; i < 8; i++) position[i] = (block * 8) + i;
        a = Lane8.Load((float*)position);
        b = Lane8.OfBits((uint)time);
        c = Lane8.OfBits((uint)(time >> 32));
        d = Lane8.OfBits((uint)stream);
        Philox.Scramble(ref a, ref b, ref c, ref d, Lane8.OfBits((uint)seed), Lane8.OfBits((uint)(seed >> 32)));
    }

    private static Lane8 Unit(Lane8 bits) => Lane8.FromBits(Lane8.ShiftRightBits(bits, 8)) * Lane8.Of(1f / 16777216f);

    private static void Pair(Lane8 a, Lane8 b, float* target)
    {
        // 1 − u lies in (0, 1], so the logarithm is finite.
        var radius = Lane8.Sqrt(Lane8.Of(-2) * LaneMath.Log(Lane8.Of(1) - Unit(a)));
        LaneMath.SinCos(Lane8.Of(2 * MathF.PI) * Unit(b), out var sin, out var cos);
        Lane8.Store(radius * cos, target);
        Lane8.Store(radius * sin, target + 8);
    }
}
