using System.Globalization;
using System.Numerics;
using Sim.Physics.Benchmarks;
using Sim.Physics.Scenes;

namespace Sim.Bench.Physics;

/// <summary>
/// Writes a benchmark scene as lines of words, for the programs in <c>bench/peers</c>. It knows what those scenes hold
/// and refuses the rest. Orientations are (x, y, z, w), inertias (xx, yx, yy, zx, zy, zz).
/// </summary>
public static class PeerScene
{
    /// <exception cref="ArgumentException">No scene of that name.</exception>
    /// <exception cref="NotSupportedException">The scene holds what the format has no word for.</exception>
    public static void Write(string name, TextWriter target)
    {
        var description = BenchmarkScene.Find(name);
        var scene = description.Build(description.Substeps);
        Line(target, "scene", description.Name);
        Line(target, "settings", scene.Settings.Gravity, scene.Settings.Timestep, scene.Settings.Substeps);
        for (int i = 0; i < scene.Bodies.Count; i++) WriteBody(scene, new BodyId(i), target);
        foreach (var joint in scene.Joints) WriteJoint(joint, target);
        foreach (var track in description.Drive(scene)) WriteTrack(track, target);
        Line(target, "end");
    }

    private static void WriteBody(Scene scene, BodyId id, TextWriter target)
    {
        var body = scene.Bodies[id.Index];
        RefuseRules(scene, id);
        var inertia = body.Kind == BodyKind.Dynamic ? body.Inertia ?? body.Shape!.Inertia(body.Mass) : default;
        Line(target, "body", Word(body.Name), Word(body.Kind.ToString()), body.CollisionGroup, body.Pose, body.Mass, inertia);
        Line(target, "material", body.Material.Friction, body.Material.Spring.Frequency, body.Material.Spring.DampingRatio);
        if (body.Shape is CompoundShape compound)
        {
            foreach (var part in compound.Parts) WriteShape(part.Shape, part.Pose, target);
        }
        else if (body.Shape is { } shape) WriteShape(shape, Pose.Identity, target);
    }

    /// <summary>The format knows collision groups and materials of bodies, not rules for pairs.</summary>
    private static void RefuseRules(Scene scene, BodyId id)
    {
        var body = scene.Bodies[id.Index];
        for (int i = 0; i < id.Index; i++)
        {
            var (otherId, other) = (new BodyId(i), scene.Bodies[i]);
            bool pushed = body.Kind == BodyKind.Dynamic || other.Kind == BodyKind.Dynamic;
            bool apart = body.CollisionGroup != 0 && body.CollisionGroup == other.CollisionGroup;
            bool expected = pushed && !apart && body.Shape is not null && other.Shape is not null;
            if (scene.MayTouch(id, otherId) != expected || scene.MaterialOf(id, otherId) != Material.Combine(body.Material, other.Material))
                throw new NotSupportedException($"the peers' format has no rule for the pair '{other.Name}', '{body.Name}'");
        }
    }

    private static void WriteShape(Shape shape, Pose pose, TextWriter target)
    {
        switch (shape)
        {
            case PlaneShape: Line(target, "plane", pose); break;
            case BoxShape box: Line(target, "box", pose, new Vector3(box.X, box.Y, box.Z)); break;
            case CapsuleShape capsule: Line(target, "capsule", pose, capsule.Radius, capsule.Length); break;
            default: throw new NotSupportedException($"the peers' format has no {shape.GetType().Name}");
        }
    }

    private static void WriteJoint(JointPlacement joint, TextWriter target)
    {
        int a = joint.A.Index, b = joint.B?.Index ?? throw new NotSupportedException($"the peers' format has no joint on one body: '{joint.Name}'");
        switch (joint.Joint)
        {
            case BallSocket socket: Line(target, "socket", a, b, socket.LocalOffsetA, socket.LocalOffsetB, socket.Spring.Frequency); break;
            case SwingLimit swing: Line(target, "swing", a, b, MathF.Acos(swing.MinimumDot), swing.Spring.Frequency); break;
            case TwistServo twist: Line(target, "twist", a, b, twist.Spring.Frequency, twist.Spring.DampingRatio, twist.Servo.MaximumForce); break;
            default: throw new NotSupportedException($"the peers' format has no {joint.Joint.GetType().Name}: '{joint.Name}'");
        }
    }

    private static void WriteTrack(DriveTrack track, TextWriter target)
    {
        Line(target, "drive", Word(track.Kind.ToString()), track.Body.Index, track.Period);
        for (int step = 0; step < track.Period; step++)
        {
            foreach (float number in track.Rows.Span.Slice(6 * step, 6)) target.Write(string.Create(CultureInfo.InvariantCulture, $"{number:g9} "));
            target.WriteLine();
        }
    }

    private static void Line(TextWriter target, params ReadOnlySpan<object> words)
    {
        for (int i = 0; i < words.Length; i++)
        {
            if (i > 0) target.Write(' ');
            target.Write(Words(words[i]));
        }
        target.WriteLine();
    }

    private static string Words(object value) => value switch
    {
        Vector3 v => string.Create(CultureInfo.InvariantCulture, $"{v.X:g9} {v.Y:g9} {v.Z:g9}"),
        Pose p => string.Create(CultureInfo.InvariantCulture, $"{Words(p.Position)} {p.Orientation.X:g9} {p.Orientation.Y:g9} {p.Orientation.Z:g9} {p.Orientation.W:g9}"),
        SymmetricMatrix m => string.Create(CultureInfo.InvariantCulture, $"{m.XX:g9} {m.YX:g9} {m.YY:g9} {m.ZX:g9} {m.ZY:g9} {m.ZZ:g9}"),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static string Word(string name) => name.Replace(' ', '-').ToLowerInvariant();
}
