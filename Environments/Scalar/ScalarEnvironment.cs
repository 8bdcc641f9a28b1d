using System.Runtime.CompilerServices;
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

    // Where each lane stands, a row a quantity, padded to whole bundles.
    private readonly uint[] _seedLow, _seedHigh, _episode;
    private readonly int[] _step;
    private readonly float[] _return;
    private readonly bool[] _ended;
    private readonly TState[] _states;

    private readonly int[] _choices;
    private readonly float[] _rewards, _episodeReturns;
    private readonly int[] _episodeLengths;
    private readonly bool[] _terminated, _truncated, _faulted, _success;

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

        _seedLow = Rows<uint>();
        _seedHigh = Rows<uint>();
        _episode = Rows<uint>();
        _step = Rows<int>();
        _return = Rows<float>();
        _ended = Rows<bool>();
        _states = Rows<TState>();
        _choices = Rows<int>();
        _rewards = Rows<float>();
        _episodeReturns = Rows<float>();
        _episodeLengths = Rows<int>();
        _terminated = Rows<bool>();
        _truncated = Rows<bool>();
        _faulted = Rows<bool>();
        _success = Rows<bool>();
    }

    public override EnvironmentSpec Spec { get; }
    public override int Count => _count;
    public override int Lanes => 1;
    public override int Threads { get; }
    public override AutoresetMode Autoreset => _options.Autoreset;
    public override IReadOnlyList<ObservationGroup> Groups => _groups;
    public override Span<float> Actions => [];
    public override Span<int> DiscreteActions => _choices.AsSpan(0, _count);
    public override Span<float> Rewards => _rewards.AsSpan(0, _count);
    public override Span<bool> Terminated => _terminated.AsSpan(0, _count);
    public override Span<bool> Truncated => _truncated.AsSpan(0, _count);
    public override Span<bool> Faulted => _faulted.AsSpan(0, _count);
    public override Span<bool> IsSuccess => _success.AsSpan(0, _count);
    public override Span<float> EpisodeReturns => _episodeReturns.AsSpan(0, _count);
    public override Span<int> EpisodeLengths => _episodeLengths.AsSpan(0, _count);

    // The reward has one term, which is the reward.
    public override ReadOnlySpan<float> RewardTerms(int term) => TermOf(term, _rewards);
    public override ReadOnlySpan<float> EpisodeTerms(int term) => TermOf(term, _episodeReturns);

    /// <summary>What a lane's episode is, for scripted players.</summary>
    public ref readonly TState StateOf(int lane) => ref _states[lane];

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

    private TRow[] Rows<TRow>() where TRow : unmanaged => GC.AllocateArray<TRow>(_bundleCount * FirstWords.Lanes, pinned: true);

    private ReadOnlySpan<float> TermOf(int term, float[] values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(term, 0);
        return values.AsSpan(0, _count);
    }

    private Span<byte> ObservationOf(int lane, BatchBuffer buffer)
        => new((byte*)buffer.Pointer + ((long)lane * _observationBytes), _observationBytes);

    /// <summary>The address of a pinned array's row.</summary>
    private static TRow* At<TRow>(TRow[] rows, int row) where TRow : unmanaged => (TRow*)Unsafe.AsPointer(ref rows[row]);
}
