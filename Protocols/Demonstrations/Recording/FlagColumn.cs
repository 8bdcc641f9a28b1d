using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using Sim.Environments;
using Sim.Protocols.Demonstrations.Rows;

namespace Sim.Protocols.Demonstrations.Recording;

/// <summary>Four flags of every lane in one byte each.</summary>
internal static class FlagColumn
{
    private static readonly SearchValues<byte> s_ended
        = SearchValues.Create([.. Enumerable.Range(0, 16).Where(flags => (flags & (int)StepFlags.Ended) != 0).Select(flags => (byte)flags)]);

    /// <summary>Writes <see cref="StepFlags"/> of every lane; returns whether any ended.</summary>
    public static bool Write(BatchEnvironment environments, Span<byte> target)
    {
        var terminated = MemoryMarshal.AsBytes(environments.Terminated);
        var truncated = MemoryMarshal.AsBytes(environments.Truncated);
        var faulted = MemoryMarshal.AsBytes(environments.Faulted);
        var success = MemoryMarshal.AsBytes(environments.IsSuccess);
        int at = 0;
        var any = Vector<byte>.Zero;
        for (; at + Vector<byte>.Count <= target.Length; at += Vector<byte>.Count)
        {
            var ended = new Vector<byte>(terminated[at..]) | (new Vector<byte>(truncated[at..]) << 1);
            any |= ended;
            (ended | (new Vector<byte>(faulted[at..]) << 2) | (new Vector<byte>(success[at..]) << 3)).CopyTo(target[at..]);
        }
        int rest = 0;
        for (; at < target.Length; at++)
        {
            int ended = terminated[at] | (truncated[at] << 1);
            rest |= ended;
            target[at] = (byte)(ended | (faulted[at] << 2) | (success[at] << 3));
        }
        return rest != 0 || any != Vector<byte>.Zero;
    }

    /// <summary>The first lane from <paramref name="from"/> on whose episode ended; −1 when there is none.</summary>
    public static int NextEnded(ReadOnlySpan<byte> flags, int from)
    {
        int at = flags[from..].IndexOfAny(s_ended);
        return at < 0 ? -1 : from + at;
    }
}
