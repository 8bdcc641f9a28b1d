using Sim.Environments.Episodes;
using Sim.Environments.Spaces;

namespace Sim.Protocols.Exchange.LeRobot;

/// <summary>
/// An episode as frames: frame t holds what was seen before action t, the action, and what followed from it. What was
/// seen after the last action is no frame.
/// </summary>
internal static class EpisodeFrames
{
    /// <summary>The columns of an episode, in the order of <see cref="LeRobotFeature.Of"/>.</summary>
    /// <param name="set">The spaces.</param>
    /// <param name="episode">The episode.</param>
    /// <param name="features">The columns wanted.</param>
    /// <param name="episodeIndex">Its number in the data set.</param>
    /// <param name="firstFrame">Frames before it in the data set.</param>
    /// <param name="framesPerSecond">Frames a second.</param>
    public static Array[] Columns(EpisodeSet set, RecordedEpisode episode, IReadOnlyList<LeRobotFeature> features, int episodeIndex,
        long firstFrame, int framesPerSecond)
    {
        int steps = episode.Length;
        var observations = EpisodeShape.Groups(set.Observation).Zip(episode.Observations)
            .ToDictionary(pair => LeRobotFeature.NameOf(pair.First.Name), pair => Numbers(pair.Second, 0, steps));
        var info = InfoColumn.Of(set).ToDictionary(column => LeRobotFeature.InfoPrefix + column.Label);
        return [.. features.Select(feature => feature.Name switch
        {
            LeRobotFeature.Action => set.Action is Box ? episode.Actions : Array.ConvertAll(episode.Choices, choice => (long)choice),
            LeRobotFeature.Reward => episode.Rewards,
            LeRobotFeature.Done => Either(episode.Terminated, episode.Truncated),
            LeRobotFeature.Terminated => episode.Terminated,
            LeRobotFeature.Truncated => episode.Truncated,
            LeRobotFeature.Success => episode.Success ?? new bool[steps],
            LeRobotFeature.Timestamp => Make(steps, frame => (float)(frame / (double)framesPerSecond)),
            LeRobotFeature.FrameIndex => Make(steps, frame => (long)frame),
            LeRobotFeature.EpisodeIndex => Make(steps, _ => (long)episodeIndex),
            LeRobotFeature.Index => Make(steps, frame => firstFrame + frame),
            LeRobotFeature.TaskIndex => new long[steps],
            var name when info.TryGetValue(name, out var column) => column.Values(episode, steps),
            var name => observations[name],
        })];
    }

    /// <summary>Some rows of an observation group, in the type of its space.</summary>
    public static Array Numbers(RecordedObservations group, int first, int count)
        => group.Space.Type == ElementType.Float32 ? RowBytes.Floats(group.Rows(first, count)) : group.Rows(first, count).ToArray();

    private static T[] Make<T>(int count, Func<int, T> value) => [.. Enumerable.Range(0, count).Select(value)];

    private static bool[] Either(bool[] a, bool[] b) => [.. a.Zip(b, (first, second) => first | second)];
}
