using System.Buffers;
using System.Runtime.InteropServices;
using Sim.Environments.Episodes;
using Sim.Environments.Spaces;
using Sim.Protocols.Demonstrations.Reading;
using Sim.Protocols.Demonstrations.Rows;

namespace Sim.Protocols.Demonstrations;

/// <summary>A state that a replay can be checked against.</summary>
/// <param name="Step">Steps of the episode before it.</param>
/// <param name="Hash">Of what the next step depends on.</param>
/// <param name="Snapshot">The whole state; empty where only the hash was kept.</param>
public sealed record EpisodeCheckpoint(int Step, StateHash Hash, ReadOnlyMemory<byte> Snapshot);

/// <summary>What a recording keeps of the moment in which an episode begins.</summary>
/// <param name="Snapshot">The state; empty where seed and options give it.</param>
/// <param name="Observations">First observations of all groups, one behind the other; empty where not kept.</param>
/// <param name="Info">First info outputs; empty where not kept.</param>
internal readonly record struct EpisodeBeginning(ReadOnlyMemory<byte> Snapshot, ReadOnlyMemory<byte> Observations, ReadOnlyMemory<byte> Info);

/// <summary>All that a recording keeps of one episode of T steps.</summary>
public sealed class EpisodeRows
{
    private readonly StepLayout _layout;
    private readonly ArrayBufferWriter<byte>[] _columns;
    private readonly List<EpisodeCheckpoint> _checkpoints = [];

    internal EpisodeRows(DemonstrationEpisode episode, DemonstrationSession session, StateHash startHash, EpisodeBeginning first)
    {
        (Episode, Session, StartHash, First) = (episode, session, startHash, first);
        _layout = session.Layout;
        _columns = [.. _layout.Columns.Select(_ => new ArrayBufferWriter<byte>())];
    }

    public DemonstrationEpisode Episode { get; }

    public DemonstrationSession Session { get; }

    /// <summary>Steps T that were found.</summary>
    public int Length { get; private set; }

    /// <summary>Hash of the state it starts from.</summary>
    public StateHash StartHash { get; }

    /// <summary>The state it starts from; empty where seed and options give it.</summary>
    public ReadOnlyMemory<byte> StartSnapshot => First.Snapshot;

    /// <summary>Hash of its final observation; null where it did not come to an end.</summary>
    public StateHash? FinalHash { get; internal set; }

    /// <summary>States on its way, in their order.</summary>
    public IReadOnlyList<EpisodeCheckpoint> Checkpoints => _checkpoints;

    /// <summary>Actions <c>[T, size]</c> as bytes: float32 of a box, int32 of choices.</summary>
    public ReadOnlySpan<byte> Actions => Column(_layout.Action);

    /// <summary>Reward of each step <c>[T]</c>.</summary>
    public ReadOnlySpan<float> Rewards => MemoryMarshal.Cast<byte, float>(Column(_layout.Reward));

    /// <summary>Flags of each step <c>[T]</c>.</summary>
    public ReadOnlySpan<StepFlags> Flags => MemoryMarshal.Cast<byte, StepFlags>(Column(_layout.Flags));

    /// <summary>Microseconds since 1970 of each step <c>[T]</c>; empty where not kept.</summary>
    public ReadOnlySpan<long> Times => MemoryMarshal.Cast<byte, long>(Column(_layout.Time));

    /// <summary>Who chose each action <c>[T]</c>; empty where not kept.</summary>
    public ReadOnlySpan<ActionSource> Sources => MemoryMarshal.Cast<byte, ActionSource>(Column(_layout.Source));

    /// <summary>Short hash of the state after each step <c>[T]</c>, of the final observation after the last; empty where not kept.</summary>
    public ReadOnlySpan<uint> Hashes => MemoryMarshal.Cast<byte, uint>(Column(_layout.Hash));

    /// <summary>What a policy would have done <c>[T, size]</c>, as bytes; empty where not kept.</summary>
    public ReadOnlySpan<byte> PolicyActions => Column(_layout.PolicyAction);

    internal EpisodeBeginning First { get; }

    /// <summary>Bytes that it holds.</summary>
    internal long Size => _columns.Sum(column => (long)column.WrittenCount);

