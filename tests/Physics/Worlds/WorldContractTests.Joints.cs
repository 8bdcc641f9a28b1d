using System.Numerics;
using NUnit.Framework;
using Sim.Physics.Scenes;
using Sim.Physics.Worlds;

namespace Sim.Tests.Physics.Worlds;

public abstract partial class WorldContractTests
{
    /// <summary>Stiff, and still six substeps to a period.</summary>
    private static readonly SpringSettings s_stiff = new(120, 1);

    /// <summary>Metres by which a stiff joint gives under a kilogram or so: g / (2π·120)² is 0.02 mm, and swinging adds to it.</summary>
    private const float JointGap = 1e-3f;

    private static SceneSettings Weighty { get; } = new() { Substeps = 8 };

    [Test]
    public void A_ball_socket_holds_a_swinging_rod()
    {
        var (world, rod) = Hanging(new BallSocket { LocalOffsetB = new Vector3(0, 0, 0.5f), Spring = s_stiff }, sideways: true);
        using var _ = world;
        Run(world, 1);
        Assert.That(End(world, rod).Length(), Is.LessThan(JointGap));
        Assert.That(world.Body(0, rod).Pose.Position.X, Is.LessThan(0.3f), "it swings");
    }

    [Test]
    public void A_ball_socket_servo_lets_go_of_more_than_its_force([Values(0.5f, 2f)] float weights)
    {
        var servo = new ServoSettings(float.MaxValue, 0, weights * Gravity);
        var (world, rod) = Hanging(new BallSocketServo { LocalOffsetB = new Vector3(0, 0, 0.5f), Spring = s_stiff, Servo = servo }, sideways: false);
        using var _ = world;
        Run(world, 0.5f);
        float dropped = -End(world, rod).Z;
        // Half the weight is carried: it falls with half of g.
        if (weights < 1) Assert.That(dropped, Is.EqualTo(Gravity / 2 * 0.125f).Within(2).Percent);
        else Assert.That(dropped, Is.LessThan(JointGap));
    }

    [Test]
    public void A_weld_keeps_a_pose()
    {
        var start = new Pose(new Vector3(0.3f, 0.1f, -0.2f), About(Vector3.UnitY, 0.7f));
        var builder = new SceneBuilder(Weighty);
        var hand = builder.AddKinematic("hand", null, Pose.Identity);
        var box = builder.AddDynamic("box", Shape.Box(0.2f, 0.2f, 0.2f), 1, start);
        builder.Join("weld", hand, box, new Weld { LocalOffset = start.Position, LocalOrientation = start.Orientation, Spring = s_stiff });
        using var world = Create(builder.Build(), 1);
        Run(world, 1);
        Assert.That(Vector3.Distance(world.Body(0, box).Pose.Position, start.Position), Is.LessThan(JointGap));
        Assert.That(Turned(world.Body(0, box).Pose.Orientation, start.Orientation), Is.LessThan(5e-3f));
    }

    [Test]
    public void A_hinge_turns_about_its_axis_alone()
    {
        var (world, rod) = Hanging(new Hinge { LocalOffsetB = new Vector3(0, 0, 0.5f), LocalHingeAxisA = Vector3.UnitY, LocalHingeAxisB = Vector3.UnitY, Spring = s_stiff }, sideways: true);
        using var _ = world;
        for (int i = 0; i < 240; i++)
        {
            world.ApplyWrench(0, rod, new Vector3(0, 1, 0), new Vector3(1, 0, 1));
            world.Step();
        }
        Assert.That(End(world, rod).Length(), Is.LessThan(2 * JointGap));
        Assert.That(Vector3.Transform(Vector3.UnitY, world.Body(0, rod).Pose.Orientation).Y, Is.GreaterThan(0.9999f));
        Assert.That(world.Body(0, rod).Pose.Position.X, Is.LessThan(0.3f), "it swings");
    }

