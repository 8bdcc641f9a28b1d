using System.Numerics;
using NUnit.Framework;
using Sim.Physics.Batched;
using Sim.Physics.Scenes;

namespace Sim.Tests.Physics.Scenes;

/// <summary>What no engine could run is refused where it is described, by name, value and what would do.</summary>
public sealed class SceneBuilderTests
{
    private static readonly Body s_box = new() { Name = "box", Kind = BodyKind.Dynamic, Shape = Shape.Box(1, 1, 1), Mass = 1 };

    private static IEnumerable<TestCaseData> BadBodies()
    {
        yield return Bad(s_box with { Pose = new Pose(Vector3.Zero, default) }, "orientation (0, 0, 0, 0)");
        yield return Bad(s_box with { Pose = new Pose(new Vector3(float.NaN, 0, 0), Quaternion.Identity) }, "position");
        yield return Bad(s_box with { Mass = -1 }, "mass -1 kg must be positive");
        yield return Bad(s_box with { Mass = 0 }, "mass 0 kg must be positive");
        yield return Bad(s_box with { Mass = float.PositiveInfinity }, "mass");
        yield return Bad(s_box with { Inertia = SymmetricMatrix.Diagonal(1, 0, 1) }, "positive definite");
        yield return Bad(s_box with { Inertia = SymmetricMatrix.Diagonal(1, -1, 1) }, "positive definite");
        yield return Bad(s_box with { Shape = null }, "needs an inertia");
        yield return Bad(s_box with { Shape = Shape.Plane() }, "a plane cannot be dynamic");
        yield return Bad(s_box with { Shape = Shape.Sphere(-0.5f) }, "sphere radius -0.5");
        yield return Bad(s_box with { Shape = Shape.Capsule(0.1f, 0) }, "capsule length 0");
        yield return Bad(s_box with { Shape = Shape.Box(1, float.NaN, 1) }, "box width Y");
        yield return Bad(s_box with { Shape = Shape.Compound() }, "at least one part");
        yield return Bad(s_box with { Shape = Shape.Compound(new CompoundPart(Shape.Plane(), Pose.Identity)) }, "part 0");
        yield return Bad(s_box with { Kind = BodyKind.Static }, "only a dynamic body has mass");
        yield return Bad(s_box with { LinearVelocity = new Vector3(0, float.PositiveInfinity, 0) }, "linear velocity");
        yield return Bad(s_box with { Material = new Material(-0.1f, new SpringSettings(30, 1), 2) }, "friction -0.1");
        yield return Bad(s_box with { Material = new Material(1, new SpringSettings(0, 1), 2) }, "spring frequency 0");
        yield return Bad(s_box with { SpeculativeMargin = new SpeculativeMargin(0.2f, 0.1f) }, "maximum speculative margin");

        static TestCaseData Bad(Body body, string fault) => new TestCaseData(body, fault).SetArgDisplayNames(fault);
    }

    private static IEnumerable<TestCaseData> BadSettings()
    {
        yield return new TestCaseData(new SceneSettings { Timestep = 0 }, "timestep 0");
        yield return new TestCaseData(new SceneSettings { Timestep = float.NaN }, "timestep NaN");
        yield return new TestCaseData(new SceneSettings { Substeps = 0 }, "substeps 0 must lie in [1, 1024]");
        yield return new TestCaseData(new SceneSettings { VelocityIterations = 2000 }, "velocity iterations 2000");
        yield return new TestCaseData(new SceneSettings { LinearDamping = 1 }, "linear damping 1 must lie in [0, 1)");
        yield return new TestCaseData(new SceneSettings { Gravity = new Vector3(float.NaN) }, "gravity");
    }

    [TestCaseSource(nameof(BadBodies))]
    public void A_bad_body_is_refused_by_name(Body body, string fault)
        => Assert.That(() => new SceneBuilder().Add(body), Throws.TypeOf<SceneException>().With.Message.StartsWith("body 'box'").And.Message.Contains(fault));

    [TestCaseSource(nameof(BadSettings))]
    public void Bad_settings_are_refused(SceneSettings settings, string fault)
    {
        var builder = new SceneBuilder(settings);
        builder.Add(s_box);
        Assert.That(builder.Build, Throws.TypeOf<SceneException>().With.Message.Contains(fault));
    }

