namespace Sim.Protocols.Demonstrations;

/// <summary>An episode that the last step ended.</summary>
/// <param name="Episode">Its number in the file.</param>
/// <param name="Lane">Where.</param>
/// <param name="Length">Steps.</param>
/// <param name="Return">Undiscounted return.</param>
/// <param name="Success">Whether it succeeded; null where the task does not say.</param>
public readonly record struct EndedEpisode(int Episode, int Lane, int Length, float Return, bool? Success);

/// <summary>Where an episode branches from.</summary>
/// <param name="Session">Id of the session that recorded the parent.</param>
/// <param name="Episode">Number of the parent in its file.</param>
/// <param name="Step">Steps of the parent before the branch.</param>
public sealed record EpisodeParent(string Session, int Episode, int Step);
