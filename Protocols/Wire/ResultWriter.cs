using System.Runtime.InteropServices;
using Sim.Environments;

namespace Sim.Protocols.Wire;

/// <summary>
/// Writes what a batch shows in the form of its <see cref="ResultLayout"/>, without allocating. Observations of large
/// batches can stay where they lie: they come first in the layout.
/// </summary>
public sealed class ResultWriter
{
    private readonly BatchEnvironment _environments;
    private readonly ResultLayout _layout;
    private readonly int[] _ended;
    private readonly bool[]? _standing;
    private readonly int _terms;
    private readonly ObservationGroup? _info;

    public ResultWriter(BatchEnvironment environments, ResultLayout layout, bool rewardTerms, bool info)
    {
        ArgumentNullException.ThrowIfNull(environments);
        (_environments, _layout) = (environments, layout);
        _ended = new int[environments.Count];
        _standing = environments.Autoreset == AutoresetMode.Disabled ? new bool[environments.Count] : null;
        _terms = rewardTerms ? environments.Spec.RewardTerms.Count : 0;
        _info = info ? environments.Info : null;
    }

    /// <summary>Episodes that ended in the last step.</summary>
    public int Ended { get; private set; }

    /// <summary>Which lanes they were.</summary>
    public ReadOnlySpan<int> EndedLanes => _ended.AsSpan(0, Ended);

    /// <summary>Bytes of the result.</summary>
    public int Bytes => _layout.Bytes(Ended);

    /// <summary>The first observation group where it lies, and how many bytes it takes in the layout.</summary>
    public ReadOnlySpan<byte> FirstGroup => _environments.Groups[0].Current.Bytes;

    /// <summary>Bytes from the beginning of the result to the second field.</summary>
    public int FirstGroupBytes => _layout.Fields[1].Offset;

    /// <summary>Finds the episodes that ended, after each step (true) and after resets and restores (false).</summary>
    public void Observe(bool stepped)
    {
        int ended = 0;
        var terminated = MemoryMarshal.AsBytes(_environments.Terminated);
        var truncated = MemoryMarshal.AsBytes(_environments.Truncated);
        if (_standing is not null)
        {
            for (int lane = 0; lane < _standing.Length; lane++)
            {
                bool stands = (terminated[lane] | truncated[lane]) != 0;
                if (stepped && stands && !_standing[lane]) _ended[ended++] = lane;
                _standing[lane] = stands;
            }
        }
        else if (stepped)
        {
            ended = FindSet(terminated, truncated);
        }
        Ended = ended;
    }

    /// <summary>Writes the whole result.</summary>
    /// <param name="target">At least <see cref="Bytes"/> long.</param>
    public void Write(Span<byte> target)
    {
        FirstGroup.CopyTo(target);
        WriteBehindFirstGroup(target[FirstGroupBytes..]);
    }

    /// <summary>Writes all but the first observation group.</summary>
    /// <param name="target">What follows the first group, at least <see cref="Bytes"/> − <see cref="FirstGroupBytes"/> long.</param>
    public void WriteBehindFirstGroup(Span<byte> target)
    {
        var e = _environments;
        int field = 1, start = FirstGroupBytes;
        for (int group = 1; group < e.Groups.Count; group++) Put(ref field, start, target, e.Groups[group].Current.Bytes);
        Put(ref field, start, target, MemoryMarshal.AsBytes(e.Rewards));
        Put(ref field, start, target, MemoryMarshal.AsBytes(e.Terminated));
        Put(ref field, start, target, MemoryMarshal.AsBytes(e.Truncated));
        Put(ref field, start, target, MemoryMarshal.AsBytes(e.Faulted));
        Put(ref field, start, target, MemoryMarshal.AsBytes(e.IsSuccess));
        for (int term = 0; term < _terms; term++) Put(ref field, start, target, MemoryMarshal.AsBytes(e.RewardTerms(term)));
        if (_info is not null) Put(ref field, start, target, _info.Current.Bytes);
        if (Ended > 0) WriteEnded(target, _layout.FixedBytes - start);
    }

    private void Put(ref int field, int start, Span<byte> target, ReadOnlySpan<byte> bytes)
        => bytes.CopyTo(target[(_layout.Fields[field++].Offset - start)..]);

    private void WriteEnded(Span<byte> target, int at)
    {
        var e = _environments;
        int shift = _layout.FixedBytes - at;
        var lanes = EndedLanes;
        Span<byte> Next(Span<byte> whole, int rowBytes)
        {
            at = ResultLayout.Align(at + shift) - shift;
            var rows = whole.Slice(at, rowBytes * _ended.AsSpan(0, Ended).Length);
            at += rows.Length;
            return rows;
        }

        MemoryMarshal.AsBytes(lanes).CopyTo(Next(target, sizeof(int)));
        Gather(MemoryMarshal.AsBytes(e.EpisodeReturns), sizeof(float), lanes, Next(target, sizeof(float)));
        Gather(MemoryMarshal.AsBytes(e.EpisodeLengths), sizeof(int), lanes, Next(target, sizeof(int)));
        for (int group = 0; group < e.Groups.Count; group++)
        {
            var final = e.Groups[group].Final.Bytes;
            int rowBytes = final.Length / e.Count;
            Gather(final, rowBytes, lanes, Next(target, rowBytes));
        }
        for (int term = 0; term < _terms; term++) Gather(MemoryMarshal.AsBytes(e.EpisodeTerms(term)), sizeof(float), lanes, Next(target, sizeof(float)));
        if (_info is not null) Gather(_info.Final.Bytes, _info.Space.Size * sizeof(float), lanes, Next(target, _info.Space.Size * sizeof(float)));
    }

    private static void Gather(ReadOnlySpan<byte> rows, int rowBytes, ReadOnlySpan<int> lanes, Span<byte> target)
    {
        for (int i = 0; i < lanes.Length; i++) rows.Slice(lanes[i] * rowBytes, rowBytes).CopyTo(target[(i * rowBytes)..]);
    }

    private int FindSet(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        int found = 0, lane = 0;
        var wideFirst = MemoryMarshal.Cast<byte, ulong>(first);
        var wideSecond = MemoryMarshal.Cast<byte, ulong>(second);
        for (int word = 0; word < wideFirst.Length; word++)
        {
            if ((wideFirst[word] | wideSecond[word]) == 0) continue;
            for (lane = word * 8; lane < (word * 8) + 8; lane++)
            {
                if ((first[lane] | second[lane]) != 0) _ended[found++] = lane;
            }
        }
        for (lane = wideFirst.Length * 8; lane < first.Length; lane++)
        {
            if ((first[lane] | second[lane]) != 0) _ended[found++] = lane;
        }
        return found;
    }
}
