using System.Numerics;
using System.Runtime.InteropServices;

namespace Sim.Protocols.Demonstrations.Files;

/// <summary>CRC-32C (Castagnoli) as iSCSI and ext4 use it: reflected, initial value and final exclusive or all ones.</summary>
internal static class Crc32C
{
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words) crc = BitOperations.Crc32C(crc, word);
        foreach (byte rest in bytes[(words.Length * sizeof(ulong))..]) crc = BitOperations.Crc32C(crc, rest);
        return ~crc;
    }
}
