using System.Numerics;
using Sim.Physics.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Environments.Surgical.Manipulation;

/// <summary>
/// The block of the peg-transfer training board: a triangular prism with rounded corners and a hexagonal hole, standing
/// upright about its axis. Its sides are numbered 0 (towards −x), 1 and 2; jaws grasp the wall in the middle of a side.
/// </summary>
public static class PegBlock
{
    /// <summary>Height, nominal metres.</summary>
    public const float Height = 0.0145f;

    /// <summary>From the axis to a side's face, and to the hole's; to the rounded corners; nominal metres.</summary>
    private const float Side = 0.005f, Hole = 0.0048f * 0.8660254f, Corner = 0.0097f;

    /// <summary>Half of what a side's wall measures along the side, nominal metres.</summary>
    private const float HalfWall = 0.0075f;

    /// <summary>Six walls: the three sides, thin in the middle, and the three corners between them.</summary>
    public static Shape Of(float scale)
    {
        var parts = new CompoundPart[6];
        for (int i = 0; i < 3; i++)
        {
            float side = Angle(i), corner = side + MathF.PI;
            parts[i] = Wall(side, Hole, Side, HalfWall, scale);
            // The widest box between the hole's face and the rounding that stays within both neighbouring sides.
            parts[i + 3] = Wall(corner, Hole, 0.75f * Corner, 0.0016f, scale);
        }
        return Shape.Compound(parts);
    }

    /// <summary>The frame of the middle of a side: its x axis points at the block's axis.</summary>
    public static void Place<T>(in Frame<T> block, int side, float scale, out Frame<T> place) where T : unmanaged, ILane<T>
    {
        float angle = Angle(side);
        BodyFrames.On(in block, Side * MathF.Cos(angle) * scale, Side * MathF.Sin(angle) * scale, 0, angle - MathF.PI, out place);
    }

    /// <summary>The direction from the axis to the middle of a side, rad.</summary>
    private static float Angle(int side) => side switch { 0 => MathF.PI, 1 => MathF.PI / 3, _ => -MathF.PI / 3 };

    private static CompoundPart Wall(float angle, float inner, float outer, float halfWidth, float scale)
    {
        float middle = 0.5f * (inner + outer);
        var place = new Vector3(middle * MathF.Cos(angle), middle * MathF.Sin(angle), 0) * scale;
        return new CompoundPart(Shape.Box((outer - inner) * scale, 2 * halfWidth * scale, Height * scale), new Pose(place, Quaternion.CreateFromAxisAngle(Vector3.UnitZ, angle)));
    }
}
