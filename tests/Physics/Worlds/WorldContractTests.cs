using System.Numerics;
using NUnit.Framework;
using Sim.Physics.Scenes;
using Sim.Physics.Worlds;

namespace Sim.Tests.Physics.Worlds;

/// <summary>
/// What every engine behind <see cref="PhysicsWorld"/> does. An engine joins with a derived fixture that creates its
/// world; tolerances are those of the physics (springs give a little, integration is of first order), not of one engine.
/// </summary>
public abstract partial class WorldContractTests
{
    private const float Gravity = 9.81f;

    protected abstract PhysicsWorld Create(Scene scene, int count);

    /// <summary>Metres by which equal environments may differ where the engine does not promise bits.</summary>
    protected virtual float EnvironmentTolerance => 0;

    [Test]
    public void A_free_body_falls()
    {
        var builder = new SceneBuilder();
        var ball = builder.AddDynamic("ball", Shape.Sphere(0.1f), 2, new Vector3(1, 2, 3));
        using var world = Create(builder.Build(), 1);
        Run(world, 1);
        // Velocity first, then position: n substeps of length h sum up to g h² n (n + 1) / 2.
        const int substeps = 960;
        float fallen = Gravity * (substeps + 1) / substeps / 2;
        // 960 float additions round by about 1e-7 each.
        Assert.That(Vector3.Distance(world.Body(0, ball).Pose.Position, new Vector3(1, 2, 3 - fallen)), Is.LessThan(2e-4f));
        Assert.That(Vector3.Distance(world.Body(0, ball).LinearVelocity, new Vector3(0, 0, -Gravity)), Is.LessThan(2e-4f));
    }

    [Test]
    public void Damping_takes_its_share_of_the_velocity_in_a_second([Values] bool substeps)
    {
        var builder = new SceneBuilder(Weightless with { LinearDamping = 0.3f, AngularDamping = 0.5f, SubstepUnconstrainedBodies = substeps });
        var ball = builder.Add(Ball("ball", Vector3.Zero) with { LinearVelocity = new Vector3(1, 0, 0), AngularVelocity = new Vector3(0, 2, 0) });
        using var world = Create(builder.Build(), 1);
        Run(world, 1);
        Assert.That(world.Body(0, ball).LinearVelocity.X, Is.EqualTo(0.7f).Within(1e-4f));
        Assert.That(world.Body(0, ball).AngularVelocity.Y, Is.EqualTo(1f).Within(1e-4f));
    }

    [Test]
    public void A_wrench_accelerates_by_force_over_mass_for_one_step_only()
    {
        var builder = new SceneBuilder(Weightless);
        var turned = Quaternion.CreateFromYawPitchRoll(0.4f, -0.9f, 1.3f);
        var shape = Shape.Box(0.2f, 0.4f, 0.6f);
        var box = builder.AddDynamic("box", shape, 4, new Pose(Vector3.Zero, turned));
        using var world = Create(builder.Build(), 1);
        Vector3 force = new(2, -1, 3), torque = new(0.01f, 0.02f, -0.03f);
        world.ApplyWrench(0, box, force / 2, torque / 2);
        world.ApplyWrench(0, box, force / 2, torque / 2);
        world.Step();
        var after = world.Body(0, box);
        float timestep = Weightless.Timestep;
        var spin = shape.Inertia(4).Inverse().Rotated(turned) * torque * timestep;
        Assert.That(Vector3.Distance(after.LinearVelocity, force / 4 * timestep), Is.LessThan(1e-6f));
        // The body turns a little while it is pushed, which changes its world inertia.
        Assert.That(Vector3.Distance(after.AngularVelocity, spin), Is.LessThan(1e-3f * spin.Length()));
        world.Step();
        Assert.That(world.Body(0, box).LinearVelocity, Is.EqualTo(after.LinearVelocity));
        Assert.That(world.Body(0, box).AngularVelocity, Is.EqualTo(after.AngularVelocity));
    }

