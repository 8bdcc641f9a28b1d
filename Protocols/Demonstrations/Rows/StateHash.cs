using System.IO.Hashing;
using System.Runtime.InteropServices;
using Sim.Environments;

namespace Sim.Protocols.Demonstrations.Rows;

/// <summary>XxHash3 of 128 bits over what the next step of a lane depends on, −0 taken as +0.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct StateHash(ulong Low, ulong High)
{
    /// <summary>The low 32 bits: what a step keeps.</summary>
    public uint Short => (uint)Low;

    public override string ToString() => $"{High:x16}{Low:x16}";

    /// <summary>Hash of numbers of 32 bits; <paramref name="words"/> is changed where it holds −0.</summary>
    public static StateHash Of(Span<byte> words)
    {
        const uint NegativeZero = 0x8000_0000;
        MemoryMarshal.Cast<byte, uint>(words).Replace(NegativeZero, 0u);
        var hash = XxHash128.HashToUInt128(words);
        return new((ulong)hash, (ulong)(hash >> 64));
    }
}

/// <summary>Takes the hashes of lanes without allocating.</summary>
internal sealed class LaneHasher(BatchEnvironment environments)
{
    private readonly byte[] _state = new byte[environments.StateBytes];
    private readonly byte[] _observation = new byte[environments.Observations.RowBytes(0).Length];

    /// <summary>Of what the next step of a lane depends on.</summary>
    public StateHash Of(int lane)
    {
        environments.CopySnapshot(lane, _state);
        return StateHash.Of(_state);
    }

    /// <summary>Of the last observation of the episode that just ended in a lane.</summary>
    public StateHash OfFinalObservation(int lane)
    {
        environments.FinalObservations.RowBytes(lane).CopyTo(_observation);
        return StateHash.Of(_observation);
    }
}
