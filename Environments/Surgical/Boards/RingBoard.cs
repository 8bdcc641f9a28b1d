using System.Numerics;
using Sim.Environments.Surgical.Manipulation;
using Sim.Physics.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Environments.Surgical.Boards;

/// <summary>
/// A level board with two upright pegs, a wall behind it from which two rows of six pegs stick out along x, and a ring.
/// SurRoL's boards are 0.185 world units to their unit at scale 5. Nominal metres.
/// </summary>
public static class RingBoard
{
    /// <summary>A unit of the source's board.</summary>
    private const float Unit = 0.185f / 5;

    /// <summary>Middle and top of the level board.</summary>
    private const float X = 0.62f, Top = 0.62f;

    /// <summary>A peg's radius.</summary>
    public const float PegRadius = 0.07f * Unit;

    /// <summary>Length of a wall's peg, without its round end, and from an upright peg's middle to its ends, twice.</summary>
    private const float PegLength = 0.59f * Unit;

    /// <summary>From the middle back to the middle of the wall's pegs, up to that of the upright ones, and from the middle to these.</summary>
    private const float Back = 1.9f * Unit, Upright = 0.4f * Unit, Aside = Unit;

    /// <summary>Of the ring: radius of the wire, radius of its centre line, capsules.</summary>
    public const float Wire = 0.03f * Unit, Radius = (0.5f * 0.515f * Unit) - Wire;

    private const int Parts = 16;

    /// <summary>Where PSM2 grasps: this much from the top towards −y, rad.</summary>
    private static readonly float s_lean = MathF.Atan2(0.125f, 0.375f);

    private static readonly float[] s_columns = [-1.75f, -1.05f, -0.35f, 0.35f, 1.05f, 1.75f];

    private static readonly float[] s_rows = [2, 1];

    public static BodyId Ring => new(2 * Gripper.Bodies);

    /// <summary>Where the wall's pegs end, along x.</summary>
    public static float PegEnd => X - Back + (PegLength / 2) + PegRadius;

    /// <summary>Where the ring is to be: the upright peg at +y, 0.05 world units of scale 5 below its middle.</summary>
    public static Vector3 Goal => new(X, Aside, Top + Upright - 0.01f);

    /// <summary>The middle of the ring when it hangs at the middle of the wall's first peg.</summary>
    public static Vector3 Hanging => new(X - Back, s_columns[0] * Unit, Top + (s_rows[0] * Unit) + PegRadius + Wire - (Radius * MathF.Cos(MathF.PI / Parts)));

    /// <summary>From where PSM2 grasps to where PSM1 does, along the ring's y and z axes.</summary>
    public static Vector2 Grasps => new(Radius * (1 + MathF.Sin(s_lean)), -Radius * MathF.Cos(s_lean));

    /// <summary>Adds the ring; a reset hangs it on its peg.</summary>
    public static void AddRing(SceneBuilder builder, float mass, float scale)
        => builder.AddDynamic("ring", RingOf(scale), mass, Hanging * scale, ManipulationScene.Surface);

    public static void Add(SceneBuilder builder, float scale)
    {
        builder.AddStatic("board", Shape.Plane(), new Vector3(0, 0, Top * scale), ManipulationScene.Surface);
        var ahead = Quaternion.CreateFromAxisAngle(Vector3.UnitY, MathF.PI / 2);
        builder.AddStatic("wall", Shape.Plane(), new Pose(new Vector3(X - Back - (PegLength / 2), 0, 0) * scale, ahead), ManipulationScene.Surface);
        // Upright pegs reach down into the board, where the source's hang over it; the wall's keep their thickness to the end.
        float height = Upright + (PegLength / 2) - PegRadius;
        var standing = Shape.Capsule(PegRadius * scale, height * scale);
        var upright = Quaternion.CreateFromAxisAngle(Vector3.UnitX, MathF.PI / 2);
        for (int side = -1; side <= 1; side += 2)
            builder.AddStatic($"upright peg {(side + 1) / 2}", standing, new Pose(new Vector3(X, side * Aside, Top + (height / 2)) * scale, upright), ManipulationScene.Surface);
        var peg = Shape.Capsule(PegRadius * scale, PegLength * scale);
        var outwards = Quaternion.CreateFromAxisAngle(Vector3.UnitZ, -MathF.PI / 2);
        for (int i = 0; i < s_columns.Length * s_rows.Length; i++)
        {
            float y = s_columns[i % s_columns.Length] * Unit, z = Top + (s_rows[i / s_columns.Length] * Unit);
            builder.AddStatic($"peg {i + 2}", peg, new Pose(new Vector3(X - Back, y, z) * scale, outwards), ManipulationScene.Surface);
        }
    }

    /// <summary>Where an arm (0 or 1) grasps the ring, whose axis is its x axis: PSM1 at +y, PSM2 near the top.</summary>
    public static void Place<T>(in Frame<T> ring, int arm, float scale, out Frame<T> place) where T : unmanaged, ILane<T>
    {
        float r = Radius * scale;
        if (arm == 0) BodyFrames.On(in ring, 0, r, 0, 0, out place);
        else BodyFrames.On(in ring, 0, -r * MathF.Sin(s_lean), r * MathF.Cos(s_lean), 0, out place);
    }

    /// <summary>Capsules along the sides of a polygon, in the plane of y and z.</summary>
    private static CompoundShape RingOf(float scale)
    {
        var parts = new CompoundPart[Parts];
        float middle = Radius * MathF.Cos(MathF.PI / Parts), length = 2 * Radius * MathF.Sin(MathF.PI / Parts);
        for (int i = 0; i < Parts; i++)
        {
            // Turned about x by this, a capsule's y axis is tangent at the place that the same turn gives the z axis.
            float angle = 2 * MathF.PI * i / Parts;
            var place = new Vector3(0, -MathF.Sin(angle), MathF.Cos(angle)) * middle;
            parts[i] = new CompoundPart(Shape.Capsule(Wire * scale, length * scale), new Pose(place * scale, Quaternion.CreateFromAxisAngle(Vector3.UnitX, angle)));
        }
        return Shape.Compound(parts);
    }
}
