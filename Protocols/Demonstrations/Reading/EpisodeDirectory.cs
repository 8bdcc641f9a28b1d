using Sim.Environments;
using Sim.Protocols.Demonstrations.Files;
using Sim.Protocols.Demonstrations.Rows;

namespace Sim.Protocols.Demonstrations.Reading;

/// <summary>Puts together which episodes a file holds, from the chunks that say so; steps are not read.</summary>
internal sealed class EpisodeDirectory
{
    private readonly List<DemonstrationSession> _sessions = [];
    private readonly List<Entry> _entries = [];

    // The last episode of each lane of the session, and all that have no end yet, by lane and first step.
    private readonly Dictionary<int, Entry> _last = [];
    private readonly Dictionary<(int Lane, ulong FirstStep), Queue<Entry>> _open = [];

    private EpisodeDirectory()
    {
    }

    public IReadOnlyList<DemonstrationSession> Sessions => _sessions;

    /// <summary>All episodes in the order of their numbers, those without a step too.</summary>
    public IReadOnlyList<Entry> Entries => _entries;

    /// <summary>The step behind the last one of the file.</summary>
    public ulong EndStep { get; private set; }

    /// <exception cref="InvalidDataException">A chunk is damaged, or contradicts another.</exception>
    public static EpisodeDirectory Read(ChunkFile file)
    {
        var directory = new EpisodeDirectory();
        foreach (var place in file.Chunks) directory.Take(file, place);
        if (directory._sessions.Count == 0) throw new InvalidDataException("the recording holds no session: it broke off before it began");
        directory.EndStep = LastStep(file);
        // A beginning may stand in the file whose steps, and those before it, do not.
        foreach (var entry in directory._entries) entry.Limit = Math.Min(entry.Limit, directory.EndStep);
        return directory;
    }

    private void Take(ChunkFile file, ChunkPlace place)
    {
        switch (place.Header.Type)
        {
            case ChunkType.Session:
                CloseOpen(place.Header.FirstStep);
                _sessions.Add(DemonstrationSession.Of(file.Read(place).Header<SessionMessage>()));
                break;
            case ChunkType.EpisodeBegin:
                TakeBegins(file.Read(place), place);
                break;
            case ChunkType.EpisodeEnd:
                TakeEnds(file.Read(place));
                break;
            case ChunkType.Label:
                var label = file.Read(place).Header<LabelMessage>();
                EntryOf(label.Episode).Take(label);
                break;
            case ChunkType.Tombstone:
                var tombstone = file.Read(place).Header<TombstoneMessage>();
                EntryOf(tombstone.Episode).IsHidden = tombstone.Hidden;
                break;
        }
    }

    private void TakeBegins(Payload payload, ChunkPlace place)
    {
        if (_sessions.Count == 0) throw new InvalidDataException("an episode begins before any session");
        var message = payload.Header<BeginMessage>();
        var rows = payload.Rows<BeginRow>(message.Rows);
        int first = _entries.Count;
        for (int i = 0; i < rows.Length; i++)
        {
            var row = rows[i];
            if (row.Lane < 0 || row.Lane >= _sessions[^1].Message.Lanes)
                throw new InvalidDataException($"episode {_entries.Count} begins in environment {row.Lane}; the session has {_sessions[^1].Message.Lanes}");
            var entry = new Entry(_entries.Count, _sessions.Count - 1, row, place, i);
            if (_last.TryGetValue(row.Lane, out var before))
            {
                if (before.Row.FirstStep > row.FirstStep)
                    throw new InvalidDataException($"episode {entry.Number} begins at step {row.FirstStep}, before the one that ran in its environment before it");
                before.Limit = row.FirstStep;
            }
            _last[row.Lane] = entry;
            if (!_open.TryGetValue((row.Lane, row.FirstStep), out var open)) _open[(row.Lane, row.FirstStep)] = open = new();
            open.Enqueue(entry);
            _entries.Add(entry);
        }
        foreach (var start in message.Starts ?? [])
        {
            if (start is null || start.Row < 0 || start.Row >= rows.Length) throw new InvalidDataException("the start of an episode belongs to no episode");
            _entries[first + start.Row].TakeStart(start);
        }
    }

    private void TakeEnds(Payload payload)
    {
        foreach (var row in payload.Rows<EndRow>(payload.Header<EndMessage>().Rows))
        {
            // Without its beginning, which salvage may have lost, an end says nothing.
            var key = (row.Lane, row.EndStep - (ulong)Math.Max(0, row.Length));
            if (!_open.TryGetValue(key, out var open) || row.EndStep > open.Peek().Limit) continue;
            open.Dequeue().End = row;
            if (open.Count == 0) _open.Remove(key);
        }
    }

