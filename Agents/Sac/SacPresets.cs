using Sim.Agents.Networks;

namespace Sim.Agents.Sac;

/// <summary>Tuned settings by environment; <c>docs/algorithms/sac.md</c> has what they reach.</summary>
public static class SacPresets
{
    /// <summary>For an environment without a row of its own: CleanRL's networks and rates, with an early start.</summary>
    public static SacSettings Default { get; } = new()
    {
        Hidden = [256, 256],
        Steps = 1_000_000,
        ActorLearningRate = 3e-4f,
        LearningStarts = 5000,
    };

    public static IReadOnlyDictionary<string, SacSettings> ByEnvironment { get; } = new Dictionary<string, SacSettings>
    {
        ["pendulum"] = new()
        {
            Steps = 10_000,
            Batch = 100,
            Alpha = 0.5f,
        },
        ["mountain-car-continuous"] = new()
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
        },
        // The row of rl-tools: a critic update every 5 loop steps of 8 environments, an actor update every 10.
        ["quadrotor-hover"] = new()
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
        },
    };

    /// <summary>The row of an environment, or <see cref="Default"/>.</summary>
    public static SacSettings For(string environment) => ByEnvironment.GetValueOrDefault(environment, Default);
}
