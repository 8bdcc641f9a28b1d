using NUnit.Framework;
using Sim.Physics.Numerics;

namespace Sim.Tests.Physics.Numerics;

public sealed class PhiloxTests
{
    // philox4x32 10 in the known-answer file (kat_vectors) of the Random123 distribution: counter, key, words.
    private static readonly object[] KnownAnswers =
    [
        new object[]
        {
            new uint[] { 0, 0, 0, 0 }, new uint[] { 0, 0 },
            new uint[] { 0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8 },
        },
        new object[]
        {
            new uint[] { ~0u, ~0u, ~0u, ~0u }, new uint[] { ~0u, ~0u },
            new uint[] { 0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD },
        },
        new object[]
        {
            new uint[] { 0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344 }, new uint[] { 0xA4093822, 0x299F31D0 },
            new uint[] { 0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1 },
        },
    ];

    [TestCaseSource(nameof(KnownAnswers))]
    public void Scramble_gives_the_published_words_in_every_lane(uint[] counter, uint[] key, uint[] words)
    {
        Check<Lane1>(counter, key, words);
        Check<Lane8>(counter, key, words);
        Check<Lane16>(counter, key, words);
    }

    private static void Check<T>(uint[] counter, uint[] key, uint[] words) where T : unmanaged, ILane<T>
    {
        T c0 = T.OfBits(counter[0]), c1 = T.OfBits(counter[1]), c2 = T.OfBits(counter[2]), c3 = T.OfBits(counter[3]);
        Philox.Scramble(ref c0, ref c1, ref c2, ref c3, T.OfBits(key[0]), T.OfBits(key[1]));
        Assert.That(Lanes(c0), Is.All.EqualTo(words[0]));
        Assert.That(Lanes(c1), Is.All.EqualTo(words[1]));
        Assert.That(Lanes(c2), Is.All.EqualTo(words[2]));
        Assert.That(Lanes(c3), Is.All.EqualTo(words[3]));
    }

    private static unsafe uint[] Lanes<T>(T value) where T : unmanaged, ILane<T>
    {
        var words = new uint[T.Width];
        fixed (uint* target = words) T.Store(value, (float*)target);
        return words;
    }
}
