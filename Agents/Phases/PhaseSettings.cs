using System.ComponentModel.DataAnnotations;

namespace Sim.Agents.Phases;

/// <summary>How a recogniser of phases is trained.</summary>
public sealed record PhaseSettings
{
    /// <summary>Passes over the episodes that are learnt from.</summary>
    [Range(1, 100_000)] public int Epochs { get; init; } = 20;

    /// <summary>Seed of everything random: which episodes are kept out, the order of the others, the first weights.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Episodes of a gradient step.</summary>
    [Range(1, 4096)] public int Batch { get; init; } = 2;

    /// <summary>Learning rate of Adam at the beginning; it falls linearly to 0.</summary>
    [Range(1e-9f, 10f)] public float LearningRate { get; init; } = 1e-2f;

    /// <summary>Units of the recurrent layer.</summary>
    [Range(1, 4096)] public int Hidden { get; init; } = 64;

    /// <summary>Largest norm of a gradient.</summary>
    [Range(1e-3f, 1e6f)] public float GradientNorm { get; init; } = 1;

    /// <summary>Share of the episodes that are kept out of learning, to judge by.</summary>
    [Range(0.01f, 0.9f)] public float ValidationFraction { get; init; } = 0.1f;
}
