using System.Numerics;

namespace Sim.Physics.Scenes;

/// <summary>
/// A constraint between two bodies A and B, or on body A alone. Names and parameters are those of BepuPhysics; local
/// offsets are in metres in the named body's axes, from its centre of mass; axes are unit vectors.
/// </summary>
public abstract record Joint
{
    private protected Joint()
    {
    }

    /// <summary>Bodies it takes: 2, or 1.</summary>
    public virtual int Bodies => 2;

    /// <summary>Numbers of its accumulated impulse.</summary>
    public abstract int DegreesOfFreedom { get; }

    /// <summary>The fastest spring in it, Hz; 0 for a motor.</summary>
    internal virtual float Frequency => 0;

    internal abstract string? Fault { get; }
}

/// <summary>Place of a joint in its scene.</summary>
public readonly record struct JointId(int Index);

/// <summary>A joint in its place.</summary>
/// <param name="Name">Unique in the scene.</param>
/// <param name="A">First body.</param>
/// <param name="B">Second body; null for a joint on one body.</param>
/// <param name="Joint">What it does.</param>
/// <param name="Attachable">True when it is off until attached, environment by environment.</param>
public sealed record JointPlacement(string Name, BodyId A, BodyId? B, Joint Joint, bool Attachable);

/// <summary>A joint held by a spring.</summary>
public abstract record SpringJoint : Joint
{
    private protected SpringJoint()
    {
    }

    public SpringSettings Spring { get; init; } = new(30, 1);

    internal sealed override float Frequency => Spring.Frequency;

    internal sealed override string? Fault => Spring.Fault ?? OwnFault;

    private protected abstract string? OwnFault { get; }
}

/// <summary>A spring joint with limited speed and force.</summary>
public abstract record ServoJoint : SpringJoint
{
    private protected ServoJoint()
    {
    }

    public ServoSettings Servo { get; init; } = ServoSettings.Unlimited;

    private protected sealed override string? OwnFault => Servo.Fault ?? TargetFault;

    private protected abstract string? TargetFault { get; }
}

/// <summary>Holds a point of A at a point of B.</summary>
public sealed record BallSocket : SpringJoint
{
    public Vector3 LocalOffsetA { get; init; }
    public Vector3 LocalOffsetB { get; init; }
    public override int DegreesOfFreedom => 3;
    private protected override string? OwnFault => JointChecks.Finite("LocalOffsetA", LocalOffsetA) ?? JointChecks.Finite("LocalOffsetB", LocalOffsetB);
}

/// <summary>Holds a point of A at a point of B with limited speed and force, as a grasp that can slip does.</summary>
public sealed record BallSocketServo : ServoJoint
{
    public Vector3 LocalOffsetA { get; init; }
    public Vector3 LocalOffsetB { get; init; }
    public override int DegreesOfFreedom => 3;
    private protected override string? TargetFault => JointChecks.Finite("LocalOffsetA", LocalOffsetA) ?? JointChecks.Finite("LocalOffsetB", LocalOffsetB);
}

/// <summary>Holds B at a pose relative to A.</summary>
public sealed record Weld : SpringJoint
{
    /// <summary>From A's centre to B's, in A's axes.</summary>
    public Vector3 LocalOffset { get; init; }

    /// <summary>B's orientation relative to A.</summary>
    public Quaternion LocalOrientation { get; init; } = Quaternion.Identity;

    public override int DegreesOfFreedom => 6;
    private protected override string? OwnFault => JointChecks.Finite("LocalOffset", LocalOffset) ?? JointChecks.Unit("LocalOrientation", LocalOrientation);
}

/// <summary>Leaves one rotation: about the hinge axis.</summary>
public sealed record Hinge : SpringJoint
{
    public Vector3 LocalOffsetA { get; init; }
    public Vector3 LocalOffsetB { get; init; }
    public Vector3 LocalHingeAxisA { get; init; } = Vector3.UnitZ;
    public Vector3 LocalHingeAxisB { get; init; } = Vector3.UnitZ;
    public override int DegreesOfFreedom => 5;
    private protected override string? OwnFault => JointChecks.Finite("LocalOffsetA", LocalOffsetA) ?? JointChecks.Finite("LocalOffsetB", LocalOffsetB)
        ?? JointChecks.Unit("LocalHingeAxisA", LocalHingeAxisA) ?? JointChecks.Unit("LocalHingeAxisB", LocalHingeAxisB);
}

/// <summary>Leaves two rotations: about A's swivel axis and B's hinge axis, which stay perpendicular.</summary>
public sealed record SwivelHinge : SpringJoint
{
    public Vector3 LocalOffsetA { get; init; }
    public Vector3 LocalOffsetB { get; init; }
    public Vector3 LocalSwivelAxisA { get; init; } = Vector3.UnitX;
    public Vector3 LocalHingeAxisB { get; init; } = Vector3.UnitZ;
    public override int DegreesOfFreedom => 4;
    private protected override string? OwnFault => JointChecks.Finite("LocalOffsetA", LocalOffsetA) ?? JointChecks.Finite("LocalOffsetB", LocalOffsetB)
        ?? JointChecks.Unit("LocalSwivelAxisA", LocalSwivelAxisA) ?? JointChecks.Unit("LocalHingeAxisB", LocalHingeAxisB);
}

