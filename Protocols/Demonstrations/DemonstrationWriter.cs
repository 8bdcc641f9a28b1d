using System.Buffers;
using Sim.Environments.Episodes;
using Sim.Protocols.Demonstrations.Editing;
using Sim.Protocols.Demonstrations.Files;
using Sim.Protocols.Demonstrations.Recording;
using Sim.Protocols.Demonstrations.Rows;

namespace Sim.Protocols.Demonstrations;

/// <summary>
/// Writes whole episodes into a new recording, one after the other: what edits and imports make. Each session has one
/// lane, whatever the batch was that its episodes come from.
/// </summary>
public sealed class DemonstrationWriter : IDisposable
{
    private readonly ChunkAppender _file;
    private BlockWriter? _writer;
    private RecordingBlock? _block;
    private StepLayout? _layout;
    private DemonstrationSession? _source;
    private ulong _step;
    private bool _closed;

    private DemonstrationWriter(ChunkAppender file) => _file = file;

    /// <summary>Episodes so far.</summary>
    public int EpisodeCount { get; private set; }

    /// <summary>Starts a new file.</summary>
    /// <exception cref="IOException">The file exists, or cannot be made.</exception>
    public static DemonstrationWriter Create(string path) => new(ChunkAppender.Create(path));

    /// <summary>Writes episodes from elsewhere: actions, rewards, flags and observations, of which no replay is promised.</summary>
    /// <param name="path">A file that does not exist.</param>
    /// <param name="set">The episodes; each has every observation group.</param>
    /// <param name="demonstrator">Where they come from.</param>
    /// <exception cref="IOException">The file exists, or cannot be made.</exception>
    /// <exception cref="InvalidDataException">An episode does not fit the spaces of the set; nothing is left behind.</exception>
    public static void Import(string path, EpisodeSet set, string demonstrator)
    {
        ArgumentNullException.ThrowIfNull(set);
        var writer = Create(path);
        try
        {
            ForeignEpisodes.Write(writer, set, demonstrator);
            writer.Close();
        }
        catch
        {
            writer.Abandon();
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Appends an episode with all that is known of it.</summary>
    /// <param name="rows">The episode.</param>
    /// <param name="inputs">What people did in it.</param>
    public void Add(EpisodeRows rows, IEnumerable<InputEvent>? inputs = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Add(rows, 0, rows.Length, inputs);
    }

    /// <summary>Appends a part of an episode.</summary>
    /// <param name="rows">The episode.</param>
    /// <param name="from">First step of the part: 0, or a step before which the whole state was kept.</param>
    /// <param name="to">The step behind its last.</param>
    /// <param name="inputs">What people did in the episode.</param>
    /// <exception cref="ArgumentException">The part is empty, reaches past the episode, or begins where no state was kept.</exception>
    public void Add(EpisodeRows rows, int from, int to, IEnumerable<InputEvent>? inputs = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (from < 0 || to > rows.Length || from >= to && rows.Length > 0)
            throw new ArgumentException($"steps {from} to {to} are no part of the {rows.Length} steps of episode {rows.Episode.Number}");
        var start = from == 0 ? null : rows.Checkpoints.FirstOrDefault(checkpoint => checkpoint.Step == from && !checkpoint.Snapshot.IsEmpty)
            ?? throw new ArgumentException($"episode {rows.Episode.Number} kept no whole state before step {from}");
        BeginSession(rows.Session);
        Begin(rows, from, start);
        AddSteps(rows, from, to, inputs);
        End(rows, from, to);
        Describe(rows.Episode);
        EpisodeCount++;
    }

    /// <summary>Writes what is left and closes the file.</summary>
    public void Close()
    {
        if (_closed) return;
        _closed = true;
        Flush();
        _file.Close();
    }

    public void Dispose() => Close();

    /// <summary>Closes the file as it is.</summary>
    internal void Abandon()
    {
        _closed = true;
        _file.Dispose();
    }

    /// <summary>Starts a session like the one that episodes come from, unless it is that one already.</summary>
    internal void BeginSession(DemonstrationSession source)
    {
        if (source == _source) return;
        Flush();
        _source = source;
        var message = source.Message with { Lanes = 1 };
        _layout = StepLayout.Of(message.Columns, 1, source.Action, source.Observation, source.Info);
        _writer = new BlockWriter(_file, message.SnapshotBytes, compress: true);
        _block = new RecordingBlock(_layout, 1, message.SnapshotBytes, TimeProvider.System);
        _block.Begin(_step);
        _writer.Write(ChunkType.Session, _step, message);
    }

    private void Begin(EpisodeRows rows, int from, EpisodeCheckpoint? start)
    {
        var episode = rows.Episode;
        var block = _block!;
        var snapshot = start is null ? rows.StartSnapshot : start.Snapshot;
        var parent = start is null ? episode.Parent : new EpisodeParent(rows.Session.Message.Id, episode.Number, from);
        if (!snapshot.IsEmpty || episode.Options.Count > 0 || parent is not null)
        {
            block.Starts.Add(new()
            {
                Row = block.Begins.Count,
                Options = episode.Options.Count > 0 ? [.. episode.Options.SelectMany(option => new[] { option.Key, option.Value })] : null,
                Snapshot = snapshot.IsEmpty ? null : snapshot.ToArray(),
                Parent = parent is null ? null : new() { Session = parent.Session, Episode = parent.Episode, Step = parent.Step },
            });
        }
        block.Begins.Add(new(_step, episode.Start.Seed, episode.Start.Number, 0, start?.Hash ?? rows.StartHash));
        AddFirstRows(rows, from);
        block.Touch();
    }

    private void AddFirstRows(EpisodeRows rows, int from)
    {
        if (from == 0)
        {
            _block!.FirstObservations.Write(rows.First.Observations.Span);
            _block.FirstInfo.Write(rows.First.Info.Span);
            return;
        }
        foreach (var column in rows.Session.Layout.Observations) _block!.FirstObservations.Write(Before(column));
        if (rows.Session.Layout.Info is { } info) _block!.FirstInfo.Write(Before(info));

        ReadOnlySpan<byte> Before(StepColumn column) => rows.Column(column).Slice((from - 1) * column.LaneBytes, column.LaneBytes);
    }

    private void AddSteps(EpisodeRows rows, int from, int to, IEnumerable<InputEvent>? inputs)
    {
        var states = new Queue<EpisodeCheckpoint>(rows.Checkpoints.Where(checkpoint => checkpoint.Step > from && checkpoint.Step <= to));
        var waiting = new Queue<InputEvent>((inputs ?? []).OrderBy(input => input.Step));
        for (int step = from; step < to; step++)
        {
            ulong original = rows.Episode.FirstStep + (ulong)step;
            while (waiting.TryPeek(out var input) && input.Step <= original)
            {
                waiting.Dequeue();
                if (input.Step == original) _block!.Events.Add(input with { Step = _step, Lane = 0 });
            }
            AddStep(rows, step);
            if (states.TryPeek(out var state) && state.Step == step + 1) AddState(states.Dequeue());
            if (_block!.IsFull) Flush();
        }
    }

    private void AddStep(EpisodeRows rows, int step)
    {
        var block = _block!;
        foreach (var column in _layout!.Columns)
            rows.Column(rows.Session.Layout.Columns[column.Place]).Slice(step * column.LaneBytes, column.LaneBytes).CopyTo(block.NextRow(column));
        if (_layout.PolicyAction is { } policy && !block.NextRow(policy).SequenceEqual(block.NextRow(_layout.Action))) block.HasPolicyActions = true;
        block.Advance();
        _step++;
    }

    private void AddState(EpisodeCheckpoint state)
    {
        var block = _block!;
        int number = -1;
        int size = _source!.Message.SnapshotBytes;
        if (size > 0 && state.Snapshot.Length == size)
        {
            number = block.Snapshots.WrittenCount / size;
            block.Snapshots.Write(state.Snapshot.Span);
        }
        block.States.Add(new(_step, state.Hash, 0, number));
    }

    private void End(EpisodeRows rows, int from, int to)
    {
        var episode = rows.Episode;
        bool whole = to == rows.Length;
        var ending = whole ? episode.Ending : EpisodeEnding.Trimmed;
        byte success = whole ? episode.Success switch { null => (byte)2, true => (byte)1, false => (byte)0 } : (byte)2;
        _block!.Ends.Add(new(_step, whole ? rows.FinalHash ?? default : default, 0, to - from, whole ? episode.Return ?? float.NaN : float.NaN, (byte)ending, success, 0));
        _block.Touch();
    }

    /// <summary>What was said of the episode.</summary>
    private void Describe(DemonstrationEpisode episode)
    {
        if (episode.Quality is not null || episode.Note.Length > 0 || episode.Masks.Count > 0)
            _block!.Labels.Add(new() { Episode = EpisodeCount, Quality = episode.Quality, Note = episode.Note.Length > 0 ? episode.Note : null, Masks = episode.Masks.Count > 0 ? [.. episode.Masks] : null });
        if (episode.IsHidden) _block!.Tombstones.Add(new() { Episode = EpisodeCount, Hidden = true });
    }

    private void Flush()
    {
        if (_block is not { IsEmpty: false }) return;
        _writer!.Write(_block);
        _block.Begin(_step);
    }
}
