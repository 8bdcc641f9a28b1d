using Sim.Protocols.Demonstrations.Files;
using Sim.Protocols.Demonstrations.Rows;

namespace Sim.Protocols.Demonstrations.Reading;

/// <summary>
/// Reads episodes in one pass over the chunks that they lie in. Memory holds the episodes that overlap: one, where one
/// environment was recorded.
/// </summary>
internal sealed class EpisodeSweep
{
    private readonly ChunkFile _file;
    private readonly IReadOnlyList<DemonstrationSession> _sessions;
    private readonly IReadOnlyList<EpisodeDirectory.Entry> _entries;

    public EpisodeSweep(ChunkFile file, EpisodeDirectory directory)
        => (_file, _sessions, _entries) = (file, directory.Sessions, directory.Entries);

    /// <summary>The rows of some episodes, in the order of their ends.</summary>
    /// <exception cref="InvalidDataException">A chunk is damaged.</exception>
    public IEnumerable<EpisodeRows> Read(IEnumerable<DemonstrationEpisode> wanted)
    {
        var waiting = new Queue<DemonstrationEpisode>(wanted.OrderBy(episode => episode.FirstStep).ThenBy(episode => episode.Number));
        var active = new SortedDictionary<int, EpisodeRows>();
        int session = -1;
        var places = _file.Chunks;
        for (int i = 0; i < places.Count; i++)
        {
            var place = places[i];
            if (place.Header.Type == ChunkType.Session) session++;
            if (place.Header.Type is not (ChunkType.Steps or ChunkType.State)) continue;
            if (waiting.Count == 0 && active.Count == 0) yield break;
            if (!active.Values.Any(rows => Reaches(rows.Episode, place.Header.FirstStep)) && (waiting.Count == 0 || waiting.Peek().FirstStep >= NextFirstStep(i)))
                continue;
            foreach (var empty in Activate(waiting, active, NextFirstStep(i))) yield return empty;
            if (place.Header.Type == ChunkType.State) TakeStates(place, active.Values);
            else TakeSteps(new StepRows(_file, place, _sessions[session].Layout), session, active.Values);
            if (place.Header.Type != ChunkType.Steps) continue;
            ulong done = NextFirstStep(i);
            var finished = active.Values.Where(rows => rows.Length == rows.Episode.Length || !Reaches(rows.Episode, done)).OrderBy(rows => rows.Episode.FirstStep + (ulong)rows.Episode.Length).ThenBy(rows => rows.Episode.Number).ToArray();
            foreach (var rows in finished)
            {
                active.Remove(rows.Episode.Number);
                yield return rows;
            }
        }
        // What no chunk of steps reaches: salvage lost it.
        foreach (var rows in active.Values) yield return rows;
        foreach (var episode in waiting) yield return Start(episode);
    }

    /// <summary>Flags of the last step of an episode; none where it has no step.</summary>
    public StepFlags LastFlags(EpisodeDirectory.Entry entry, ref StepRows? last)
    {
        if (entry.Length == 0) return StepFlags.None;
        ulong step = entry.Row.FirstStep + (ulong)entry.Length - 1;
        if (last is null || step < last.FirstStep || step >= last.EndStep)
        {
            int at = FindSteps(step);
            if (at < 0) return StepFlags.None;
            last = new StepRows(_file, _file.Chunks[at], _sessions[entry.Session].Layout);
        }
        return step >= last.FirstStep && step < last.EndStep ? last.Flags((int)(step - last.FirstStep), entry.Row.Lane) : StepFlags.None;
    }

    /// <summary>What people did in an episode.</summary>
    public IEnumerable<InputEvent> ReadEvents(DemonstrationEpisode episode)
    {
        int session = -1;
        for (int i = 0; i < _file.Chunks.Count; i++)
        {
            var place = _file.Chunks[i];
            if (place.Header.Type == ChunkType.Session) session++;
            if (place.Header.Type != ChunkType.Events || session != episode.Session) continue;
            if (place.Header.FirstStep > episode.FirstStep + (ulong)episode.Length) yield break;
            if (NextFirstStep(i) <= episode.FirstStep) continue;
            foreach (var input in ReadEvents(place))
            {
                if (input.Lane == episode.Lane && input.Step >= episode.FirstStep && input.Step < episode.FirstStep + (ulong)episode.Length) yield return input;
            }
        }
    }

    private InputEvent[] ReadEvents(ChunkPlace place)
    {
        var payload = _file.Read(place);
        var message = payload.Header<EventsMessage>();
        var rows = payload.Rows<InputRow>(message.Rows);
        var inputs = new InputEvent[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            var row = rows[i];
            if (message.Devices is null || row.Device >= message.Devices.Length) throw new InvalidDataException($"an input at byte {place.Offset} is of no device");
            inputs[i] = new()
            {
                Device = message.Devices[row.Device] ?? "",
                DeviceMilliseconds = row.DeviceMilliseconds,
                ReceivedMicroseconds = row.Received,
                Kind = (InputKind)row.Kind,
                Code = row.Code,
                Value = row.Value,
                Lane = row.Lane,
                Step = row.Step,
                Text = message.Notes?.FirstOrDefault(note => note?.Row == i)?.Text,
            };
        }
        return inputs;
    }

