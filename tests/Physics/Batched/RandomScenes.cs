using System.Numerics;
using Sim.Physics.Batched;
using Sim.Physics.Scenes;
using Sim.Physics.Worlds;

namespace Sim.Tests.Physics.Batched;

/// <summary>What a random scene came to.</summary>
/// <param name="Steps">Environment steps taken.</param>
/// <param name="Faults">Environments that were stopped, once for each time.</param>
internal readonly record struct RandomOutcome(int Steps, int Faults);

/// <summary>Random scenes of all shapes and joints, from sensible to absurd, under random actions.</summary>
internal static class RandomScenes
{
    private const int Environments = 9;

    public static RandomOutcome Run(int seed, int steps)
    {
        var random = new Random(seed);
        var scene = Build(random);
        using var world = new BatchedWorld(scene, Environments, threads: 1, lanes: random.Next(4) == 0 ? 1 : 8);
        int faults = 0;
        for (int step = 0; step < steps; step++)
        {
            Act(random, world);
            world.Step();
            for (int k = 0; k < world.Count; k++)
            {
                if (!IsFinite(world, k)) throw new InvalidOperationException($"seed {seed}, step {step}: environment {k} is not finite and reads {world.Fault(k)}");
                if (world.Fault(k) == EnvironmentFault.None) continue;
                faults++;
                if (random.Next(2) == 0) world.Reset(k);
            }
        }
        return new RandomOutcome(steps * Environments, faults);
    }

    /// <summary>Poses, velocities, joint impulses and contact readings; a flagged environment is finite too, since it stands at its last good state.</summary>
    public static bool IsFinite(BatchedWorld world, int environment)
    {
        for (int i = 0; i < world.Scene.Bodies.Count; i++)
        {
            var state = world.Body(environment, new BodyId(i));
            var q = state.Pose.Orientation;
            if (!IsFinite(state.Pose.Position) || !IsFinite(state.LinearVelocity) || !IsFinite(state.AngularVelocity) || !float.IsFinite(q.X + q.Y + q.Z + q.W)) return false;
        }
        return true;
    }

    private static bool IsFinite(Vector3 v) => float.IsFinite(v.X) && float.IsFinite(v.Y) && float.IsFinite(v.Z);

    private static Scene Build(Random random)
    {
        var builder = new SceneBuilder(new SceneSettings
        {
            Gravity = Direction(random) * Pick(random, 0, 9.81f, 100),
            Timestep = Pick(random, 1f / 240, 1f / 60, 1f / 1000, 0.1f),
            Substeps = random.Next(1, 9),
            VelocityIterations = random.Next(1, 3),
            LinearDamping = random.NextSingle() * 0.5f,
            AngularIntegration = (AngularIntegrationMode)random.Next(3),
            SubstepUnconstrainedBodies = random.Next(2) == 0,
            LegacyFriction = random.Next(4) == 0,
            LegacySwingLimit = random.Next(4) == 0,
        });
        var ids = new List<BodyId>();
        int dynamic = random.Next(1, 8);
        for (int i = 0; i < dynamic; i++) ids.Add(builder.Add(Dynamic(random, i)));
        int kinematic = random.Next(0, 3);
        for (int i = 0; i < kinematic; i++) ids.Add(builder.AddKinematic($"kinematic {i}", random.Next(3) == 0 ? null : Primitive(random), RandomPose(random)));
        if (random.Next(2) == 0) builder.AddStatic("ground", Shape.Plane(), new Vector3(0, 0, -0.5f), Surface(random));
        if (random.Next(2) == 0) builder.AddStatic("block", Primitive(random), RandomPose(random), Surface(random));
        int joints = random.Next(0, 8);
        for (int i = 0; i < joints; i++) TryJoin(builder, random, ids, dynamic, i);
        return builder.Build();
    }

