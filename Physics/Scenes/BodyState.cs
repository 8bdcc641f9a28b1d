using System.Numerics;

namespace Sim.Physics.Scenes;

/// <summary>Pose and motion of one body in one environment.</summary>
/// <param name="Pose">Of the centre of mass.</param>
/// <param name="LinearVelocity">Of the centre of mass, world axes, m/s.</param>
/// <param name="AngularVelocity">World axes, rad/s.</param>
public readonly record struct BodyState(Pose Pose, Vector3 LinearVelocity, Vector3 AngularVelocity)
{
    /// <summary>A body at rest.</summary>
    public static implicit operator BodyState(Pose pose) => new(pose, Vector3.Zero, Vector3.Zero);
}