    [Test]
    public void A_swivel_hinge_keeps_its_two_axes_perpendicular()
    {
        var (world, rod) = Hanging(new SwivelHinge { LocalOffsetB = new Vector3(0, 0, 0.5f), LocalSwivelAxisA = Vector3.UnitZ, LocalHingeAxisB = Vector3.UnitY, Spring = s_stiff }, sideways: true);
        using var _ = world;
        for (int i = 0; i < 240; i++)
        {
            world.ApplyWrench(0, rod, new Vector3(0, 2, 0), new Vector3(0.5f, 0, 0));
            world.Step();
        }
        Assert.That(End(world, rod).Length(), Is.LessThan(2 * JointGap));
        Assert.That(Vector3.Transform(Vector3.UnitY, world.Body(0, rod).Pose.Orientation).Z, Is.EqualTo(0).Within(0.01f));
        Assert.That(MathF.Abs(world.Body(0, rod).Pose.Position.Y), Is.GreaterThan(0.02f), "it swivels");
    }

    [Test]
    public void A_swing_limit_stops_a_pendulum_at_its_angle()
    {
        const float limit = 30 * MathF.PI / 180;
        var (world, rod) = Hanging(
            new BallSocket { LocalOffsetB = new Vector3(0, 0, 0.5f), Spring = s_stiff }, sideways: false,
            new SwingLimit { AxisLocalA = Vector3.UnitZ, AxisLocalB = Vector3.UnitZ, MinimumDot = MathF.Cos(limit), Spring = new SpringSettings(60, 1) });
        using var _ = world;
        float widest = 0;
        for (int i = 0; i < 480; i++)
        {
            world.ApplyWrench(0, rod, new Vector3(20, 0, 0), Vector3.Zero);
            world.Step();
            widest = MathF.Max(widest, MathF.Acos(Vector3.Transform(Vector3.UnitZ, world.Body(0, rod).Pose.Orientation).Z));
        }
        // Twice its weight pushes: it reaches the limit, and a spring gives two degrees where it hits.
        Assert.That(widest, Is.EqualTo(limit).Within(0.035f));
    }

    [Test]
    public void A_twist_limit_stops_a_spinning_body_at_its_angle()
    {
        var (world, rod) = Weightlessly(new TwistLimit { MinimumAngle = -0.5f, MaximumAngle = 0.8f, Spring = s_stiff });
        using var _ = world;
        float least = 0, most = 0;
        for (int i = 0; i < 480; i++)
        {
            world.ApplyWrench(0, rod, Vector3.Zero, new Vector3(0, 0, i < 240 ? 0.05f : -0.05f));
            world.Step();
            var q = world.Body(0, rod).Pose.Orientation;
            float angle = 2 * MathF.Atan2(q.Z, q.W);
            (least, most) = (MathF.Min(least, angle), MathF.Max(most, angle));
        }
        Assert.That(most, Is.EqualTo(0.8f).Within(0.02f));
        Assert.That(least, Is.EqualTo(-0.5f).Within(0.02f));
    }

    [Test]
    public void A_twist_servo_turns_to_its_target_and_follows_a_new_one()
    {
        var servo = new TwistServo { TargetAngle = 1, Spring = new SpringSettings(5, 1) };
        var (world, rod) = Weightlessly(servo);
        using var _ = world;
        Run(world, 1);
        Assert.That(Turned(world.Body(0, rod).Pose.Orientation, About(Vector3.UnitZ, 1)), Is.LessThan(1e-3f));
        world.SetJoint(0, world.Scene.Joint("tested"), servo with { TargetAngle = -0.5f });
        Run(world, 1);
        Assert.That(Turned(world.Body(0, rod).Pose.Orientation, About(Vector3.UnitZ, -0.5f)), Is.LessThan(1e-3f));
    }

    [Test]
    public void An_angular_servo_turns_to_its_target()
    {
        var target = Quaternion.CreateFromYawPitchRoll(0.5f, -0.3f, 0.9f);
        var (world, rod) = Weightlessly(new AngularServo { TargetRelativeRotationLocalA = target, Spring = new SpringSettings(5, 1) });
        using var _ = world;
        Run(world, 1);
        Assert.That(Turned(world.Body(0, rod).Pose.Orientation, target), Is.LessThan(1e-3f));
    }

