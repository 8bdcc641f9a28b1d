using System.Collections.ObjectModel;
using Sim.Environments;

namespace Sim.Protocols.Demonstrations;

/// <summary>One episode of a recording: where it lies, and all that is known without reading its steps.</summary>
public sealed record DemonstrationEpisode
{
    /// <summary>Its number in the file, from 0, in the order of beginnings.</summary>
    public required int Number { get; init; }

    /// <summary>Number of its session in the file.</summary>
    public required int Session { get; init; }

    /// <summary>The environment of the batch that it ran in.</summary>
    public required int Lane { get; init; }

    /// <summary>The file's step that is its first.</summary>
    public required ulong FirstStep { get; init; }

    /// <summary>Its steps.</summary>
    public required int Length { get; init; }

    /// <summary>Seed and number of its start; <see cref="UnknownStart"/> where it comes from elsewhere.</summary>
    public required EpisodeStart Start { get; init; }

    /// <summary>Stands where nobody knows what an episode started from.</summary>
    public static EpisodeStart UnknownStart { get; } = new(0, uint.MaxValue);

    /// <summary>Options of the reset, by name.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = NoOptions;

    internal static IReadOnlyDictionary<string, string> NoOptions { get; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Where it branches from; null for one that began by a reset.</summary>
    public EpisodeParent? Parent { get; init; }

    /// <summary>Whether its first state is kept whole, because seed and options do not give it.</summary>
    public bool HasSnapshot { get; init; }

    public EpisodeEnding Ending { get; init; }

    /// <summary>True when nothing is missing behind its last step: it terminated or was truncated.</summary>
    public bool IsComplete => Ending is EpisodeEnding.Terminated or EpisodeEnding.Truncated;

    /// <summary>Undiscounted return as the environment gave it, from the start of its parent where it branches; null where it was broken off.</summary>
    public float? Return { get; init; }

    /// <summary>Whether it succeeded, by its labels, else by the task; null where neither says.</summary>
    public bool? Success { get; init; }

    /// <summary>0 (useless) to 5 (as good as can be); null where nobody said.</summary>
    public int? Quality { get; init; }

    /// <summary>What somebody noted, in words; empty where nobody did.</summary>
    public string Note { get; init; } = "";

    /// <summary>Names of the masks that it belongs to, such as <c>train</c>.</summary>
    public IReadOnlyList<string> Masks { get; init; } = [];

    /// <summary>True for an episode that was discarded: it is in the file, and no longer counts.</summary>
    public bool IsHidden { get; init; }
}
