using System.Numerics;
using NUnit.Framework;
using Sim.Physics.Scenes;
using Sim.Physics.Worlds;

namespace Sim.Tests.Physics.Worlds;

public abstract partial class WorldContractTests
{
    private static IEnumerable<TestCaseData> Grounds()
    {
        TestCaseData Ground(string name, Shape shape, Pose pose, float top) => new TestCaseData(shape, pose, top).SetArgDisplayNames(name);
        var onSide = Quaternion.CreateFromAxisAngle(Vector3.UnitX, MathF.PI / 2);
        yield return Ground("plane", Shape.Plane(), new Vector3(0, 0, 0.3f), 0.3f);
        yield return Ground("box", Shape.Box(2, 2, 0.5f), Vector3.Zero, 0.25f);
        yield return Ground("sphere", Shape.Sphere(1), Vector3.Zero, 1);
        yield return Ground("lying capsule", Shape.Capsule(0.5f, 1), Vector3.Zero, 0.5f);
        yield return Ground("standing capsule", Shape.Capsule(0.5f, 1), new Pose(Vector3.Zero, onSide), 1);
        yield return Ground("lying cylinder", Shape.Cylinder(0.5f, 2), Vector3.Zero, 0.5f);
        yield return Ground("standing cylinder", Shape.Cylinder(0.5f, 2), new Pose(Vector3.Zero, onSide), 1);
        yield return Ground("compound", Shape.Compound(new CompoundPart(Shape.Box(1, 1, 0.2f), new Vector3(0, 0, 0.4f)), new CompoundPart(Shape.Sphere(0.2f), Vector3.Zero)), Vector3.Zero, 0.5f);
    }

    [TestCaseSource(nameof(Grounds))]
    public void A_sphere_comes_to_rest_on_top_of(Shape shape, Pose pose, float top)
    {
        var builder = new SceneBuilder();
        var ground = builder.AddStatic("ground", shape, pose);
        var ball = builder.Add(Ball("ball", new Vector3(0, 0, top + 0.11f)));
        using var world = Create(builder.Build(), 1);
        Run(world, 1);
        // A contact spring of 30 Hz gives by g / (2π·30)² = 0.28 mm.
        Assert.That(world.Body(0, ball).Pose.Position.Z, Is.EqualTo(top + 0.1f - 0.00028f).Within(2e-4f));
        Assert.That(world.Body(0, ball).LinearVelocity.Length(), Is.LessThan(1e-2f));
        var reading = world.Contact(0, ball, ground);
        Assert.That(reading.Touching, Is.True);
        Assert.That(reading.NormalForce, Is.EqualTo(Gravity).Within(3).Percent);
    }

    [Test]
    public void A_box_at_rest_on_a_plane_reads_its_own_weight()
    {
        var builder = new SceneBuilder();
        var ground = builder.AddStatic("ground", Shape.Plane(), Pose.Identity);
        var box = builder.AddDynamic("box", Shape.Box(0.5f, 0.4f, 0.2f), 3, new Vector3(0.3f, -0.2f, 0.1f));
        using var world = Create(builder.Build(), 1);
        Run(world, 2);
        const float weight = 3 * Gravity;
        var reading = world.Contact(0, box, ground);
        Assert.That(world.Body(0, box).Pose.Position.Z, Is.EqualTo(0.1f).Within(1e-3f));
        Assert.That(reading.Points, Is.EqualTo(4));
        Assert.That(reading.Touching, Is.True);
        Assert.That(reading.Depth, Is.InRange(0, 1e-3f));
        // Resting contacts still tremble by a percent or so.
        Assert.That(reading.NormalForce, Is.EqualTo(weight).Within(3).Percent);
        Assert.That(Vector3.Distance(reading.Force, new Vector3(0, 0, weight)), Is.LessThan(0.03f * weight));
        Assert.That(world.Contact(0, ground, box).Force, Is.EqualTo(-reading.Force));
        Assert.That(world.Contact(0, ground, box).NormalForce, Is.EqualTo(reading.NormalForce));
        Assert.That(world.ContactForce(0, box), Is.EqualTo(reading.Force));
        Assert.That(world.ContactForce(0, ground), Is.EqualTo(-reading.Force));
    }

