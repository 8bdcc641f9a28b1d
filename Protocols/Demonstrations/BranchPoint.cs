using Sim.Environments;
using Sim.Protocols.Demonstrations.Replaying;

namespace Sim.Protocols.Demonstrations;

/// <summary>A state on the way of a recorded episode, from which another can go on.</summary>
/// <param name="Session">What it was recorded in.</param>
/// <param name="Definition">The environment.</param>
/// <param name="Settings">Its settings.</param>
/// <param name="Snapshot">The state.</param>
/// <param name="Parent">Where it comes from.</param>
public sealed record BranchPoint(DemonstrationSession Session, EnvironmentDefinition Definition, object Settings, LaneSnapshot Snapshot, EpisodeParent Parent)
{
    /// <summary>The state of an episode before one of its steps: the nearest one that was kept, and what was played from there.</summary>
    /// <param name="demonstration">The recording.</param>
    /// <param name="episode">The episode.</param>
    /// <param name="step">Steps of it before the branch, fewer than it has.</param>
    /// <param name="definition">The environment; looked up by its id when null.</param>
    /// <exception cref="ArgumentException">There is no such step, or the environment cannot be made again.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or what was played is not what was recorded.</exception>
    public static BranchPoint Of(Demonstration demonstration, DemonstrationEpisode episode, int step, EnvironmentDefinition? definition = null)
    {
        ArgumentNullException.ThrowIfNull(demonstration);
        ArgumentNullException.ThrowIfNull(episode);
        if (step < 0 || step >= episode.Length)
            throw new ArgumentException($"episode {episode.Number} has no step {step}: it has {episode.Length}, from 0 on");
        var session = demonstration.Sessions[episode.Session];
        var plan = ReplayPlan.For(session, definition);
        if (!plan.IsPossible) throw new ArgumentException($"episode {episode.Number} of {demonstration.Path} cannot be gone on with: {plan.Obstacle}");
        var rows = demonstration.Read(episode);
        using var environments = plan.Create(1);
        var player = new EpisodePlayer(environments, rows, step);
        player.CheckState();
        return new(session, plan.Definition, plan.Settings, environments.Snapshot(0), new(session.Message.Id, episode.Number, step));
    }
}
