using Sim.Environments.Episodes;
using Sim.Environments.Spaces;
using Sim.Protocols.Messages;

namespace Sim.Protocols.Exchange;

/// <summary>Whether an episode has as many numbers as its spaces and its length say.</summary>
internal static class EpisodeShape
{
    /// <summary>The boxes of an observation space by name; a lone box is called <c>observation</c>.</summary>
    public static IReadOnlyList<(string Name, Box Space)> Groups(Space observation) => observation switch
    {
        Dict dict => dict.Entries,
        Box box => [("observation", box)],
        _ => throw new ArgumentException($"observations are boxes or dictionaries of boxes, not {observation}"),
    };

    /// <exception cref="InvalidDataException">The sentence names the episode and what does not fit.</exception>
    public static void Check(EpisodeSet set, RecordedEpisode episode, int index)
    {
        int steps = episode.Length;
        Require(index, "rewards", episode.Rewards.Length, steps);
        Require(index, "terminated flags", episode.Terminated.Length, steps);
        Require(index, "truncated flags", episode.Truncated.Length, steps);
        if (episode.Success is { } success)
            Require(index, "success flags", success.Length, steps);
        if (set.Action is Box action)
            Require(index, "action numbers", episode.Actions.Length, (long)steps * action.Size);
        else
            Require(index, "choices", episode.Choices.Length, (long)steps * set.Action.Size);

        if (set.Info is { } info)
            Require(index, "info outputs", episode.Info.Length, (steps + 1L) * info.Size);

        var groups = Groups(set.Observation);
        if (!episode.Observations.Select(group => group.Name).SequenceEqual(groups.Select(group => group.Name)))
            throw new InvalidDataException($"episode {index} has the observation groups [{string.Join(", ", episode.Observations.Select(group => group.Name))}], not [{string.Join(", ", groups.Select(group => group.Name))}]");
        foreach (var ((name, box), recorded) in groups.Zip(episode.Observations))
            Require(index, $"bytes of '{name}'", recorded.Rows.Length, (steps + 1L) * box.Size * box.Type.Size());
    }

    private static void Require(int index, string what, long found, long expected)
    {
        if (found != expected)
            throw new InvalidDataException($"episode {index} has {found} {what}, not {expected}");
    }
}
