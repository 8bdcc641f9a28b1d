using Sim.Environments;

namespace Sim.Agents.Td3;

/// <summary>TD3's settings by environment; <c>docs/agents/td3.md</c> has what they reach.</summary>
public static class Td3Presets
{
    private static Preset Quadrotor { get; } = new(new Td3Settings
    {
        Environments = 8,
        Steps = 280_000,
        Batch = 128,
        LearningStarts = 2000,
        UpdatesPerStep = 0.125,
    });

    private static readonly Dictionary<string, Preset> s_byEnvironment = new()
    {
        ["pendulum"] = new(new Td3Settings { Steps = 20_000, Batch = 100, LearningStarts = 1000 }),

        // The goal is only found by pushing one way for long.
        ["mountain-car-continuous"] = new(new Td3Settings
        {
            Steps = 50_000,
            Batch = 128,
            ActorLearningRate = 3e-4f,
            CriticLearningRate = 3e-4f,
            Tau = 0.01f,
            ExplorationNoise = 1,
            NoiseCorrelation = 0.95f,
        }),
        ["quadrotor-hover"] = Quadrotor,
    };

    /// <summary>For an environment without a row of its own: CleanRL's networks and rates, with an earlier start.</summary>
    private static Preset Default { get; } = new(new Td3Settings
    {
        Steps = 1_000_000,
        Hidden = [256, 256],
        ActorLearningRate = 3e-4f,
        CriticLearningRate = 3e-4f,
        LearningStarts = 10_000,
    });

    /// <summary>What suits an environment: its own row, its family's, or the default.</summary>
    public static Preset For(EnvironmentSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (s_byEnvironment.TryGetValue(spec.Id, out var preset)) return preset;
        return spec.Id.StartsWith("quadrotor-", StringComparison.Ordinal) ? Quadrotor : Default;
    }

    /// <summary>The settings of <see cref="For"/>, to train in process.</summary>
    public static Td3Settings SettingsFor(EnvironmentSpec spec) => (Td3Settings)For(spec).Settings;
}
