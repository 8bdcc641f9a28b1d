using NUnit.Framework;
using Sim.Physics.Batched;
using Sim.Physics.Scenes;
using Sim.Physics.Worlds;

namespace Sim.Tests.Physics.Batched;

/// <summary>
/// Whatever scene can be built can be stepped under whatever actions: it neither throws nor hangs, and what is not
/// finite is flagged. Ten minutes of it, on request: <c>dotnet test -c Release --filter Ten_minutes_of_random_scenes</c>.
/// </summary>
public sealed class RandomSceneTests
{
    [Test, CancelAfter(120_000)]
    public void Random_scenes_under_random_actions_end_without_exception_and_without_unflagged_nan()
    {
        int faults = 0, steps = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            var outcome = RandomScenes.Run(seed, steps: 60);
            faults += outcome.Faults;
            steps += outcome.Steps;
        }
        TestContext.Out.WriteLine($"{steps} steps, {faults} faults");
        Assert.That(faults, Is.GreaterThan(0), "scenes are wild enough to break some");
    }

    [Test, Explicit("ten minutes"), CancelAfter(900_000)]
    public void Ten_minutes_of_random_scenes_end_without_exception_and_without_unflagged_nan()
    {
        long start = Environment.TickCount64, steps = 0;
        int seed = 1000, faults = 0;
        for (; Environment.TickCount64 - start < 600_000; seed++)
        {
            var outcome = RandomScenes.Run(seed, steps: 300);
            faults += outcome.Faults;
            steps += outcome.Steps;
        }
        TestContext.Out.WriteLine($"{seed - 1000} scenes, {steps} steps, {faults} faults");
    }

    [Test]
    public void Constraints_that_cannot_be_met_flag_their_environment_or_stay_finite([Values(1, 4)] int substeps)
    {
        var builder = new SceneBuilder(new SceneSettings { Substeps = substeps });
        var anchor = builder.AddKinematic("anchor", null, new System.Numerics.Vector3(0, 0, 1));
        var other = builder.AddKinematic("other", null, new System.Numerics.Vector3(5, 0, 1));
        var box = builder.AddDynamic("box", Shape.Box(0.1f, 0.1f, 0.1f), 1e-3f, new System.Numerics.Vector3(0, 0, 1));
        // Two anchors 5 m apart, and three distances that exclude one another.
        builder.Join("here", anchor, box, new BallSocket { Spring = new SpringSettings(1000, 0) });
        builder.Join("there", other, box, new BallSocket { Spring = new SpringSettings(1000, 0) });
        builder.Join("far", anchor, box, new DistanceLimit { MinimumDistance = 100, MaximumDistance = 101, Spring = new SpringSettings(500, 0) });
        builder.Join("held", anchor, box, new Weld { LocalOffset = new System.Numerics.Vector3(0, 0, 3), Spring = new SpringSettings(500, 0) });
        using var world = new BatchedWorld(builder.Build(), 3);
        for (int step = 0; step < 1000; step++)
        {
            world.Step();
            for (int k = 0; k < world.Count; k++)
            {
                if (world.Fault(k) == EnvironmentFault.None) Assert.That(RandomScenes.IsFinite(world, k), $"environment {k}, step {step}");
            }
        }
    }
}
