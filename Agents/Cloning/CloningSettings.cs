using System.ComponentModel.DataAnnotations;
using Sim.Agents.Networks;
using Sim.Agents.Training;

namespace Sim.Agents.Cloning;

/// <summary>
/// Behaviour cloning: supervised learning of what a demonstrator did in what it saw (Pomerleau, "ALVINN", 1989).
/// <see cref="LearnerSettings.Steps"/> counts demonstrated steps learnt from, repeats included;
/// <see cref="LearnerSettings.Environments"/> are those in which the policy is watched meanwhile.
/// </summary>
public sealed record CloningSettings : LearnerSettings
{
    /// <summary>Demonstrated steps of a gradient step.</summary>
    [Range(1, 1 << 20)] public int Batch { get; init; } = 256;

    [Range(1e-9f, 10f)] public float LearningRate { get; init; } = 3e-3f;

    /// <summary>Whether the learning rate falls linearly to 0 at the end.</summary>
    public bool AnnealLearningRate { get; init; } = true;

    /// <summary>AdamW's decoupled decay.</summary>
    [Range(0f, 10f)] public float WeightDecay { get; init; }

    /// <summary>
    /// Share of the episodes that are kept out of learning; the weights that do best on them are the ones that act. 0,
    /// or a single episode, leaves the last weights to act.
    /// </summary>
    [Range(0f, 0.9f)] public float ValidationFraction { get; init; } = 0.1f;

    /// <summary>Whether episodes that did not end in success are left out.</summary>
    public bool OnlySuccess { get; init; }

    /// <summary>Whether observations are brought to the demonstrations' mean 0 and deviation 1.</summary>
    public bool NormaliseObservations { get; init; } = true;

    public Activation Activation { get; init; } = Activation.FastTanh;
}