    /// <summary>A column <c>[T, width]</c> as bytes; empty for null.</summary>
    internal ReadOnlySpan<byte> Column(StepColumn? column) => column is null ? default : _columns[column.Place].WrittenSpan;

    /// <summary>
    /// Info outputs <c>[T + 1, outputs]</c>, in the order of <see cref="DemonstrationSession.Info"/>: at the start and
    /// after each step; empty where not kept.
    /// </summary>
    public float[] ReadInfo()
        => _layout.Info is { } column ? [.. MemoryMarshal.Cast<byte, float>(First.Info.Span), .. MemoryMarshal.Cast<byte, float>(Column(column))] : [];

    /// <summary>The episode as exports and agents take it.</summary>
    /// <param name="observations">Observations by group, T + 1 rows each, where they were not kept.</param>
    public RecordedEpisode ToRecordedEpisode(IReadOnlyList<RecordedObservations>? observations = null)
    {
        var flags = Flags;
        bool[] terminated = new bool[Length], truncated = new bool[Length], success = new bool[Length];
        for (int i = 0; i < Length; i++)
            (terminated[i], truncated[i], success[i]) = ((flags[i] & StepFlags.Terminated) != 0, (flags[i] & StepFlags.Truncated) != 0, (flags[i] & StepFlags.Success) != 0);
        if (Length > 0 && Episode.Success is { } said) success[^1] = said;
        bool box = Session.Action is Box;
        return new RecordedEpisode
        {
            Start = Episode.HasSnapshot || Episode.Start == DemonstrationEpisode.UnknownStart ? null : Episode.Start,
            Options = Episode.Options,
            Length = Length,
            Observations = observations ?? KeptObservations(),
            Actions = box ? MemoryMarshal.Cast<byte, float>(Actions).ToArray() : [],
            Choices = box ? [] : MemoryMarshal.Cast<byte, int>(Actions).ToArray(),
            Rewards = Rewards.ToArray(),
            Terminated = terminated,
            Truncated = truncated,
            Info = ReadInfo(),
            Success = Session.Message.Spec.HasSuccess || Episode.Success is not null ? success : null,
            Faulted = Length > 0 && (flags[^1] & StepFlags.Faulted) != 0,
            Operator = Session.Message.Operator ?? "",
        };
    }

    /// <summary>Takes a step of a chunk.</summary>
    internal void Take(StepRows rows, int step)
    {
        foreach (var column in _layout.Columns)
        {
            if (rows.Has(column)) _columns[column.Place].Write(rows.Cell(column, step, Episode.Lane));
            // A policy that was not overruled would have done what was done.
            else if (column == _layout.PolicyAction) _columns[column.Place].Write(rows.Cell(_layout.Action, step, Episode.Lane));
            else Zeros(_columns[column.Place], column.LaneBytes);
        }
        Length++;
    }

    /// <summary>Takes whole columns.</summary>
    /// <exception cref="InvalidDataException">A column is shorter or longer than it should be.</exception>
    internal void Take(IReadOnlyDictionary<string, byte[]> columns, int length)
    {
        foreach (var column in _layout.Columns)
        {
            byte[] bytes = columns[column.Name];
            if (bytes.Length != (long)length * column.LaneBytes)
                throw new InvalidDataException($"episode {Episode.Number} has {bytes.Length} bytes of '{column.Name}': expected {length} rows of {column.LaneBytes}");
            _columns[column.Place].Write(bytes);
        }
        Length = length;
    }

    internal void Take(EpisodeCheckpoint checkpoint) => _checkpoints.Add(checkpoint);

    private static void Zeros(ArrayBufferWriter<byte> target, int count)
    {
        target.GetSpan(count)[..count].Clear();
        target.Advance(count);
    }

    private RecordedObservations[] KeptObservations()
    {
        var kept = new List<RecordedObservations>();
        int at = 0;
        foreach (var column in _layout.Observations)
        {
            string name = column.Name[StepLayout.ObservationPrefix.Length..];
            var box = StepLayout.GroupsOf(Session.Observation).First(group => group.Name == name).Space;
            byte[] rows = [.. First.Observations.Span.Slice(at, column.LaneBytes), .. Column(column)];
            at += column.LaneBytes;
            kept.Add(new(name, box, rows));
        }
        return [.. kept];
    }
}
