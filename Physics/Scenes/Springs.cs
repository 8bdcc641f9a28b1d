namespace Sim.Physics.Scenes;

/// <summary>
/// How a soft constraint pulls back, independent of mass: a damped spring of the bodies' effective mass. Keep the
/// frequency at or below half the substep rate.
/// </summary>
/// <param name="Frequency">Undamped natural frequency, Hz; positive.</param>
/// <param name="DampingRatio">1 is critical damping, 0 none; not negative.</param>
public readonly record struct SpringSettings(float Frequency, float DampingRatio)
{
    internal string? Fault
        => !(float.IsFinite(Frequency) && Frequency > 0) ? FormattableString.Invariant($"spring frequency {Frequency} Hz must be positive")
        : !(float.IsFinite(DampingRatio) && DampingRatio >= 0) ? FormattableString.Invariant($"damping ratio {DampingRatio} must be 0 or more")
        : null;
}

/// <summary>Limits of a servo, which drives an error to zero.</summary>
/// <param name="MaximumSpeed">m/s or rad/s; <see cref="float.MaxValue"/> for no limit.</param>
/// <param name="BaseSpeed">Speed kept up near the target, m/s or rad/s.</param>
/// <param name="MaximumForce">N or N·m; <see cref="float.MaxValue"/> for no limit.</param>
public readonly record struct ServoSettings(float MaximumSpeed, float BaseSpeed, float MaximumForce)
{
    public static readonly ServoSettings Unlimited = new(float.MaxValue, 0, float.MaxValue);

    internal string? Fault => JointChecks.Limit("maximum speed", MaximumSpeed) ?? JointChecks.Limit("base speed", BaseSpeed) ?? JointChecks.Limit("maximum force", MaximumForce);
}

/// <summary>Strength of a motor, which drives a velocity to its target.</summary>
/// <param name="MaximumForce">N or N·m; <see cref="float.MaxValue"/> for no limit.</param>
/// <param name="Damping">Force per velocity error, N·s/m or N·m·s; larger is stiffer.</param>
public readonly record struct MotorSettings(float MaximumForce, float Damping)
{
    internal string? Fault => JointChecks.Limit("maximum force", MaximumForce)
        ?? (float.IsFinite(Damping) && Damping > 0 ? null : FormattableString.Invariant($"motor damping {Damping} must be positive"));
}
