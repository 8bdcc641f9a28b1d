using Sim.Agents.Hindsight;
using Sim.Environments;

namespace Sim.Agents.Ddpg;

/// <summary>DDPG's settings by environment; <c>docs/agents/ddpg.md</c> has what they reach.</summary>
public static class DdpgPresets
{
    /// <summary>For an environment without goals: TD3's classic sizes, a single critic.</summary>
    private static Preset Default { get; } = new(new DdpgSettings
    {
        Steps = 1_000_000,
        Hidden = [256, 256],
        ActorLearningRate = 3e-4f,
        CriticLearningRate = 3e-4f,
        LearningStarts = 10_000,
        ExplorationNoise = 0.1f,
    });

    private static readonly Dictionary<string, Preset> s_byEnvironment = new()
    {
        ["pendulum"] = new(new DdpgSettings { Steps = 20_000, Batch = 100, LearningStarts = 1000, ExplorationNoise = 0.1f }),
    };

    /// <summary>What suits an environment: its own row, that of goal tasks, or the default.</summary>
    public static Preset For(EnvironmentSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return GoalTasks.Has(spec) ? Goal(spec) : s_byEnvironment.GetValueOrDefault(spec.Id, Default);
    }

    /// <summary>The settings of <see cref="For"/>, to train in process.</summary>
    public static DdpgSettings SettingsFor(EnvironmentSpec spec) => (DdpgSettings)For(spec).Settings;

    /// <summary>The networks, rates and 40 updates an episode of 50 steps of SurRoL's later agents.</summary>
    private static Preset Goal(EnvironmentSpec spec)
    {
        var settings = new DdpgSettings
        {
            Environments = 4,
            Steps = GoalTasks.Steps(spec),
            Hidden = [256, 256, 256],
            Batch = 128,
            LearningStarts = 1000,
            UpdatesPerStep = 0.8,
            Gamma = GoalTasks.Gamma(spec),
            NormaliseObservations = true,
            ExplorationNoise = 0.2f,
            RandomActions = 0.3f,
            ActionPenalty = 1,
        };
        return new Preset(settings)
        {
            WithDemonstrations = settings with { ExplorationNoise = 0.1f, RandomActions = 0.1f },
            Stop = GoalTasks.Stop(spec),
        };
    }
}
