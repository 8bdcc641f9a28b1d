using System.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Physics.Benchmarks;

/// <summary>
/// A peg board with six blocks and a needle that two fingers pick up, hold, lay down and release, for ever. All lengths
/// are five times those of the instruments, masses and gravity are not.
/// </summary>
internal sealed class SurgicalScene : BenchmarkScene
{
    private const float Scale = 5, Millimetre = Scale * 1e-3f, Timestep = 1f / 240;

    private const float PegRadius = 1.5f * Millimetre, PegHeight = 17 * Millimetre, PegSpacing = 20 * Millimetre;
    private const int PegsInRow = 6;

    private const float BlockWidth = 10 * Millimetre, BlockHeight = 14 * Millimetre, BlockMass = 0.01f;

    private const int NeedleParts = 8, GrippedPart = 3;
    private const float NeedleRadius = 20 * Millimetre, TubeRadius = 1 * Millimetre, NeedleMass = 0.01f;

    /// <summary>Half of the angle of one part, and the distance of its middle from the needle's centre.</summary>
    private const float HalfAngle = MathF.PI / NeedleParts / 2;

    private static readonly float s_apothem = NeedleRadius * MathF.Cos(HalfAngle);

    /// <summary>Along the tube, across it, and up.</summary>
    private const float FingerWidth = 6 * Millimetre, FingerThickness = 3 * Millimetre, FingerHeight = 10 * Millimetre;

    private const float ShaftRadius = 4 * Millimetre, ShaftLength = 30 * Millimetre;

    /// <summary>Between the fingers' tips and the board when they are down.</summary>
    private const float Clearance = 0.3f * Millimetre;

    /// <summary>Between each finger and the tube. Closed they press 1.5 mm into it: 60 Hz and 10 g make that 2 N a contact, and of the friction a torque several times that of the needle's weight.</summary>
    private const float Open = 3 * Millimetre, Closed = -0.3f * Millimetre;

    private const float Hover = 30 * Millimetre, Lift = 15 * Millimetre;

    private static readonly Material s_material = new(1, new SpringSettings(60, 1), 2);

    private static readonly Quaternion s_upright = Quaternion.CreateFromAxisAngle(Vector3.UnitX, MathF.PI / 2);

    /// <summary>The centre of the half circle of which the needle is made, on the board.</summary>
    private static readonly Vector3 s_circle = new(0, -40 * Millimetre, 0);

    /// <summary>The cycle: down, close, lift, hold, lay down, open, up, wait.</summary>
    private static readonly ToolKey[] s_keys =
    [
        new(0, Hover, Open), new(120, 0, Open), new(180, 0, Closed), new(300, Lift, Closed), new(360, Lift, Closed),
        new(480, 0, Closed), new(540, 0, Open), new(660, Hover, Open), new(720, Hover, Open),
    ];

    public override string Name => "surgical";

    public override string Summary => "12 pegs, 6 blocks, and a needle of 8 capsules that fingers pick up and lay down";

    public override int Environments => 512;

    public override int Substeps => 4;

    public override int Period => s_keys[^1].Step;

    public override int PhaseSteps => 45;

    public override Scene Build(int substeps)
    {
        var builder = new SceneBuilder(new SceneSettings { Timestep = Timestep, Substeps = substeps });
        builder.AddStatic("board", Shape.Plane(), Pose.Identity, s_material);
        for (int i = 0; i < 2 * PegsInRow; i++)
            builder.AddStatic($"peg {i}", Shape.Capsule(PegRadius, PegHeight - (2 * PegRadius)), new Pose(Peg(i) + new Vector3(0, 0, PegHeight / 2), s_upright), s_material);
        for (int i = 0; i < 6; i++)
            builder.AddDynamic($"block {i}", Shape.Box(BlockWidth, BlockWidth, BlockHeight), BlockMass, Block(i), s_material);
        AddNeedle(builder);
        builder.AddKinematic("shaft", Shape.Capsule(ShaftRadius, ShaftLength), new Pose(Shaft(0), s_upright), s_material);
        var finger = Shape.Box(FingerWidth, FingerThickness, FingerHeight);
        builder.AddKinematic("inner finger", finger, Finger(-1, 0), s_material);
        builder.AddKinematic("outer finger", finger, Finger(1, 0), s_material);
        return builder.Build();
    }

    public override IReadOnlyList<DriveTrack> Drive(Scene scene) =>
    [
        DriveTrack.Along(scene.Body("shaft"), Period, Timestep, Shaft),
        DriveTrack.Along(scene.Body("inner finger"), Period, Timestep, step => Finger(-1, step)),
        DriveTrack.Along(scene.Body("outer finger"), Period, Timestep, step => Finger(1, step)),
    ];

    private static Vector3 Peg(int index)
    {
        float row = index < PegsInRow ? 13 * Millimetre : 43 * Millimetre;
        return new Vector3(((index % PegsInRow) - (0.5f * (PegsInRow - 1))) * PegSpacing, row, 0);
    }

    /// <summary>Beside every other peg: those of the first row touch it, those of the second stand 1 mm (× 5) off.</summary>
    private static Vector3 Block(int index)
    {
        bool touches = index < 3;
        var peg = Peg(touches ? 2 * index : PegsInRow + (2 * (index - 3)));
        return peg + new Vector3(PegRadius + (BlockWidth / 2) + (touches ? 0 : 1 * Millimetre), 0, BlockHeight / 2);
    }

    /// <summary>Half a circle of capsules whose half balls share their centres, lying on the board, with the gripped capsule along X.</summary>
    private static void AddNeedle(SceneBuilder builder)
    {
        float chord = 2 * NeedleRadius * MathF.Sin(HalfAngle);
        var parts = new CompoundPart[NeedleParts];
        for (int i = 0; i < NeedleParts; i++)
        {
            float angle = (MathF.PI / 2) + ((i - GrippedPart) * 2 * HalfAngle);
            var middle = s_apothem * new Vector3(MathF.Cos(angle), MathF.Sin(angle), 0);
            parts[i] = new CompoundPart(Shape.Capsule(TubeRadius, chord), new Pose(middle, Quaternion.CreateFromAxisAngle(Vector3.UnitZ, angle)));
        }
        var needle = new CompoundShape(parts).Centred(out var centre);
        builder.AddDynamic("needle", needle, NeedleMass, s_circle + new Vector3(0, 0, TubeRadius) + centre, s_material);
    }

    private static Vector3 Finger(int side, int step)
    {
        var (height, opening) = ToolKey.At(s_keys, step);
        return s_circle + new Vector3(0, s_apothem + (side * (TubeRadius + opening + (FingerThickness / 2))), Clearance + (FingerHeight / 2) + height);
    }

    private static Vector3 Shaft(int step)
    {
        float height = ToolKey.At(s_keys, step).Height;
        return s_circle + new Vector3(0, s_apothem, Clearance + FingerHeight + ShaftRadius + (ShaftLength / 2) + height);
    }
}
