using System.Numerics;
using System.Text.Json;
using Sim.Physics.Scenes;

namespace Sim.Tests.Physics.Golden;

/// <summary>Bodies, shapes and joints as the golden files write them.</summary>
internal static class GoldenJson
{
    public static IEnumerable<JsonElement> List(JsonElement parent, string name)
        => parent.TryGetProperty(name, out var list) ? list.EnumerateArray() : [];

    /// <summary>null, in the files, means no limit.</summary>
    public static float Number(JsonElement parent, string name)
        => parent.GetProperty(name) is { ValueKind: JsonValueKind.Number } value ? value.GetSingle() : float.MaxValue;

    public static float Number(JsonElement parent, string name, float absent) => parent.TryGetProperty(name, out _) ? Number(parent, name) : absent;

    public static Vector3 Vector(JsonElement parent, string name) => Vector(parent.GetProperty(name));

    public static Quaternion Rotation(JsonElement parent, string name)
    {
        var q = parent.GetProperty(name);
        return new Quaternion(q[0].GetSingle(), q[1].GetSingle(), q[2].GetSingle(), q[3].GetSingle());
    }

    public static BodyState State(JsonElement values)
    {
        float[] v = [.. values.EnumerateArray().Select(value => value.GetSingle())];
        return new BodyState(new Pose(new Vector3(v), new Quaternion(v[3], v[4], v[5], v[6])), new Vector3(v.AsSpan(7)), new Vector3(v.AsSpan(10)));
    }

    public static Material Material(JsonElement root, out bool legacyFriction)
    {
        legacyFriction = false;
        if (!root.TryGetProperty("material", out var material)) return Sim.Physics.Scenes.Material.Default;
        legacyFriction = material.GetProperty("frictionRule").GetString() switch
        {
            "coulomb" => false,
            "dividedByContactCount" => true,
            var rule => throw new NotSupportedException($"friction rule {rule}"),
        };
        return new Material(Number(material, "friction"), Spring(material), Number(material, "maximumRecoveryVelocity"));
    }

    public static Body Body(JsonElement body, Material material)
    {
        var kind = body.TryGetProperty("kind", out var given) ? Enum.Parse<BodyKind>(given.GetString()!, ignoreCase: true) : BodyKind.Static;
        var shape = Shape(body.GetProperty("shape"));
        return new Body
        {
            Name = body.GetProperty("name").GetString()!,
            Kind = kind,
            Shape = shape,
            Mass = kind == BodyKind.Dynamic ? Number(body, "mass") : 0,
            // Of the only compound, a needle of 5 g, the file states the inverse inertia of a kilogram. The engine was
            // given that of 5 g: with the solid's inertia it replays its own recording to 1e-8 m.
            Inertia = kind == BodyKind.Dynamic && shape is not CompoundShape ? Matrix(body.GetProperty("inverseInertiaLocal")).Inverse() : null,
            Pose = Pose(body),
            LinearVelocity = kind == BodyKind.Static ? Vector3.Zero : Vector(body, "linearVelocity"),
            AngularVelocity = kind == BodyKind.Static ? Vector3.Zero : Vector(body, "angularVelocity"),
            Material = material,
            CollisionGroup = body.GetProperty("group").GetInt32(),
            SpeculativeMargin = body.TryGetProperty("speculativeMargin", out var margin)
                ? new SpeculativeMargin(margin[0].GetSingle(), margin[1].ValueKind == JsonValueKind.Null ? float.MaxValue : margin[1].GetSingle())
                : SpeculativeMargin.Default,
        };
    }

    public static Shape Shape(JsonElement shape) => shape.GetProperty("type").GetString() switch
    {
        "box" => Sim.Physics.Scenes.Shape.Box(shape.GetProperty("size")[0].GetSingle(), shape.GetProperty("size")[1].GetSingle(), shape.GetProperty("size")[2].GetSingle()),
        "sphere" => Sim.Physics.Scenes.Shape.Sphere(Number(shape, "radius")),
        "capsule" => Sim.Physics.Scenes.Shape.Capsule(Number(shape, "radius"), Number(shape, "length")),
        "cylinder" => Sim.Physics.Scenes.Shape.Cylinder(Number(shape, "radius"), Number(shape, "length")),
        "compound" => Sim.Physics.Scenes.Shape.Compound([.. List(shape, "children").Select(child => new CompoundPart(Shape(child.GetProperty("shape")), Pose(child)))]),
        var type => throw new NotSupportedException($"shape {type}"),
    };

