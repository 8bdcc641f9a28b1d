using System.Numerics;
using NUnit.Framework;
using Sim.Physics.Scenes;
using Sim.Physics.Worlds;

namespace Sim.Tests.Physics.Worlds;

public abstract partial class WorldContractTests
{
    [Test]
    public void An_environment_among_others_runs_as_it_does_alone()
    {
        using var alone = Create(Workshop(), 1);
        using var many = Create(Workshop(), 5);
        var rod = many.Scene.Body("rod");
        var box = many.Scene.Body("box");
        for (int i = 0; i < 240; i++)
        {
            foreach (int other in (int[])[1, 3, 4]) many.ApplyWrench(other, box, new Vector3(other, -3, 15), new Vector3(0.1f, 0, 0));
            if (i == 50) many.SetBody(3, rod, new BodyState(new Vector3(3, 3, 3), new Vector3(1, 2, 3), Vector3.Zero));
            if (i == 80) many.Reset(4);
            many.Step();
            alone.Step();
        }
        for (int body = 0; body < alone.Scene.Bodies.Count; body++)
        {
            AssertSame(many.Body(0, new BodyId(body)), alone.Body(0, new BodyId(body)), alone.Scene.Bodies[body].Name);
            AssertSame(many.Body(2, new BodyId(body)), alone.Body(0, new BodyId(body)), alone.Scene.Bodies[body].Name);
        }
        Assert.That(Vector3.Distance(many.Body(3, box).Pose.Position, alone.Body(0, box).Pose.Position), Is.GreaterThan(0.1f));
    }

    [Test]
    public void Environments_pass_through_each_other()
    {
        var builder = new SceneBuilder(Weightless);
        Vector3 low = Vector3.Zero, high = new(0, 0, 0.3f);
        BodyId first = builder.Add(Ball("first", low)), second = builder.Add(Ball("second", high));
        using var world = Create(builder.Build(), 8);
        // Wherever an engine keeps its environments, neighbours sweep towards each other here, every second one with
        // its two balls swapped, so that different balls would meet.
        for (int environment = 0; environment < 8; environment++)
        {
            var velocity = new Vector3(environment % 2 == 0 ? 20 : -20, 0, environment < 4 ? 20 : -20);
            world.SetBody(environment, first, new BodyState(environment % 2 == 0 ? low : high, velocity, Vector3.Zero));
            world.SetBody(environment, second, new BodyState(environment % 2 == 0 ? high : low, velocity, Vector3.Zero));
        }
        Run(world, 0.5f);
        for (int environment = 0; environment < 8; environment++)
        {
            var swept = new Vector3(environment % 2 == 0 ? 10 : -10, 0, environment < 4 ? 10 : -10);
            Assert.That(Vector3.Distance(world.Body(environment, first).Pose.Position, swept + (environment % 2 == 0 ? low : high)), Is.LessThan(1e-3f));
            Assert.That(Vector3.Distance(world.Body(environment, second).Pose.Position, swept + (environment % 2 == 0 ? high : low)), Is.LessThan(1e-3f));
        }
    }

    [Test]
    public void Reset_restores_the_beginning_of_one_environment()
    {
        using var world = Create(Workshop(), 3);
        var scene = world.Scene;
        Run(world, 0.5f);
        BodyState[] first = States(world, 1), others = States(world, 2);
        world.SetJoint(1, scene.Joint("servo"), new TwistServo { TargetAngle = 1 });
        world.Attach(1, scene.Joint("grip"));
        world.SetBody(1, scene.Body("ground"), new Pose(new Vector3(0, 0, -3), Quaternion.Identity));
        world.ApplyWrench(1, scene.Body("box"), new Vector3(100, 0, 0), Vector3.Zero);
        world.Reset(1);
        for (int body = 0; body < scene.Bodies.Count; body++)
        {
            var description = scene.Bodies[body];
            AssertSame(world.Body(1, new BodyId(body)), new BodyState(description.Pose, description.LinearVelocity, description.AngularVelocity), description.Name);
        }
        Assert.That(States(world, 2), Is.EqualTo(others));
        Assert.That(world.IsAttached(1, scene.Joint("grip")), Is.False);
        Assert.That(world.Contact(1, scene.Body("box"), scene.Body("ground")), Is.EqualTo(ContactReading.None));
        Span<float> impulse = stackalloc float[3];
        world.JointImpulse(1, scene.Joint("socket"), impulse);
        Assert.That(impulse.ToArray(), Is.All.Zero);
        Run(world, 0.5f);
        foreach (var (again, before) in States(world, 1).Zip(first)) AssertSame(again, before, "after the same time again");
    }

