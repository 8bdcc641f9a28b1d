namespace Sim.Environments.Surgical;

/// <summary>Whether a task repeats the flaws of the code it comes from; the page of each task lists them.</summary>
public enum Parity
{
    /// <summary>Flaws of the source are put right.</summary>
    Corrected,

    /// <summary>As the source behaves.</summary>
    Source,
}
