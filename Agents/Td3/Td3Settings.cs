using System.ComponentModel.DataAnnotations;
using Sim.Agents.Training;

namespace Sim.Agents.Td3;

/// <summary>
/// Twin delayed deep deterministic policy gradient (Fujimoto, van Hoof and Meger, "Addressing Function Approximation
/// Error in Actor-Critic Methods", 2018). Noise is in units of the action's half-range.
/// </summary>
public sealed record Td3Settings : OffPolicySettings
{
    /// <summary>Deviation of the noise added to actions in the environment; <see cref="OffPolicySettings.NoiseCorrelation"/> makes it an Ornstein-Uhlenbeck process.</summary>
    [Range(0f, 10f)] public float ExplorationNoise { get; init; } = 0.1f;

    /// <summary>σ of the noise that smooths the target policy.</summary>
    [Range(0f, 10f)] public float TargetNoise { get; init; } = 0.2f;

    /// <summary>c: that noise is clipped to ±c.</summary>
    [Range(0f, 10f)] public float TargetNoiseClip { get; init; } = 0.5f;

    /// <summary>d: critic updates per update of the actor and of all target networks.</summary>
    [Range(1, 1000)] public int PolicyDelay { get; init; } = 2;
}
