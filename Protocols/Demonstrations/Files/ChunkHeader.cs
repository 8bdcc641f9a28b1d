using static System.Buffers.Binary.BinaryPrimitives;

namespace Sim.Protocols.Demonstrations.Files;

/// <summary>The 40 bytes before a chunk's own.</summary>
/// <param name="Type">What it holds.</param>
/// <param name="Codec">How its bytes are stored.</param>
/// <param name="StoredLength">Bytes in the file, without header and padding.</param>
/// <param name="RawLength">Bytes after decoding.</param>
/// <param name="Sequence">Number of the chunk in its file, from 0.</param>
/// <param name="FirstStep">First step of the file that it speaks of.</param>
/// <param name="Checksum">CRC-32C of the stored bytes.</param>
internal readonly record struct ChunkHeader(ChunkType Type, ChunkCodec Codec, uint StoredLength, uint RawLength, ulong Sequence,
    ulong FirstStep, uint Checksum)
{
    public const int Size = 40, Alignment = 8;

    public const uint Sync = 0x4B48_4353;

    private const int ChecksumAt = 32;

    /// <summary>Bytes of the whole chunk in the file.</summary>
    public long Extent => Size + Padded(StoredLength);

    public static long Padded(long length) => (length + Alignment - 1) & ~(Alignment - 1L);

    public void Write(Span<byte> target)
    {
        WriteUInt32LittleEndian(target, Sync);
        WriteUInt16LittleEndian(target[4..], (ushort)Type);
        WriteUInt16LittleEndian(target[6..], (ushort)Codec);
        WriteUInt32LittleEndian(target[8..], StoredLength);
        WriteUInt32LittleEndian(target[12..], RawLength);
        WriteUInt64LittleEndian(target[16..], Sequence);
        WriteUInt64LittleEndian(target[24..], FirstStep);
        WriteUInt32LittleEndian(target[ChecksumAt..], Crc32C.Of(target[..ChecksumAt]));
        WriteUInt32LittleEndian(target[36..], Checksum);
    }

    /// <summary>False where the bytes are no header, or a damaged one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out ChunkHeader header)
    {
        header = default;
        if (source.Length < Size || ReadUInt32LittleEndian(source) != Sync) return false;
        if (ReadUInt32LittleEndian(source[ChecksumAt..]) != Crc32C.Of(source[..ChecksumAt])) return false;
        header = new(
            (ChunkType)ReadUInt16LittleEndian(source[4..]),
            (ChunkCodec)ReadUInt16LittleEndian(source[6..]),
            ReadUInt32LittleEndian(source[8..]),
            ReadUInt32LittleEndian(source[12..]),
            ReadUInt64LittleEndian(source[16..]),
            ReadUInt64LittleEndian(source[24..]),
            ReadUInt32LittleEndian(source[36..]));
        return true;
    }
}
