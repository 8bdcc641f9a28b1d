using Sim.Physics.Numerics;

namespace Sim.Physics.Batched.Joints;

/// <summary>
/// The lane kernel of one kind of joint. Rows of a joint: accumulated impulse, then parameters; what a substep
/// computes once stands in scratch rows. Velocities lie in the bodies' rows; world inverse inertias are up to date.
/// </summary>
/// <remarks>Kernels of a joint on one body do not touch the second body's rows.</remarks>
internal interface IJointKernel
{
    /// <summary>Rows of the accumulated impulse.</summary>
    static abstract int DegreesOfFreedom { get; }

    /// <summary>Rows of parameters.</summary>
    static abstract int ParameterRows { get; }

    /// <summary>Rows of scratch.</summary>
    static abstract int ScratchRows { get; }

    /// <summary>Writes Jacobian, effective mass and bias of this substep to scratch.</summary>
    static abstract void Prepare<T>(Rows<T> a, Rows<T> b, Rows<T> parameters, Rows<T> scratch, in SubstepTiming timing) where T : unmanaged, ILane<T>;

    /// <summary>Applies the accumulated impulse.</summary>
    static abstract void WarmStart<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>;

    /// <summary>One velocity iteration.</summary>
    static abstract void Solve<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>;
}

/// <summary>The first parameter rows of every joint: how soft it is, for the scene's substep.</summary>
internal static class SoftnessRows
{
    /// <summary>Bias velocity per position error, 1/s.</summary>
    public const int ErrorToVelocity = 0;

    /// <summary>Scale of the effective mass.</summary>
    public const int MassScale = 1;

    /// <summary>Share of the accumulated impulse given back in an iteration.</summary>
    public const int Softness = 2;

    public const int Count = 3;
}

/// <summary>The parameter rows of a servo, after those of its softness.</summary>
internal static class ServoRows
{
    public const int MaximumSpeed = SoftnessRows.Count;
    public const int BaseSpeed = SoftnessRows.Count + 1;

    /// <summary>Maximum force times substep.</summary>
    public const int MaximumImpulse = SoftnessRows.Count + 2;

    /// <summary>Where a servo's own parameters begin.</summary>
    public const int Count = SoftnessRows.Count + 3;
}
