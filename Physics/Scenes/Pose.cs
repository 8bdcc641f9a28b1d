using System.Numerics;

namespace Sim.Physics.Scenes;

/// <summary>Where a body or a part of it is: position in metres, and the rotation from its own axes to the world's.</summary>
/// <param name="Position">Metres.</param>
/// <param name="Orientation">Unit quaternion (x, y, z, w), body to world.</param>
public readonly record struct Pose(Vector3 Position, Quaternion Orientation)
{
    public static readonly Pose Identity = new(Vector3.Zero, Quaternion.Identity);

    /// <summary>The orientation with length 1; unchanged, bit for bit, where it has that already to rounding.</summary>
    internal Quaternion UnitOrientation => MathF.Abs(Orientation.LengthSquared() - 1) < 1e-6f ? Orientation : Quaternion.Normalize(Orientation);

    /// <summary>A pose without rotation.</summary>
    public static implicit operator Pose(Vector3 position) => new(position, Quaternion.Identity);

    /// <summary>The world place of a point given in the body's axes.</summary>
    public Vector3 Transform(Vector3 local) => Position + Vector3.Transform(local, Orientation);

    /// <summary>The pose of a part whose pose in this body is <paramref name="local"/>.</summary>
    public Pose Transform(Pose local) => new(Transform(local.Position), Orientation * local.Orientation);

    /// <summary>This pose as seen from <paramref name="frame"/>: <c>frame.Transform(result)</c> is this pose.</summary>
    public Pose In(Pose frame)
    {
        var back = Quaternion.Conjugate(frame.Orientation);
        return new Pose(Vector3.Transform(Position - frame.Position, back), back * Orientation);
    }
}
