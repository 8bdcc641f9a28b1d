namespace Sim.Protocols.Demonstrations;

/// <summary>Why an episode has no further step. Numbers are stable.</summary>
public enum EpisodeEnding
{
    /// <summary>The recording does not say: it broke off, or lost what followed.</summary>
    Unknown = 0,

    /// <summary>Because of what happened in it.</summary>
    Terminated = 1,

    /// <summary>By the time limit.</summary>
    Truncated = 2,

    /// <summary>The recording was closed.</summary>
    Stopped = 3,

    /// <summary>The environment was reset.</summary>
    Reset = 4,

    /// <summary>Somebody cut it.</summary>
    Trimmed = 5,
}