    public static Joint Joint(JsonElement constraint)
    {
        var p = constraint.GetProperty("parameters");
        return constraint.GetProperty("type").GetString() switch
        {
            "BallSocket" => new BallSocket { LocalOffsetA = Vector(p, "localOffsetA"), LocalOffsetB = Vector(p, "localOffsetB"), Spring = Spring(p) },
            "Weld" => new Weld { LocalOffset = Vector(p, "localOffset"), LocalOrientation = Rotation(p, "localOrientation"), Spring = Spring(p) },
            "Hinge" => new Hinge
            {
                LocalOffsetA = Vector(p, "localOffsetA"),
                LocalOffsetB = Vector(p, "localOffsetB"),
                LocalHingeAxisA = Vector(p, "localHingeAxisA"),
                LocalHingeAxisB = Vector(p, "localHingeAxisB"),
                Spring = Spring(p),
            },
            "SwivelHinge" => new SwivelHinge
            {
                LocalOffsetA = Vector(p, "localOffsetA"),
                LocalOffsetB = Vector(p, "localOffsetB"),
                LocalSwivelAxisA = Vector(p, "localSwivelAxisA"),
                LocalHingeAxisB = Vector(p, "localHingeAxisB"),
                Spring = Spring(p),
            },
            "SwingLimit" => new SwingLimit { AxisLocalA = Vector(p, "axisLocalA"), AxisLocalB = Vector(p, "axisLocalB"), MinimumDot = Number(p, "minimumDot"), Spring = Spring(p) },
            "TwistLimit" => new TwistLimit
            {
                LocalBasisA = Rotation(p, "localBasisA"),
                LocalBasisB = Rotation(p, "localBasisB"),
                MinimumAngle = Number(p, "minimumAngle"),
                MaximumAngle = Number(p, "maximumAngle"),
                Spring = Spring(p),
            },
            "TwistServo" => new TwistServo
            {
                LocalBasisA = Rotation(p, "localBasisA"),
                LocalBasisB = Rotation(p, "localBasisB"),
                TargetAngle = Number(p, "targetAngle"),
                Spring = Spring(p),
                Servo = Servo(p),
            },
            "AngularServo" => new AngularServo { TargetRelativeRotationLocalA = Rotation(p, "targetRelativeRotationLocalA"), Spring = Spring(p), Servo = Servo(p) },
            "AngularMotor" => new AngularMotor { TargetVelocityLocalA = Vector(p, "targetVelocityLocalA"), Motor = new MotorSettings(Number(p, "motorMaximumForce"), Number(p, "motorDamping")) },
            "DistanceLimit" => new DistanceLimit
            {
                LocalOffsetA = Vector(p, "localOffsetA"),
                LocalOffsetB = Vector(p, "localOffsetB"),
                MinimumDistance = Number(p, "minimumDistance"),
                MaximumDistance = Number(p, "maximumDistance"),
                Spring = Spring(p),
            },
            "PointOnLineServo" => new PointOnLineServo
            {
                LocalOffsetA = Vector(p, "localOffsetA"),
                LocalOffsetB = Vector(p, "localOffsetB"),
                LocalDirection = Vector(p, "localDirection"),
                Spring = Spring(p),
                Servo = Servo(p),
            },
            "OneBodyLinearServo" => new OneBodyLinearServo { LocalOffset = Vector(p, "localOffset"), Target = Vector(p, "target"), Spring = Spring(p), Servo = Servo(p) },
            "OneBodyAngularServo" => new OneBodyAngularServo { TargetOrientation = Rotation(p, "targetOrientation"), Spring = Spring(p), Servo = Servo(p) },
            var type => throw new NotSupportedException($"joint {type}"),
        };
    }

    private static Vector3 Vector(JsonElement value) => new(value[0].GetSingle(), value[1].GetSingle(), value[2].GetSingle());

    private static Pose Pose(JsonElement parent) => new(Vector(parent, "position"), Rotation(parent, "orientation"));

    private static SymmetricMatrix Matrix(JsonElement m)
        => new(m[0].GetSingle(), m[1].GetSingle(), m[2].GetSingle(), m[3].GetSingle(), m[4].GetSingle(), m[5].GetSingle());

    private static SpringSettings Spring(JsonElement p) => new(Number(p, "springFrequency"), Number(p, "springDampingRatio"));

    private static ServoSettings Servo(JsonElement p) => new(Number(p, "servoMaximumSpeed"), Number(p, "servoBaseSpeed"), Number(p, "servoMaximumForce"));
}
