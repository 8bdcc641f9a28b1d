using Sim.Protocols.Demonstrations.Editing;
using Sim.Protocols.Demonstrations.Files;
using Sim.Protocols.Demonstrations.Recording;
using Sim.Protocols.Demonstrations.Rows;

namespace Sim.Protocols.Demonstrations;

/// <summary>
/// What can be done to recordings. Labels are appended behind what is there; everything else writes a new file. No
/// byte of an input ever changes.
/// </summary>
public static class DemonstrationEdits
{
    /// <summary>Appends labels, and hides episodes or shows them again.</summary>
    /// <exception cref="InvalidDataException">The file is no recording, or its end is damaged.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such episode, or no such quality.</exception>
    public static void Label(string path, IEnumerable<LabelMessage> labels, IEnumerable<TombstoneMessage>? tombstones = null)
    {
        LabelMessage[] said = [.. labels];
        TombstoneMessage[] hidden = [.. tombstones ?? []];
        ulong step;
        using (var demonstration = Demonstration.Open(path))
        {
            if (demonstration.LostBytes > 0)
                throw new InvalidDataException($"{path} ends in {demonstration.LostBytes} damaged bytes, which a label would cut off: recover it into a new file first");
            foreach (var label in said.Concat(hidden.Select(tombstone => new LabelMessage { Episode = tombstone.Episode }))) SessionDescription.CheckLabel(label, demonstration.EpisodeCount);
            step = demonstration.EndStep;
        }
        var file = ChunkAppender.Continue(path);
        var writer = new BlockWriter(file, 0, compress: false);
        foreach (var label in said) writer.Write(ChunkType.Label, step, label);
        foreach (var tombstone in hidden) writer.Write(ChunkType.Tombstone, step, tombstone);
        file.Close();
    }

    /// <summary>Writes the episodes of several recordings of one environment into one, renumbered.</summary>
    /// <param name="sources">Recordings, in the order in which their episodes are to stand.</param>
    /// <param name="target">A file that does not exist.</param>
    /// <param name="allowSettingsMix">Whether the settings may differ.</param>
    /// <returns>Episodes written.</returns>
    /// <exception cref="ArgumentException">The recordings are of different environments, versions, spaces or settings; nothing is written.</exception>
    public static int Merge(IReadOnlyList<Demonstration> sources, string target, bool allowSettingsMix = false)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var first = sources[0].Sessions[0].Message;
        foreach (var (source, session) in sources.SelectMany(source => source.Sessions.Select(session => (source, session))))
        {
            var other = session.Message.Spec;
            if (allowSettingsMix) other = other with { Settings = first.Spec.Settings };
            if (SessionDescription.Difference(first.Spec, other) is { } difference)
                throw new ArgumentException($"{source.Path} cannot be merged with {sources[0].Path}, of {first.Spec.Id}, version {first.Spec.Version}: {difference}");
        }
        return NewFile(target, writer =>
        {
            foreach (var source in sources) Copy(writer, source, source.All.Where(episode => episode.Length > 0));
        });
    }

    /// <summary>Writes some episodes into a new recording, renumbered.</summary>
    /// <returns>Episodes written.</returns>
    public static int Select(Demonstration source, IEnumerable<DemonstrationEpisode> episodes, string target)
    {
        ArgumentNullException.ThrowIfNull(source);
        return NewFile(target, writer => Copy(writer, source, episodes));
    }

    /// <summary>Writes episodes without what is idle at their front and end, or a part of each.</summary>
    /// <param name="source">The recording.</param>
    /// <param name="episodes">Which episodes.</param>
    /// <param name="target">A file that does not exist.</param>
    /// <param name="trim">What to keep.</param>
    /// <returns>What was kept of each episode, in the order of the new file.</returns>
    public static IReadOnlyList<TrimmedEpisode> Trim(Demonstration source, IEnumerable<DemonstrationEpisode> episodes, string target, Trim trim)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(trim);
        var kept = new List<TrimmedEpisode>();
        NewFile(target, writer =>
        {
            foreach (var rows in source.ReadAll(episodes))
            {
                var (from, to) = trim.Of(rows);
                writer.Add(rows, from, to, source.ReadEvents(rows.Episode));
                kept.Add(new(rows.Episode.Number, rows.Length, from, to));
            }
        });
        return kept;
    }

    /// <summary>
    /// Divides episodes into <c>train</c> and <c>valid</c>, as masks: labels in the same file, as robomimic keeps them.
    /// </summary>
    /// <param name="path">The recording.</param>
    /// <param name="ratio">Share of <c>valid</c>, between 0 and 1.</param>
    /// <param name="byOperator">Whether all episodes of an operator stay together.</param>
    /// <param name="seed">Chooses the episodes.</param>
    /// <returns>The masks of each episode that counts.</returns>
    /// <exception cref="ArgumentException">The ratio leaves one of the two without an episode.</exception>
    public static IReadOnlyList<LabelMessage> Split(string path, double ratio, bool byOperator = false, ulong seed = 1)
    {
        IReadOnlyList<LabelMessage> masks;
        using (var demonstration = Demonstration.Open(path)) masks = Division.Of(demonstration, ratio, byOperator, seed);
        Label(path, masks);
        return masks;
    }

    /// <summary>Writes all that is good in a damaged recording into a new one, going on behind what is not.</summary>
    /// <returns>Bytes that were lost.</returns>
    /// <exception cref="InvalidDataException">Not even the beginning of the file is good.</exception>
    public static long Recover(string path, string target)
    {
        using var source = ChunkFile.Open(path, salvage: true);
        if (!source.Chunks.Any(chunk => chunk.Header.Type == ChunkType.Session)) throw new InvalidDataException($"{path} holds no session that could be recovered");
        var file = ChunkAppender.Create(target);
        var payload = new PayloadBuffer();
        foreach (var place in source.Chunks)
        {
            payload.Clear();
            payload.Write(source.ReadRaw(place).Span);
            file.Append(place.Header.Type, place.Header.FirstStep, payload, compress: place.Header.Codec != ChunkCodec.None);
        }
        file.Close();
        return source.LostBytes;
    }

    private static void Copy(DemonstrationWriter writer, Demonstration source, IEnumerable<DemonstrationEpisode> episodes)
    {
        foreach (var rows in source.ReadAll(episodes)) writer.Add(rows, source.ReadEvents(rows.Episode));
        if (writer.EpisodeCount == 0) writer.BeginSession(source.Sessions[0]);
    }

    private static int NewFile(string target, Action<DemonstrationWriter> write)
    {
        var writer = DemonstrationWriter.Create(target);
        try
        {
            write(writer);
            writer.Close();
            return writer.EpisodeCount;
        }
        catch
        {
            writer.Abandon();
            File.Delete(target);
            throw;
        }
    }
}