    [Test]
    public void A_servo_turns_no_faster_than_its_maximum_speed()
    {
        var (world, rod) = Weightlessly(new TwistServo { TargetAngle = 2, Spring = new SpringSettings(20, 1), Servo = new ServoSettings(1, 0, float.MaxValue) });
        using var _ = world;
        Run(world, 1);
        Assert.That(Turned(world.Body(0, rod).Pose.Orientation, About(Vector3.UnitZ, 1)), Is.LessThan(0.02f), "one second at 1 rad/s");
    }

    [Test]
    public void An_angular_motor_reaches_its_speed()
    {
        var (world, rod) = Weightlessly(new AngularMotor { TargetVelocityLocalA = new Vector3(0, 0, -3), Motor = new MotorSettings(float.MaxValue, 20) });
        using var _ = world;
        Run(world, 1);
        // A's velocity minus B's is the target, and A stands.
        Assert.That(Vector3.Distance(world.Body(0, rod).AngularVelocity, new Vector3(0, 0, 3)), Is.LessThan(1e-2f));
    }

    [Test]
    public void A_weak_motor_accelerates_by_its_torque()
    {
        var (world, rod) = Weightlessly(new AngularMotor { TargetVelocityLocalA = new Vector3(0, 0, -100), Motor = new MotorSettings(0.004f, 1e4f) });
        using var _ = world;
        Run(world, 1);
        // A ball of 1 kg and 10 cm has a moment of 0.004 kg·m².
        Assert.That(world.Body(0, rod).AngularVelocity.Z, Is.EqualTo(1).Within(1).Percent);
    }

    [Test]
    public void A_distance_limit_is_a_rope_and_a_strut()
    {
        var (world, rod) = Hanging(new DistanceLimit { MinimumDistance = 0.2f, MaximumDistance = 0.7f, Spring = s_stiff }, sideways: false);
        using var _ = world;
        Run(world, 1.5f);
        Assert.That(world.Body(0, rod).Pose.Position.Length(), Is.EqualTo(0.7f).Within(JointGap));
        for (int i = 0; i < 240; i++)
        {
            world.ApplyWrench(0, rod, new Vector3(0, 0, 2 * Gravity), Vector3.Zero);
            world.Step();
        }
        Assert.That(world.Body(0, rod).Pose.Position.Length(), Is.InRange(0.2f - JointGap, 0.7f + JointGap));
    }

    [Test]
    public void A_point_on_a_line_slides_along_it()
    {
        var line = Vector3.Normalize(new Vector3(1, 0, -1));
        var (world, rod) = Hanging(new PointOnLineServo { LocalDirection = line, Spring = s_stiff }, sideways: false);
        using var _ = world;
        world.SetBody(0, rod, new Pose(Vector3.Zero, Quaternion.Identity));
        Run(world, 0.5f);
        var position = world.Body(0, rod).Pose.Position;
        float along = Vector3.Dot(position, line);
        // Down 45 degrees, without friction: g sin 45° t² / 2.
        Assert.That(along, Is.EqualTo(Gravity * MathF.Sqrt(0.5f) / 8).Within(1).Percent);
        Assert.That(Vector3.Distance(position, along * line), Is.LessThan(JointGap));
    }

    [Test]
    public void One_body_servos_bring_a_body_to_a_pose_of_their_environment()
    {
        Vector3 place = new(0.5f, -0.4f, 0.3f);
        var turn = Quaternion.CreateFromYawPitchRoll(0.5f, -0.3f, 0.9f);
        var builder = new SceneBuilder(Weightless);
        var ball = builder.Add(Ball("ball", Vector3.Zero));
        var linear = new OneBodyLinearServo { Target = place, Spring = new SpringSettings(5, 1) };
        var pull = builder.Join("linear", ball, linear);
        builder.Join("angular", ball, new OneBodyAngularServo { TargetOrientation = turn, Spring = new SpringSettings(5, 1) });
        using var world = Create(builder.Build(), 3);
        Run(world, 1);
        for (int environment = 0; environment < 3; environment++)
        {
            Assert.That(Vector3.Distance(world.Body(environment, ball).Pose.Position, place), Is.LessThan(1e-3f));
            Assert.That(Turned(world.Body(environment, ball).Pose.Orientation, turn), Is.LessThan(1e-3f));
        }
        world.SetJoint(2, pull, linear with { Target = -place });
        Run(world, 1);
        Assert.That(Vector3.Distance(world.Body(1, ball).Pose.Position, place), Is.LessThan(1e-3f));
        Assert.That(Vector3.Distance(world.Body(2, ball).Pose.Position, -place), Is.LessThan(1e-3f));
    }

