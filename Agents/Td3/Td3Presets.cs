namespace Sim.Agents.Td3;

/// <summary>Tuned settings by environment; <c>docs/algorithms/td3.md</c> has what they reach.</summary>
public static class Td3Presets
{
    /// <summary>For an environment without a row of its own: CleanRL's networks and rates, with an earlier start.</summary>
    public static Td3Settings Default { get; } = new()
    {
        Hidden = [256, 256],
        Steps = 1_000_000,
        ActorLearningRate = 3e-4f,
        CriticLearningRate = 3e-4f,
        LearningStarts = 10_000,
    };

    public static IReadOnlyDictionary<string, Td3Settings> ByEnvironment { get; } = new Dictionary<string, Td3Settings>
    {
        ["pendulum"] = new()
        {
            Steps = 20_000,
            Batch = 100,
        },
        ["mountain-car-continuous"] = new()
        {
            Steps = 100_000,
            Batch = 100,
            UpdatesPerStep = 0.25,
            ExplorationNoise = 0.9f,
            NoiseCorrelation = 0.9985f,
        },
        ["quadrotor-hover"] = new()
        {
            Environments = 8,
            Steps = 280_000,
            Batch = 128,
            LearningStarts = 2000,
            UpdatesPerStep = 0.125,
        },
    };

    /// <summary>The row of an environment, or <see cref="Default"/>.</summary>
    public static Td3Settings For(string environment) => ByEnvironment.GetValueOrDefault(environment, Default);
}