    [Test]
    public void A_joint_that_nothing_could_solve_is_refused_by_its_bodies()
    {
        var builder = new SceneBuilder();
        var box = builder.Add(s_box);
        BodyId one = builder.AddKinematic("one", null, Vector3.Zero), two = builder.AddKinematic("two", null, Vector3.Zero);
        var ground = builder.AddStatic("ground", Shape.Plane(), Vector3.Zero);
        Assert.That(() => builder.Join("j", one, two, new BallSocket()), Refused("'one' and 'two' cannot be pushed"));
        Assert.That(() => builder.Join("j", one, new OneBodyLinearServo()), Refused("'one' cannot be pushed"));
        Assert.That(() => builder.Join("j", box, ground, new Weld()), Refused("body 'ground' is static; make it kinematic"));
        Assert.That(() => builder.Join("j", box, box, new Weld()), Refused("joins body 'box' to itself"));
        Assert.That(() => builder.Join("j", box, new Weld()), Refused("takes 2 bodies, not 1"));
        Assert.That(() => builder.Join("j", box, one, new OneBodyAngularServo()), Refused("takes 1 bodies, not 2"));
        Assert.That(() => builder.Join("j", box, one, new Hinge { LocalHingeAxisA = new Vector3(0, 0, 2) }), Refused("LocalHingeAxisA (0, 0, 2) must be a unit vector"));
        Assert.That(() => builder.Join("j", box, one, new Weld { LocalOrientation = default }), Refused("LocalOrientation"));
        Assert.That(() => builder.Join("j", box, one, new SwingLimit { MinimumDot = 1.5f }), Refused("MinimumDot 1.5 must lie in [-1, 1]"));
        Assert.That(() => builder.Join("j", box, one, new DistanceLimit { MinimumDistance = 2, MaximumDistance = 1 }), Refused("MaximumDistance 1"));
        Assert.That(() => builder.Join("j", box, one, new AngularMotor { Motor = new MotorSettings(1, 0) }), Refused("motor damping 0"));
        Assert.That(() => builder.Join("j", box, one, new TwistServo { TargetAngle = float.NaN }), Refused("TargetAngle"));
        Assert.That(() => builder.Join("j", box, new BodyId(17), new Weld()), Refused("body 17 is not of this scene"));

        static NUnit.Framework.Constraints.IResolveConstraint Refused(string fault) => Throws.TypeOf<SceneException>().With.Message.Contains(fault);
    }

    [Test]
    public void Names_are_unique_and_found_again()
    {
        var builder = new SceneBuilder();
        var box = builder.Add(s_box);
        Assert.That(() => builder.Add(s_box), Throws.TypeOf<SceneException>().With.Message.Contains("two bodies are named 'box'"));
        var scene = builder.Build();
        Assert.That(scene.Body("box"), Is.EqualTo(box));
        Assert.That(() => scene.Body("bax"), Throws.TypeOf<SceneException>().With.Message.Contains("no body 'bax'; there are box"));
        Assert.That(() => scene.Joint("hinge"), Throws.TypeOf<SceneException>().With.Message.Contains("no joint 'hinge'"));
    }

    [Test]
    public void Inertias_of_the_primitives_are_those_of_the_solid_bodies()
    {
        Assert.That(Shape.Sphere(0.5f).Inertia(2).XX, Is.EqualTo(0.4f * 2 * 0.25f).Within(1e-6f));
        Assert.That(Shape.Box(1, 2, 3).Inertia(12).XX, Is.EqualTo(13).Within(1e-5f));
        Assert.That(Shape.Cylinder(1, 2).Inertia(12), Is.EqualTo(SymmetricMatrix.Diagonal(7, 6, 7)));
        // A long capsule tends to a rod, a short one to a ball.
        Assert.That(Shape.Capsule(1e-3f, 1).Inertia(12).XX, Is.EqualTo(1).Within(5e-3f));
        Assert.That(Shape.Capsule(0.5f, 1e-6f).Inertia(2).XX, Is.EqualTo(Shape.Sphere(0.5f).Inertia(2).XX).Within(1e-5f));
    }