    [Test]
    public void In_a_stack_the_lower_box_carries_both_and_passes_it_on()
    {
        var builder = new SceneBuilder();
        var ground = builder.AddStatic("ground", Shape.Box(4, 4, 1), new Vector3(0, 0, -0.5f));
        var lower = builder.AddDynamic("lower", Shape.Box(0.4f, 0.4f, 0.4f), 2, new Vector3(0, 0, 0.2f));
        var upper = builder.AddDynamic("upper", Shape.Box(0.3f, 0.3f, 0.3f), 1, new Vector3(0.02f, 0.01f, 0.55f));
        using var world = Create(builder.Build(), 1);
        Run(world, 2);
        Assert.That(world.Contact(0, lower, ground).Force.Z, Is.EqualTo(3 * Gravity).Within(5).Percent);
        Assert.That(world.Contact(0, lower, upper).Force.Z, Is.EqualTo(-Gravity).Within(5).Percent);
        Assert.That(world.ContactForce(0, lower).Z, Is.EqualTo(2 * Gravity).Within(5).Percent);
        Assert.That(world.Contact(0, upper, ground), Is.EqualTo(ContactReading.None));
    }

    [Test]
    public void Kinematic_and_dynamic_bodies_read_contacts_of_each_other()
    {
        var builder = new SceneBuilder();
        var tray = builder.AddKinematic("tray", Shape.Box(1, 1, 0.1f), Vector3.Zero);
        var ball = builder.Add(Ball("ball", new Vector3(0, 0, 0.15f)));
        using var world = Create(builder.Build(), 1);
        Run(world, 1);
        Assert.That(world.Contact(0, ball, tray).Force.Z, Is.EqualTo(Gravity).Within(3).Percent);
        Assert.That(world.ContactForce(0, tray).Z, Is.EqualTo(-Gravity).Within(3).Percent);
        world.SetVelocity(0, tray, new Vector3(0, 0, -20), Vector3.Zero);
        Run(world, 0.1f);
        Assert.That(world.Contact(0, ball, tray).Touching, Is.False, "the tray was pulled away");
        Assert.That(world.ContactForce(0, ball), Is.EqualTo(Vector3.Zero));
    }

    [TestCase(0.2f, 4)]
    [TestCase(0.35f, 4)]
    [TestCase(0.55f, 4)]
    [TestCase(0.2f, 1)]
    public void On_a_slope_friction_follows_coulomb(float friction, int contacts)
    {
        const float slope = 25 * MathF.PI / 180;
        var tilt = Quaternion.CreateFromAxisAngle(Vector3.UnitY, slope);
        Vector3 down = Vector3.Transform(Vector3.UnitX, tilt), normal = Vector3.Transform(Vector3.UnitZ, tilt);
        var material = new Material(friction, new SpringSettings(30, 1), 2);
        var builder = new SceneBuilder();
        var ground = builder.AddStatic("slope", Shape.Plane(), new Pose(Vector3.Zero, tilt), material);
        // A ball that may not turn slides on a single contact.
        var slider = contacts == 4
            ? builder.AddDynamic("slider", Shape.Box(0.6f, 0.5f, 0.2f), 1, new Pose(0.0995f * normal, tilt), material)
            : builder.Add(new Body { Name = "slider", Kind = BodyKind.Dynamic, Shape = Shape.Sphere(0.1f), Mass = 1, Inertia = SymmetricMatrix.Diagonal(1e6f, 1e6f, 1e6f), Pose = 0.0995f * normal, Material = material });
        using var world = Create(builder.Build(), 1);
        Run(world, 0.25f);
        float before = Vector3.Dot(world.Body(0, slider).LinearVelocity, down);
        Run(world, 0.5f);
        float acceleration = (Vector3.Dot(world.Body(0, slider).LinearVelocity, down) - before) / 0.5f;
        // tan 25° = 0.466: above it a body sticks.
        float expected = MathF.Max(0, Gravity * (MathF.Sin(slope) - (friction * MathF.Cos(slope))));
        Assert.That(acceleration, Is.EqualTo(expected).Within(0.03f));
        // What the slope does is the rest of what the body's motion takes: m a = F + m g.
        var force = world.Contact(0, slider, ground).Force;
        Assert.That(Vector3.Distance(force, (expected * down) + new Vector3(0, 0, Gravity)), Is.LessThan(0.03f * Gravity));
        Assert.That(Vector3.Dot(force, normal), Is.EqualTo(world.Contact(0, slider, ground).NormalForce).Within(1e-3f));
        if (expected == 0) Assert.That(before, Is.EqualTo(0).Within(5e-3f), "it creeps at most by what solving a substep leaves over");
    }

