using System.Runtime.InteropServices;
using Sim.Environments.Episodes;
using Sim.Protocols.Messages;

namespace Sim.Protocols.Exchange;

/// <summary>Rows of an observation group as the numbers that they are. Bytes are little-endian, as the machine is.</summary>
internal static class RowBytes
{
    public static float[] Floats(ReadOnlySpan<byte> rows) => MemoryMarshal.Cast<byte, float>(rows).ToArray();

    public static byte[] Of(ReadOnlySpan<float> numbers) => MemoryMarshal.AsBytes(numbers).ToArray();

    /// <summary>Some rows of a group, counted from the first.</summary>
    public static ReadOnlySpan<byte> Rows(this RecordedObservations group, int first, int count)
    {
        int rowBytes = group.Space.Size * group.Space.Type.Size();
        return group.Rows.AsSpan(first * rowBytes, count * rowBytes);
    }
}
