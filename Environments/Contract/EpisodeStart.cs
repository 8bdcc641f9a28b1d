namespace Sim.Environments;

/// <summary>
/// What an episode's start state and all its random draws follow from, the settings apart: the lane's seed, and the
/// episode's number since the reset that gave it.
/// </summary>
public readonly record struct EpisodeStart(ulong Seed, uint Number);
