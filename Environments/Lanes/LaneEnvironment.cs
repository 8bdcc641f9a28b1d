using System.Runtime.CompilerServices;
using Sim.Environments.Spaces;
using Sim.Physics.Batched;
using Sim.Physics.Numerics;
using Sim.Physics.Threading;

namespace Sim.Environments.Lanes;

/// <summary>
/// Runs a lane task, with or without a physics world, in batches: <c>T.Width</c> environments a bundle, bundles shared
/// by threads. A lane's trajectory
/// depends on its seed and actions alone, never on the batch size, the thread count or the lane width.
/// </summary>
public sealed unsafe partial class LaneEnvironment<T, TTask, TState, TAction, TObservation, TReward, TSettings>
    : BatchEnvironment, IPartitionedWork
    where T : unmanaged, ILane<T>
    where TTask : struct, ISceneTask<T, TTask, TState, TAction, TObservation, TReward, TSettings>
    where TState : unmanaged
    where TAction : unmanaged
    where TObservation : unmanaged
    where TReward : unmanaged
    where TSettings : unmanaged
{
    // Properties rather than fields: the JIT sees constants.
    private static int StateFields => sizeof(TState) / sizeof(T);
    private static int ActionFields => sizeof(TAction) / sizeof(T);
    private static int ObservationFields => sizeof(TObservation) / sizeof(T);
    private static int RewardFields => sizeof(TReward) / sizeof(T);
    private static int BundleFields => sizeof(LaneBundle<T, TState, TReward>) / sizeof(T);

    private readonly LaneDefinition<TSettings> _definition;
    private readonly EnvironmentOptions _options;
    private readonly TSettings _settings;
    private readonly T _everyLane = ~T.OfBits(0);
    private readonly float _timeLimit;
    private readonly int _count, _bundleCount, _paddedRows, _termStride, _observationNumbers;
    private readonly WorkerPool? _pool;
    private readonly LaneWorld<T>? _world;

    private readonly byte[] _bundleMemory;
    private readonly LaneBundle<T, TState, TReward>* _bundles;
    private readonly ActionHistory? _history;
    private readonly Group[] _groups;
    private readonly ObservationGroup[] _publicGroups;
    private readonly ObservationGroup? _info;

    private readonly BatchBuffer _actions;
    private readonly int[] _choices;
    private readonly int _choiceCount;
    private readonly BatchBuffer _rewards, _rewardTerms, _episodeReturns, _episodeTerms;
    private readonly int[] _episodeLengths;
    private readonly bool[] _terminated, _truncated, _faulted, _success;
    private readonly byte* _terminatedAt, _truncatedAt, _faultedAt, _successAt;
    private readonly int* _choicesAt;

    private bool _started;
    private bool _disposed;

    internal LaneEnvironment(LaneDefinition<TSettings> definition, TSettings settings, EnvironmentOptions options)
    {
        (_definition, _settings, _options) = (definition, settings, options);
        Spec = definition.Describe(settings);
        _timeLimit = Spec.TimeLimit > 0 ? Spec.TimeLimit : float.PositiveInfinity;
        _count = options.Count;
        _bundleCount = (_count + T.Width - 1) / T.Width;
        _paddedRows = _bundleCount * T.Width;
        Threads = Math.Min(options.Threads, _bundleCount);
        _pool = Threads > 1 ? new WorkerPool(Threads) : null;
        if (TTask.Build(in settings) is { } scene) _world = new LaneWorld<T>(scene, _bundleCount, Threads);

        _bundleMemory = GC.AllocateArray<byte>((_bundleCount * sizeof(LaneBundle<T, TState, TReward>)) + 64, pinned: true);
        _bundles = (LaneBundle<T, TState, TReward>*)(((nuint)Unsafe.AsPointer(ref _bundleMemory[0]) + 63) & ~(nuint)63);

        _choiceCount = Spec.Action is Discrete discrete ? discrete.Count : 0;
        _actions = new BatchBuffer(_count, _choiceCount == 0 ? Spec.Action.Size : 0, ElementType.Float32, _paddedRows);
        _choices = GC.AllocateArray<int>(_paddedRows, pinned: true);
        _choicesAt = (int*)Unsafe.AsPointer(ref _choices[0]);

        if (definition.ActionHistory > 0)
        {
            var box = (Box)Spec.Action;
            _history = new ActionHistory(_paddedRows, definition.ActionHistory, box.Low, box.High);
        }
        _groups = MakeGroups();
        _info = Spec.Info is null ? null : _groups[^1].Public;
        _publicGroups = [.. _groups.Select(group => group.Public).Where(group => group != _info)];
        _observationNumbers = _groups.Sum(group => group.Stride);

        _rewards = new BatchBuffer(1, _paddedRows, ElementType.Float32, 1);
        _episodeReturns = new BatchBuffer(1, _paddedRows, ElementType.Float32, 1);
        // Rows a power of two apart would all fall into one set of the cache.
        _termStride = _paddedRows % 256 == 0 ? _paddedRows + 16 : _paddedRows;
        _rewardTerms = new BatchBuffer(RewardFields, _termStride, ElementType.Float32, RewardFields);
        _episodeTerms = new BatchBuffer(RewardFields, _termStride, ElementType.Float32, RewardFields);
        _episodeLengths = new int[_count];
        _terminated = MakeFlags(out _terminatedAt);
        _truncated = MakeFlags(out _truncatedAt);
        _faulted = MakeFlags(out _faultedAt);
        _success = MakeFlags(out _successAt);
    }

    public override EnvironmentSpec Spec { get; }
    public override int Count => _count;
    public override int Lanes => T.Width;
    public override int Threads { get; }
    public override AutoresetMode Autoreset => _options.Autoreset;
    public override IReadOnlyList<ObservationGroup> Groups => _publicGroups;
    public override ObservationGroup? Info => _info;
    public override Span<float> Actions => _actions.Floats;
    public override Span<int> DiscreteActions => _choices.AsSpan(0, _choiceCount == 0 ? 0 : _count);
    public override Span<float> Rewards => _rewards.Floats[.._count];
    public override Span<bool> Terminated => _terminated.AsSpan(0, _count);
    public override Span<bool> Truncated => _truncated.AsSpan(0, _count);
    public override Span<bool> Faulted => _faulted.AsSpan(0, _count);
    public override Span<bool> IsSuccess => _success.AsSpan(0, _count);
    public override Span<float> EpisodeReturns => _episodeReturns.Floats[.._count];
    public override Span<int> EpisodeLengths => _episodeLengths;
    public override ReadOnlySpan<float> RewardTerms(int term) => _rewardTerms.Row(term)[.._count];
    public override ReadOnlySpan<float> EpisodeTerms(int term) => _episodeTerms.Row(term)[.._count];

    public override void ComputeRewards(ReadOnlySpan<float> achieved, ReadOnlySpan<float> desired, Span<float> rewards)
    {
        if (_definition.GoalReward is not { } reward)
        {
            base.ComputeRewards(achieved, desired, rewards);
            return;
        }
        int size = rewards.IsEmpty ? 0 : achieved.Length / rewards.Length;
        if (achieved.Length != desired.Length || achieved.Length != size * rewards.Length)
            throw new ArgumentException($"{achieved.Length} numbers of achieved and {desired.Length} of desired goals do not make {rewards.Length} rewards");
        for (int row = 0; row < rewards.Length; row++)
            rewards[row] = reward(achieved.Slice(row * size, size), desired.Slice(row * size, size), in _settings);
    }

    public override BatchEnvironment Clone()
    {
        var copy = new LaneEnvironment<T, TTask, TState, TAction, TObservation, TReward, TSettings>(_definition, _settings, _options);
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
        _world?.Dispose();
    }

    private Group[] MakeGroups()
    {
        var groups = new List<Group>();
        foreach (var (name, offset, fields) in _definition.Groups)
        {
            if (name == "privileged" && !_options.Privileged) continue;
            var box = _definition.BoxOf(name, fields, _settings);
            var current = new BatchBuffer(_count, box.Size, ElementType.Float32, _paddedRows);
            var final = new BatchBuffer(_count, box.Size, ElementType.Float32, _paddedRows);
            groups.Add(new(new(name, box, current, final), offset, fields.Count,
                (float*)current.Pointer, (float*)final.Pointer, box.Size));
        }
        return [.. groups];
    }

    private bool[] MakeFlags(out byte* address)
    {
        bool[] flags = GC.AllocateArray<bool>(_paddedRows, pinned: true);
        address = (byte*)Unsafe.AsPointer(ref flags[0]);
        return flags;
    }

    /// <summary>One observation group, or the info outputs: where its fields begin and where its rows lie.</summary>
    private sealed class Group(ObservationGroup group, int offset, int fields, float* current, float* final, int stride)
    {
        public readonly ObservationGroup Public = group;
        public readonly int Offset = offset, Fields = fields, Stride = stride;
        public readonly float* Current = current;
        private readonly float* _final = final;

        public Span<float> RowOf(int row, bool current) => new((current ? Current : _final) + ((long)row * Stride), Stride);
    }
}
