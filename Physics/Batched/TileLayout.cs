using Sim.Physics.Batched.Contacts;
using Sim.Physics.Batched.Joints;
using Sim.Physics.Scenes;

namespace Sim.Physics.Batched;

/// <summary>Where a body's block begins, and what its inertia needs.</summary>
/// <param name="First">First of its rows.</param>
/// <param name="Kind">Who moves it.</param>
/// <param name="Inertia">How its inertia turns with it.</param>
/// <param name="AlwaysJoined">Whether a joint that is never off holds it.</param>
internal readonly record struct BodyPlace(int First, BodyKind Kind, InertiaKind Inertia, bool AlwaysJoined);

/// <summary>How a body's world inertia follows from its orientation.</summary>
internal enum InertiaKind
{
    /// <summary>The same about all axes, or none at all: it does not.</summary>
    Isotropic,

    /// <summary>The same about all axes at right angles to the body's Y axis, as of capsules and cylinders.</summary>
    Axial,

    /// <summary>Principal axes along the body's own.</summary>
    Diagonal,

    Full,
}

/// <summary>A pair of bodies that may touch, and its slot among a tile's rows. A is dynamic.</summary>
/// <param name="A">First body.</param>
/// <param name="B">Second body.</param>
/// <param name="First">First row of the slot.</param>
/// <param name="Capacity">Contacts it holds.</param>
/// <param name="Convex">Whether contacts share one normal; else one body is a compound.</param>
/// <param name="Moves">Whether B is not static.</param>
/// <param name="Spring">How soft its contacts are.</param>
internal readonly record struct PairPlace(int A, int B, int First, int Capacity, bool Convex, bool Moves, ContactSpring Spring)
{
    /// <summary>Rows of scratch.</summary>
    public int ScratchRows => Convex ? ConvexContacts.ScratchRows(Capacity) : GeneralContacts.ScratchRows(Capacity);
}

/// <summary>
/// The rows of one environment of a scene: what stands where, and what stands there at the beginning. Row 0 is the
/// mask of a fault; then bodies, joints and contact slots, in the scene's order.
/// </summary>
internal sealed class TileLayout
{
    /// <summary>Row of the mask of environments that have been stopped.</summary>
    public const int Faulted = 0;

    /// <summary>Pairs that a scene may have. Beyond it detection alone would cost more than a shared simulation.</summary>
    public const int MaximumPairs = 4096;

    private readonly List<float> _initial = [0];

    public TileLayout(Scene scene)
    {
        Scene = scene;
        H = scene.Settings.Timestep / scene.Settings.Substeps;
        var joined = scene.Joints.Where(joint => !joint.Attachable).SelectMany(joint => new[] { joint.A, joint.B ?? joint.A }).ToHashSet();
        Bodies = [.. scene.Bodies.Select((body, index) => Place(body, joined.Contains(new BodyId(index))))];
        Joints = [.. scene.Joints.Select(Place)];
        Collidables = [.. scene.Bodies.Select(body => body.Shape is null ? default(Collidable?) : Collidable.Of(body.Shape))];
        Pairs = [.. PairsOf(scene)];
        Initial = [.. _initial];
    }

    public Scene Scene { get; }

    /// <summary>Length of a substep, seconds.</summary>
    public float H { get; }

    public BodyPlace[] Bodies { get; }

    public JointPlace[] Joints { get; }

    /// <summary>By body; null for a body without a shape.</summary>
    public Collidable?[] Collidables { get; }

    public PairPlace[] Pairs { get; }

    /// <summary>The rows of one environment at the beginning.</summary>
    public float[] Initial { get; }

    public int Rows => Initial.Length;

    /// <summary>Rows of scratch that the joints take.</summary>
    public int JointScratchRows { get; private set; }

    private int Next => _initial.Count;

