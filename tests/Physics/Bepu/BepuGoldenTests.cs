using NUnit.Framework;
using Sim.Physics.Bepu;
using Sim.Tests.Physics.Golden;

namespace Sim.Tests.Physics.Bepu;

/// <summary>Recordings of this very engine: they show that a scene reaches it with all its numbers.</summary>
public sealed class BepuGoldenTests
{
    private static IEnumerable<string> Comparable => GoldenScene.Trajectories.Where(name => name != "spin_gyro_torque");

    [TestCaseSource(nameof(Comparable))]
    public void A_recorded_scene_runs_as_recorded(string name)
    {
        var golden = GoldenScene.Trajectory(name);
        using var world = new BepuWorld(golden.Scene, 1);
        var deviation = GoldenDeviation.Of(golden, world, seconds: golden.ComparableSeconds);
        TestContext.Out.WriteLine($"{name}: {deviation} in {golden.ComparableSeconds} s");
        Assert.That(deviation.Position, Is.LessThanOrEqualTo(golden.PositionTolerance), deviation.ToString());
    }

    [TestCaseSource(nameof(Comparable))]
    public void A_recorded_scene_runs_as_recorded_far_from_the_origin_and_among_others(string name)
    {
        var golden = GoldenScene.Trajectory(name);
        using var world = new BepuWorld(golden.Scene, 9, threads: 2);
        var deviation = GoldenDeviation.Of(golden, world, environment: 8, golden.ComparableSeconds);
        TestContext.Out.WriteLine($"{name}: {deviation} in {golden.ComparableSeconds} s, {world.PositionRounding} m rounding");
        Assert.That(deviation.Position, Is.LessThanOrEqualTo(golden.PositionTolerance), deviation.ToString());
    }

    [Test]
    public void Single_joints_step_as_recorded()
    {
        foreach (var golden in GoldenScene.JointSteps())
        {
            using var world = new BepuWorld(golden.Scene, 1);
            var deviation = GoldenDeviation.Of(golden, world);
            // One constraint and no contacts: anything above rounding would be another formula or parameter.
            Assert.That(deviation.Velocity, Is.LessThan(1e-4f), $"{golden.Name}: {deviation}");
            Assert.That(deviation.Position, Is.LessThan(1e-5f), $"{golden.Name}: {deviation}");
        }
    }
}
