using System.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Physics.Worlds;

/// <summary>What an attachable joint holds when it is switched on: the bodies as they are.</summary>
internal static class AttachedJoint
{
    /// <param name="joint">As described in the scene.</param>
    /// <param name="a">A's pose.</param>
    /// <param name="b">B's pose.</param>
    public static Joint Of(Joint joint, Pose a, Pose b)
    {
        var relative = b.In(a);
        return joint switch
        {
            Weld weld => weld with { LocalOffset = relative.Position, LocalOrientation = Quaternion.Normalize(relative.Orientation) },
            BallSocket ball => ball with { LocalOffsetA = relative.Transform(ball.LocalOffsetB) },
            BallSocketServo ball => ball with { LocalOffsetA = relative.Transform(ball.LocalOffsetB) },
            AngularServo servo => servo with { TargetRelativeRotationLocalA = Quaternion.Normalize(relative.Orientation) },
            _ => joint,
        };
    }
}
