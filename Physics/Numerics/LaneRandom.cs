using System.Runtime.CompilerServices;

namespace Sim.Physics.Numerics;

/// <summary>
/// Where each lane stands in its random streams: the generator's key and counter, without any stored generator
/// state. Equal (seed, stream, episode, step, draw) give equal words at any batch size, thread count or lane width.
/// </summary>
public struct LaneRandom<T> where T : unmanaged, ILane<T>
{
    /// <summary>Low and high words of each lane's 64-bit seed, as bits: the Philox key.</summary>
    public T SeedLow, SeedHigh;

    /// <summary>Episode number of each lane, as bits.</summary>
    public T Episode;

    /// <summary>Control steps since the episode's start, as a float; 0 during reset.</summary>
    public T Step;

    /// <summary>Opens a stream at the present episode and step, from its first draw.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Draws<T> Stream(RandomStream stream) => Draws<T>.Open(in this, (uint)stream);
}

/// <summary>Consecutive draws of one stream. The counter is (draw / 4, step, episode, stream).</summary>
public struct Draws<T> where T : unmanaged, ILane<T>
{
    private T _seedLow, _seedHigh, _episode, _step;
    private uint _stream;

    // A float, because ILGPU fails on the bit cast of an integer that it finds out to be constant only after inlining.
    private float _block;

    private int _unused;
    private T _word0, _word1, _word2, _word3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Draws<T> Open(in LaneRandom<T> at, uint stream)
    {
        // Field by field: copying the struct as a whole, in registers wider than those that wrote it, waits for the writes.
        Draws<T> draws;
        draws._seedLow = at.SeedLow;
        draws._seedHigh = at.SeedHigh;
        draws._episode = at.Episode;
        draws._step = T.ToBits(at.Step);
        draws._stream = stream;
        draws._block = 0;
        draws._unused = 0;
        draws._word0 = draws._word1 = draws._word2 = draws._word3 = T.Of(0);
        return draws;
    }

    /// <summary>32 random bits.</summary>
    public T Bits()
    {
        if (_unused == 0)
        {
            Refill();
            _unused = 4;
        }
        T word = _word0;
        _word0 = _word1;
        _word1 = _word2;
        _word2 = _word3;
        _unused--;
        return word;
    }

    /// <summary>Uniform in [0, 1), with 24 random bits.</summary>
    public T Unit() => T.FromBits(T.ShiftRightBits(Bits(), 8)) * T.Of(1f / 16777216f);

    /// <summary>Uniform in [low, high); rounding may give high itself.</summary>
    public T Uniform(float low, float high) => T.Fma(T.Of(high - low), Unit(), T.Of(low));

    /// <summary>Uniform in [low, high), limits per lane; rounding may give high itself.</summary>
    public T Uniform(T low, T high) => T.Fma(high - low, Unit(), low);

    /// <summary>
    /// Standard normal (mean 0, variance 1), from two words: the cosine branch of Box and Muller, "A Note on the
    /// Generation of Random Normal Deviates", Ann. Math. Statist. 29 (1958). |value| ≤ √(2·24·ln 2) = 5.77, since
    /// the radius is drawn with 24 bits.
    /// </summary>
    public T Normal()
    {
        T radius = T.Sqrt(LaneMath.Log(1f - Unit()) * -2f);
        return radius * LaneMath.Cos(Unit() * MathF.Tau);
    }

    private void Refill()
    {
        T c0 = T.ToBits(T.Of(_block)), c1 = _step, c2 = _episode, c3 = T.OfBits(_stream);
        Philox.Scramble(ref c0, ref c1, ref c2, ref c3, _seedLow, _seedHigh);
        _word0 = c0;
        _word1 = c1;
        _word2 = c2;
        _word3 = c3;
        _block++;
    }
}
