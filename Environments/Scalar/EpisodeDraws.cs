using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Environments.Scalar;

/// <summary>
/// The draws of stream <see cref="RandomStream.Game"/> at one step of a lane's episode; the first four words may come
/// from a generator that ran for many lanes at once.
/// </summary>
internal ref struct EpisodeDraws : IScalarDraws
{
    private readonly uint _seedLow, _seedHigh, _episode, _step;
    private uint _word0, _word1, _word2, _word3;
    private uint _block;
    private int _unused;

    /// <param name="seedLow">Low word of the lane's seed.</param>
    /// <param name="seedHigh">High word of the lane's seed.</param>
    /// <param name="episode">Number of the episode.</param>
    /// <param name="step">Control steps since its start, this one included; 0 in resets.</param>
    public EpisodeDraws(uint seedLow, uint seedHigh, uint episode, int step)
        => (_seedLow, _seedHigh, _episode, _step) = (seedLow, seedHigh, episode, (uint)step);

    /// <summary>The same with the first block's words at hand.</summary>
    public EpisodeDraws(uint seedLow, uint seedHigh, uint episode, int step, uint word0, uint word1, uint word2, uint word3)
        : this(seedLow, seedHigh, episode, step)
    {
        (_word0, _word1, _word2, _word3) = (word0, word1, word2, word3);
        (_block, _unused) = (1, 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Unit() => (Word() >> 8) * (1f / 16777216f);

    // The high half of the product: a bias of one in 2³² a value, and no division.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Between(int low, int high) => low + (int)(((ulong)Word() * (uint)(high - low)) >> 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Word()
    {
        if (_unused == 0) Refill();
        uint word = _word0;
        (_word0, _word1, _word2) = (_word1, _word2, _word3);
        _unused--;
        return word;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Refill()
    {
        Lane1 c0 = Lane1.OfBits(_block), c1 = Lane1.OfBits(_step);
        Lane1 c2 = Lane1.OfBits(_episode), c3 = Lane1.OfBits((uint)RandomStream.Game);
        Philox.Scramble(ref c0, ref c1, ref c2, ref c3, Lane1.OfBits(_seedLow), Lane1.OfBits(_seedHigh));
        (_word0, _word1, _word2, _word3) = (Bits(c0), Bits(c1), Bits(c2), Bits(c3));
        _block++;
        _unused = 4;
    }

    private static uint Bits(Lane1 lane) => BitConverter.SingleToUInt32Bits(lane.Value);
}
