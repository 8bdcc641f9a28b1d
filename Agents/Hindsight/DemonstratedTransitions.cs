using Sim.Agents.Training;
using Sim.Environments.Configuration;

namespace Sim.Agents.Hindsight;

/// <summary>Demonstrations as a second replay buffer, which never forgets; in goal tasks with hindsight goals of its own.</summary>
public sealed class DemonstratedTransitions : IDisposable
{
    /// <param name="context">Whose demonstrations, and the environments that rate other goals.</param>
    /// <param name="settings">Of the learner.</param>
    /// <param name="statistics">Take the demonstrated observations in, with goals as for learning; null for none.</param>
    /// <exception cref="ArgumentException">The demonstrations are of another environment.</exception>
    /// <exception cref="SettingsException">Critics are to read what demonstrations do not hold.</exception>
    public DemonstratedTransitions(LearnerContext context, OffPolicySettings settings, RunningMoments? statistics)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(settings);
        var data = context.Demonstrations ?? throw new ArgumentException("there are no demonstrations", nameof(context));
        var spec = context.Environments.Spec;
        if (data.Spec.Id != spec.Id)
            throw new ArgumentException($"the demonstrations are of {data.Spec.Id}, not of {spec.Id}", nameof(context));
        if (settings.PrivilegedCritic) throw new SettingsException("privileged_critic = true: demonstrations hold no privileged observations");
        Replay = new ReplayBuffer(data.Rows, data.Observations.Columns, data.Actions.Columns, spec.GoalBox?.Size ?? 0);
        if (spec.GoalBox is not null)
            Hindsight = new HindsightReplay(Replay, context.Environments, 1, settings.Hindsight, settings.HindsightRatio);
        for (int episode = 0; episode < data.Episodes.Count; episode++) Add(data, episode);
        if (statistics is not null) TakeIn(data, statistics, context.Seed);
    }

    /// <summary>The transitions, episode after episode.</summary>
    public ReplayBuffer Replay { get; }

    /// <summary>Other goals for what is drawn; null where the task has none.</summary>
    public HindsightReplay? Hindsight { get; }

    public void Dispose() => Replay.Dispose();

    private void Add(DemonstrationData data, int number)
    {
        var episode = data.Episodes[number];
        for (int step = 0; step < episode.Length; step++)
        {
            int row = episode.Start + step;
            bool last = step == episode.Length - 1;
            var transition = Replay.Open();
            data.Observations.Row(row).CopyTo(transition.Inputs);
            data.Actions.Row(row).CopyTo(transition.Action);
            transition.Reward = data.Rewards[row];
            (last ? data.FinalObservation(number) : data.Observations.Row(row + 1)).CopyTo(transition.NextInputs);
            transition.Term = last && episode.Terminated ? 1 : 0;
            if (Hindsight is not null)
            {
                data.Achieved(row).CopyTo(transition.Achieved);
                transition.Success = data.Successes[row] ? 1 : 0;
                Hindsight.Append(0, last);
            }
            Replay.Commit(1);
        }
    }

    private void TakeIn(DemonstrationData data, RunningMoments statistics, ulong seed)
    {
        if (Hindsight is null)
        {
            statistics.Update(data.Observations);
            return;
        }
        using var episodes = new EpisodeStatistics(statistics, seed);
        foreach (var episode in data.Episodes) episodes.Add(Replay, Hindsight, episode.Start + episode.Length - 1);
    }
}
