using Sim.Environments;
using Sim.Environments.Episodes;
using Sim.Environments.Spaces;
using Sim.Protocols.Demonstrations.Replaying;

namespace Sim.Protocols.Demonstrations;

/// <summary>What playing a recording again is good for: checking it, and giving back observations that were not kept.</summary>
public static class DemonstrationReplay
{
    /// <summary>
    /// Plays episodes again and compares every reward, flag and hash bit for bit. Many are played together; the batch
    /// changes no bit.
    /// </summary>
    /// <param name="demonstration">The recording.</param>
    /// <param name="episodes">Which episodes; all that count when null.</param>
    /// <param name="definition">The environment; looked up by its id when null.</param>
    /// <param name="lanes">Lane width, 0 for the widest; changes no bit.</param>
    /// <param name="threads">Threads; changes no bit.</param>
    /// <returns>A result for each episode, in the order of their ends.</returns>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static IEnumerable<ReplayResult> Check(this Demonstration demonstration, IEnumerable<DemonstrationEpisode>? episodes = null,
        EnvironmentDefinition? definition = null, int lanes = 0, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(demonstration);
        var plans = Plans(demonstration, definition);
        foreach (var group in EpisodeGroups.Of(demonstration.ReadAll(episodes ?? demonstration.Episodes), extraBytes: 0))
        {
            var plan = plans[group[0].Episode.Session];
            foreach (var result in plan.IsPossible ? Check(plan, group, lanes, threads) : group.Select(rows => Unsupported(rows, plan)))
                yield return result;
        }
    }

    /// <summary>
    /// The episodes in the form that exports and agents take. Observations that were not kept are given back by an
    /// exact replay as the episodes are enumerated; enumerating again reads the file again, so keep it open.
    /// </summary>
    /// <param name="demonstration">The recording.</param>
    /// <param name="episodes">Which episodes; all that count when null.</param>
    /// <param name="replayObservations">Whether to replay even where observations were kept.</param>
    /// <param name="definition">The environment; looked up by its id when null.</param>
    /// <exception cref="InvalidDataException">
    /// Sessions of different environments stand in one file; or, while enumerating, the file is damaged or its
    /// observations cannot be given back.
    /// </exception>
    public static EpisodeSet ToEpisodes(this Demonstration demonstration, IEnumerable<DemonstrationEpisode>? episodes = null,
        bool replayObservations = false, EnvironmentDefinition? definition = null)
    {
        ArgumentNullException.ThrowIfNull(demonstration);
        var chosen = (episodes ?? demonstration.Episodes).ToArray();
        var sessions = demonstration.Sessions;
        var first = sessions[0];
        foreach (var other in sessions)
        {
            if (Recording.SessionDescription.Difference(first.Message.Spec, other.Message.Spec with { Settings = first.Message.Spec.Settings }) is { } difference)
                throw new InvalidDataException($"{demonstration.Path} holds sessions of different environments: {difference}");
        }
        bool sameSettings = sessions.All(session => session.Message.Spec.Settings == first.Message.Spec.Settings);
        return new EpisodeSet
        {
            Environment = first.Message.Spec.Id,
            Version = first.Message.Spec.Version,
            Settings = sameSettings ? first.Message.Spec.Settings : "",
            Observation = Shown(first.Observation, sessions.All(session => session.Message.Privileged)),
            Action = first.Action,
            Info = sessions.All(session => session.HasInfo) ? first.Info : null,
            InfoNames = sessions.All(session => session.HasInfo) ? first.InfoNames : new Dictionary<string, IReadOnlyList<string>>(),
            ControlPeriod = first.Message.Spec.ControlPeriod,
            TimeLimit = first.Message.Spec.TimeLimit,
            Episodes = Enumerate(demonstration, chosen, replayObservations, definition),
        };
    }

    /// <summary>Plays a part of an episode step by step, for people to watch.</summary>
    /// <param name="demonstration">The recording.</param>
    /// <param name="rows">The episode.</param>
    /// <param name="from">First step to show.</param>
    /// <param name="to">The step behind the last.</param>
    /// <param name="obstacle">Why the environment cannot be made again, in a sentence: then there are no observations; empty otherwise.</param>
    /// <returns>Each step with the observation before it.</returns>
    /// <exception cref="InvalidDataException">The episode cannot be started.</exception>
    public static IEnumerable<(int Step, float[]? Observation)> Watch(this Demonstration demonstration, EpisodeRows rows, int from, int to, out string obstacle)
    {
        ArgumentNullException.ThrowIfNull(demonstration);
        ArgumentNullException.ThrowIfNull(rows);
        var plan = ReplayPlan.For(rows.Session, null);
        obstacle = plan.Obstacle;
        return plan.IsPossible ? Watch(plan, rows, from, to) : Enumerable.Range(from, to - from).Select(step => (step, (float[]?)null));
    }

    private static IEnumerable<(int Step, float[]? Observation)> Watch(ReplayPlan plan, EpisodeRows rows, int from, int to)
    {
        using var environments = plan.Create(1);
        var player = new EpisodePlayer(environments, rows, from);
        for (; player.Step < to; player.Advance())
        {
            var shown = environments.Observations;
            yield return (player.Step, shown.Type == ElementType.Float32 ? shown.Row(0).ToArray() : [.. shown.RowBytes(0).ToArray().Select(value => (float)value)]);
        }
    }

    private static IEnumerable<RecordedEpisode> Enumerate(Demonstration demonstration, DemonstrationEpisode[] chosen, bool replayObservations, EnvironmentDefinition? definition)
    {
        var plans = Plans(demonstration, definition);
        int extra = demonstration.Sessions.Max(session => StepBytes(session.Observation));
        foreach (var group in EpisodeGroups.Of(demonstration.ReadAll(chosen), extra))
        {
            if (group[0].Session.HasObservations && !replayObservations)
            {
                foreach (var rows in group) yield return rows.ToRecordedEpisode();
                continue;
            }
            var plan = plans[group[0].Episode.Session];
            if (!plan.IsPossible) throw new InvalidDataException($"the observations of {demonstration.Path} were not kept and cannot be given back: {plan.Obstacle}");
            var observations = ObservationReplay.Of(plan, group);
            for (int i = 0; i < group.Count; i++) yield return group[i].ToRecordedEpisode(observations[i]);
        }
    }

    private static IEnumerable<ReplayResult> Check(ReplayPlan plan, IReadOnlyList<EpisodeRows> group, int lanes, int threads)
    {
        using var replay = new ReplayBatch(plan.Create(group.Count, lanes, threads), group);
        while (replay.AnyRunning) replay.Advance();
        for (int lane = 0; lane < group.Count; lane++)
        {
            var rows = group[lane];
            yield return replay.Divergences[lane] is { } divergence
                ? new(rows.Episode.Number, ReplayVerdict.Diverged, divergence.Step + 1) { Divergence = StateComparison.Explain(plan, rows, divergence) }
                : new(rows.Episode.Number, ReplayVerdict.Exact, rows.Length);
        }
    }

    private static ReplayPlan[] Plans(Demonstration demonstration, EnvironmentDefinition? definition)
        => [.. demonstration.Sessions.Select(session => ReplayPlan.For(session, definition))];

    private static ReplayResult Unsupported(EpisodeRows rows, ReplayPlan plan)
        => new(rows.Episode.Number, ReplayVerdict.Unsupported, 0) { Obstacle = plan.Obstacle };

    /// <summary>The space of the groups that a batch writes.</summary>
    private static Space Shown(Space observation, bool privileged)
    {
        if (privileged || observation is not Dict dict) return observation;
        var shown = dict.Entries.Where(entry => entry.Name != "privileged").ToArray();
        return shown.Length == 1 ? shown[0].Space : new Dict(shown);
    }

    private static int StepBytes(Space observation) => observation.Size * sizeof(float);
}
