using Sim.Environments.Spaces;

namespace Sim.Environments.Episodes;

/// <summary>Episodes of one environment under one configuration.</summary>
public sealed record EpisodeSet
{
    /// <summary>Registry id, or the name that a foreign data set gives.</summary>
    public required string Environment { get; init; }

    /// <summary>Version of the environment; 0 where unknown.</summary>
    public int Version { get; init; }

    /// <summary>The environment's settings as JSON; empty where unknown.</summary>
    public string Settings { get; init; } = "";

    public required Space Observation { get; init; }

    public required Space Action { get; init; }

    /// <summary>Info outputs, labelled; null where there are none.</summary>
    public Box? Info { get; init; }

    /// <summary>What the numbers 0, 1, … of those info outputs that are categories are called, by label.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> InfoNames { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Seconds between two actions; 0 where unknown.</summary>
    public float ControlPeriod { get; init; }

    /// <summary>Control steps after which an episode is truncated; 0 for none or unknown.</summary>
    public int TimeLimit { get; init; }

    /// <summary>The episodes; enumerating again starts anew, and may read them again from where they are kept.</summary>
    public required IEnumerable<RecordedEpisode> Episodes { get; init; }
}
