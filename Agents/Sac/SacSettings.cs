using System.ComponentModel.DataAnnotations;
using Sim.Agents.Training;

namespace Sim.Agents.Sac;

/// <summary>
/// Soft actor-critic (Haarnoja et al., "Soft Actor-Critic Algorithms and Applications", 2018). Actions, entropy and its
/// target are in units of the action's half-range, so one target fits every range.
/// </summary>
public sealed record SacSettings : DemonstratedSettings
{
    /// <summary>α: the price of entropy, at the start.</summary>
    [Range(1e-6f, 100f)] public float Alpha { get; init; } = 1;

    /// <summary>Whether α is learnt, so that the entropy meets its target.</summary>
    public bool LearnAlpha { get; init; } = true;

    [Range(1e-9f, 10f)] public float AlphaLearningRate { get; init; } = 1e-3f;

    /// <summary>The entropy that α is steered to, per action component.</summary>
    [Range(-20f, 1f)] public float TargetEntropy { get; init; } = -1;

    /// <summary>Critic updates per update of actor and α.</summary>
    [Range(1, 1000)] public int ActorInterval { get; init; } = 1;

    /// <summary>Added to the log-deviation that the actor starts with: below 0 it begins less random.</summary>
    [Range(-10f, 2f)] public float InitialLogStd { get; init; }
}
