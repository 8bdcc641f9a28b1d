using Sim.Environments.Spaces;
using Sim.Physics.Threading;

namespace Sim.Environments.Scalar;

/// <summary>
/// Runs a scalar kernel in batches: one environment after the other, stretches of the batch shared by threads. A lane's
/// trajectory depends on its seed and actions alone. Observations are uint8.
/// </summary>
public sealed unsafe partial class ScalarEnvironment<TTask, TState, TSettings> : BatchEnvironment, IPartitionedWork
    where TTask : struct, IScalarTask<TState, TSettings>
    where TState : unmanaged
    where TSettings : unmanaged
{
    private readonly ScalarDefinition<TTask, TState, TSettings> _definition;
    private readonly EnvironmentOptions _options;
    private readonly TSettings _settings;
    private readonly int _count, _bundleCount, _observationBytes, _timeLimit, _choiceCount;
    private readonly WorkerPool? _pool;
    private readonly ObservationGroup[] _groups;
    private readonly byte* _current, _final;

    // Where each lane stands, a row a quantity, padded to whole bundles.
    private readonly PinnedRows<uint> _seedLow, _seedHigh, _episode;
    private readonly PinnedRows<int> _step;
    private readonly PinnedRows<float> _return;
    private readonly PinnedRows<bool> _ended;
    private readonly PinnedRows<TState> _states;

    private readonly PinnedRows<int> _choices;
    private readonly PinnedRows<float> _rewards, _episodeReturns;
    private readonly PinnedRows<int> _episodeLengths;
    private readonly PinnedRows<bool> _terminated, _truncated, _faulted, _success;

    private bool _started;
    private bool _disposed;

    internal ScalarEnvironment(ScalarDefinition<TTask, TState, TSettings> definition, TSettings settings, EnvironmentOptions options)
    {
        (_definition, _settings, _options) = (definition, settings, options);
        Spec = definition.Describe(settings);
        _timeLimit = Spec.TimeLimit > 0 ? Spec.TimeLimit : int.MaxValue;
        _count = options.Count;
        _bundleCount = (_count + FirstWords.Lanes - 1) / FirstWords.Lanes;
        Threads = Math.Min(options.Threads, _bundleCount);
        _pool = Threads > 1 ? new WorkerPool(Threads) : null;
        _choiceCount = ((Discrete)Spec.Action).Count;

        var box = Spec.ObservationBox;
        _observationBytes = box.Size;
        _groups = [new("observation", box, new BatchBuffer(_count, box.Size, ElementType.UInt8), new BatchBuffer(_count, box.Size, ElementType.UInt8))];
        _current = (byte*)_groups[0].Current.Pointer;
        _final = (byte*)_groups[0].Final.Pointer;

        int rows = _bundleCount * FirstWords.Lanes;
        _seedLow = new(rows);
        _seedHigh = new(rows);
        _episode = new(rows);
        _step = new(rows);
        _return = new(rows);
        _ended = new(rows);
        _states = new(rows);
        _choices = new(rows);
        _rewards = new(rows);
        _episodeReturns = new(rows);
        _episodeLengths = new(rows);
        _terminated = new(rows);
        _truncated = new(rows);
        _faulted = new(rows);
        _success = new(rows);
    }

    public override EnvironmentSpec Spec { get; }
    public override int Count => _count;
    public override int Lanes => 1;
    public override int Threads { get; }
    public override AutoresetMode Autoreset => _options.Autoreset;
    public override IReadOnlyList<ObservationGroup> Groups => _groups;
    public override Span<float> Actions => [];
    public override Span<int> DiscreteActions => _choices.First(_count);
    public override Span<float> Rewards => _rewards.First(_count);
    public override Span<bool> Terminated => _terminated.First(_count);
    public override Span<bool> Truncated => _truncated.First(_count);
    public override Span<bool> Faulted => _faulted.First(_count);
    public override Span<bool> IsSuccess => _success.First(_count);
    public override Span<float> EpisodeReturns => _episodeReturns.First(_count);
    public override Span<int> EpisodeLengths => _episodeLengths.First(_count);

    // The reward has one term, which is the reward.
    public override ReadOnlySpan<float> RewardTerms(int term) => TermOf(term, _rewards);
    public override ReadOnlySpan<float> EpisodeTerms(int term) => TermOf(term, _episodeReturns);

    /// <summary>What a lane's episode is, for scripted players.</summary>
    public ref readonly TState StateOf(int lane)
    {
        RequireLane(lane);
        return ref _states[lane];
    }

    public override BatchEnvironment Clone()
    {
        var copy = new ScalarEnvironment<TTask, TState, TSettings>(_definition, _settings, _options);
        if (!_started) return copy;
        copy.Reset();
        for (int lane = 0; lane < _count; lane++) copy.Restore(lane, Snapshot(lane));
        return copy;
    }

    protected override void Dispose(bool disposing)
    {
        if (_disposed) return;
        _disposed = true;
        _pool?.Dispose();
    }

    private ReadOnlySpan<float> TermOf(int term, PinnedRows<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(term, 0);
        return values.First(_count);
    }

    private Span<byte> ObservationOf(int lane, byte* rows) => new(rows + ((long)lane * _observationBytes), _observationBytes);
}
