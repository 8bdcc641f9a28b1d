using System.Buffers;
using System.Runtime.InteropServices;
using Sim.Environments;
using Sim.Environments.Spaces;
using Sim.Protocols.Demonstrations.Files;
using Sim.Protocols.Demonstrations.Recording;
using Sim.Protocols.Demonstrations.Rows;
using Sim.Protocols.Messages;

namespace Sim.Protocols.Demonstrations;

/// <summary>
/// Records a batch of environments into a <c>.simdemo</c> file while somebody else steps it: call
/// <see cref="AfterReset"/> after every reset and <see cref="AfterStep(ActionSource)"/> after every step. Both copy
/// what the batch shows and return; another thread writes. Nothing allocates in a step. When the disk cannot follow,
/// stepping waits: nothing is lost. Inputs and labels may come from any thread.
/// </summary>
public sealed class DemonstrationRecorder : IDisposable
{
    private const int Blocks = 4;

    private readonly BatchEnvironment _environments;
    private readonly RecordingOptions _options;
    private readonly StepLayout _layout;
    private readonly ObservationGroup[] _observed;
    private readonly LaneHasher _hasher;
    private readonly RunningLanes _lanes;
    private readonly List<EndedEpisode> _ended;
    private readonly byte[] _snapshot;
    private readonly bool _snapshots;
    private readonly ChunkAppender _file;
    private readonly RecordingPipe _pipe;
    private readonly RecordingThread _thread;
    private readonly long _clockStart, _timeStart;
    private readonly double _microsecondsPerTick;
    private readonly int _firstEpisode;
    private ulong _step;
    private int _episodes;
    private bool _closed;

    private DemonstrationRecorder(ChunkAppender file, BatchEnvironment environments, RecordingOptions options, ulong firstStep, int episodes)
    {
        (_file, _environments, _options, _step, _episodes, _firstEpisode) = (file, environments, options, firstStep, episodes, episodes);
        (_clockStart, _timeStart) = (options.Clock.GetTimestamp(), UnixClock.Of(options.Clock.GetUtcNow().UtcDateTime));
        _microsecondsPerTick = 1e6 / options.Clock.TimestampFrequency;
        bool alone = environments.Count == 1;
        _snapshots = options.Snapshots ?? alone;
        _observed = options.Observations ? [.. environments.Groups] : [];
        Session = SessionDescription.Of(environments, options, _observed);
        var spec = environments.Spec;
        _layout = StepLayout.Of(Session.Columns, environments.Count, spec.Action, spec.Observation, spec.Info);
        _hasher = new LaneHasher(environments);
        _lanes = new RunningLanes(environments.Count);
        _ended = new List<EndedEpisode>(environments.Count);
        _snapshot = new byte[environments.SnapshotBytes];
        bool compress = options.Compress ?? environments.Count <= RecordingOptions.FewLanes;
        var writer = new BlockWriter(file, environments.SnapshotBytes, compress);
        writer.Write(ChunkType.Session, firstStep, Session);
        _pipe = new RecordingPipe(Enumerable.Range(0, Blocks).Select(_ => new RecordingBlock(_layout, environments.Count, _snapshots ? _snapshot.Length : 0, options.Clock)), firstStep, options.WriteEvery, options.Clock);
        _thread = new RecordingThread(_pipe, writer, file, options, syncEnds: alone);
    }

    /// <summary>What the recording says about itself.</summary>
    public SessionMessage Session { get; }

    /// <summary>Steps of the file so far, those of earlier sessions included.</summary>
    public ulong Step => _step;

    /// <summary>Episodes of the file so far, running ones included: the number of the next to begin.</summary>
    public int EpisodeCount => _episodes;

    /// <summary>The episodes that the last step ended, in the order of lanes; valid until the next step.</summary>
    public ReadOnlySpan<EndedEpisode> EndedEpisodes => CollectionsMarshal.AsSpan(_ended);

    /// <summary>Number of the episode that runs in a lane and has taken a step; −1 where none has.</summary>
    internal int EpisodeUnderWay(int lane) => _lanes.IsRunning(lane) && !_lanes.HasJustBegun(lane, _step) ? _lanes.EpisodeOf(lane) : -1;

    /// <summary>Starts a new file.</summary>
    /// <param name="path">A file that does not exist.</param>
    /// <param name="environments">What to record. Its autoreset mode is SameStep or Disabled.</param>
    /// <param name="options">What to keep.</param>
    /// <exception cref="IOException">The file exists, or cannot be made.</exception>
    /// <exception cref="ArgumentException">An option is out of range, or the batch resets in the next step.</exception>
    public static DemonstrationRecorder Create(string path, BatchEnvironment environments, RecordingOptions? options = null)
    {
        options = Checked(environments, options);
        return Start(ChunkAppender.Create(path), environments, options, 0, 0);
    }

