namespace Sim.Physics.Batched;

/// <summary>Length of a substep, for kernels.</summary>
internal readonly struct SubstepTiming(float seconds)
{
    /// <summary>Seconds.</summary>
    public readonly float H = seconds;

    /// <summary>1/s.</summary>
    public readonly float InverseH = 1 / seconds;
}
