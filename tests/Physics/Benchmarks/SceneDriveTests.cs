using System.Numerics;
using NUnit.Framework;
using Sim.Physics.Benchmarks;
using Sim.Physics.Scenes;

namespace Sim.Tests.Physics.Benchmarks;

public sealed class SceneDriveTests
{
    [TestCase("rope", "grip")]
    [TestCase("surgical", "shaft")]
    [TestCase("surgical", "inner finger")]
    [TestCase("surgical", "outer finger")]
    public void A_kinematic_body_is_back_at_its_start_after_every_cycle(string name, string body)
    {
        var scene = BenchmarkScene.Find(name);
        using var world = World(scene, 1);
        var drive = new SceneDrive(scene, world);
        var id = world.Scene.Body(body);
        var start = Place(world, 0, id);
        float farthest = 0;
        for (int cycle = 0; cycle < 3; cycle++)
        {
            for (int step = 0; step < scene.Period; step++)
            {
                drive.Step();
                farthest = MathF.Max(farthest, Vector3.Distance(Place(world, 0, id), start));
            }
            // Rounding of some hundred additions of numbers below one.
            Assert.That(Vector3.Distance(Place(world, 0, id), start), Is.LessThan(2e-5f));
        }
        Assert.That(farthest, Is.GreaterThan(0.05f));
    }

    [Test]
    public void Environments_do_the_same_one_phase_after_another()
    {
        var scene = BenchmarkScene.Find("surgical");
        using var world = World(scene, 20);
        var drive = new SceneDrive(scene, world);
        var finger = world.Scene.Body("inner finger");
        var places = new List<Vector3[]>();
        for (int step = 0; step < 2 * scene.Period; step++)
        {
            places.Add([.. Enumerable.Range(0, world.Count).Select(environment => Place(world, environment, finger))]);
            drive.Step();
        }
        for (int environment = 0; environment < world.Count; environment++)
        {
            int lag = environment * scene.PhaseSteps % scene.Period;
            for (int step = 0; step < places.Count; step++)
            {
                var expected = step < lag ? places[0][0] : places[step - lag][0];
                // The same velocities added to the same numbers; waiting adds zeros.
                Assert.That(places[step][environment], Is.EqualTo(expected), $"environment {environment}, step {step}");
            }
        }
    }

    [Test]
    public void The_fingers_close_on_the_needle_while_they_are_down_and_hold_it_above_the_board()
    {
        var scene = BenchmarkScene.Find("surgical");
        using var world = World(scene, 1);
        var drive = new SceneDrive(scene, world);
        for (int step = 0; step < 330; step++) drive.Step();
        Vector3 inner = Place(world, 0, world.Scene.Body("inner finger")), outer = Place(world, 0, world.Scene.Body("outer finger"));
        // Tube of 10 mm, pressed by 1.5 mm on both sides, between fingers of 15 mm.
        Assert.That(outer.Y - inner.Y, Is.EqualTo(0.015f + 0.010f - 0.003f).Within(1e-5f));
        Assert.That(inner.Z, Is.EqualTo(0.0015f + 0.025f + 0.075f).Within(1e-5f));
    }

    [Test]
    public void The_wrench_carries_the_weight_and_leaves_no_momentum_after_a_cycle()
    {
        var scene = BenchmarkScene.Find("free-body");
        using var world = World(scene, 2);
        var drive = new SceneDrive(scene, world);
        for (int step = 0; step < scene.Period; step++) drive.Step();
        var body = world.Scene.Body("body");
        // One second of weight; the second environment rested for its lag, under the same weight.
        Assert.That(Vector3.Distance(world.Momentum(0, body), new Vector3(0, 0, 0.027f * 9.81f)), Is.LessThan(1e-5f));
        Assert.That(world.Momentum(1, body).Z, Is.EqualTo(0.027f * 9.81f).Within(0.03f));
    }

    [TestCase("free-body")]
    [TestCase("rope")]
    [TestCase("surgical")]
    public void Driving_allocates_nothing(string name)
    {
        var scene = BenchmarkScene.Find(name);
        using var world = World(scene, 40);
        var drive = new SceneDrive(scene, world);
        for (int step = 0; step < scene.Period + 10; step++) drive.Step();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int step = 0; step < 100; step++) drive.Step();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static FakeWorld World(BenchmarkScene scene, int count) => new(scene.Build(scene.Substeps), count);

    private static Vector3 Place(FakeWorld world, int environment, BodyId body) => world.Body(environment, body).Pose.Position;
}