    [Test]
    public void The_impulse_of_a_joint_is_the_load_it_carries()
    {
        var (world, _) = Hanging(new BallSocket { LocalOffsetB = new Vector3(0, 0, 0.5f), Spring = s_stiff }, sideways: false);
        using var __ = world;
        Run(world, 2);
        Span<float> impulse = stackalloc float[3];
        world.JointImpulse(0, world.Scene.Joint("tested"), impulse);
        float substep = world.Scene.Settings.Timestep / world.Scene.Settings.Substeps;
        // A takes it with a plus, B with a minus: the hanging rod is pulled up.
        Assert.That(Vector3.Distance(new Vector3(impulse) / substep, new Vector3(0, 0, -Gravity)), Is.LessThan(0.02f * Gravity));
    }

    [Test]
    public void An_attached_weld_takes_hold_where_the_bodies_are_and_detaching_lets_go()
    {
        var builder = new SceneBuilder(Weighty);
        var hand = builder.AddKinematic("hand", null, Pose.Identity);
        builder.AddKinematic("table", Shape.Box(2, 2, 0.2f), new Vector3(0, 0, -0.6f));
        var ball = builder.Add(Ball("ball", new Pose(new Vector3(0.2f, 0.1f, -0.4f), About(Vector3.UnitX, 0.3f))));
        var grip = builder.Join("grip", hand, ball, new Weld { Spring = s_stiff }, attachable: true);
        using var world = Create(builder.Build(), 2);
        Run(world, 0.5f);
        Assert.That(world.IsAttached(0, grip), Is.False);
        var lying = world.Body(0, ball).Pose;

        world.Attach(0, grip);
        Assert.That(world.IsAttached(0, grip), Is.True);
        Assert.That(world.IsAttached(1, grip), Is.False);
        world.SetVelocity(0, hand, new Vector3(0, 0, 0.5f), Vector3.Zero);
        Run(world, 1);
        var held = world.Body(0, ball).Pose;
        Assert.That(Vector3.Distance(held.Position, lying.Position + new Vector3(0, 0, 0.5f)), Is.LessThan(2 * JointGap));
        Assert.That(Turned(held.Orientation, lying.Orientation), Is.LessThan(5e-3f));
        Assert.That(Vector3.Distance(world.Body(1, ball).Pose.Position, lying.Position), Is.LessThan(1e-3f), "the other environment's hand is empty");

        world.Detach(0, grip);
        Assert.That(world.IsAttached(0, grip), Is.False);
        float before = world.Body(0, ball).Pose.Position.Z;
        Run(world, 0.2f);
        Assert.That(world.Body(0, ball).Pose.Position.Z, Is.LessThan(before), "it is thrown up at 0.5 m/s and falls");
        Span<float> impulse = stackalloc float[6];
        impulse.Fill(1);
        world.JointImpulse(0, grip, impulse);
        Assert.That(impulse.ToArray(), Is.All.Zero);
    }

