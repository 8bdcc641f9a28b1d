using Sim.Environments.Spaces;

namespace Sim.Environments.Episodes;

/// <summary>One episode as it was played, T steps long: what exports write, imports read and agents learn from.</summary>
public sealed record RecordedEpisode
{
    /// <summary>Seed and number of the start; null where the source does not say.</summary>
    public EpisodeStart? Start { get; init; }

    /// <summary>Options of the reset, by name.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>Steps T.</summary>
    public required int Length { get; init; }

    /// <summary>Every observation group, T + 1 rows each: the first from the reset, the last from the end.</summary>
    public required IReadOnlyList<RecordedObservations> Observations { get; init; }

    /// <summary>Actions <c>[T, size]</c> of a <see cref="Box"/>; empty where actions are choices.</summary>
    public float[] Actions { get; init; } = [];

    /// <summary>Actions <c>[T, choices]</c> of a discrete space; empty where actions are a box.</summary>
    public int[] Choices { get; init; } = [];

    /// <summary>Reward of each step <c>[T]</c>.</summary>
    public required float[] Rewards { get; init; }

    /// <summary><c>[T]</c>; at most the last is true.</summary>
    public required bool[] Terminated { get; init; }

    /// <summary><c>[T]</c>; at most the last is true. Both flags are false throughout where the episode was broken off.</summary>
    public required bool[] Truncated { get; init; }

    /// <summary>
    /// Info outputs <c>[T + 1, outputs]</c> in the order of <see cref="EpisodeSet.Info"/>, the first row from the reset;
    /// empty where there are none.
    /// </summary>
    public float[] Info { get; init; } = [];

    /// <summary>Whether the episode counted as a success after each step <c>[T]</c>; null where the task does not say.</summary>
    public bool[]? Success { get; init; }

    /// <summary>Whether the last step's action or state was not finite: what it led to means nothing.</summary>
    public bool Faulted { get; init; }

    /// <summary>Name of the demonstrator, a pseudonym; empty where unknown.</summary>
    public string Operator { get; init; } = "";

    /// <summary>Whether the episode ended in success; null where the task does not say.</summary>
    public bool? IsSuccess => Success is { Length: > 0 } ? Success[^1] : null;
}

/// <summary>One observation group of an episode.</summary>
/// <param name="Name">Gymnasium's key, such as <c>observation</c>.</param>
/// <param name="Space">What a row may hold.</param>
/// <param name="Rows">Row-major numbers <c>[T + 1, size]</c> as bytes, little-endian, in the type of the space.</param>
public sealed record RecordedObservations(string Name, Box Space, byte[] Rows);
