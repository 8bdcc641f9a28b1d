namespace Sim.Protocols.Demonstrations.Replaying;

/// <summary>Episodes that are played together: as many as fit a bounded memory.</summary>
internal static class EpisodeGroups
{
    private const int MostEpisodes = 256;
    private const long MostBytes = 32 << 20;

    /// <param name="episodes">As they are read.</param>
    /// <param name="extraBytes">Bytes a step that playing them adds.</param>
    public static IEnumerable<IReadOnlyList<EpisodeRows>> Of(IEnumerable<EpisodeRows> episodes, int extraBytes)
    {
        var group = new List<EpisodeRows>();
        long bytes = 0;
        foreach (var rows in episodes)
        {
            long size = rows.Size + ((long)rows.Length * extraBytes);
            if (group.Count > 0 && (bytes + size > MostBytes || group.Count == MostEpisodes || group[0].Session != rows.Session))
            {
                yield return group;
                (group, bytes) = ([], 0);
            }
            group.Add(rows);
            bytes += size;
        }
        if (group.Count > 0) yield return group;
    }
}
