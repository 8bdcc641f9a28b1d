namespace Sim.Agents.Runs;

/// <summary>What a person may choose of a run; null where the preset stands.</summary>
public sealed record RunChoices
{
    /// <summary>Name of the algorithm.</summary>
    public string? Agent { get; init; }

    /// <summary>Name of one of the algorithm's presets for the environment, such as <c>published</c>.</summary>
    public string? Preset { get; init; }

    /// <summary>Environments stepped together, 1 or more.</summary>
    public int? Environments { get; init; }

    /// <summary>Threads, 1 or more.</summary>
    public int? Threads { get; init; }

    /// <summary>Where networks are trained: <c>cpu</c>, or <c>cuda:0</c>.</summary>
    public string? Device { get; init; }

    /// <summary>Environment steps to train for, 1 or more.</summary>
    public long? Steps { get; init; }

    /// <summary>Assignments such as <c>learning_rate=1e-4</c>, to the environment's settings or the algorithm's.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>What to learn from, for algorithms that learn from demonstrations.</summary>
    public IReadOnlyList<DemonstrationFile> Demonstrations { get; init; } = [];
}
