using Sim.Environments;

namespace Sim.Tests.Environments.Checking;

/// <summary>What to break in a good environment.</summary>
internal sealed record Breakage
{
    /// <summary>Spoils the outputs in place.</summary>
    public Action<BatchEnvironment> AfterStep { get; init; } = _ => { };

    /// <summary>Replaces the seed of a reset.</summary>
    public Func<ulong?, ulong?> Seed { get; init; } = seed => seed;

    /// <summary>False: resets ignore their mask.</summary>
    public bool Mask { get; init; } = true;

    /// <summary>False: restores do nothing.</summary>
    public bool Restore { get; init; } = true;

    /// <summary>False: an episode always begins at number 0.</summary>
    public bool EpisodeNumbers { get; init; } = true;

    /// <summary>True: a clone is the original.</summary>
    public bool SharedClone { get; init; }

    /// <summary>True: a step before the first reset does nothing.</summary>
    public bool StepBeforeReset { get; init; }
}

/// <summary>Makes good environments and breaks them.</summary>
internal sealed class BrokenDefinition(EnvironmentDefinition inner, Breakage breakage) : EnvironmentDefinition
{
    public override string Id => inner.Id;
    public override IReadOnlyList<string> Aliases => inner.Aliases;
    public override object DefaultSettings => inner.DefaultSettings;
    public override EnvironmentSpec Describe(object settings) => inner.Describe(settings);

    public override BatchEnvironment Create(EnvironmentOptions options, object? settings = null)
        => new BrokenEnvironment(inner.Create(options, settings), breakage);
}

/// <summary>A good environment with one thing broken.</summary>
internal sealed class BrokenEnvironment(BatchEnvironment inner, Breakage breakage) : BatchEnvironment
{
    private bool _started;

    public override EnvironmentSpec Spec => inner.Spec;
    public override int Count => inner.Count;
    public override int Lanes => inner.Lanes;
    public override int Threads => inner.Threads;
    public override AutoresetMode Autoreset => inner.Autoreset;
    public override IReadOnlyList<ObservationGroup> Groups => inner.Groups;
    public override ObservationGroup? Info => inner.Info;
    public override Span<float> Actions => inner.Actions;
    public override Span<int> DiscreteActions => inner.DiscreteActions;
    public override Span<float> Rewards => inner.Rewards;
    public override ReadOnlySpan<float> RewardTerms(int term) => inner.RewardTerms(term);
    public override Span<bool> Terminated => inner.Terminated;
    public override Span<bool> Truncated => inner.Truncated;
    public override Span<bool> Faulted => inner.Faulted;
    public override Span<bool> IsSuccess => inner.IsSuccess;
    public override Span<float> EpisodeReturns => inner.EpisodeReturns;
    public override Span<int> EpisodeLengths => inner.EpisodeLengths;
    public override ReadOnlySpan<float> EpisodeTerms(int term) => inner.EpisodeTerms(term);

    public override void Reset(ulong? seed = null, IReadOnlyDictionary<string, string>? options = null, ReadOnlySpan<bool> mask = default)
    {
        inner.Reset(breakage.Seed(seed), options, breakage.Mask ? mask : default);
        _started = true;
    }

    public override void Step()
    {
        if (breakage.StepBeforeReset && !_started) return;
        inner.Step();
        breakage.AfterStep(inner);
    }

    public override EpisodeStart EpisodeOf(int lane) => inner.EpisodeOf(lane);

    public override void BeginEpisode(int lane, EpisodeStart start, IReadOnlyDictionary<string, string>? options = null)
        => inner.BeginEpisode(lane, breakage.EpisodeNumbers ? start : start with { Number = 0 }, options);

    public override int SnapshotBytes => inner.SnapshotBytes;
    public override int StateBytes => inner.StateBytes;
    public override LaneSnapshot Snapshot(int lane) => inner.Snapshot(lane);
    public override void CopySnapshot(int lane, Span<byte> target) => inner.CopySnapshot(lane, target);

    public override void Restore(int lane, LaneSnapshot snapshot)
    {
        if (breakage.Restore) inner.Restore(lane, snapshot);
    }

    public override BatchEnvironment Clone() => breakage.SharedClone ? this : new BrokenEnvironment(inner.Clone(), breakage);

    protected override void Dispose(bool disposing)
    {
        // A shared clone is disposed with its original, which goes on living.
        if (!breakage.SharedClone) inner.Dispose();
    }
}