    /// <summary>Goes on with a recording of the same environment and settings, in a new session behind its last good byte.</summary>
    /// <inheritdoc cref="Create"/>
    /// <exception cref="InvalidDataException">The file is no recording.</exception>
    /// <exception cref="ArgumentException">It is one of another environment, version or settings.</exception>
    public static DemonstrationRecorder Append(string path, BatchEnvironment environments, RecordingOptions? options = null)
    {
        options = Checked(environments, options);
        ulong step;
        int episodes;
        using (var before = Demonstration.Open(path))
        {
            SessionDescription.CheckSame(before.Sessions[^1].Message, SessionDescription.Of(environments, options, []), path);
            (step, episodes) = (before.EndStep, before.EpisodeCount);
        }
        return Start(ChunkAppender.Continue(path), environments, options, step, episodes);
    }

    /// <summary>Call it after a reset: the lanes of the mask begin episodes; what ran in them is broken off.</summary>
    /// <param name="options">The options that the reset was given.</param>
    /// <param name="mask">The mask that it was given, <c>[N]</c>; all lanes when empty.</param>
    /// <exception cref="IOException">The file could not be written.</exception>
    /// <exception cref="ArgumentException">The mask has another length than N.</exception>
    public void AfterReset(IReadOnlyDictionary<string, string>? options = null, ReadOnlySpan<bool> mask = default)
    {
        if (!mask.IsEmpty && mask.Length != _lanes.Count)
            throw new ArgumentException($"the reset mask has {mask.Length} entries for {_lanes.Count} environments", nameof(mask));
        lock (_pipe.Gate)
        {
            for (int lane = 0; lane < _lanes.Count; lane++)
            {
                if (mask.IsEmpty || mask[lane]) Begin(_pipe.Current, lane, options, null);
            }
        }
    }

    /// <summary>Call it after <see cref="BatchEnvironment.BeginEpisode"/>.</summary>
    /// <returns>The number of the new episode.</returns>
    /// <inheritdoc cref="AfterReset"/>
    public int AfterBegin(int lane, IReadOnlyDictionary<string, string>? options = null)
    {
        lock (_pipe.Gate) return Begin(_pipe.Current, lane, options, null);
    }

    /// <summary>Call it after <see cref="BatchEnvironment.Restore"/>: an episode begins at the state as it is, which is kept whole.</summary>
    /// <returns>The number of the new episode.</returns>
    /// <inheritdoc cref="AfterReset"/>
    public int AfterRestore(int lane, EpisodeParent? parent = null)
    {
        _environments.CopySnapshot(lane, _snapshot);
        var start = new StartMessage
        {
            Row = 0,
            Snapshot = [.. _snapshot],
            Parent = parent is null ? null : new() { Session = parent.Session, Episode = parent.Episode, Step = parent.Step },
        };
        lock (_pipe.Gate) return Begin(_pipe.Current, lane, null, start);
    }

    /// <summary>Call it after every step.</summary>
    /// <param name="source">Who chose the actions.</param>
    /// <exception cref="IOException">The file could not be written.</exception>
    public void AfterStep(ActionSource source = ActionSource.Policy) => AfterStep(source, default(ReadOnlySpan<byte>));

    /// <summary>Call it after a step in which somebody took over from a policy.</summary>
    /// <param name="source">Who chose the actions.</param>
    /// <param name="policyActions">What the policy would have done, <c>[N, size]</c>.</param>
    /// <inheritdoc cref="AfterStep(ActionSource)"/>
    public void AfterStep(ActionSource source, ReadOnlySpan<float> policyActions) => AfterStep(source, MemoryMarshal.AsBytes(policyActions));

    /// <inheritdoc cref="AfterStep(ActionSource, ReadOnlySpan{float})"/>
    public void AfterStep(ActionSource source, ReadOnlySpan<int> policyActions) => AfterStep(source, MemoryMarshal.AsBytes(policyActions));

    /// <summary>Keeps what a person did, for the step that comes next.</summary>
    /// <exception cref="IOException">The file could not be written.</exception>
    public void AddEvent(in InputEvent input)
    {
        lock (_pipe.Gate)
        {
            var block = _pipe.Current;
            block.Events.Add(input with { Step = _step });
            block.Touch();
        }
    }