    [Test]
    public void Bodies_can_be_put_elsewhere_between_steps()
    {
        var builder = new SceneBuilder();
        var ground = builder.AddStatic("ground", Shape.Box(2, 2, 0.2f), new Vector3(0, 0, -0.1f));
        var ball = builder.Add(Ball("ball", new Vector3(0, 0, 0.1f)));
        using var world = Create(builder.Build(), 2);
        Run(world, 0.25f);
        var state = new BodyState(new Pose(new Vector3(0.5f, 0.25f, 1), About(Vector3.UnitX, 1)), new Vector3(0.125f, 0, 0), new Vector3(0, 0, 0.5f));
        world.SetBody(1, ball, state);
        AssertSame(world.Body(1, ball), state, "as it was set");
        world.Step();
        Assert.That(world.Contact(1, ball, ground).Touching, Is.False);
        Assert.That(world.Contact(0, ball, ground).Touching, Is.True);
        Assert.That(world.Body(1, ball).LinearVelocity.Z, Is.EqualTo(-Gravity / 240).Within(1e-5f));

        world.SetBody(1, ground, new Pose(new Vector3(0, 0, 0.4f), Quaternion.Identity));
        Run(world, 1);
        Assert.That(world.Body(1, ball).Pose.Position.Z, Is.EqualTo(0.6f).Within(1e-3f), "on the ground where that is now");
        Assert.That(world.Body(1, ground).Pose.Position.Z, Is.EqualTo(0.4f).Within(1e-5f));
        Assert.That(world.Body(0, ball).Pose.Position.Z, Is.EqualTo(0.1f).Within(1e-3f));
    }

    [Test]
    public void Whole_batches_are_pushed_driven_and_read_as_single_environments_are()
    {
        var builder = new SceneBuilder(Weightless);
        var ball = builder.Add(Ball("ball", new Vector3(1, 2, 3)));
        using var batch = Create(builder.Build(), 3);
        using var single = Create(builder.Build(), 3);
        float[] velocities = [.. Enumerable.Range(0, 18).Select(i => i / 8f)], wrenches = [.. Enumerable.Range(0, 18).Select(i => -i / 4f)];
        batch.SetVelocities(ball, velocities);
        batch.ApplyWrenches(ball, wrenches);
        for (int i = 0; i < 3; i++)
        {
            single.SetVelocity(i, ball, new Vector3(velocities.AsSpan(6 * i)), new Vector3(velocities.AsSpan((6 * i) + 3)));
            single.ApplyWrench(i, ball, new Vector3(wrenches.AsSpan(6 * i)), new Vector3(wrenches.AsSpan((6 * i) + 3)));
        }
        batch.Step();
        single.Step();
        float[] states = new float[39];
        batch.ReadBodies(ball, states);
        for (int i = 0; i < 3; i++)
        {
            Assert.That(batch.Body(i, ball), Is.EqualTo(single.Body(i, ball)));
            var state = batch.Body(i, ball);
            Assert.That(new Vector3(states.AsSpan(13 * i)), Is.EqualTo(state.Pose.Position));
            Assert.That(states[(13 * i) + 6], Is.EqualTo(state.Pose.Orientation.W));
            Assert.That(new Vector3(states.AsSpan((13 * i) + 7)), Is.EqualTo(state.LinearVelocity));
            Assert.That(new Vector3(states.AsSpan((13 * i) + 10)), Is.EqualTo(state.AngularVelocity));
        }
        Assert.That(() => batch.ApplyWrenches(ball, new float[17]), Throws.ArgumentException);
    }

    [Test]
    public void A_step_allocates_nothing()
    {
        using var world = Create(Workshop(), 2);
        var box = world.Scene.Body("box");
        Run(world, 1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            world.ApplyWrench(0, box, new Vector3(0, 0, 1), Vector3.Zero);
            world.Step();
        }
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    /// <summary>A box that falls to the ground, a rod that swings and is twisted, a hand that could grip.</summary>
    private static Scene Workshop()
    {
        var builder = new SceneBuilder(Weighty);
        builder.AddStatic("ground", Shape.Plane(), Pose.Identity);
        var anchor = builder.AddKinematic("anchor", null, new Vector3(0, 0, 2));
        builder.AddDynamic("box", Shape.Box(0.3f, 0.3f, 0.2f), 1, new Pose(new Vector3(1, 0.5f, 0.4f), About(Vector3.UnitX, 0.1f)));
        var rod = builder.AddDynamic("rod", Shape.Capsule(0.05f, 0.8f), 1, new Pose(new Vector3(0.4f, 0, 2), About(Vector3.UnitZ, MathF.PI / 2)));
        builder.Join("socket", anchor, rod, new BallSocket { LocalOffsetB = new Vector3(0, 0.4f, 0), Spring = s_stiff });
        builder.Join("servo", anchor, rod, new TwistServo { TargetAngle = 0, Spring = new SpringSettings(2, 1), Servo = new ServoSettings(5, 0, 0.1f) });
        builder.Join("grip", anchor, rod, new Weld { Spring = s_stiff }, attachable: true);
        return builder.Build();
    }

    private static BodyState[] States(PhysicsWorld world, int environment)
        => [.. Enumerable.Range(0, world.Scene.Bodies.Count).Select(body => world.Body(environment, new BodyId(body)))];

    private void AssertSame(BodyState actual, BodyState expected, string what)
    {
        if (EnvironmentTolerance == 0)
        {
            Assert.That(actual, Is.EqualTo(expected), what);
            return;
        }
        Assert.That(Vector3.Distance(actual.Pose.Position, expected.Pose.Position), Is.LessThan(EnvironmentTolerance), what);
        // Speeds follow positions within a few milliseconds: thirty times as far off.
        Assert.That(Vector3.Distance(actual.LinearVelocity, expected.LinearVelocity), Is.LessThan(30 * EnvironmentTolerance), what);
        Assert.That(Turned(actual.Pose.Orientation, expected.Pose.Orientation), Is.LessThan(10 * EnvironmentTolerance), what);
    }
}
