using Sim.Environments.Episodes;

namespace Sim.Protocols.Exchange;

/// <summary>An info output as exports write it: an array of its own, of whole numbers where it is a category.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Column">Its place among the info outputs.</param>
/// <param name="Outputs">How many there are.</param>
/// <param name="IsCategory">Whether its numbers stand for names.</param>
internal sealed record InfoColumn(string Label, int Column, int Outputs, bool IsCategory)
{
    /// <summary>All info outputs of a set.</summary>
    public static IReadOnlyList<InfoColumn> Of(EpisodeSet set)
        => [.. (set.Info?.Labels ?? []).Select((label, column) => new InfoColumn(label, column, set.Info!.Size, set.InfoNames.ContainsKey(label)))];

    /// <summary>The first <paramref name="rows"/> values of an episode: float32, or int64 of a category.</summary>
    public Array Values(RecordedEpisode episode, int rows) => IsCategory ? Numbers(episode, rows) : Floats(episode, rows);

    public float[] Floats(RecordedEpisode episode, int rows)
        => [.. Enumerable.Range(0, rows).Select(row => episode.Info[(row * Outputs) + Column])];

    public long[] Numbers(RecordedEpisode episode, int rows) => Array.ConvertAll(Floats(episode, rows), value => (long)value);
}