    [Test]
    public void The_material_of_a_pair_counts_before_those_of_its_bodies()
    {
        var builder = new SceneBuilder();
        var ground = builder.AddStatic("ground", Shape.Plane(), Pose.Identity);
        var ice = builder.AddDynamic("ice", Shape.Box(0.3f, 0.3f, 0.1f), 1, new Vector3(0, 0, 0.05f));
        var rubber = builder.AddDynamic("rubber", Shape.Box(0.3f, 0.3f, 0.1f), 1, new Vector3(0, 1, 0.05f));
        builder.SetMaterial(ice, ground, Material.Default with { Friction = 0 });
        using var world = Create(builder.Build(), 1);
        Run(world, 0.25f);
        foreach (var body in (BodyId[])[ice, rubber])
        {
            var pose = world.Body(0, body).Pose;
            world.SetBody(0, body, new BodyState(pose, new Vector3(1, 0, 0), Vector3.Zero));
        }
        Run(world, 0.25f);
        Assert.That(world.Body(0, ice).LinearVelocity.X, Is.EqualTo(1).Within(1e-3f));
        Assert.That(world.Body(0, rubber).LinearVelocity.X, Is.EqualTo(0).Within(1e-2f));
    }

    [Test]
    public void Bodies_of_one_group_and_ignored_pairs_pass_through_each_other()
    {
        var builder = new SceneBuilder();
        var grid = builder.Add(new Body { Name = "grid", Kind = BodyKind.Static, Shape = Shape.Box(4, 4, 0.2f), CollisionGroup = 1 });
        var grouped = builder.Add(Ball("grouped", new Vector3(-1, 0, 0.5f)) with { CollisionGroup = 1 });
        var other = builder.Add(Ball("other group", new Vector3(0, 0, 0.5f)) with { CollisionGroup = 2 });
        var ignored = builder.Add(Ball("ignored", new Vector3(1, 0, 0.5f)));
        builder.IgnoreContacts(ignored, grid);
        using var world = Create(builder.Build(), 1);
        Run(world, 1);
        Assert.That(world.Body(0, grouped).Pose.Position.Z, Is.LessThan(-1));
        Assert.That(world.Body(0, ignored).Pose.Position.Z, Is.LessThan(-1));
        Assert.That(world.Body(0, other).Pose.Position.Z, Is.EqualTo(0.2f).Within(1e-3f));
        Assert.That(world.Contact(0, grouped, grid), Is.EqualTo(ContactReading.None));
    }

    [Test]
    public void A_bouncing_material_gives_back_most_of_the_speed()
    {
        var builder = new SceneBuilder();
        var material = Material.Bouncing(0.85f);
        builder.AddStatic("ground", Shape.Plane(), Pose.Identity, material);
        var ball = builder.AddDynamic("ball", Shape.Sphere(0.1f), 1, new Vector3(0, 0, 1.1f), material);
        using var world = Create(builder.Build(), 1);
        Run(world, 0.5f);
        Assert.That(world.Body(0, ball).LinearVelocity.Z, Is.GreaterThan(1), "on its way up");
        float highest = 0;
        for (int i = 0; i < 120; i++)
        {
            world.Step();
            highest = MathF.Max(highest, world.Body(0, ball).Pose.Position.Z);
        }
        // Half the speed or more comes back, as a quarter of the height; the implicit spring damps the rest.
        Assert.That(highest, Is.InRange(0.1f + 0.25f, 0.1f + (0.85f * 0.85f)));
    }
}
