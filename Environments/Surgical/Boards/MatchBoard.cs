using System.Numerics;
using Sim.Environments.Surgical.Manipulation;
using Sim.Physics.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Environments.Surgical.Boards;

/// <summary>
/// A board of 3 × 3 slots, 72 mm square, whose rows along y are covered by a lid each. Lids slide along y on rails and
/// have a handle in their middle. Beside the board lies the piece: a staple that stands on two legs. Nominal metres.
/// </summary>
public static class MatchBoard
{
    /// <summary>Rows, and slots of a row.</summary>
    public const int Rows = 3, Cells = 3;

    /// <summary>How far a lid slides.</summary>
    public const float Travel = 0.06f;

    /// <summary>The table's top.</summary>
    public const float Table = 0.676f;

    /// <summary>Middle of the board.</summary>
    public const float X = 0.56f, Y = 0;

    /// <summary>Between the middles of neighbouring slots, half of the board, and half of a slot along x and y.</summary>
    private const float Spacing = 0.024f, HalfBoard = 0.036f, HalfSlotX = 0.01f, HalfSlotY = 0.003f;

    /// <summary>Height of the rails, and by how much what is between the slots stays below their top.</summary>
    private const float Rail = 0.01f, Below = 0.0002f;

    /// <summary>By how much the guide presses a lid into its rails, so that it stays where it is left.</summary>
    private const float Press = 0.0002f;

    /// <summary>The far end of the guide, from which the lid's travel is measured.</summary>
    private const float GuideEnd = 0.1f;

    /// <summary>Lids and board do not collide with each other; lids and rails do.</summary>
    private const int Group = 2;

    private static readonly Vector3 s_slab = new(0.022f, 0.058f, 0.001f), s_handle = new(0.006f, 0.003f, 0.006f);

    private static readonly Vector3 s_bar = new(0.0156f, 0.00384f, 0.0032f), s_leg = new(0.0032f, 0.00384f, 0.0064f);

    /// <summary>Centre of mass of a lid over its lower face, and of the piece over the soles of its legs.</summary>
    private static readonly Vector3 s_lidCentre = CentreOf(LidParts(1)), s_pieceCentre = CentreOf(PieceParts(1));

    /// <summary>The lid of a row.</summary>
    public static BodyId Lid(int row) => new(Gripper.Bodies + row);

    /// <summary>The piece, whose body follows the lids'.</summary>
    public static BodyId Piece => new(Gripper.Bodies + Rows);

    /// <summary>Things to grasp: the lids by their handles, then the piece.</summary>
    public const int Things = Rows + 1;

    public static Graspable Thing(int index) => new(new(Gripper.Bodies + index), new(index), 0.5f * (index < Rows ? s_handle.Z : s_bar.Z));

    /// <summary>Height of the piece's centre of mass when it stands on the table or in a slot.</summary>
    public static float PieceHeight => Table + s_pieceCentre.Z;

    /// <summary>Height of a handle's centre.</summary>
    public static float HandleHeight => LidHeight + HandleOverLid;

    private static float LidHeight => Table + Rail + s_lidCentre.Z;

    private static float HandleOverLid => s_slab.Z + (s_handle.Z / 2) - s_lidCentre.Z;

    /// <summary>Middle of a row or slot along its axis, from the board's.</summary>
    public static float Offset(int index) => (index - 1) * Spacing;

    /// <summary>Adds lids and piece, then how they are grasped, then the board and what guides the lids.</summary>
    public static void Add(SceneBuilder builder, float lidMass, float pieceMass, float scale)
    {
        for (int row = 0; row < Rows; row++)
        {
            builder.Add(new Body
            {
                Name = $"lid {row}",
                Kind = BodyKind.Dynamic,
                Shape = Shape.Compound(LidParts(scale)).Centred(out _),
                Mass = lidMass,
                Pose = new Vector3(X + Offset(row), Y, LidHeight) * scale,
                Material = ManipulationScene.Surface,
                CollisionGroup = Group,
            });
        }
        builder.AddDynamic("piece", Shape.Compound(PieceParts(scale)).Centred(out _), pieceMass, new Vector3(X - 0.06f, Y, PieceHeight) * scale, ManipulationScene.Surface);
        for (int i = 0; i < Things; i++) ManipulationScene.MakeGraspable(builder, Thing(i).Body, arms: 1);
        builder.AddStatic("table", Shape.Plane(), new Vector3(0, 0, Table * scale), ManipulationScene.Surface);
        AddGuides(builder, scale);
        AddRails(builder, scale);
        AddBetween(builder, scale);
    }

