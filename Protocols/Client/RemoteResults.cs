using System.Runtime.InteropServices;
using Sim.Environments;
using Sim.Environments.Spaces;
using Sim.Protocols.Messages;
using Sim.Protocols.Wire;

namespace Sim.Protocols.Client;

/// <summary>The buffers of a remote batch, and how a result fills them.</summary>
internal sealed class RemoteResults
{
    private readonly int _count;

    /// <exception cref="WireException">The layout lacks what a batch must have.</exception>
    public RemoteResults(EnvironmentSpec spec, int count, ResultLayout layout)
    {
        (_count, Layout) = (count, layout);
        int groups = Array.FindIndex(layout.Fields, field => field.Name == "reward");
        int terms = spec.RewardTerms.Count, info = spec.Info is null ? 0 : 1;
        // A later server may send more behind them.
        if (groups < 1 || layout.Fields.Length < groups + 5 + terms + info || layout.EndedFields.Length < 3 + groups + terms + info)
            throw new WireException(ErrorCode.BadMessage, $"the server described {layout.Fields.Length} and {layout.EndedFields.Length} fields, which make no result of {spec.Id}");
        Groups = [.. layout.Fields[..groups].Select(field => Group(spec, field, count))];
        if (spec.Info is { } space) Info = new("info", space, new BatchBuffer(count, space.Size, space.Type), new BatchBuffer(count, space.Size, space.Type));
        Rewards = new float[count];
        (Terminated, Truncated, Faulted, IsSuccess) = (new bool[count], new bool[count], new bool[count], new bool[count]);
        EpisodeReturns = new float[count];
        EpisodeLengths = new int[count];
        RewardTerms = [.. Enumerable.Range(0, terms).Select(_ => new float[count])];
        EpisodeTerms = [.. Enumerable.Range(0, terms).Select(_ => new float[count])];
        CheckSizes();
    }

    public ResultLayout Layout { get; }
    public ObservationGroup[] Groups { get; }
    public ObservationGroup? Info { get; }
    public float[] Rewards { get; }
    public bool[] Terminated { get; }
    public bool[] Truncated { get; }
    public bool[] Faulted { get; }
    public bool[] IsSuccess { get; }
    public float[] EpisodeReturns { get; }
    public int[] EpisodeLengths { get; }
    public float[][] RewardTerms { get; }
    public float[][] EpisodeTerms { get; }

    /// <summary>Whether there has been a result.</summary>
    public bool Started { get; private set; }

    /// <exception cref="WireException">The block has another length than k ended episodes make.</exception>
    public void Take(ReadOnlySpan<byte> block, int ended)
    {
        if (ended < 0 || ended > _count || block.Length != Layout.Bytes(ended))
            throw new WireException(ErrorCode.BadMessage, $"the server sent {block.Length} bytes for a result with {ended} ended episodes of {_count} environments");
        int field = 0;
        foreach (var group in Groups) Next(ref field, block).CopyTo(group.Current.Bytes);
        Next(ref field, block).CopyTo(MemoryMarshal.AsBytes(Rewards.AsSpan()));
        Next(ref field, block).CopyTo(MemoryMarshal.AsBytes(Terminated.AsSpan()));
        Next(ref field, block).CopyTo(MemoryMarshal.AsBytes(Truncated.AsSpan()));
        Next(ref field, block).CopyTo(MemoryMarshal.AsBytes(Faulted.AsSpan()));
        Next(ref field, block).CopyTo(MemoryMarshal.AsBytes(IsSuccess.AsSpan()));
        foreach (float[] term in RewardTerms) Next(ref field, block).CopyTo(MemoryMarshal.AsBytes(term.AsSpan()));
        if (Info is not null) Next(ref field, block).CopyTo(Info.Current.Bytes);
        if (ended > 0) TakeEnded(block, ended);
        Started = true;
    }

    private ReadOnlySpan<byte> Next(ref int field, ReadOnlySpan<byte> block)
    {
        var layout = Layout.Fields[field++];
        return block.Slice(layout.Offset, layout.Bytes);
    }

    private void TakeEnded(ReadOnlySpan<byte> block, int ended)
    {
        int field = 0, at = Layout.FixedBytes;
        var lanes = MemoryMarshal.Cast<byte, int>(NextEnded(ref field, ref at, block, ended));
        foreach (int lane in lanes)
        {
            if ((uint)lane >= (uint)_count) throw new WireException(ErrorCode.BadMessage, $"the server ended an episode of lane {lane}; there are {_count}");
        }
        Scatter(NextEnded(ref field, ref at, block, ended), lanes, MemoryMarshal.AsBytes(EpisodeReturns.AsSpan()));
        Scatter(NextEnded(ref field, ref at, block, ended), lanes, MemoryMarshal.AsBytes(EpisodeLengths.AsSpan()));
        foreach (var group in Groups) Scatter(NextEnded(ref field, ref at, block, ended), lanes, group.Final.Bytes);
        foreach (float[] term in EpisodeTerms) Scatter(NextEnded(ref field, ref at, block, ended), lanes, MemoryMarshal.AsBytes(term.AsSpan()));
        if (Info is not null) Scatter(NextEnded(ref field, ref at, block, ended), lanes, Info.Final.Bytes);
    }

    private ReadOnlySpan<byte> NextEnded(ref int field, ref int at, ReadOnlySpan<byte> block, int ended)
    {
        at = ResultLayout.Align(at);
        var rows = block.Slice(at, Layout.EndedFields[field++].Bytes * ended);
        at += rows.Length;
        return rows;
    }

    private static void Scatter(ReadOnlySpan<byte> rows, ReadOnlySpan<int> lanes, Span<byte> target)
    {
        int bytes = rows.Length / lanes.Length;
        for (int i = 0; i < lanes.Length; i++) rows.Slice(i * bytes, bytes).CopyTo(target[(lanes[i] * bytes)..]);
    }

    private static ObservationGroup Group(EnvironmentSpec spec, FieldMessage field, int count)
    {
        var space = spec.Observation as Box;
        if (spec.Observation is Dict dict) space = dict.Entries.FirstOrDefault(entry => entry.Name == field.Name).Space;
        if (space is null) throw new WireException(ErrorCode.BadMessage, $"the server described a field '{field.Name}' that {spec.Id} does not observe");
        return new ObservationGroup(field.Name!, space, new BatchBuffer(count, space.Size, space.Type), new BatchBuffer(count, space.Size, space.Type));
    }

    /// <summary>A server that states other sizes than the spaces have must not make this client write elsewhere.</summary>
    private void CheckSizes()
    {
        int[] expected =
        [
            .. Groups.Select(group => group.Current.Bytes.Length), _count * sizeof(float), _count, _count, _count, _count,
            .. RewardTerms.Select(_ => _count * sizeof(float)), .. InfoBytes(_count),
        ];
        int[] expectedEnded =
        [
            sizeof(int), sizeof(float), sizeof(int), .. Groups.Select(group => group.Current.Bytes.Length / _count),
            .. EpisodeTerms.Select(_ => sizeof(float)), .. InfoBytes(1),
        ];
        if (!Fit(Layout.Fields, expected) || !Fit(Layout.EndedFields, expectedEnded))
            throw new WireException(ErrorCode.BadMessage, "the server described fields of other sizes than its spaces have");

        IEnumerable<int> InfoBytes(int rows) => Info is null ? [] : [rows * Info.Space.Size * sizeof(float)];
        static bool Fit(FieldMessage[] fields, int[] bytes) => fields.Take(bytes.Length).Select(field => field.Bytes).SequenceEqual(bytes);
    }
}
