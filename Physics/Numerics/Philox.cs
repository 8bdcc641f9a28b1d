using System.Runtime.CompilerServices;

namespace Sim.Physics.Numerics;

/// <summary>
/// Philox4x32-10 (Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011): a counter-based
/// generator, so any draw of any lane can be had at any time without stored state.
/// </summary>
public static class Philox
{
    private const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;

    /// <summary>Ten rounds over the counter words, in place, under a 64-bit key; all words are bits in lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scramble<T>(ref T c0, ref T c1, ref T c2, ref T c3, T key0, T key1) where T : unmanaged, ILane<T>
    {
        for (int round = 0; round < 10; round++)
        {
            T.MultiplyBits(c0, Multiplier0, out T high0, out T low0);
            T.MultiplyBits(c2, Multiplier1, out T high1, out T low1);
            c0 = high1 ^ c1 ^ key0;
            c1 = low1;
            c2 = high0 ^ c3 ^ key1;
            c3 = low0;
            key0 = T.AddBits(key0, T.OfBits(Weyl0));
            key1 = T.AddBits(key1, T.OfBits(Weyl1));
        }
    }
}
