using System.ComponentModel.DataAnnotations;
using Sim.Agents.Networks;
using Sim.Agents.Training;

namespace Sim.Agents.Dqn;

/// <summary>Deep Q-learning (Mnih et al., "Human-level control through deep reinforcement learning", Nature 518, 2015).</summary>
public sealed record DqnSettings : LearnerSettings
{
    /// <summary>Transitions that are kept.</summary>
    [Range(1, 1 << 30)] public int ReplayCapacity { get; init; } = 100_000;

    /// <summary>Environment steps of random choices before the first update.</summary>
    [Range(0, 1_000_000_000)] public int LearningStarts { get; init; } = 5000;

    /// <summary>Transitions of an update.</summary>
    [Range(1, 1 << 20)] public int Batch { get; init; } = 32;

    /// <summary>Updates for each environment step of each environment.</summary>
    [Range(0.0, 1000.0)] public double UpdatesPerStep { get; init; } = 1;

    /// <summary>Updates from one copy of the network into its target to the next.</summary>
    [Range(1, 1_000_000_000)] public int TargetInterval { get; init; } = 1000;

    /// <summary>Share of random choices at first.</summary>
    [Range(0f, 1f)] public float FirstEpsilon { get; init; } = 1;

    /// <summary>Share of random choices in the end.</summary>
    [Range(0f, 1f)] public float LastEpsilon { get; init; } = 0.1f;

    /// <summary>Environment steps over which the one becomes the other.</summary>
    [Range(1, 1_000_000_000)] public int EpsilonSteps { get; init; } = 100_000;

    /// <summary>Whether the network itself says which next action its target rates (van Hasselt, Guez and Silver 2016).</summary>
    public bool DoubleQ { get; init; } = true;

    /// <summary>Whether errors beyond 1 count by their size and not by their square.</summary>
    public bool Huber { get; init; } = true;

    [Range(1e-9f, 10f)] public float LearningRate { get; init; } = 2.5e-4f;

    /// <summary>Discount.</summary>
    [Range(0f, 1f)] public float Gamma { get; init; } = 0.99f;

    /// <summary>Norm above which the gradient is scaled down; 0 for never.</summary>
    [Range(0f, 1e6f)] public float MaxGradientNorm { get; init; }

    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>Filters of the convolution before the hidden layers, where observations are boards or pictures; 0 for none.</summary>
    [Range(0, 1024)] public int Filters { get; init; } = 16;

    /// <summary>Share of random choices after so many steps.</summary>
    internal float EpsilonAt(long steps) => FirstEpsilon + ((LastEpsilon - FirstEpsilon) * Math.Min(1, (float)steps / EpsilonSteps));
}
