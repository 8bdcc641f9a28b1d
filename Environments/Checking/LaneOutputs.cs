using System.Runtime.InteropServices;

namespace Sim.Environments.Checking;

/// <summary>
/// All that one lane of a batch shows after a step, as bytes in one order: to compare lanes bit for bit. Final
/// observations and episode statistics count only where the lane's flags say that an episode ended.
/// </summary>
public sealed class LaneOutputs
{
    private readonly List<(string Name, int Bytes)> _parts = [];
    private readonly byte[] _first, _second;

    /// <param name="like">A batch whose groups, info outputs and reward terms all batches to be compared share.</param>
    public LaneOutputs(BatchEnvironment like)
    {
        ArgumentNullException.ThrowIfNull(like);
        foreach (string flag in (string[])["terminated", "truncated", "faulted", "is_success"]) _parts.Add((flag, 1));
        _parts.Add(("reward", sizeof(float)));
        foreach (string term in like.Spec.RewardTerms) _parts.Add(($"reward term {term}", sizeof(float)));
        foreach (var group in like.Shown) _parts.Add((group.Name, group.Current.RowBytes(0).Length));
        foreach (var group in like.Shown) _parts.Add(($"final {group.Name}", group.Final.RowBytes(0).Length));
        _parts.Add(("episode return", sizeof(float)));
        _parts.Add(("episode length", sizeof(int)));
        foreach (string term in like.Spec.RewardTerms) _parts.Add(($"episode sum of {term}", sizeof(float)));
        Size = _parts.Sum(part => part.Bytes);
        _first = new byte[Size];
        _second = new byte[Size];
    }

    /// <summary>Bytes of one lane.</summary>
    public int Size { get; }

    /// <summary>Copies what <paramref name="lane"/> shows to <paramref name="target"/>, <c>[Size]</c>.</summary>
    public void Write(BatchEnvironment environments, int lane, Span<byte> target)
    {
        ArgumentNullException.ThrowIfNull(environments);
        var rest = target[..Size];
        foreach (bool flag in (Span<bool>)[environments.Terminated[lane], environments.Truncated[lane], environments.Faulted[lane], environments.IsSuccess[lane]])
        {
            rest[0] = flag ? (byte)1 : (byte)0;
            rest = rest[1..];
        }
        Put(ref rest, environments.Rewards[lane]);
        int terms = environments.Spec.RewardTerms.Count;
        for (int term = 0; term < terms; term++) Put(ref rest, environments.RewardTerms(term)[lane]);
        foreach (var group in environments.Shown) Put(ref rest, group.Current.RowBytes(lane));
        if (!environments.Terminated[lane] && !environments.Truncated[lane])
        {
            rest.Clear();
            return;
        }
        foreach (var group in environments.Shown) Put(ref rest, group.Final.RowBytes(lane));
        Put(ref rest, environments.EpisodeReturns[lane]);
        Put(ref rest, environments.EpisodeLengths[lane]);
        for (int term = 0; term < terms; term++) Put(ref rest, environments.EpisodeTerms(term)[lane]);
    }

    /// <summary>Name of the first thing in which two lanes differ; null when they show the same bits.</summary>
    public string? Difference(BatchEnvironment first, int lane, BatchEnvironment second, int otherLane)
    {
        Write(first, lane, _first);
        Write(second, otherLane, _second);
        return Difference(_first, _second);
    }

    /// <summary>Name of the first thing in which two written lanes differ; null when they are the same.</summary>
    public string? Difference(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        int at = first[..Size].CommonPrefixLength(second[..Size]);
        if (at == Size) return null;
        foreach (var (name, bytes) in _parts)
        {
            if (at < bytes) return name;
            at -= bytes;
        }
        return null;
    }

    private static void Put<T>(ref Span<byte> rest, T value) where T : unmanaged
    {
        MemoryMarshal.Write(rest, in value);
        rest = rest[System.Runtime.CompilerServices.Unsafe.SizeOf<T>()..];
    }

    private static void Put(ref Span<byte> rest, ReadOnlySpan<byte> values)
    {
        values.CopyTo(rest);
        rest = rest[values.Length..];
    }
}
