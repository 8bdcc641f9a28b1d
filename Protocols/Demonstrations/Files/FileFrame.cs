using static System.Buffers.Binary.BinaryPrimitives;

namespace Sim.Protocols.Demonstrations.Files;

/// <summary>What stands around the chunks: 16 bytes at the start, and 24 after an index.</summary>
internal static class FileFrame
{
    public const int HeaderSize = 16, FooterSize = 24;

    public const ushort Major = 1, Minor = 0;

    private static ReadOnlySpan<byte> Magic => "SIMDEMO\n"u8;

    private static ReadOnlySpan<byte> FooterMagic => "SIMDEND\n"u8;

    /// <summary>The first eight bytes of a footer as a number.</summary>
    public static ulong FooterWord { get; } = ReadUInt64LittleEndian(FooterMagic);

    public static void WriteHeader(Span<byte> target)
    {
        Magic.CopyTo(target);
        WriteUInt16LittleEndian(target[8..], Major);
        WriteUInt16LittleEndian(target[10..], Minor);
        WriteUInt32LittleEndian(target[12..], Crc32C.Of(target[..12]));
    }

    /// <exception cref="InvalidDataException">No recording, a damaged one, or one of a format that this reader does not know.</exception>
    public static void CheckHeader(ReadOnlySpan<byte> source, string name)
    {
        if (source.Length < HeaderSize || !source[..8].SequenceEqual(Magic))
            throw new InvalidDataException($"{name} is no recording: it does not begin with the mark of a .simdemo file");
        if (ReadUInt32LittleEndian(source[12..]) != Crc32C.Of(source[..12]))
            throw new InvalidDataException($"{name}: the first {HeaderSize} bytes are damaged");
        ushort major = ReadUInt16LittleEndian(source[8..]);
        if (major != Major)
            throw new InvalidDataException($"{name} is of format {major}; this version of Sim reads format {Major}");
    }

    public static void WriteFooter(Span<byte> target, long indexOffset)
    {
        FooterMagic.CopyTo(target);
        WriteInt64LittleEndian(target[8..], indexOffset);
        WriteUInt32LittleEndian(target[16..], 0);
        WriteUInt32LittleEndian(target[20..], Crc32C.Of(target[..20]));
    }

    /// <summary>False where the bytes are no footer, or a damaged one.</summary>
    public static bool TryReadFooter(ReadOnlySpan<byte> source, out long indexOffset)
    {
        indexOffset = 0;
        if (source.Length < FooterSize || !source[..8].SequenceEqual(FooterMagic)) return false;
        if (ReadUInt32LittleEndian(source[20..]) != Crc32C.Of(source[..20])) return false;
        indexOffset = ReadInt64LittleEndian(source[8..]);
        return true;
    }
}
