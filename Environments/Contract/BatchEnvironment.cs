using Sim.Environments.Spaces;

namespace Sim.Environments;

/// <summary>
/// N ≥ 1 copies of one task, stepped together. Words and meanings are Gymnasium's. Actions are read from and results
/// written to buffers that the environment owns and never moves: write <see cref="Actions"/>, call
/// <see cref="Step"/>, read the rest. Nothing allocates in a step.
/// </summary>
public abstract class BatchEnvironment : IDisposable
{
    private IReadOnlyList<ObservationGroup>? _shown;

    /// <summary>What this environment is.</summary>
    public abstract EnvironmentSpec Spec { get; }

    /// <summary>Number of environments N.</summary>
    public abstract int Count { get; }

    /// <summary>Environments a register holds.</summary>
    public abstract int Lanes { get; }

    /// <summary>Threads that share a step.</summary>
    public abstract int Threads { get; }

    public abstract AutoresetMode Autoreset { get; }

    /// <summary>
    /// Every observation group that this batch writes and agents may read; the first is <c>observation</c>.
    /// </summary>
    public abstract IReadOnlyList<ObservationGroup> Groups { get; }

    /// <summary>
    /// What the last step or reset tells beside the observation and no agent reads, such as the phase of a task; null
    /// where <see cref="EnvironmentSpec.Info"/> is.
    /// </summary>
    public virtual ObservationGroup? Info => null;

    /// <summary>All that a step shows: the observation groups, and behind them the info outputs.</summary>
    public IReadOnlyList<ObservationGroup> Shown => _shown ??= Info is { } info ? [.. Groups, info] : Groups;

    /// <summary>Observations <c>[N, size]</c>.</summary>
    public BatchBuffer Observations => Groups[0].Current;

    /// <summary>Last observation of each episode that just ended <c>[N, size]</c>.</summary>
    public BatchBuffer FinalObservations => Groups[0].Final;

    /// <summary>What critics may read, when asked for by <see cref="EnvironmentOptions.Privileged"/>.</summary>
    public ObservationGroup? Privileged => Groups.FirstOrDefault(group => group.Name == "privileged");

    /// <summary>
    /// Actions <c>[N, size]</c> of a <see cref="Box"/> action space, in the space's units. Values beyond the limits
    /// are clipped by the task as its source does; a NaN faults the lane.
    /// </summary>
    public abstract Span<float> Actions { get; }

    /// <summary>Actions <c>[N, choices]</c> of a discrete action space; a value out of range faults the lane.</summary>
    public abstract Span<int> DiscreteActions { get; }

    /// <summary>Reward of the last step <c>[N]</c>.</summary>
    public abstract Span<float> Rewards { get; }

    /// <summary>Reward of the last step by term <c>[terms, N]</c>, in the order of the spec's names; they sum to the reward.</summary>
    public abstract ReadOnlySpan<float> RewardTerms(int term);

    /// <summary>The episode ended because of what happened in it <c>[N]</c>.</summary>
    public abstract Span<bool> Terminated { get; }

    /// <summary>The episode was cut off by the time limit <c>[N]</c>.</summary>
    public abstract Span<bool> Truncated { get; }

    /// <summary>
    /// The lane's action or state was not finite <c>[N]</c>; the episode was terminated with reward 0 and a final
    /// observation of zeros, its neighbours untouched.
    /// </summary>
    public abstract Span<bool> Faulted { get; }

    /// <summary>Whether the episode counts as a success as it stands <c>[N]</c>; read it where the episode ended.</summary>
    public abstract Span<bool> IsSuccess { get; }

    /// <summary>Undiscounted return of the episode that just ended <c>[N]</c>; valid where a flag is set.</summary>
    public abstract Span<float> EpisodeReturns { get; }

    /// <summary>Steps of the episode that just ended <c>[N]</c>; valid where a flag is set.</summary>
    public abstract Span<int> EpisodeLengths { get; }

    /// <summary>Sum of one reward term over the episode that just ended <c>[N]</c>; valid where a flag is set.</summary>
    public abstract ReadOnlySpan<float> EpisodeTerms(int term);

    /// <summary>Starts new episodes and writes their first observations.</summary>
    /// <param name="seed">
    /// Given: lane k takes seed + k and starts at its first episode. Left out: seeds stay and the next episode starts.
    /// </param>
    /// <param name="options">Settings that hold for this reset alone (start ranges and the like), by name.</param>
    /// <param name="mask">Lanes to reset, <c>[N]</c>; all when empty.</param>
    /// <exception cref="ArgumentException">
    /// The mask has another length than N, or an option is unknown or out of range; nothing has changed.
    /// </exception>
    /// <exception cref="InvalidOperationException">The first reset leaves lanes out.</exception>
    public abstract void Reset(ulong? seed = null, IReadOnlyDictionary<string, string>? options = null,
        ReadOnlySpan<bool> mask = default);