/// <summary>Keeps the angle between an axis of A and an axis of B below a limit.</summary>
public sealed record SwingLimit : SpringJoint
{
    public Vector3 AxisLocalA { get; init; } = Vector3.UnitY;
    public Vector3 AxisLocalB { get; init; } = Vector3.UnitY;

    /// <summary>Cosine of the largest angle.</summary>
    public float MinimumDot { get; init; }

    public override int DegreesOfFreedom => 1;
    private protected override string? OwnFault => JointChecks.Unit("AxisLocalA", AxisLocalA) ?? JointChecks.Unit("AxisLocalB", AxisLocalB)
        ?? JointChecks.Within("MinimumDot", MinimumDot, -1, 1);
}

/// <summary>Keeps the twist of B about the shared axis Z of two bases within limits; X is the zero mark.</summary>
public sealed record TwistLimit : SpringJoint
{
    public Quaternion LocalBasisA { get; init; } = Quaternion.Identity;
    public Quaternion LocalBasisB { get; init; } = Quaternion.Identity;

    /// <summary>Radians in [−π, π].</summary>
    public float MinimumAngle { get; init; }

    /// <summary>Radians in [−π, π].</summary>
    public float MaximumAngle { get; init; }

    public override int DegreesOfFreedom => 1;
    private protected override string? OwnFault => JointChecks.Unit("LocalBasisA", LocalBasisA) ?? JointChecks.Unit("LocalBasisB", LocalBasisB)
        ?? JointChecks.Within("MinimumAngle", MinimumAngle, -MathF.PI, MathF.PI) ?? JointChecks.Within("MaximumAngle", MaximumAngle, -MathF.PI, MathF.PI);
}

/// <summary>Turns the twist of B about the shared axis Z of two bases to a target.</summary>
public sealed record TwistServo : ServoJoint
{
    public Quaternion LocalBasisA { get; init; } = Quaternion.Identity;
    public Quaternion LocalBasisB { get; init; } = Quaternion.Identity;

    /// <summary>Radians.</summary>
    public float TargetAngle { get; init; }

    public override int DegreesOfFreedom => 1;
    private protected override string? TargetFault => JointChecks.Unit("LocalBasisA", LocalBasisA) ?? JointChecks.Unit("LocalBasisB", LocalBasisB)
        ?? JointChecks.Finite("TargetAngle", TargetAngle);
}

/// <summary>Turns B to an orientation relative to A.</summary>
public sealed record AngularServo : ServoJoint
{
    public Quaternion TargetRelativeRotationLocalA { get; init; } = Quaternion.Identity;
    public override int DegreesOfFreedom => 3;
    private protected override string? TargetFault => JointChecks.Unit("TargetRelativeRotationLocalA", TargetRelativeRotationLocalA);
}

/// <summary>Drives the angular velocity of A relative to B to a target.</summary>
public sealed record AngularMotor : Joint
{
    /// <summary>rad/s, in A's axes: angular velocity of A minus that of B.</summary>
    public Vector3 TargetVelocityLocalA { get; init; }

    public MotorSettings Motor { get; init; } = new(float.MaxValue, 100);
    public override int DegreesOfFreedom => 3;
    internal override string? Fault => Motor.Fault ?? JointChecks.Finite("TargetVelocityLocalA", TargetVelocityLocalA);
}

/// <summary>Keeps the distance of two points within limits.</summary>
public sealed record DistanceLimit : SpringJoint
{
    public Vector3 LocalOffsetA { get; init; }
    public Vector3 LocalOffsetB { get; init; }
    public float MinimumDistance { get; init; }
    public float MaximumDistance { get; init; }
    public override int DegreesOfFreedom => 1;
    private protected override string? OwnFault => JointChecks.Finite("LocalOffsetA", LocalOffsetA) ?? JointChecks.Finite("LocalOffsetB", LocalOffsetB)
        ?? JointChecks.Within("MinimumDistance", MinimumDistance, 0, float.MaxValue) ?? JointChecks.Within("MaximumDistance", MaximumDistance, MinimumDistance, float.MaxValue);
}

/// <summary>Keeps a point of B on a line of A.</summary>
public sealed record PointOnLineServo : ServoJoint
{
    public Vector3 LocalOffsetA { get; init; }
    public Vector3 LocalOffsetB { get; init; }
    public Vector3 LocalDirection { get; init; } = Vector3.UnitX;
    public override int DegreesOfFreedom => 2;
    private protected override string? TargetFault => JointChecks.Finite("LocalOffsetA", LocalOffsetA) ?? JointChecks.Finite("LocalOffsetB", LocalOffsetB)
        ?? JointChecks.Unit("LocalDirection", LocalDirection);
}

/// <summary>Moves a point of one body to a place in the world.</summary>
public sealed record OneBodyLinearServo : ServoJoint
{
    public Vector3 LocalOffset { get; init; }

    /// <summary>World, metres.</summary>
    public Vector3 Target { get; init; }

    public override int Bodies => 1;
    public override int DegreesOfFreedom => 3;
    private protected override string? TargetFault => JointChecks.Finite("LocalOffset", LocalOffset) ?? JointChecks.Finite("Target", Target);
}

/// <summary>Turns one body to an orientation in the world.</summary>
public sealed record OneBodyAngularServo : ServoJoint
{
    public Quaternion TargetOrientation { get; init; } = Quaternion.Identity;
    public override int Bodies => 1;
    public override int DegreesOfFreedom => 3;
    private protected override string? TargetFault => JointChecks.Unit("TargetOrientation", TargetOrientation);
}
