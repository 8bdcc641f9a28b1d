using System.Collections.ObjectModel;
using Sim.Environments;

namespace Sim.Agents.Dqn;

/// <summary>DQN's settings by environment; <c>docs/agents/dqn.md</c> has what they reach.</summary>
public static class DqnPresets
{
    /// <summary>
    /// For vectors: small networks, many transitions an update. Plain squares: values here grow to a hundred, and where large errors count by their
    /// size alone, or their gradients are cut, the few steps that end an episode are outvoted and all values grow without end.
    /// </summary>
    private static DqnSettings Vectors { get; } = new()
    {
        Environments = 4,
        Steps = 100_000,
        Hidden = [128, 128],
        ReplayCapacity = 50_000,
        LearningStarts = 1000,
        Batch = 128,
        UpdatesPerStep = 0.5,
        TargetInterval = 100,
        LastEpsilon = 0.05f,
        EpsilonSteps = 20_000,
        Huber = false,
    };

    /// <summary>The sizes and schedules of the MinAtar paper, with Adam for its RMSProp and double Q-learning.</summary>
    private static DqnSettings Boards { get; } = new()
    {
        Environments = 4,
        Steps = 5_000_000,
        Hidden = [128],
    };

    private static readonly Dictionary<string, Preset> s_byEnvironment = new()
    {
        ["cartpole"] = new(Vectors),
        ["acrobot"] = new(Vectors),
        // From the bottom of the valley random choices never reach the flag: training starts anywhere in it.
        ["mountain-car"] = new(Vectors with { Steps = 200_000, LearningRate = 1e-3f }) { TrainingOverrides = ["low=-1.2", "high=0.45"] },
    };

    /// <summary>For as few as 20,000 steps: learning begins at once and explores for half of them.</summary>
    private static Preset Short { get; } = new(Boards with
    {
        Steps = 20_000,
        LearningStarts = 1000,
        EpsilonSteps = 10_000,
        LastEpsilon = 0.05f,
        TargetInterval = 500,
    });

    /// <summary>What suits an environment: its own row, or what its observations suggest.</summary>
    public static Preset For(EnvironmentSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (s_byEnvironment.TryGetValue(spec.Id, out var preset)) return preset;
        return new(spec.ObservationBox.Shape.Count == 3 ? Boards : Vectors with { Steps = 1_000_000 });
    }

    /// <summary>Presets that a run asks for by name: <c>short</c>, for boards.</summary>
    public static IReadOnlyDictionary<string, Preset> Named(EnvironmentSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.ObservationBox.Shape.Count == 3 ? new Dictionary<string, Preset> { ["short"] = Short } : ReadOnlyDictionary<string, Preset>.Empty;
    }
}
