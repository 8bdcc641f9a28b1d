using NUnit.Framework;
using Sim.Physics.Scenes;

namespace Sim.Tests.Physics.Golden;

/// <summary>The recorded scenes are read whole; the engines' own tests compare against them.</summary>
public sealed class GoldenSceneTests
{
    [Test]
    public void Every_trajectory_begins_where_its_first_sample_says()
    {
        var names = GoldenScene.Trajectories.ToArray();
        Assert.That(names, Has.Length.EqualTo(20));
        foreach (string name in names)
        {
            var golden = GoldenScene.Trajectory(name);
            var first = golden.Samples[0];
            Assert.That(first.Step, Is.Zero, name);
            Assert.That(golden.Samples[^1].Step, Is.EqualTo(golden.Steps), name);
            Assert.That(first.States, Has.Count.EqualTo(golden.MovingBodies), name);
            for (int i = 0; i < golden.MovingBodies; i++)
            {
                var body = golden.Scene.Bodies[i];
                Assert.That(first.States[i], Is.EqualTo(new BodyState(body.Pose, body.LinearVelocity, body.AngularVelocity)), $"{name}: {body.Name}");
            }
        }
    }

    [Test]
    public void There_are_104_joint_cases_of_13_kinds_with_three_steps_each()
    {
        var cases = GoldenScene.JointSteps();
        Assert.That(cases, Has.Count.EqualTo(104));
        Assert.That(cases.Select(golden => golden.Scene.Joints.Single().Joint.GetType()).Distinct().Count(), Is.EqualTo(13));
        Assert.That(cases.Select(golden => golden.Samples.Count), Is.All.EqualTo(3));
    }

    [Test]
    public void Only_the_recording_of_the_engines_own_friction_asks_for_it()
        => Assert.That(GoldenScene.Trajectories.Where(name => GoldenScene.Trajectory(name).Scene.Settings.LegacyFriction), Is.EqualTo(["incline_legacy_mu08"]));
}
