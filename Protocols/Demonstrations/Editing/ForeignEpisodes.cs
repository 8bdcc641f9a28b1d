using System.Runtime.InteropServices;
using Sim.Environments.Episodes;
using Sim.Environments.Spaces;
using Sim.Protocols.Demonstrations.Recording;
using Sim.Protocols.Demonstrations.Rows;
using Sim.Protocols.Messages;

namespace Sim.Protocols.Demonstrations.Editing;

/// <summary>Episodes that no recorder of ours saw.</summary>
internal static class ForeignEpisodes
{
    /// <exception cref="InvalidDataException">An episode does not fit the spaces of the set.</exception>
    public static void Write(DemonstrationWriter writer, EpisodeSet set, string demonstrator)
    {
        var sessions = new Dictionary<(string Operator, bool HasSuccess), DemonstrationSession>();
        int number = 0;
        foreach (var episode in set.Episodes)
        {
            var key = (episode.Operator, episode.Success is not null);
            if (!sessions.TryGetValue(key, out var session)) sessions[key] = session = SessionOf(set, episode, demonstrator);
            writer.Add(RowsOf(episode, number++, session));
        }
        // A file without episodes still says what it is of.
        if (number == 0) writer.BeginSession(SessionOf(set, null, demonstrator));
    }

    private static DemonstrationSession SessionOf(EpisodeSet set, RecordedEpisode? first, string demonstrator)
    {
        var spec = new SpecMessage
        {
            Id = set.Environment,
            Version = set.Version,
            Summary = "",
            Kind = "",
            Observation = SpaceMessage.Of(set.Observation),
            Action = SpaceMessage.Of(set.Action),
            TimeLimit = set.TimeLimit,
            ControlPeriod = set.ControlPeriod,
            RewardLow = float.NegativeInfinity,
            RewardHigh = float.PositiveInfinity,
            RewardTerms = [],
            HasSuccess = first?.Success is not null,
            Settings = set.Settings,
            Info = set.Info is null ? null : SpaceMessage.Of(set.Info),
            InfoNames = set.InfoNames.Count == 0 ? null : set.InfoNames.ToDictionary(names => names.Key, names => names.Value.ToArray()),
        };
        return DemonstrationSession.Of(new SessionMessage
        {
            Id = Guid.NewGuid().ToString("N"),
            Started = UnixClock.Now,
            Software = SessionDescription.Software,
            Spec = spec,
            Lanes = 1,
            Autoreset = SessionMessage.Disabled,
            Columns = StepLayout.Plan(set.Action, StepLayout.GroupsOf(set.Observation), set.Info, hashes: false, policyActions: false),
            Determinism = "D0",
            Demonstrator = demonstrator,
            Privileged = set.Observation is Dict dict && dict.Entries.Any(entry => entry.Name == "privileged"),
            Operator = first?.Operator ?? "",
        });
    }

    private static EpisodeRows RowsOf(RecordedEpisode episode, int number, DemonstrationSession session)
    {
        int length = episode.Length;
        var layout = session.Layout;
        var ending = length == 0 ? EpisodeEnding.Unknown : episode.Terminated[^1] ? EpisodeEnding.Terminated : episode.Truncated[^1] ? EpisodeEnding.Truncated : EpisodeEnding.Unknown;
        byte[] first = new byte[layout.ObservationBytes];
        var columns = new Dictionary<string, byte[]>
        {
            [StepLayout.TimeName] = new byte[length * sizeof(long)],
            [StepLayout.SourceName] = new byte[length],
            [StepLayout.ActionName] = (session.Action is Box ? MemoryMarshal.AsBytes<float>(episode.Actions) : MemoryMarshal.AsBytes<int>(episode.Choices)).ToArray(),
            [StepLayout.RewardName] = MemoryMarshal.AsBytes<float>(episode.Rewards).ToArray(),
            [StepLayout.FlagsName] = FlagsOf(episode),
        };
        byte[] info = MemoryMarshal.AsBytes<float>(episode.Info).ToArray();
        if (layout.Info is { } told)
        {
            if (info.Length != (length + 1) * told.LaneBytes)
                throw new InvalidDataException($"episode {number} has {info.Length} bytes of info outputs: expected {length + 1} rows of {told.LaneBytes}");
            columns[told.Name] = info[told.LaneBytes..];
            info = info[..told.LaneBytes];
        }
        int at = 0;
        foreach (var column in layout.Observations)
        {
            string name = column.Name[StepLayout.ObservationPrefix.Length..];
            byte[] rows = episode.Observations.FirstOrDefault(group => group.Name == name)?.Rows ?? throw new InvalidDataException($"episode {number} has no observations '{name}'");
            if (rows.Length != (length + 1) * column.LaneBytes)
                throw new InvalidDataException($"episode {number} has {rows.Length} bytes of '{name}': expected {length + 1} rows of {column.LaneBytes}");
            rows.AsSpan(0, column.LaneBytes).CopyTo(first.AsSpan(at));
            at += column.LaneBytes;
            columns[column.Name] = rows[column.LaneBytes..];
        }
        var described = new DemonstrationEpisode
        {
            Number = number,
            Session = 0,
            Lane = 0,
            FirstStep = 0,
            Length = length,
            Start = episode.Start ?? DemonstrationEpisode.UnknownStart,
            Options = episode.Options,
            Ending = ending,
            Return = ending == EpisodeEnding.Unknown ? null : episode.Rewards.Sum(),
            Success = episode.IsSuccess,
        };
        var result = new EpisodeRows(described, session, default, new(default, first, info));
        result.Take(columns, length);
        return result;
    }

    private static byte[] FlagsOf(RecordedEpisode episode)
    {
        byte[] flags = new byte[episode.Length];
        for (int i = 0; i < flags.Length; i++)
        {
            flags[i] = (byte)((episode.Terminated[i] ? StepFlags.Terminated : 0) | (episode.Truncated[i] ? StepFlags.Truncated : 0)
                | (episode.Success?[i] == true ? StepFlags.Success : 0));
        }
        return flags;
    }
}
