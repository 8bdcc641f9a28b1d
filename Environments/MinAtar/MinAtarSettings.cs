using System.ComponentModel.DataAnnotations;

namespace Sim.Environments.MinAtar;

/// <summary>How a MinAtar board is shown.</summary>
public enum MinAtarView
{
    /// <summary>Truth values <c>[10, 10, C]</c>, a channel a kind of thing, as in the source.</summary>
    Board,

    /// <summary>The same with channels first, <c>[C, 10, 10]</c>.</summary>
    Planes,

    /// <summary>A picture <c>[64, 64, 3]</c>: cells of 6 by 6 pixels in the colours of their things, in a border of 2.</summary>
    Pixels,
}

/// <summary>Configuration of the MinAtar games.</summary>
public record struct MinAtarSettings()
{
    /// <summary>Probability with which the action executed before replaces the one that was chosen.</summary>
    [Range(0f, 1f)] public float StickyProbability { get; init; } = 0.1f;

    /// <summary>Whether asterix, seaquest and space-invaders get faster; the others have no such thing.</summary>
    public bool Ramping { get; init; } = true;

    /// <summary>Only the actions that the game has a use for (upstream's v1), in place of all six (v0).</summary>
    public bool MinimalActions { get; init; }

    /// <summary>Steps after which an episode is truncated; 0 for none, as upstream.</summary>
    [Range(0, 100_000_000)] public int EpisodeSteps { get; init; } = 10_000;

    public MinAtarView View { get; init; } = MinAtarView.Board;

    /// <summary>
    /// Whether the action that may stick outlives its episode, as upstream. An episode then depends on the one before it
    /// and cannot be replayed from its seed alone.
    /// </summary>
    public bool StickyAcrossEpisodes { get; init; }

    /// <summary>Seaquest only: surfacing with six divers leaves none, in place of upstream's −1.</summary>
    public bool FixedDiverCount { get; init; }
}