    /// <summary>The middle of a handle, given its lid's frame.</summary>
    public static void Handle<T>(in Frame<T> lid, float scale, out Frame<T> place) where T : unmanaged, ILane<T>
        => BodyFrames.On(in lid, 0, 0, HandleOverLid * scale, MathF.PI / 2, out place);

    /// <summary>Where the piece is grasped: the middle of its bar, across.</summary>
    public static void Place<T>(in Frame<T> piece, float scale, out Frame<T> place) where T : unmanaged, ILane<T>
        => BodyFrames.On(in piece, 0, 0, (s_leg.Z + (s_bar.Z / 2) - s_pieceCentre.Z) * scale, MathF.PI / 2, out place);

    /// <summary>A lid keeps to its line, upright, between closed and open.</summary>
    private static void AddGuides(SceneBuilder builder, float scale)
    {
        var guide = builder.AddKinematic("guide", null, new Vector3(X, Y, LidHeight) * scale);
        for (int row = 0; row < Rows; row++)
        {
            builder.Join($"line of lid {row}", guide, Lid(row), new PointOnLineServo { LocalOffsetA = new Vector3(Offset(row), 0, -Press) * scale, LocalDirection = Vector3.UnitY });
            builder.Join($"turn of lid {row}", Lid(row), new OneBodyAngularServo());
            builder.Join($"travel of lid {row}", guide, Lid(row), new DistanceLimit
            {
                LocalOffsetA = new Vector3(Offset(row), -GuideEnd, 0) * scale,
                MinimumDistance = GuideEnd * scale,
                MaximumDistance = (GuideEnd + Travel) * scale,
            });
        }
    }

    /// <summary>Along y, between the rows and at the board's sides, and on beyond the board under open lids.</summary>
    private static void AddRails(SceneBuilder builder, float scale)
    {
        for (int i = 0; i <= Rows; i++)
        {
            float low = i == 0 ? -HalfBoard : Offset(i - 1) + HalfSlotX, high = i == Rows ? HalfBoard : Offset(i) - HalfSlotX;
            builder.AddStatic($"rail {i}", Shape.Box((high - low) * scale, ((2 * HalfBoard) + Travel) * scale, Rail * scale),
                new Vector3(X + (0.5f * (low + high)), Y + (Travel / 2), Table + (Rail / 2)) * scale, ManipulationScene.Surface);
        }
    }

    /// <summary>Along x, between the slots of all rows.</summary>
    private static void AddBetween(SceneBuilder builder, float scale)
    {
        float height = Rail - Below;
        for (int i = 0; i <= Cells; i++)
        {
            float low = i == 0 ? -HalfBoard : Offset(i - 1) + HalfSlotY, high = i == Cells ? HalfBoard : Offset(i) - HalfSlotY;
            builder.Add(new Body
            {
                Name = $"between slots {i}",
                Kind = BodyKind.Static,
                Shape = Shape.Box(2 * HalfBoard * scale, (high - low) * scale, height * scale),
                Pose = new Vector3(X, Y + (0.5f * (low + high)), Table + (height / 2)) * scale,
                Material = ManipulationScene.Surface,
                CollisionGroup = Group,
            });
        }
    }

    private static CompoundPart[] LidParts(float scale) =>
    [
        Part(s_slab, new Vector3(0, 0, s_slab.Z / 2), scale),
        Part(s_handle, new Vector3(0, 0, s_slab.Z + (s_handle.Z / 2)), scale),
    ];

    private static CompoundPart[] PieceParts(float scale)
    {
        float side = 0.5f * (s_bar.X - s_leg.X);
        return
        [
            Part(s_bar, new Vector3(0, 0, s_leg.Z + (s_bar.Z / 2)), scale),
            Part(s_leg, new Vector3(-side, 0, s_leg.Z / 2), scale),
            Part(s_leg, new Vector3(side, 0, s_leg.Z / 2), scale),
        ];
    }

    private static CompoundPart Part(Vector3 size, Vector3 place, float scale) => new(Shape.Box(size.X * scale, size.Y * scale, size.Z * scale), place * scale);

    private static Vector3 CentreOf(CompoundPart[] parts)
    {
        Shape.Compound(parts).Centred(out var centre);
        return centre;
    }
}