    /// <summary>What no step could have left in an environment's rows, or null. Any other numbers can be stepped.</summary>
    public string? SnapshotFault(ReadOnlySpan<float> rows)
    {
        for (int i = 0; i < Pairs.Length; i++)
        {
            float count = rows[Pairs[i].First + SlotRows.Count];
            if (!(count >= 0 && count <= Pairs[i].Capacity && count == MathF.Floor(count)))
                return FormattableString.Invariant($"pair {i} has {count} contacts, of at most {Pairs[i].Capacity}");
        }
        return null;
    }

    private BodyPlace Place(Body body, bool joined)
    {
        int first = Next;
        var (p, q) = (body.Pose.Position, body.Pose.UnitOrientation);
        _initial.AddRange([p.X, p.Y, p.Z, q.X, q.Y, q.Z, q.W]);
        var local = body.InverseInertia;
        bool diagonal = local is { YX: 0, ZX: 0, ZY: 0 };
        bool axial = diagonal && local.XX == local.ZZ, isotropic = axial && local.XX == local.YY;
        var inertia = isotropic ? InertiaKind.Isotropic : axial ? InertiaKind.Axial : diagonal ? InertiaKind.Diagonal : InertiaKind.Full;
        if (body.Kind != BodyKind.Static)
        {
            var (v, w) = (body.LinearVelocity, body.AngularVelocity);
            var world = local.Rotated(q);
            if (isotropic) world = local;
            _initial.AddRange([v.X, v.Y, v.Z, w.X, w.Y, w.Z, world.XX, world.YX, world.YY, world.ZX, world.ZY, world.ZZ, body.InverseMass]);
            _initial.AddRange([local.XX, local.YX, local.YY, local.ZX, local.ZY, local.ZZ, 0, 0, 0, 0, 0, 0]);
        }
        return new BodyPlace(first, body.Kind, inertia, joined);
    }

    private JointPlace Place(JointPlacement joint)
    {
        var (parameterRows, scratchRows) = JointStages.Sizes(joint.Joint);
        int enabled = -1;
        if (joint.Attachable)
        {
            enabled = Next;
            _initial.Add(0);
        }
        int first = Next;
        _initial.AddRange(new float[joint.Joint.DegreesOfFreedom]);
        int parameters = Next;
        float[] rows = new float[parameterRows];
        JointRows.Write(joint.Joint, Scene.Settings.LegacySwingLimit, rows, H);
        _initial.AddRange(rows);
        int scratch = JointScratchRows;
        JointScratchRows += scratchRows;
        int a = Bodies[joint.A.Index].First;
        return new JointPlace(a, joint.B is { } b ? Bodies[b.Index].First : a, first, parameters, enabled, scratch);
    }

    private IEnumerable<PairPlace> PairsOf(Scene scene)
    {
        int found = 0;
        for (int i = 0; i < scene.Bodies.Count; i++)
        {
            for (int j = i + 1; j < scene.Bodies.Count; j++)
            {
                if (!scene.MayTouch(new BodyId(i), new BodyId(j))) continue;
                if (++found > MaximumPairs)
                    throw new SceneException($"more than {MaximumPairs} pairs of bodies may touch; give bodies that cannot meet a common collision group, or use the Bepu engine");
                bool first = scene.Bodies[i].Kind == BodyKind.Dynamic;
                yield return Place(scene, first ? i : j, first ? j : i);
            }
        }
    }

    private PairPlace Place(Scene scene, int a, int b)
    {
        Collidable first = Collidables[a]!.Value, second = Collidables[b]!.Value;
        bool convex = !first.IsCompound && !second.IsCompound;
        int capacity = Collidable.Capacity(in first, in second);
        var material = scene.MaterialOf(new BodyId(a), new BodyId(b));
        int row = Next;
        float[] slot = new float[SlotRows.Total(convex, capacity)];
        slot[SlotRows.Friction] = material.Friction;
        _initial.AddRange(slot);
        return new PairPlace(a, b, row, capacity, convex, Bodies[b].Kind != BodyKind.Static, new ContactSpring(Softness.Of(material.Spring, H), material.MaximumRecoveryVelocity));
    }
}
