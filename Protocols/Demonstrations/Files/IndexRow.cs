using System.Runtime.InteropServices;
using MessagePack;

namespace Sim.Protocols.Demonstrations.Files;

/// <summary>Where one chunk lies, and what its header says.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly record struct IndexRow(ulong Offset, ulong FirstStep, ulong Sequence, uint StoredLength, uint RawLength, ushort Type, ushort Codec, uint Checksum)
{
    public static IndexRow Of(long offset, ChunkHeader header)
        => new((ulong)offset, header.FirstStep, header.Sequence, header.StoredLength, header.RawLength, (ushort)header.Type, (ushort)header.Codec, header.Checksum);

    public ChunkHeader Header => new((ChunkType)Type, (ChunkCodec)Codec, StoredLength, RawLength, Sequence, FirstStep, Checksum);
}

/// <summary>Header of an index.</summary>
[MessagePackObject]
public sealed record IndexMessage
{
    [Key(0)] public required int Rows { get; init; }

    /// <summary>Offset of the index before this one; 0 where there is none. Its rows come before these.</summary>
    [Key(1)] public required long Previous { get; init; }
}
