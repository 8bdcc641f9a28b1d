using System.ComponentModel.DataAnnotations;
using Sim.Agents.Training;

namespace Sim.Agents.Ddpg;

/// <summary>
/// Deep deterministic policy gradient (Lillicrap et al., "Continuous Control with Deep Reinforcement Learning", 2015).
/// Noise is in units of the action's half-range.
/// </summary>
public sealed record DdpgSettings : DemonstratedSettings
{
    /// <summary>Deviation of the noise added to actions in the environment.</summary>
    [Range(0f, 10f)] public float ExplorationNoise { get; init; } = 0.2f;

    /// <summary>Probability of a uniform random action in place of the policy's.</summary>
    [Range(0f, 1f)] public float RandomActions { get; init; }

    /// <summary>c: weight of the mean squared action in the actor's loss.</summary>
    [Range(0f, 1000f)] public float ActionPenalty { get; init; }

    /// <summary>Whether targets are kept within the returns that the task's reward range allows, r/(1 − γ) at either end.</summary>
    public bool LimitTargets { get; init; } = true;

    /// <summary>w: weight of the actor's loss beside that of <see cref="DemonstratedSettings.CloningWeight"/>.</summary>
    [Range(0f, 1000f)] public float PolicyWeight { get; init; } = 1;
}
