using Sim.Agents.Hindsight;
using Sim.Agents.Networks;
using Sim.Environments;

namespace Sim.Agents.Sac;

/// <summary>SAC's settings by environment; <c>docs/agents/sac.md</c> has what they reach.</summary>
public static class SacPresets
{
    /// <summary>The row of rl-tools: a critic update every 5 steps of 8 environments, an actor update every 10.</summary>
    private static Preset Quadrotor { get; } = new(new SacSettings
    {
        Environments = 8,
        Steps = 280_000,
        Hidden = [32, 32],
        Activation = Activation.FastTanh,
        Batch = 64,
        WeightDecay = 1e-4f,
        MaxGradientNorm = 1,
        Alpha = 0.5f,
        UpdatesPerStep = 1.0 / 40,
        ActorInterval = 2,
    });

    private static readonly Dictionary<string, Preset> s_byEnvironment = new()
    {
        ["pendulum"] = new(new SacSettings { Steps = 10_000, Batch = 100 }),

        // The goal is only found by pushing one way for long: noise that is correlated over 50 steps, and few updates
        // before the first success.
        ["mountain-car-continuous"] = new(new SacSettings
        {
            Steps = 50_000,
            Batch = 128,
            ActorLearningRate = 3e-4f,
            CriticLearningRate = 3e-4f,
            Tau = 0.01f,
            LearningStarts = 0,
            UpdatesPerStep = 0.25,
            UpdateInterval = 32,
            Gamma = 0.9999f,
            Alpha = 0.1f,
            LearnAlpha = false,
            NoiseCorrelation = 0.98f,
        }),
        ["quadrotor-hover"] = Quadrotor,
    };

    /// <summary>For an environment without a row of its own: CleanRL's networks and rates.</summary>
    private static Preset Default { get; } = new(new SacSettings
    {
        Steps = 1_000_000,
        Hidden = [256, 256],
        ActorLearningRate = 3e-4f,
        LearningStarts = 5000,
    });

    /// <summary>What suits an environment: its own row, its family's, or the default.</summary>
    public static Preset For(EnvironmentSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (s_byEnvironment.TryGetValue(spec.Id, out var preset)) return preset;
        if (GoalTasks.Has(spec)) return Goal(spec);
        return spec.Id.StartsWith("quadrotor-", StringComparison.Ordinal) ? Quadrotor : Default;
    }

    /// <summary>The settings of <see cref="For"/>, to train in process.</summary>
    public static SacSettings SettingsFor(EnvironmentSpec spec) => (SacSettings)For(spec).Settings;

    /// <summary>DDPG's networks and number of updates; with rewards this sparse a fixed small α is the safer choice.</summary>
    private static Preset Goal(EnvironmentSpec spec) => new(new SacSettings
    {
        Environments = 4,
        Steps = GoalTasks.Steps(spec),
        Hidden = [256, 256, 256],
        Batch = 128,
        LearningStarts = 1000,
        UpdatesPerStep = 0.8,
        Gamma = GoalTasks.Gamma(spec),
        NormaliseObservations = true,
        Alpha = 0.02f,
        LearnAlpha = false,
    })
    {
        Stop = GoalTasks.Stop(spec),
    };
}
