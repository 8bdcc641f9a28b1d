using System.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Physics.Benchmarks;

/// <summary>
/// A rope over two boxes whose one end a kinematic grip leads on a circle, so that it slides over four edges all the
/// time; its other end hangs free. Springs and limits are those of the golden scene <c>bepu_rope_drape</c>. The rope
/// does not collide with itself.
/// </summary>
internal sealed class RopeScene : BenchmarkScene
{
    private const int Segments = 32;

    /// <summary>Segments that begin flat; the next three bend down by 22.5° each and the rest hang, so that nothing whips at the start.</summary>
    private const int FlatSegments = 17, BendingSegments = 3;

    private const float Pitch = 0.04f, Radius = 0.01f, SegmentMass = 0.01f, Timestep = 1f / 240;

    /// <summary>Metres: the tops of the boxes, on which the flat part of the rope lies at the beginning.</summary>
    private const float TopHeight = 0.3f;

    /// <summary>Metres: the grip's circle, which it begins at its outermost point, where the rope is straight.</summary>
    private const float CircleRadius = 0.06f;

    private const int RopeGroup = 1;

    private static readonly Material s_material = new(0.4f, new SpringSettings(30, 1), 2);

    /// <summary>Turns a basis's Z axis onto a capsule's Y axis.</summary>
    private static readonly Quaternion s_twistBasis = Quaternion.CreateFromAxisAngle(Vector3.UnitX, -MathF.PI / 2);

    /// <summary>Turns a capsule's Y axis onto the world's X axis.</summary>
    private static readonly Quaternion s_flat = Quaternion.CreateFromAxisAngle(Vector3.UnitZ, -MathF.PI / 2);

    public override string Name => "rope";

    public override string Summary => "32 capsules draped over two boxes, one end led on a circle";

    public override int Environments => 512;

    /// <summary>Sockets of 240 Hz hold well from 6 × 240 Hz / 240 Hz = 6 substeps on.</summary>
    public override int Substeps => 8;

    public override int Period => 480;

    public override int PhaseSteps => 30;

    private static Vector3 GripStart => new(0, 0, TopHeight + Radius);

    public override Scene Build(int substeps)
    {
        var builder = new SceneBuilder(new SceneSettings { Timestep = Timestep, Substeps = substeps });
        foreach (var (name, x) in new[] { ("near box", 0.28f), ("far box", 0.58f) })
            builder.AddStatic(name, Shape.Box(0.16f, 0.4f, TopHeight), new Vector3(x, 0, TopHeight / 2), s_material);
        var previous = builder.AddKinematic("grip", null, GripStart);
        var joint = GripStart;
        // Half balls of neighbours share their centre: the joint.
        var shape = Shape.Capsule(Radius, Pitch);
        for (int i = 0; i < Segments; i++)
        {
            float dip = MathF.PI / 8 * Math.Clamp(i + 1 - FlatSegments, 0, BendingSegments + 1);
            var along = new Vector3(MathF.Cos(dip), 0, -MathF.Sin(dip));
            var segment = builder.Add(new Body
            {
                Name = $"segment {i}",
                Kind = BodyKind.Dynamic,
                Shape = shape,
                Mass = SegmentMass,
                Pose = new Pose(joint + (Pitch / 2 * along), Quaternion.CreateFromAxisAngle(Vector3.UnitY, dip) * s_flat),
                Material = s_material,
                CollisionGroup = RopeGroup,
            });
            Join(builder, previous, segment, i);
            previous = segment;
            joint += Pitch * along;
        }
        return builder.Build();
    }

    public override IReadOnlyList<DriveTrack> Drive(Scene scene) => [DriveTrack.Along(scene.Body("grip"), Period, Timestep, Circle)];

    private static void Join(SceneBuilder builder, BodyId previous, BodyId segment, int index)
    {
        var half = new Vector3(0, Pitch / 2, 0);
        builder.Join($"socket {index}", previous, segment, new BallSocket { LocalOffsetA = index == 0 ? Vector3.Zero : half, LocalOffsetB = -half, Spring = new SpringSettings(240, 1) });
        if (index == 0) return;
        builder.Join($"swing {index}", previous, segment, new SwingLimit { MinimumDot = MathF.Cos(MathF.PI / 4), Spring = new SpringSettings(60, 1) });
        builder.Join($"twist {index}", previous, segment, new TwistServo
        {
            LocalBasisA = s_twistBasis,
            LocalBasisB = s_twistBasis,
            Spring = new SpringSettings(15, 1),
            Servo = new ServoSettings(10, 0, 1),
        });
    }

    private Vector3 Circle(int step)
    {
        var (sin, cos) = MathF.SinCos(MathF.Tau * step / Period);
        return GripStart + (CircleRadius * new Vector3(1 - cos, sin, 0));
    }
}
