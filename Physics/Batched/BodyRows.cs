namespace Sim.Physics.Batched;

/// <summary>Where a body's numbers stand in its block of rows. A static body has its pose alone.</summary>
internal static class BodyRows
{
    /// <summary>Vector, metres.</summary>
    public const int Position = 0;

    /// <summary>Quaternion, body to world.</summary>
    public const int Orientation = 3;

    /// <summary>Rows of a static body.</summary>
    public const int Pose = 7;

    /// <summary>Vector, m/s, world axes.</summary>
    public const int LinearVelocity = 7;

    /// <summary>Vector, rad/s, world axes.</summary>
    public const int AngularVelocity = 10;

    /// <summary>Rows of pose and velocity.</summary>
    public const int Motion = 13;

    /// <summary>Symmetric matrix, world axes; follows from the orientation in every substep.</summary>
    public const int InverseInertia = 13;

    /// <summary>Scalar, 1/kg.</summary>
    public const int InverseMass = 19;

    /// <summary>Symmetric matrix, local axes.</summary>
    public const int LocalInverseInertia = 20;

    /// <summary>Vector, N, world axes; for the next step alone.</summary>
    public const int Force = 26;

    /// <summary>Vector, N·m, world axes; for the next step alone.</summary>
    public const int Torque = 29;

    /// <summary>Rows of a body that moves.</summary>
    public const int Count = 32;
}