    /// <summary>The start of the episode that a lane is in.</summary>
    /// <exception cref="InvalidOperationException">Before the first reset.</exception>
    public abstract EpisodeStart EpisodeOf(int lane);

    /// <summary>Puts one lane at the start of any episode of any seed, as resets would have brought it there.</summary>
    /// <param name="lane">Which; the others stay as they are.</param>
    /// <param name="start">Seed and number of the episode.</param>
    /// <param name="options">Settings that hold for this reset alone.</param>
    /// <exception cref="ArgumentException">An option is unknown or out of range; nothing has changed.</exception>
    /// <exception cref="InvalidOperationException">Before the first reset.</exception>
    public abstract void BeginEpisode(int lane, EpisodeStart start, IReadOnlyDictionary<string, string>? options = null);

    /// <summary>Advances every environment by one control step.</summary>
    /// <exception cref="InvalidOperationException">Before the first reset.</exception>
    public abstract void Step();

    /// <summary>Bytes of a snapshot.</summary>
    public abstract int SnapshotBytes { get; }

    /// <summary>
    /// Leading bytes of a snapshot that say all the next step depends on, its action apart: two lanes with equal ones
    /// have the same future. What follows them is what the last step showed.
    /// </summary>
    public abstract int StateBytes { get; }

    /// <summary>Everything lane <paramref name="lane"/> is.</summary>
    /// <exception cref="InvalidOperationException">Before the first reset.</exception>
    public abstract LaneSnapshot Snapshot(int lane);

    /// <summary>
    /// Writes as much of a lane's snapshot as <paramref name="target"/> holds, without allocating: all of it, or its
    /// first <see cref="StateBytes"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The target is neither <see cref="SnapshotBytes"/> nor <see cref="StateBytes"/> long.</exception>
    /// <exception cref="InvalidOperationException">Before the first reset.</exception>
    public abstract void CopySnapshot(int lane, Span<byte> target);

    /// <summary>Puts lane <paramref name="lane"/> where a snapshot was taken, outputs included.</summary>
    /// <exception cref="ArgumentException">The snapshot belongs to another environment.</exception>
    /// <exception cref="InvalidOperationException">Before the first reset.</exception>
    public abstract void Restore(int lane, LaneSnapshot snapshot);

    /// <summary>
    /// What the reward of a goal task would be for other goals (hindsight relabelling): a function of the goals alone.
    /// </summary>
    /// <param name="achieved">Achieved goals <c>[rows, goal]</c>.</param>
    /// <param name="desired">Desired goals <c>[rows, goal]</c>.</param>
    /// <param name="rewards">Where the rewards go <c>[rows]</c>; any number of rows.</param>
    /// <exception cref="NotSupportedException">The task has no goals.</exception>
    /// <exception cref="ArgumentException">The lengths do not fit each other.</exception>
    public virtual void ComputeRewards(ReadOnlySpan<float> achieved, ReadOnlySpan<float> desired, Span<float> rewards)
        => throw new NotSupportedException($"{Spec.Id} is no goal task: it has no achieved and desired goals");

    /// <summary>An independent batch in the same state, for planners that roll the true model.</summary>
    public abstract BatchEnvironment Clone();

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);

    /// <exception cref="ArgumentOutOfRangeException">There is no such lane.</exception>
    protected void RequireLane(int lane)
    {
        if ((uint)lane >= (uint)Count) throw new ArgumentOutOfRangeException(nameof(lane), lane, $"{Spec.Id} has lanes 0 to {Count - 1}");
    }

    /// <exception cref="ArgumentException">The snapshot belongs to another environment.</exception>
    protected void RequireSnapshot(LaneSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (snapshot.Environment != Spec.SnapshotName || snapshot.Data.Length != SnapshotBytes)
            throw new ArgumentException($"a snapshot of {snapshot.Environment} ({snapshot.Data.Length} bytes) does not fit {Spec.SnapshotName} ({SnapshotBytes} bytes)", nameof(snapshot));
    }

    /// <exception cref="ArgumentException">The mask has another length than N.</exception>
    /// <exception cref="InvalidOperationException">The first reset leaves lanes out.</exception>
    protected void RequireMask(ReadOnlySpan<bool> mask, bool started)
    {
        if (!mask.IsEmpty && mask.Length != Count)
            throw new ArgumentException($"the reset mask has {mask.Length} entries for {Count} environments", nameof(mask));
        if (!started && !mask.IsEmpty && mask.Contains(false))
            throw new InvalidOperationException($"{Spec.Id}: the first reset takes every environment");
    }

    /// <exception cref="ArgumentException">The target is neither <see cref="SnapshotBytes"/> nor <see cref="StateBytes"/> long.</exception>
    protected void RequireSnapshotTarget(ReadOnlySpan<byte> target)
    {
        if (target.Length != StateBytes && target.Length != SnapshotBytes)
            throw new ArgumentException($"a snapshot of {Spec.SnapshotName} is {SnapshotBytes} bytes long and its state {StateBytes}; the target is {target.Length}", nameof(target));
    }
}
