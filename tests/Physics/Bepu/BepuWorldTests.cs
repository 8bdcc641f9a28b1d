using System.Numerics;
using NUnit.Framework;
using Sim.Physics.Bepu;
using Sim.Physics.Scenes;
using Sim.Physics.Worlds;

namespace Sim.Tests.Physics.Bepu;

/// <summary>What is special about this engine; what all engines do is in the contract.</summary>
public sealed class BepuWorldTests
{
    [Test]
    public void The_package_either_divides_friction_by_the_contacts_or_does_not()
    {
        TestContext.Out.WriteLine($"a box on four contacts has {BepuFriction.Share:g4} of Coulomb's friction");
        Assert.That(BepuFriction.Share, Is.EqualTo(BepuFriction.DividesByContactCount ? 0.25f : 1f).Within(0.05f));
    }

    [Test]
    public void Legacy_friction_is_that_of_old_packages_with_any_package()
    {
        var scene = Sliding(new SceneSettings { LegacyFriction = true }, friction: 0.8f);
        using var world = new BepuWorld(scene, 1);
        for (int i = 0; i < 60; i++) world.Step();
        // Four contacts: a quarter of 0.8.
        Assert.That(world.Body(0, scene.Body("box")).LinearVelocity.X, Is.EqualTo(2 - (0.2f * 9.81f / 4)).Within(0.02f));
    }

    [Test]
    public void Threads_repeat_bit_for_bit()
    {
        var scene = Pile();
        using BepuWorld first = new(scene, 24, threads: 2), second = new(scene, 24, threads: 2);
        for (int i = 0; i < 120; i++)
        {
            if (i == 60)
            {
                first.Reset(7);
                second.Reset(7);
            }
            first.Step();
            second.Step();
        }
        for (int environment = 0; environment < 24; environment++)
        {
            for (int body = 0; body < scene.Bodies.Count; body++)
                Assert.That(second.Body(environment, new BodyId(body)), Is.EqualTo(first.Body(environment, new BodyId(body))));
        }
    }

    [Test]
    public void A_single_environment_stands_at_the_origin_and_many_stand_close_to_it()
    {
        using var one = new BepuWorld(Pile(), 1);
        using var many = new BepuWorld(Pile(), 64);
        Assert.That(one.PositionRounding, Is.Zero);
        // Four cells of 42 m in a row: the outermost reach 84 m, where floats are 7.6e-6 m apart.
        Assert.That(many.PositionRounding, Is.InRange(1e-6f, 4e-6f));
    }

    [Test]
    public void Environments_too_far_apart_for_single_precision_are_refused()
        => Assert.That(() => new BepuWorld(Pile(), 8, options: new BepuOptions { Spacing = 10_000 }), Throws.ArgumentException.With.Message.Contains("round positions"));

    [Test]
    public void Options_out_of_range_are_refused_by_name()
        => Assert.That(() => new BepuWorld(Pile(), 1, options: new BepuOptions { PlaneWidth = float.NaN }), Throws.ArgumentException.With.Message.Contains("plane width"));

    [Test]
    public void What_becomes_infinite_while_it_is_solved_is_stopped_before_it_spreads()
    {
        var builder = new SceneBuilder();
        builder.AddStatic("ground", Shape.Plane(), Pose.Identity);
        var ball = builder.AddDynamic("ball", Shape.Sphere(0.1f), 1, new Vector3(0, 0, 0.1f));
        var servo = builder.Join("servo", ball, new OneBodyLinearServo { Target = new Vector3(0, 0, 0.5f) });
        using var world = new BepuWorld(builder.Build(), 3);
        for (int i = 0; i < 30; i++) world.Step();
        var before = world.Body(1, ball).Pose;
        world.SetJoint(1, servo, new OneBodyLinearServo { Target = new Vector3(1e38f, 0, 0) });
        for (int i = 0; i < 30; i++) world.Step();
        Assert.That(world.Fault(1), Is.EqualTo(EnvironmentFault.NotFinite));
        Assert.That(world.Body(1, ball).Pose, Is.EqualTo(before));
        Assert.That(world.Body(2, ball).Pose.Position.Z, Is.GreaterThan(0.3f), "the others go on");
        world.Reset(1);
        for (int i = 0; i < 60; i++) world.Step();
        Assert.That(world.Body(1, ball).Pose.Position.Z, Is.GreaterThan(0.3f));
    }

    [Test]
    public void Resets_and_faults_at_any_moment_neither_harm_nor_leak()
    {
        var scene = Pile();
        var box = scene.Body("box 0");
        using var world = new BepuWorld(scene, 16, threads: 2);
        var random = new Random(1);
        float[] wrenches = new float[6 * 16];
        long taken = 0;
        for (int i = 0; i < 1500; i++)
        {
            Array.Clear(wrenches);
            wrenches[random.Next(wrenches.Length)] = random.Next(4) switch { 0 => float.NaN, 1 => float.MaxValue, 2 => 1e9f, _ => 10 };
            if (i % 5 == 0) world.ApplyWrenches(box, wrenches);
            world.Reset(random.Next(16));
            if (i % 7 == 0) world.Attach(random.Next(16), scene.Joint("grip"));
            if (i % 11 == 0) world.Detach(random.Next(16), scene.Joint("grip"));
            world.Step();
            if (i == 500) taken = world.BytesPerEnvironment;
        }
        world.Reset();
        for (int environment = 0; environment < 16; environment++) Assert.That(world.Fault(environment), Is.EqualTo(EnvironmentFault.None));
        Assert.That(world.BytesPerEnvironment, Is.EqualTo(taken));
    }

    [Test]
    public void A_wide_plane_carries_what_stands_far_from_its_middle()
    {
        var builder = new SceneBuilder();
        builder.AddStatic("ground", Shape.Plane(), Pose.Identity);
        var ball = builder.AddDynamic("ball", Shape.Sphere(0.1f), 1, new Vector3(18, -18, 0.1f));
        using var world = new BepuWorld(builder.Build(), 4);
        for (int i = 0; i < 240; i++) world.Step();
        for (int environment = 0; environment < 4; environment++)
            Assert.That(world.Body(environment, ball).Pose.Position.Z, Is.EqualTo(0.1f).Within(1e-3f));
    }

    private static Scene Sliding(SceneSettings settings, float friction)
    {
        var material = Material.Default with { Friction = friction };
        var builder = new SceneBuilder(settings);
        builder.AddStatic("ground", Shape.Plane(), Pose.Identity, material);
        builder.Add(new Body
        {
            Name = "box", Kind = BodyKind.Dynamic, Shape = Shape.Box(0.6f, 0.6f, 0.2f), Mass = 1, Material = material,
            Pose = new Vector3(0, 0, 0.0998f), LinearVelocity = new Vector3(2, 0, 0),
        });
        return builder.Build();
    }

    private static Scene Pile()
    {
        var builder = new SceneBuilder();
        builder.AddStatic("ground", Shape.Plane(), Pose.Identity);
        BodyId box = default;
        for (int i = 0; i < 5; i++) box = builder.AddDynamic($"box {i}", Shape.Box(0.2f, 0.3f, 0.2f), 1, new Vector3(0.05f * i, 0.02f * i, 0.15f + (0.25f * i)));
        var hand = builder.AddKinematic("hand", null, new Vector3(0, 0, 2));
        builder.Join("grip", hand, box, new Weld(), attachable: true);
        return builder.Build();
    }
}