    [Test]
    public void A_force_against_gravity_lets_a_body_hover()
    {
        var builder = new SceneBuilder();
        var ball = builder.Add(Ball("ball", Vector3.Zero));
        using var world = Create(builder.Build(), 1);
        for (int i = 0; i < 240; i++)
        {
            world.ApplyWrench(0, ball, new Vector3(0, 0, Gravity), Vector3.Zero);
            world.Step();
        }
        // Both are added up in every substep; what is left is rounding.
        Assert.That(world.Body(0, ball).Pose.Position.Length(), Is.LessThan(1e-3f));
    }

    [Test]
    public void A_kinematic_body_moves_by_its_velocity_and_nothing_pushes_it()
    {
        var builder = new SceneBuilder(Weightless);
        var pusher = builder.AddKinematic("pusher", Shape.Box(0.2f, 0.2f, 0.2f), Vector3.Zero);
        var block = builder.AddDynamic("block", Shape.Box(0.2f, 0.2f, 0.2f), 50, new Vector3(0.5f, 0, 0));
        using var world = Create(builder.Build(), 1);
        world.SetVelocity(0, pusher, new Vector3(1, 0, 0), new Vector3(0.5f, 0, 0));
        Run(world, 1);
        var moved = world.Body(0, pusher);
        Assert.That(Vector3.Distance(moved.Pose.Position, new Vector3(1, 0, 0)), Is.LessThan(1e-4f));
        Assert.That(moved.LinearVelocity, Is.EqualTo(new Vector3(1, 0, 0)));
        Assert.That(Turned(moved.Pose.Orientation, Quaternion.CreateFromAxisAngle(Vector3.UnitX, 0.5f)), Is.LessThan(1e-3f));
        Assert.That(world.Body(0, block).Pose.Position.X, Is.GreaterThan(1.19f), "the block was pushed ahead");
    }

    [Test]
    public void Torque_free_rotation_keeps_the_direction_of_its_momentum(
        [Values(AngularIntegrationMode.ConserveMomentum, AngularIntegrationMode.ConserveMomentumWithGyroscopicTorque)] AngularIntegrationMode mode)
    {
        var shape = Shape.Box(1, 0.5f, 0.25f);
        var builder = new SceneBuilder(Weightless with { AngularIntegration = mode });
        // Close to the middle axis, where a wrong sign shows within a second.
        var box = builder.Add(new Body { Name = "box", Kind = BodyKind.Dynamic, Shape = shape, Mass = 1, AngularVelocity = new Vector3(0.05f, 8, 0.02f) });
        using var world = Create(builder.Build(), 1);
        Vector3 Momentum() => shape.Inertia(1).Rotated(world.Body(0, box).Pose.Orientation) * world.Body(0, box).AngularVelocity;
        var before = Momentum();
        Run(world, 1);
        var after = Momentum();
        // First-order integration of a flip: a degree, and two percent.
        Assert.That(MathF.Acos(Vector3.Dot(before, after) / before.Length() / after.Length()), Is.LessThan(0.02f));
        Assert.That(after.Length(), Is.EqualTo(before.Length()).Within(2).Percent);
    }

    private static SceneSettings Weightless { get; } = new() { Gravity = Vector3.Zero };

    /// <summary>1 kg, 10 cm radius.</summary>
    private static Body Ball(string name, Pose pose) => new() { Name = name, Kind = BodyKind.Dynamic, Shape = Shape.Sphere(0.1f), Mass = 1, Pose = pose };

    private static void Run(PhysicsWorld world, float seconds)
    {
        int steps = (int)MathF.Round(seconds / world.Scene.Settings.Timestep);
        for (int i = 0; i < steps; i++) world.Step();
    }

    /// <summary>Radians between two orientations.</summary>
    private static float Turned(Quaternion a, Quaternion b)
    {
        var between = Quaternion.Conjugate(a) * b;
        return 2 * MathF.Asin(MathF.Min(1, new Vector3(between.X, between.Y, between.Z).Length()));
    }
}