    /// <summary>Says something about an episode; what is left null stays as it was.</summary>
    /// <param name="episode">Its number in the file.</param>
    /// <param name="success">Whether it succeeded.</param>
    /// <param name="quality">0 (useless) to 5 (as good as can be).</param>
    /// <param name="note">In words.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such episode, or no such quality.</exception>
    public void Label(int episode, bool? success = null, int? quality = null, string? note = null)
    {
        var label = new LabelMessage { Episode = episode, Success = success, Quality = quality, Note = note };
        lock (_pipe.Gate)
        {
            SessionDescription.CheckLabel(label, _episodes);
            var block = _pipe.Current;
            block.Labels.Add(label);
            block.Touch();
        }
    }

    /// <summary>Hides an episode: it stays in the file, and no longer counts.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such episode.</exception>
    public void Hide(int episode)
    {
        lock (_pipe.Gate)
        {
            SessionDescription.CheckLabel(new LabelMessage { Episode = episode }, _episodes);
            var block = _pipe.Current;
            block.Tombstones.Add(new() { Episode = episode, Hidden = true });
            block.Touch();
        }
    }

    /// <summary>Ends what runs, writes all that is left and closes the file.</summary>
    /// <exception cref="IOException">The file could not be written.</exception>
    public void Close()
    {
        if (_closed) return;
        _closed = true;
        try
        {
            lock (_pipe.Gate)
            {
                for (int lane = 0; lane < _lanes.Count; lane++)
                {
                    if (_lanes.IsRunning(lane)) BreakOff(_pipe.Current, lane, EpisodeEnding.Stopped);
                }
            }
        }
        finally
        {
            _pipe.Close();
            _thread.Join();
            if (_pipe.Failure is null) _file.Close();
            else _file.Dispose();
        }
        if (_pipe.Failure is { } failure) throw new IOException($"the recording could not be written: {failure.Message}", failure);
    }

    public void Dispose() => Close();