    [Test]
    public void A_box_cut_in_eight_has_the_inertia_of_the_box()
    {
        var parts = new List<CompoundPart>();
        foreach (float x in (float[])[-0.5f, 0.5f])
            foreach (float y in (float[])[-1, 1])
                foreach (float z in (float[])[-1.5f, 1.5f]) parts.Add(new CompoundPart(Shape.Box(1, 2, 3), new Vector3(x + 3, y, z)));
        var centred = new CompoundShape(parts).Centred(out var centre);
        Assert.That(Vector3.Distance(centre, new Vector3(3, 0, 0)), Is.LessThan(1e-6f));
        SymmetricMatrix whole = Shape.Box(2, 4, 6).Inertia(5), pieces = centred.Inertia(5);
        Assert.That(pieces.XX, Is.EqualTo(whole.XX).Within(1e-4f));
        Assert.That(pieces.YY, Is.EqualTo(whole.YY).Within(1e-4f));
        Assert.That(pieces.ZZ, Is.EqualTo(whole.ZZ).Within(1e-4f));
        Assert.That(MathF.Abs(pieces.YX) + MathF.Abs(pieces.ZX) + MathF.Abs(pieces.ZY), Is.LessThan(1e-5f));
    }

    [Test]
    public void A_scene_advises_against_springs_that_are_too_fast_and_bodies_that_outrun_their_size()
    {
        var builder = new SceneBuilder(new SceneSettings { Timestep = 1f / 60, Substeps = 4 });
        var box = builder.Add(s_box with { LinearVelocity = new Vector3(100, 0, 0) });
        var anchor = builder.AddKinematic("anchor", null, Vector3.Zero);
        builder.Join("stiff", anchor, box, new BallSocket { Spring = new SpringSettings(200, 1) });
        builder.Join("firm", anchor, box, new BallSocket { Spring = new SpringSettings(60, 1) });
        builder.Join("soft", anchor, box, new BallSocket { Spring = new SpringSettings(30, 1) });
        string[] advice = [.. builder.Build().Advice()];
        Assert.That(advice, Has.Length.EqualTo(3));
        Assert.That(advice[0], Does.Contain("'stiff'").And.Contain("400 Hz"));
        Assert.That(advice[1], Does.Contain("'firm'").And.Contain("6 substeps"));
        Assert.That(advice[2], Does.Contain("'box'"));
    }

    [Test]
    public void A_scene_of_too_many_pairs_is_left_to_the_other_engine()
    {
        var builder = new SceneBuilder();
        for (int i = 0; i < 120; i++) builder.Add(s_box with { Name = $"box {i}", Pose = new Vector3(2 * i, 0, 0) });
        var scene = builder.Build();
        Assert.That(() => new BatchedWorld(scene, 1), Throws.TypeOf<SceneException>().With.Message.Contains("more than 4096 pairs"));
    }

    [Test]
    public void Restitution_becomes_a_damping_ratio()
    {
        Assert.That(Material.Bouncing(1).Spring.DampingRatio, Is.Zero);
        Assert.That(Material.Bouncing(0.5f).Spring.DampingRatio, Is.EqualTo(0.2155f).Within(1e-4f));
        Assert.That(() => Material.Bouncing(0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Material.Bouncing(1.1f), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_frictionless_body_slides_on_everything_and_a_pair_may_have_a_material_of_its_own()
    {
        var ice = Material.Default with { Friction = 0 };
        Assert.That(Material.Combine(Material.Default, ice).Friction, Is.Zero);
        var builder = new SceneBuilder();
        BodyId a = builder.Add(s_box), b = builder.Add(s_box with { Name = "ice", Material = ice }), c = builder.Add(s_box with { Name = "other" });
        builder.SetMaterial(c, a, Material.Default with { Friction = 0.3f });
        var scene = builder.Build();
        Assert.That(scene.MaterialOf(a, b).Friction, Is.Zero);
        Assert.That(scene.MaterialOf(a, c).Friction, Is.EqualTo(0.3f));
        Assert.That(scene.MaterialOf(c, a).Friction, Is.EqualTo(0.3f));
    }
}