    private Entry EntryOf(int number)
        => number >= 0 && number < _entries.Count ? _entries[number] : throw new InvalidDataException($"something is said of episode {number}; {_entries.Count} have begun");

    private void CloseOpen(ulong step)
    {
        foreach (var entry in _last.Values) entry.Limit = Math.Min(entry.Limit, step);
        _last.Clear();
        _open.Clear();
    }

    private static ulong LastStep(ChunkFile file)
    {
        for (int i = file.Chunks.Count - 1; i >= 0; i--)
        {
            var place = file.Chunks[i];
            if (place.Header.Type == ChunkType.Steps)
            {
                int steps = file.Read(place).Header<StepsMessage>().Steps;
                return steps >= 0 ? place.Header.FirstStep + (ulong)steps : throw new InvalidDataException($"the last chunk of steps says it has {steps}");
            }
            if (place.Header.Type == ChunkType.Session) return place.Header.FirstStep;
        }
        return 0;
    }

    /// <summary>What the chunks say of one episode.</summary>
    public sealed class Entry(int number, int session, BeginRow row, ChunkPlace beginning, int rowInChunk)
    {
        public int Number => number;

        public int Session => session;

        public BeginRow Row => row;

        /// <summary>The chunk that begins it, and which of its rows does.</summary>
        public ChunkPlace Beginning => beginning;

        public int RowInChunk => rowInChunk;

        /// <summary>A step that it cannot reach.</summary>
        public ulong Limit { get; set; } = ulong.MaxValue;

        public EndRow? End { get; set; }

        public bool IsHidden { get; set; }

        // Most episodes have neither, and a file may hold millions.
        private List<LabelMessage>? _labels;
        private Dictionary<string, string>? _options;

        public bool HasSnapshot { get; private set; }

        public EpisodeParent? Parent { get; private set; }

        /// <summary>Steps, as far as the file can hold them.</summary>
        public int Length
        {
            get
            {
                ulong end = End?.EndStep ?? Limit;
                ulong length = Math.Min(end, Limit) is var last && last > row.FirstStep ? last - row.FirstStep : 0;
                return length <= int.MaxValue ? (int)length : throw new InvalidDataException($"episode {number} would have {length} steps");
            }
        }

        public void TakeStart(StartMessage start)
        {
            HasSnapshot = start.Snapshot is not null;
            Parent = start.Parent is { Session: not null } parent ? new(parent.Session, parent.Episode, parent.Step) : null;
            string?[] options = start.Options ?? [];
            if (options.Length % 2 != 0 || options.Contains(null)) throw new InvalidDataException($"episode {number}: the options of the reset have no values");
            if (options.Length > 0) _options = [];
            for (int i = 0; i < options.Length; i += 2) _options![options[i]!] = options[i + 1]!;
        }

        public void Take(LabelMessage label) => (_labels ??= []).Add(label);

        /// <summary>The entry in a form for readers.</summary>
        /// <param name="unended">Flags of the last step of an episode whose end is not in the file.</param>
        /// <param name="hasSuccess">Whether the task says when an episode succeeded.</param>
        public DemonstrationEpisode ToEpisode(StepFlags unended, bool hasSuccess)
        {
            var ending = End is { } end ? (EpisodeEnding)end.Reason : (unended & StepFlags.Terminated) != 0 ? EpisodeEnding.Terminated
                : (unended & StepFlags.Truncated) != 0 ? EpisodeEnding.Truncated : EpisodeEnding.Unknown;
            bool? success = End is { } known ? known.Success switch { 0 => false, 1 => true, _ => null }
                : hasSuccess && (unended & StepFlags.Ended) != 0 ? (unended & StepFlags.Success) != 0 : null;
            return new()
            {
                Number = number,
                Session = session,
                Lane = row.Lane,
                FirstStep = row.FirstStep,
                Length = Length,
                Start = new EpisodeStart(row.Seed, row.Number),
                Options = _options ?? DemonstrationEpisode.NoOptions,
                Parent = Parent,
                HasSnapshot = HasSnapshot,
                Ending = ending,
                Return = End is { Return: var value } && !float.IsNaN(value) ? value : null,
                Success = _labels?.LastOrDefault(label => label.Success is not null)?.Success ?? success,
                Quality = _labels?.LastOrDefault(label => label.Quality is not null)?.Quality,
                Note = _labels?.LastOrDefault(label => label.Note is not null)?.Note ?? "",
                Masks = _labels?.LastOrDefault(label => label.Masks is not null)?.Masks ?? [],
                IsHidden = IsHidden,
            };
        }
    }
}