    [Test]
    public void An_attached_ball_socket_and_angular_servo_take_hold_where_the_bodies_are()
    {
        var builder = new SceneBuilder(Weighty);
        var hand = builder.AddKinematic("hand", null, new Pose(Vector3.Zero, About(Vector3.UnitY, 0.6f)));
        var start = new Pose(new Vector3(0.2f, 0.1f, -0.4f), About(Vector3.UnitX, 0.3f));
        var ball = builder.Add(Ball("ball", start));
        var socket = builder.Join("socket", hand, ball, new BallSocket { LocalOffsetB = new Vector3(0, 0, 0.1f), Spring = s_stiff }, attachable: true);
        var servo = builder.Join("servo", hand, ball, new AngularServo { Spring = s_stiff }, attachable: true);
        using var world = Create(builder.Build(), 1);
        world.Attach(0, socket);
        world.Attach(0, servo);
        Run(world, 1);
        Assert.That(Vector3.Distance(world.Body(0, ball).Pose.Position, start.Position), Is.LessThan(JointGap));
        Assert.That(Turned(world.Body(0, ball).Pose.Orientation, start.Orientation), Is.LessThan(5e-3f));
    }

    [Test]
    public void Attaching_keeps_the_numbers_that_were_set_and_does_nothing_to_what_is_on()
    {
        var builder = new SceneBuilder(Weighty);
        var hand = builder.AddKinematic("hand", null, Pose.Identity);
        var ball = builder.Add(Ball("ball", new Vector3(0, 0, -0.4f)));
        var socket = builder.Join("socket", hand, ball, new BallSocketServo { Spring = s_stiff }, attachable: true);
        using var world = Create(builder.Build(), 2);
        // In environment 0 it can carry nothing, and its anchor in the ball is another.
        world.SetJoint(0, socket, new BallSocketServo { LocalOffsetB = new Vector3(0.1f, 0, 0), Spring = s_stiff, Servo = new ServoSettings(float.MaxValue, 0, 0) });
        world.Attach(0, socket);
        world.Attach(1, socket);
        Run(world, 0.5f);
        Assert.That(world.Body(0, ball).Pose.Position.Z, Is.LessThan(-1), "a servo without force lets it fall");
        Assert.That(world.Body(1, ball).Pose.Position.Z, Is.EqualTo(-0.4f).Within(JointGap));

        world.SetBody(1, ball, new Pose(new Vector3(0, 0, -0.6f), Quaternion.Identity));
        world.Attach(1, socket);
        Run(world, 0.5f);
        Assert.That(world.Body(1, ball).Pose.Position.Z, Is.EqualTo(-0.4f).Within(JointGap), "it goes back to where it was taken hold of");
    }

    /// <summary>A rod of 1 kg whose upper end, or left end, is at a standing anchor in the origin, held by the joint to be tested.</summary>
    private (PhysicsWorld World, BodyId Rod) Hanging(Joint joint, bool sideways, Joint? second = null)
    {
        var builder = new SceneBuilder(Weighty);
        var anchor = builder.AddKinematic("anchor", null, Pose.Identity);
        // The rod's own Z is its length, from the far end to the joint.
        Pose pose = sideways ? new Pose(new Vector3(0.5f, 0, 0), About(Vector3.UnitY, -MathF.PI / 2)) : new Vector3(0, 0, -0.5f);
        var rod = builder.AddDynamic("rod", Shape.Box(0.05f, 0.05f, 1), 1, pose);
        builder.Join("tested", anchor, rod, joint);
        if (second is not null) builder.Join("second", anchor, rod, second);
        return (Create(builder.Build(), 1), rod);
    }

    /// <summary>A ball of 1 kg about a standing anchor, free to turn but for the joint to be tested.</summary>
    private (PhysicsWorld World, BodyId Ball) Weightlessly(Joint joint)
    {
        var builder = new SceneBuilder(Weightless with { Substeps = 8 });
        var anchor = builder.AddKinematic("anchor", null, Pose.Identity);
        var ball = builder.Add(Ball("ball", Pose.Identity));
        builder.Join("socket", anchor, ball, new BallSocket { Spring = s_stiff });
        builder.Join("tested", anchor, ball, joint);
        return (Create(builder.Build(), 1), ball);
    }

    /// <summary>Where the rod's upper end is.</summary>
    private static Vector3 End(PhysicsWorld world, BodyId rod) => world.Body(0, rod).Pose.Transform(new Vector3(0, 0, 0.5f));

    private static Quaternion About(Vector3 axis, float angle) => Quaternion.CreateFromAxisAngle(axis, angle);
}
