namespace Sim.Physics.Numerics;

/// <summary>
/// The named streams of random numbers. Draws of one stream never move another, so adding noise to an observation
/// leaves the start states as they were. Numbers are part of every recording: never reuse or renumber them.
/// </summary>
public enum RandomStream : uint
{
    /// <summary>Start states of episodes.</summary>
    StartState = 1,

    /// <summary>Randomised physical parameters and disturbances of an episode.</summary>
    Dynamics = 2,

    /// <summary>Goals, waypoints, gates: what the episode asks for.</summary>
    Task = 3,

    /// <summary>Repeated actions of arcade games.</summary>
    StickyAction = 4,

    ObservationNoise = 5,

    /// <summary>Exploration of a policy.</summary>
    Policy = 6,

    /// <summary>Initial weights of networks.</summary>
    Weights = 7,

    /// <summary>Order and choice of training samples.</summary>
    Sampling = 8,

    /// <summary>Uniform actions before learning starts, and of random policies.</summary>
    RandomAction = 9,

    /// <summary>Resampling of statistics (bootstrap intervals).</summary>
    Statistics = 10,

    /// <summary>The rules of a board game: whether an action sticks first, then what the game itself draws.</summary>
    Game = 11,
}