    private static bool Reaches(DemonstrationEpisode episode, ulong step) => episode.FirstStep + (ulong)episode.Length > step;

    /// <summary>The first step behind a chunk of steps, or behind the chunk of steps that one of states or events stands before.</summary>
    private ulong NextFirstStep(int place)
    {
        bool own = _file.Chunks[place].Header.Type == ChunkType.Steps;
        for (int i = place + 1; i < _file.Chunks.Count; i++)
        {
            if (_file.Chunks[i].Header.Type is not (ChunkType.Steps or ChunkType.Session)) continue;
            if (own || _file.Chunks[i].Header.Type == ChunkType.Session) return _file.Chunks[i].Header.FirstStep;
            own = true;
        }
        return ulong.MaxValue;
    }

    private int FindSteps(ulong step)
    {
        int found = -1;
        for (int i = 0; i < _file.Chunks.Count; i++)
        {
            if (_file.Chunks[i].Header.Type != ChunkType.Steps) continue;
            if (_file.Chunks[i].Header.FirstStep > step) break;
            found = i;
        }
        return found;
    }

    /// <summary>Makes episodes active that begin before a step; those without a step are done at once.</summary>
    private IEnumerable<EpisodeRows> Activate(Queue<DemonstrationEpisode> waiting, SortedDictionary<int, EpisodeRows> active, ulong before)
    {
        while (waiting.Count > 0 && waiting.Peek().FirstStep < before)
        {
            var episode = waiting.Dequeue();
            if (episode.Length == 0) yield return Start(episode);
            else active.Add(episode.Number, Start(episode));
        }
    }

    private EpisodeRows Start(DemonstrationEpisode episode)
    {
        var entry = _entries[episode.Number];
        var session = _sessions[episode.Session];
        if (_beginning?.Place != entry.Beginning) _beginning = new Beginning(_file, entry.Beginning);
        var first = _beginning.Of(entry.RowInChunk, session.Layout);
        return new(episode, session, entry.Row.Hash, first)
        {
            FinalHash = entry.End is { } end && episode.IsComplete ? end.Hash : null,
        };
    }

    // Episodes that begin together lie in one chunk.
    private Beginning? _beginning;

    private sealed class Beginning
    {
        private readonly int _rows;
        private readonly ReadOnlyMemory<byte> _shown;
        private readonly Dictionary<int, byte[]> _snapshots = [];

        public Beginning(ChunkFile file, ChunkPlace place)
        {
            Place = place;
            var payload = file.Read(place);
            var message = payload.Header<BeginMessage>();
            _rows = payload.Rows<BeginRow>(message.Rows).Length;
            _shown = payload.After<BeginRow>(_rows);
            foreach (var start in message.Starts ?? [])
            {
                if (start?.Snapshot is { } snapshot) _snapshots[start.Row] = snapshot;
            }
        }

        public ChunkPlace Place { get; }

        public EpisodeBeginning Of(int row, StepLayout layout)
        {
            int observed = layout.ObservationBytes, told = layout.Info?.LaneBytes ?? 0;
            if (_shown.Length < (long)_rows * (observed + told))
                throw new InvalidDataException($"the first observations or info outputs of the episodes at byte {Place.Offset} are missing");
            return new(_snapshots.GetValueOrDefault(row), _shown.Slice(row * observed, observed), _shown.Slice((_rows * observed) + (row * told), told));
        }
    }

    private void TakeStates(ChunkPlace place, IEnumerable<EpisodeRows> active)
    {
        var payload = _file.Read(place);
        var message = payload.Header<StateMessage>();
        var states = payload.Rows<StateRow>(message.Rows);
        var snapshots = payload.After<StateRow>(message.Rows);
        if (message.SnapshotBytes < 0 || message.Snapshots < 0 || (long)message.SnapshotBytes * message.Snapshots > snapshots.Length)
            throw new InvalidDataException($"the chunk at byte {place.Offset} says it has {message.Snapshots} snapshots, and does not hold them");
        var byLane = active.ToLookup(rows => rows.Episode.Lane);
        foreach (var state in states)
        {
            foreach (var rows in byLane[state.Lane])
            {
                if (state.Step <= rows.Episode.FirstStep || state.Step - rows.Episode.FirstStep > (ulong)rows.Episode.Length) continue;
                var snapshot = state.Snapshot >= 0 && state.Snapshot < message.Snapshots
                    ? snapshots.Slice(state.Snapshot * message.SnapshotBytes, message.SnapshotBytes) : default;
                rows.Take(new EpisodeCheckpoint((int)(state.Step - rows.Episode.FirstStep), state.Hash, snapshot));
            }
        }
    }

    private static void TakeSteps(StepRows chunk, int session, IEnumerable<EpisodeRows> active)
    {
        foreach (var rows in active)
        {
            if (rows.Episode.Session != session) continue;
            // Behind a gap that salvage left, steps no longer belong to what came before.
            ulong next = rows.Episode.FirstStep + (ulong)rows.Length, end = Math.Min(chunk.EndStep, rows.Episode.FirstStep + (ulong)rows.Episode.Length);
            if (next < chunk.FirstStep) continue;
            for (; next < end; next++) rows.Take(chunk, (int)(next - chunk.FirstStep));
        }
    }
}
