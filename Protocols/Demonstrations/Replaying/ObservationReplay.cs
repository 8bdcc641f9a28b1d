using Sim.Environments.Episodes;

namespace Sim.Protocols.Demonstrations.Replaying;

/// <summary>Gives back observations that were not kept, by playing episodes again; only an exact replay counts.</summary>
internal static class ObservationReplay
{
    /// <summary>Observations of every group and episode, T + 1 rows each.</summary>
    /// <exception cref="InvalidDataException">An episode is not what was recorded.</exception>
    public static IReadOnlyList<IReadOnlyList<RecordedObservations>> Of(ReplayPlan plan, IReadOnlyList<EpisodeRows> episodes)
    {
        using var replay = new ReplayBatch(plan.Create(episodes.Count), episodes);
        var groups = replay.Environments.Groups;
        byte[][][] rows = [.. episodes.Select(episode => groups.Select(group => new byte[(episode.Length + 1) * group.Current.RowBytes(0).Length]).ToArray())];
        Keep(row: 0);
        while (replay.AnyRunning)
        {
            replay.Advance();
            Keep(replay.Step);
        }
        return [.. episodes.Select((episode, lane) => Finish(episode, lane))];

        void Keep(int row)
        {
            for (int lane = 0; lane < episodes.Count; lane++)
            {
                if (row > episodes[lane].Length) continue;
                for (int i = 0; i < groups.Count; i++)
                {
                    // A lane that has ended stands still and shows its last observation.
                    var shown = groups[i].Current.RowBytes(lane);
                    shown.CopyTo(rows[lane][i].AsSpan(row * shown.Length));
                }
            }
        }

        RecordedObservations[] Finish(EpisodeRows episode, int lane)
            => replay.Divergences[lane] is { } divergence
                ? throw new InvalidDataException($"the observations of episode {episode.Episode.Number} were not kept and cannot be given back: played again, it differs at step {divergence.Step} ({divergence.What}: {divergence.Recorded} recorded, {divergence.Replayed} now)")
                : [.. groups.Select((group, i) => new RecordedObservations(group.Name, group.Space, rows[lane][i]))];
    }
}
