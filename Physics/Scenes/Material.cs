namespace Sim.Physics.Scenes;

/// <summary>What a surface does in contact.</summary>
/// <param name="Friction">Coulomb coefficient: tangential force ≤ friction × normal force.</param>
/// <param name="Spring">How penetration is pushed out.</param>
/// <param name="MaximumRecoveryVelocity">Limit of the speed at which it is, m/s; <see cref="float.MaxValue"/> for none.</param>
public readonly record struct Material(float Friction, SpringSettings Spring, float MaximumRecoveryVelocity)
{
    /// <summary>Friction 1; contacts of 30 Hz, critically damped, pushed out at no more than 2 m/s.</summary>
    public static readonly Material Default = new(1, new SpringSettings(30, 1), 2);

    /// <summary>
    /// A surface that bounces. There is no restitution coefficient in a soft contact: a bounce is an under-damped
    /// spring, whose damping ratio follows from e = exp(−πζ/√(1−ζ²)). The implicit integration damps as well, the
    /// less the smaller frequency × substep: at 30 Hz and substeps of 1/960 s a sphere keeps about 0.75 of its
    /// speed even at ratio 0.05.
    /// </summary>
    /// <param name="restitution">Speed after over speed before, above 0 and up to 1.</param>
    /// <param name="frequency">Stiffness of the spring, Hz.</param>
    /// <param name="friction">Coulomb coefficient.</param>
    /// <exception cref="ArgumentOutOfRangeException">A restitution outside (0, 1].</exception>
    public static Material Bouncing(float restitution, float frequency = 30, float friction = 0.5f)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(restitution);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(restitution, 1);
        float log = MathF.Log(restitution);
        return new Material(friction, new SpringSettings(frequency, -log / MathF.Sqrt((MathF.PI * MathF.PI) + (log * log))), float.MaxValue);
    }

    /// <summary>
    /// The material of a pair: friction is the geometric mean, so a frictionless body slides on everything; the
    /// softer spring counts, with the larger recovery velocity.
    /// </summary>
    public static Material Combine(Material a, Material b)
    {
        if (a == b) return a;
        var spring = a.Spring.Frequency <= b.Spring.Frequency ? a.Spring : b.Spring;
        return new Material(MathF.Sqrt(a.Friction * b.Friction), spring, MathF.Max(a.MaximumRecoveryVelocity, b.MaximumRecoveryVelocity));
    }

    internal string? Fault
        => !(float.IsFinite(Friction) && Friction >= 0) ? FormattableString.Invariant($"friction {Friction} must be 0 or more")
        : Spring.Fault ?? JointChecks.Limit("maximum recovery velocity", MaximumRecoveryVelocity);
}