    private static Body Dynamic(Random random, int index)
    {
        var shape = random.Next(4) == 0
            ? Shape.Compound([.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => new CompoundPart(Primitive(random), RandomPose(random)))])
            : Primitive(random);
        return new Body
        {
            Name = $"dynamic {index}",
            Kind = BodyKind.Dynamic,
            Shape = shape,
            Mass = Pick(random, 1, 0.01f, 1e-4f, 1000),
            Pose = RandomPose(random),
            LinearVelocity = Direction(random) * Pick(random, 0, 1, 100),
            AngularVelocity = Direction(random) * Pick(random, 0, 1, 300),
            Material = Surface(random),
            CollisionGroup = random.Next(3),
        };
    }

    private static Shape Primitive(Random random) => random.Next(4) switch
    {
        0 => Shape.Sphere(Size(random)),
        1 => Shape.Capsule(Size(random), Size(random)),
        2 => Shape.Cylinder(Size(random), Size(random)),
        _ => Shape.Box(Size(random), Size(random), Size(random)),
    };

    private static void TryJoin(SceneBuilder builder, Random random, List<BodyId> ids, int dynamic, int index)
    {
        var a = ids[random.Next(dynamic)];
        var b = ids[random.Next(ids.Count)];
        var joint = RandomJoint(random);
        bool attachable = random.Next(4) == 0;
        if (joint.Bodies == 1) builder.Join($"joint {index}", a, joint, attachable);
        else if (a != b && random.Next(2) == 0) builder.Join($"joint {index}", a, b, joint, attachable);
        else if (a != b) builder.Join($"joint {index}", b, a, joint, attachable);
    }

    private static Joint RandomJoint(Random random)
    {
        var spring = new SpringSettings(Pick(random, 30, 240, 2, 1000), Pick(random, 1, 0, 0.1f, 5));
        var servo = random.Next(2) == 0 ? ServoSettings.Unlimited : new ServoSettings(Pick(random, 1, 100, 0), Pick(random, 0, 0.1f), Pick(random, 1, 1000, 0));
        Vector3 offsetA = Direction(random) * Size(random), offsetB = Direction(random) * Size(random);
        return random.Next(14) switch
        {
            0 => new BallSocket { LocalOffsetA = offsetA, LocalOffsetB = offsetB, Spring = spring },
            1 => new BallSocketServo { LocalOffsetA = offsetA, LocalOffsetB = offsetB, Spring = spring, Servo = servo },
            2 => new Weld { LocalOffset = offsetA, LocalOrientation = Rotation(random), Spring = spring },
            3 => new Hinge { LocalOffsetA = offsetA, LocalOffsetB = offsetB, LocalHingeAxisA = Direction(random), LocalHingeAxisB = Direction(random), Spring = spring },
            4 => new SwivelHinge { LocalOffsetA = offsetA, LocalOffsetB = offsetB, LocalSwivelAxisA = Direction(random), LocalHingeAxisB = Direction(random), Spring = spring },
            5 => new SwingLimit { AxisLocalA = Direction(random), AxisLocalB = Direction(random), MinimumDot = (random.NextSingle() * 2) - 1, Spring = spring },
            6 => new TwistLimit { LocalBasisA = Rotation(random), LocalBasisB = Rotation(random), MinimumAngle = -random.NextSingle(), MaximumAngle = random.NextSingle(), Spring = spring },
            7 => new TwistServo { LocalBasisA = Rotation(random), LocalBasisB = Rotation(random), TargetAngle = random.NextSingle(), Spring = spring, Servo = servo },
            8 => new AngularServo { TargetRelativeRotationLocalA = Rotation(random), Spring = spring, Servo = servo },
            9 => new AngularMotor { TargetVelocityLocalA = offsetA * 10, Motor = new MotorSettings(Pick(random, float.MaxValue, 1, 0), Pick(random, 1, 1000)) },
            10 => new DistanceLimit { LocalOffsetA = offsetA, LocalOffsetB = offsetB, MinimumDistance = 0.1f, MaximumDistance = 0.1f + random.NextSingle(), Spring = spring },
            11 => new PointOnLineServo { LocalOffsetA = offsetA, LocalOffsetB = offsetB, LocalDirection = Direction(random), Spring = spring, Servo = servo },
            12 => new OneBodyLinearServo { LocalOffset = offsetA, Target = offsetB * 10, Spring = spring, Servo = servo },
            _ => new OneBodyAngularServo { TargetOrientation = Rotation(random), Spring = spring, Servo = servo },
        };
    }

    private static void Act(Random random, BatchedWorld world)
    {
        int environment = random.Next(world.Count);
        var scene = world.Scene;
        var body = new BodyId(random.Next(scene.Bodies.Count));
        var kind = scene.Bodies[body.Index].Kind;
        switch (random.Next(6))
        {
            case 0 when kind == BodyKind.Dynamic:
                world.ApplyWrench(environment, body, Direction(random) * Pick(random, 1, 1e3f, 1e9f), Direction(random) * Pick(random, 0, 1, 1e6f));
                break;
            case 1 when kind == BodyKind.Kinematic:
                world.SetVelocity(environment, body, Direction(random) * Pick(random, 1, 50), Direction(random) * Pick(random, 0, 20));
                break;
            case 2:
                world.SetBody(environment, body, new BodyState(RandomPose(random), Vector3.Zero, Vector3.Zero));
                break;
            case 3 when scene.Joints.Count > 0:
                var joint = new JointId(random.Next(scene.Joints.Count));
                if (!scene.Joints[joint.Index].Attachable) break;
                if (world.IsAttached(environment, joint)) world.Detach(environment, joint);
                else world.Attach(environment, joint);
                break;
            case 4:
                byte[] snapshot = new byte[world.SnapshotBytes];
                world.Snapshot(environment, snapshot);
                world.Restore(random.Next(world.Count), snapshot);
                break;
            default:
                world.ContactForce(environment, body);
                break;
        }
    }

    private static Material Surface(Random random)
        => new(Pick(random, 0.5f, 0, 2), new SpringSettings(Pick(random, 30, 120, 1000), Pick(random, 1, 0, 0.1f)), Pick(random, 2, float.MaxValue, 0));

    private static Pose RandomPose(Random random) => new(Direction(random) * Pick(random, 0.3f, 1, 0), Rotation(random));

    private static float Size(Random random) => Pick(random, 0.1f, 0.3f, 0.01f, 1) * (0.5f + random.NextSingle());

    private static float Pick(Random random, params ReadOnlySpan<float> values) => values[random.Next(values.Length)];

    private static Vector3 Direction(Random random)
    {
        var v = new Vector3(random.NextSingle() - 0.5f, random.NextSingle() - 0.5f, random.NextSingle() - 0.5f);
        return v.LengthSquared() > 1e-4f ? Vector3.Normalize(v) : Vector3.UnitX;
    }

    private static Quaternion Rotation(Random random)
        => random.Next(4) == 0 ? Quaternion.Identity : Quaternion.CreateFromAxisAngle(Direction(random), random.NextSingle() * MathF.Tau);
}