    /// <summary>Records into a file that is open.</summary>
    internal static DemonstrationRecorder Start(ChunkAppender file, BatchEnvironment environments, RecordingOptions options, ulong step = 0, int episodes = 0)
    {
        try
        {
            return new(file, environments, options, step, episodes);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static RecordingOptions Checked(BatchEnvironment environments, RecordingOptions? options)
    {
        ArgumentNullException.ThrowIfNull(environments);
        options ??= new();
        options.Check();
        return environments.Autoreset == AutoresetMode.NextStep
            ? throw new ArgumentException("a recording takes batches that reset in the same step, or not at all: with NextStep, a row that only resets would look like a step")
            : options;
    }

    private void AfterStep(ActionSource source, ReadOnlySpan<byte> policyActions)
    {
        if (_episodes == _firstEpisode) throw new InvalidOperationException("call AfterReset before the first AfterStep: no episode has begun");
        long now = _options.Clock.GetTimestamp();
        _ended.Clear();
        lock (_pipe.Gate)
        {
            var block = _pipe.Current;
            MemoryMarshal.Write(block.NextRow(_layout.Time!), _timeStart + (long)((now - _clockStart) * _microsecondsPerTick));
            block.NextRow(_layout.Source!)[0] = (byte)source;
            CopyActions(block, policyActions);
            MemoryMarshal.AsBytes(_environments.Rewards).CopyTo(block.NextRow(_layout.Reward));
            var flags = block.NextRow(_layout.Flags);
            bool anyEnded = FlagColumn.Write(_environments, flags);
            CopyShown(block);
            _step++;
            // An idle lane would else keep what stood here before.
            if (_layout.Hash is { } hashes) block.NextRow(hashes).Clear();
            if (anyEnded) EndEpisodes(block, flags);
            if (_layout.Hash is not null || _step % (ulong)_options.CheckpointEvery == 0) KeepStates(block);
            block.Advance();
            _pipe.HandOverWhenDue(now);
        }
    }

    private void CopyActions(RecordingBlock block, ReadOnlySpan<byte> policyActions)
    {
        var actions = _environments.Spec.Action is Box ? MemoryMarshal.AsBytes(_environments.Actions) : MemoryMarshal.AsBytes(_environments.DiscreteActions);
        actions.CopyTo(block.NextRow(_layout.Action));
        if (_layout.PolicyAction is not { } column)
        {
            if (!policyActions.IsEmpty) throw new ArgumentException("this recording keeps no policy actions: ask for them by RecordingOptions.PolicyActions");
            return;
        }
        if (!policyActions.IsEmpty && policyActions.Length != actions.Length)
            throw new ArgumentException($"{policyActions.Length / sizeof(float)} policy actions were given for {actions.Length / sizeof(float)} actions");
        if (policyActions.IsEmpty) policyActions = actions;
        else if (!policyActions.SequenceEqual(actions)) block.HasPolicyActions = true;
        policyActions.CopyTo(block.NextRow(column));
    }

    private void CopyShown(RecordingBlock block)
    {
        for (int i = 0; i < _observed.Length; i++) _observed[i].Current.Bytes.CopyTo(block.NextRow(_layout.Observations[i]));
        if (_layout.Info is { } info) _environments.Info!.Current.Bytes.CopyTo(block.NextRow(info));
    }

    private void EndEpisodes(RecordingBlock block, ReadOnlySpan<byte> flags)
    {
        bool beginsNext = _environments.Autoreset == AutoresetMode.SameStep;
        for (int lane = FlagColumn.NextEnded(flags, 0); lane >= 0; lane = lane + 1 < flags.Length ? FlagColumn.NextEnded(flags, lane + 1) : -1)
        {
            if (!_lanes.IsRunning(lane)) continue;
            End(block, lane, (StepFlags)flags[lane]);
            if (beginsNext) Begin(block, lane, null, null);
        }
    }

    private void End(RecordingBlock block, int lane, StepFlags flags)
    {
        for (int i = 0; i < _observed.Length; i++)
        {
            var column = _layout.Observations[i];
            _observed[i].Final.RowBytes(lane).CopyTo(block.NextRow(column)[(lane * column.LaneBytes)..]);
        }
        if (_layout.Info is { } info)
            _environments.Info!.Final.RowBytes(lane).CopyTo(block.NextRow(info)[(lane * info.LaneBytes)..]);
        var hash = _hasher.OfFinalObservation(lane);
        if (_layout.Hash is { } hashes) MemoryMarshal.Write(block.NextRow(hashes)[(lane * sizeof(uint))..], hash.Short);
        bool? success = _environments.Spec.HasSuccess ? (flags & StepFlags.Success) != 0 : null;
        var ended = new EndedEpisode(_lanes.EpisodeOf(lane), lane, _lanes.LengthAt(lane, _step), _environments.EpisodeReturns[lane], success);
        var reason = (flags & StepFlags.Terminated) != 0 ? EpisodeEnding.Terminated : EpisodeEnding.Truncated;
        block.Ends.Add(new(_step, hash, lane, ended.Length, ended.Return, (byte)reason, success switch { null => 2, true => 1, false => 0 }, 0));
        _ended.Add(ended);
        _lanes.End(lane);
    }

    private void BreakOff(RecordingBlock block, int lane, EpisodeEnding reason)
    {
        block.Ends.Add(new(_step, default, lane, _lanes.LengthAt(lane, _step), float.NaN, (byte)reason, 2, 0));
        block.Touch();
        _lanes.End(lane);
    }

    private int Begin(RecordingBlock block, int lane, IReadOnlyDictionary<string, string>? options, StartMessage? start)
    {
        if (_lanes.IsRunning(lane)) BreakOff(block, lane, EpisodeEnding.Reset);
        var at = _environments.EpisodeOf(lane);
        if (options is { Count: > 0 }) start = new() { Row = 0, Options = [.. options.SelectMany(option => new[] { option.Key, option.Value })] };
        if (start is not null) block.Starts.Add(start with { Row = block.Begins.Count });
        block.Begins.Add(new(_step, at.Seed, at.Number, lane, _hasher.Of(lane)));
        foreach (var group in _observed) block.FirstObservations.Write(group.Current.RowBytes(lane));
        if (_layout.Info is not null) block.FirstInfo.Write(_environments.Info!.Current.RowBytes(lane));
        block.Touch();
        _lanes.Begin(lane, _episodes, _step);
        return _episodes++;
    }

    private void KeepStates(RecordingBlock block)
    {
        bool checkpoint = _step % (ulong)_options.CheckpointEvery == 0;
        for (int lane = 0; lane < _lanes.Count; lane++)
        {
            if (!_lanes.IsRunning(lane) || _lanes.HasJustBegun(lane, _step)) continue;
            var hash = _hasher.Of(lane);
            if (_layout.Hash is { } column) MemoryMarshal.Write(block.NextRow(column)[(lane * sizeof(uint))..], hash.Short);
            if (!checkpoint) continue;
            int number = -1;
            if (_snapshots)
            {
                number = block.Snapshots.WrittenCount / _snapshot.Length;
                _environments.CopySnapshot(lane, block.Snapshots.GetSpan(_snapshot.Length)[.._snapshot.Length]);
                block.Snapshots.Advance(_snapshot.Length);
            }
            block.States.Add(new(_step, hash, lane, number));
        }
    }
}
