using System.Runtime.InteropServices;
using Sim.Environments;
using Sim.Environments.Spaces;
using Sim.Protocols.Demonstrations.Rows;

namespace Sim.Protocols.Demonstrations.Replaying;

/// <summary>Plays recorded episodes again, one a lane, and compares what comes out bit for bit.</summary>
internal sealed class ReplayBatch : IDisposable
{
    private readonly BatchEnvironment _environments;
    private readonly IReadOnlyList<EpisodeRows> _episodes;
    private readonly LaneHasher _hasher;
    private readonly ReplayDivergence?[] _divergences;
    private readonly int[] _nextCheckpoint, _agreed;

    public ReplayBatch(BatchEnvironment environments, IReadOnlyList<EpisodeRows> episodes)
    {
        (_environments, _episodes) = (environments, episodes);
        _hasher = new LaneHasher(environments);
        _divergences = new ReplayDivergence?[episodes.Count];
        _nextCheckpoint = new int[episodes.Count];
        _agreed = new int[episodes.Count];
        environments.Reset();
        for (int lane = 0; lane < episodes.Count; lane++) Start(lane);
    }

    public BatchEnvironment Environments => _environments;

    /// <summary>Steps taken.</summary>
    public int Step { get; private set; }

    /// <summary>Where each episode stopped being what was recorded; null where it did not, so far.</summary>
    public IReadOnlyList<ReplayDivergence?> Divergences => _divergences;

    /// <summary>Whether a lane still has a step to take.</summary>
    public bool IsRunning(int lane) => _divergences[lane] is null && Step < _episodes[lane].Length;

    public bool AnyRunning => Enumerable.Range(0, _episodes.Count).Any(IsRunning);

    /// <summary>Takes the next recorded step of every lane that has one, and compares.</summary>
    public void Advance()
    {
        var actions = _environments.Spec.Action is Box ? MemoryMarshal.AsBytes(_environments.Actions) : MemoryMarshal.AsBytes(_environments.DiscreteActions);
        int size = actions.Length / _environments.Count;
        for (int lane = 0; lane < _episodes.Count; lane++)
        {
            if (IsRunning(lane)) _episodes[lane].Actions.Slice(Step * size, size).CopyTo(actions[(lane * size)..]);
        }
        _environments.Step();
        for (int lane = 0; lane < _episodes.Count; lane++)
        {
            if (IsRunning(lane)) _divergences[lane] = Compare(lane);
        }
        Step++;
    }

    public void Dispose() => _environments.Dispose();

    private void Start(int lane)
    {
        var rows = _episodes[lane];
        EpisodePlayer.Begin(_environments, lane, rows);
        var found = _hasher.Of(lane);
        if (found != rows.StartHash) _divergences[lane] = new(0, 0, "start state", $"{rows.StartHash}", $"{found}");
    }

    private ReplayDivergence? Compare(int lane)
    {
        var rows = _episodes[lane];
        float reward = _environments.Rewards[lane], recorded = rows.Rewards[Step];
        if (BitConverter.SingleToUInt32Bits(reward) != BitConverter.SingleToUInt32Bits(recorded))
            return Differs(lane, "reward", $"{recorded:g9}", $"{reward:g9}");
        var flags = FlagsOf(lane);
        if (flags != rows.Flags[Step]) return Differs(lane, "flags", $"{rows.Flags[Step]}", $"{flags}");
        if (CompareInfo(lane, rows) is { } differs) return differs;
        return (flags & StepFlags.Ended) != 0 ? CompareEnd(lane, rows) : CompareState(lane, rows);
    }

    /// <summary>A lane that has ended stands still, so that what it told last still stands there.</summary>
    private ReplayDivergence? CompareInfo(int lane, EpisodeRows rows)
    {
        if (_environments.Info is not { } info || rows.Session.Layout.Info is not { } column) return null;
        var recorded = MemoryMarshal.Cast<byte, uint>(rows.Column(column).Slice(Step * column.LaneBytes, column.LaneBytes));
        var told = MemoryMarshal.Cast<byte, uint>(info.Current.RowBytes(lane));
        int at = recorded.CommonPrefixLength(told);
        return at == told.Length ? null : Differs(lane, $"info output {info.Space.Labels[at]}",
            $"{BitConverter.UInt32BitsToSingle(recorded[at]):g9}", $"{BitConverter.UInt32BitsToSingle(told[at]):g9}");
    }

    private ReplayDivergence? CompareState(int lane, EpisodeRows rows)
    {
        var checkpoint = _nextCheckpoint[lane] < rows.Checkpoints.Count ? rows.Checkpoints[_nextCheckpoint[lane]] : null;
        bool due = checkpoint?.Step == Step + 1;
        if (rows.Hashes.IsEmpty && !due) return null;
        var hash = _hasher.Of(lane);
        if (!rows.Hashes.IsEmpty && hash.Short != rows.Hashes[Step]) return Differs(lane, "state", $"{rows.Hashes[Step]:x8}", $"{hash.Short:x8}");
        if (due)
        {
            _nextCheckpoint[lane]++;
            if (hash != checkpoint!.Hash) return Differs(lane, "state", $"{checkpoint.Hash}", $"{hash}");
        }
        _agreed[lane] = Step + 1;
        return null;
    }

    private ReplayDivergence? CompareEnd(int lane, EpisodeRows rows)
    {
        var hash = _hasher.OfFinalObservation(lane);
        if (rows.FinalHash is { } recorded && recorded != hash) return Differs(lane, "final observation", $"{recorded}", $"{hash}");
        return !rows.Hashes.IsEmpty && hash.Short != rows.Hashes[Step] ? Differs(lane, "final observation", $"{rows.Hashes[Step]:x8}", $"{hash.Short:x8}") : null;
    }

    private ReplayDivergence Differs(int lane, string what, string recorded, string replayed) => new(Step, _agreed[lane], what, recorded, replayed);

    private StepFlags FlagsOf(int lane)
        => (_environments.Terminated[lane] ? StepFlags.Terminated : 0) | (_environments.Truncated[lane] ? StepFlags.Truncated : 0)
            | (_environments.Faulted[lane] ? StepFlags.Faulted : 0) | (_environments.IsSuccess[lane] ? StepFlags.Success : 0);
}
