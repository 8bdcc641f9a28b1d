using Sim.Environments;
using Sim.Environments.Episodes;

namespace Sim.Protocols.Exchange;

/// <summary>What is known of an episode before its numbers are written.</summary>
internal sealed record EpisodeOutline(
    int Index, int Length, EpisodeStart? Start, IReadOnlyDictionary<string, string> Options, string Operator,
    bool HasSuccess, bool Terminated, bool Truncated);

/// <summary>
/// The episodes that an export writes. They are read twice, since HDF5 wants all sizes beforehand: once for their
/// outlines, once for their numbers. One episode at a time is held.
/// </summary>
internal sealed class EpisodeSelection
{
    private readonly EpisodeSet _set;
    private readonly bool _onlySuccess;

    private EpisodeSelection(EpisodeSet set, bool onlySuccess, List<EpisodeOutline> outlines, int leftOut)
    {
        (_set, _onlySuccess) = (set, onlySuccess);
        Outlines = outlines;
        Summary = new(outlines.Count, outlines.Sum(outline => (long)outline.Length), leftOut);
    }

    public IReadOnlyList<EpisodeOutline> Outlines { get; }

    public ExportSummary Summary { get; }

    /// <summary>Steps of all episodes.</summary>
    public long Steps => Summary.Steps;

    /// <exception cref="ArgumentException">An option is out of range, or no episode is left to write.</exception>
    /// <exception cref="InvalidDataException">An episode contradicts the set's spaces.</exception>
    public static EpisodeSelection Of(EpisodeSet set, ExportOptions options)
    {
        options.Check();
        var outlines = new List<EpisodeOutline>();
        int read = 0;
        foreach (var episode in set.Episodes)
        {
            read++;
            EpisodeShape.Check(set, episode, read - 1);
            if (!IsWanted(episode, options.OnlySuccess))
                continue;
            outlines.Add(new(outlines.Count, episode.Length, episode.Start, episode.Options, episode.Operator,
                episode.Success is not null, episode.Terminated[^1], episode.Truncated[^1]));
        }
        if (outlines.Count == 0)
        {
            throw new ArgumentException(read == 0
                ? "there is no episode to export"
                : $"none of {read} episodes is left to export: {(options.OnlySuccess ? "none ended in success" : "all are empty")}");
        }
        return new(set, options.OnlySuccess, outlines, read - outlines.Count);
    }

    /// <summary>The episodes with their outlines, read anew.</summary>
    /// <exception cref="InvalidDataException">They are not those of the first reading.</exception>
    public IEnumerable<(EpisodeOutline Outline, RecordedEpisode Episode)> Read()
    {
        int index = 0;
        foreach (var episode in _set.Episodes)
        {
            if (!IsWanted(episode, _onlySuccess))
                continue;
            if (index == Outlines.Count || Outlines[index].Length != episode.Length)
                throw new InvalidDataException($"episode {index} changed while it was exported");
            EpisodeShape.Check(_set, episode, index);
            yield return (Outlines[index++], episode);
        }
        if (index != Outlines.Count)
            throw new InvalidDataException($"{Outlines.Count} episodes became {index} while they were exported");
    }

    private static bool IsWanted(RecordedEpisode episode, bool onlySuccess)
        => episode.Length > 0 && (!onlySuccess || episode.IsSuccess == true);
}
