using System.Numerics;
using NUnit.Framework;
using Sim.Physics.Benchmarks;
using Sim.Physics.Scenes;

namespace Sim.Tests.Physics.Benchmarks;

public sealed class BenchmarkSceneTests
{
    private static readonly string[] s_names = ["free-body", "rope", "surgical"];

    [TestCase("free-body", 1, 0, 0)]
    [TestCase("rope", 2 + 1 + 32, 32 + 31 + 31, 32)]
    [TestCase("surgical", 1 + 12 + 6 + 1 + 3, 0, 7)]
    public void A_scene_has_the_bodies_and_joints_that_it_says(string name, int bodies, int joints, int dynamic)
    {
        var scene = Build(name);
        Assert.That((scene.Bodies.Count, scene.Joints.Count), Is.EqualTo((bodies, joints)));
        Assert.That(scene.Bodies.Count(body => body.Kind == BodyKind.Dynamic), Is.EqualTo(Math.Max(1, dynamic)));
        Assert.That(scene.Settings.Timestep, Is.EqualTo(1f / 240));
    }

    [TestCaseSource(nameof(s_names))]
    public void No_engine_would_complain(string name) => Assert.That(Build(name).Advice(), Is.Empty);

    [TestCaseSource(nameof(s_names))]
    public void Substeps_are_a_parameter(string name) => Assert.That(BenchmarkScene.Find(name).Build(7).Settings.Substeps, Is.EqualTo(7));

    [TestCaseSource(nameof(s_names))]
    public void Nothing_begins_inside_something_else(string name)
    {
        // Bodies that lie on each other touch to within the rounding of a float.
        var (depth, pair) = SurfaceDistance.DeepestOverlap(Build(name));
        Assert.That(depth, Is.LessThan(1e-6f), pair);
    }

    [Test]
    public void Three_blocks_touch_a_peg_and_three_do_not()
    {
        var scene = Build("surgical");
        var pegs = scene.Bodies.Where(body => body.Name.StartsWith("peg", StringComparison.Ordinal)).ToList();
        var blocks = scene.Bodies.Where(body => body.Name.StartsWith("block", StringComparison.Ordinal));
        float[] gaps = [.. blocks.Select(block => pegs.Min(peg => Vector2.Distance(Flat(peg), Flat(block))) - 0.0325f)];
        Assert.That(gaps[..3], Is.All.EqualTo(0).Within(1e-6f));
        Assert.That(gaps[3..], Is.All.EqualTo(0.005f).Within(1e-6f));
    }

    [Test]
    public void Joints_of_the_rope_begin_closed_and_straight_enough()
    {
        var scene = Build("rope");
        foreach (var joint in scene.Joints)
        {
            Pose a = scene.Bodies[joint.A.Index].Pose, b = scene.Bodies[joint.B!.Value.Index].Pose;
            if (joint.Joint is BallSocket socket)
                Assert.That(Vector3.Distance(a.Transform(socket.LocalOffsetA), b.Transform(socket.LocalOffsetB)), Is.LessThan(1e-6f), joint.Name);
            if (joint.Joint is SwingLimit limit)
                Assert.That(Vector3.Dot(Vector3.Transform(limit.AxisLocalA, a.Orientation), Vector3.Transform(limit.AxisLocalB, b.Orientation)), Is.GreaterThan(limit.MinimumDot), joint.Name);
        }
    }

    [TestCase("quadrotor-body", "free-body")]
    [TestCase("rope", "rope")]
    public void Scenes_have_names_and_aliases(string asked, string found) => Assert.That(BenchmarkScene.Find(asked).Name, Is.EqualTo(found));

    [Test]
    public void An_unknown_scene_names_those_that_there_are()
        => Assert.That(() => BenchmarkScene.Find("roap"), Throws.ArgumentException.With.Message.Contain("free-body, rope, surgical"));

    private static Vector2 Flat(Body body) => new(body.Pose.Position.X, body.Pose.Position.Y);

    private static Scene Build(string name)
    {
        var scene = BenchmarkScene.Find(name);
        return scene.Build(scene.Substeps);
    }
}
