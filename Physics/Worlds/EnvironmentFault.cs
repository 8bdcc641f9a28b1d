namespace Sim.Physics.Worlds;

/// <summary>Why an environment has been stopped. It stays at its last good state until it is reset or restored.</summary>
public enum EnvironmentFault
{
    None,

    /// <summary>A pose or velocity was no longer finite, or so large that its square is not: constraints that cannot be met, too few substeps, absurd forces.</summary>
    NotFinite,
}
