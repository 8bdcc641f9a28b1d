using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Sim.Agents.Metrics;

/// <summary>
/// The TFRecord frame: length (8 bytes), its masked CRC-32C, the data, and the data's masked CRC-32C
/// (tensorflow/core/lib/io/record_writer.h).
/// </summary>
public static class TfRecord
{
    public static void Write(Stream target, ReadOnlySpan<byte> data)
    {
        Span<byte> header = stackalloc byte[12];
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], Masked(Crc32C(header[..8])));
        Span<byte> footer = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(footer, Masked(Crc32C(data)));
        target.Write(header);
        target.Write(data);
        target.Write(footer);
    }

    /// <summary>CRC-32 with Castagnoli's polynomial (RFC 3720, appendix B.4).</summary>
    public static uint Crc32C(ReadOnlySpan<byte> data)
    {
        uint crc = ~0u;
        var words = MemoryMarshal.Cast<byte, ulong>(data);
        foreach (ulong word in words)
            crc = BitOperations.Crc32C(crc, word);
        foreach (byte value in data[(8 * words.Length)..])
            crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }

    /// <summary>A checksum stored beside data that itself holds checksums is rotated, so that it is not one of them.</summary>
    private static uint Masked(uint crc) => BitOperations.RotateRight(crc, 15) + 0xA282EAD8;
}
