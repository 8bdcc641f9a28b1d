using System.Numerics;
using NUnit.Framework;
using Sim.Physics.Scenes;
using Sim.Physics.Worlds;

namespace Sim.Tests.Physics.Worlds;

public abstract partial class WorldContractTests
{
    [Test]
    public void Wrong_arguments_are_refused_by_name_and_change_nothing()
    {
        using var world = Create(Workshop(), 2);
        var scene = world.Scene;
        BodyId box = scene.Body("box"), anchor = scene.Body("anchor"), ground = scene.Body("ground");
        JointId socket = scene.Joint("socket"), servo = scene.Joint("servo"), grip = scene.Joint("grip");
        var nan = new Vector3(0, float.NaN, 0);
        var before = States(world, 0).Concat(States(world, 1)).ToArray();

        foreach (int environment in (int[])[-1, 2])
        {
            Assert.That(() => world.Body(environment, box), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => world.SetBody(environment, box, Pose.Identity), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => world.Reset(environment), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => world.Fault(environment), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => world.IsAttached(environment, grip), Throws.TypeOf<ArgumentOutOfRangeException>());
        }
        Assert.That(() => world.Body(0, new BodyId(99)), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => world.ContactForce(0, new BodyId(-1)), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => world.SetJoint(0, new JointId(99), new BallSocket()), Throws.TypeOf<ArgumentOutOfRangeException>());

        Assert.That(() => world.SetBody(0, box, new Pose(nan, Quaternion.Identity)), Throws.ArgumentException.With.Message.Contains("'box'"));
        Assert.That(() => world.SetBody(0, box, new Pose(Vector3.Zero, new Quaternion(0, 0, 0, 2))), Throws.ArgumentException.With.Message.Contains("'box'"));
        Assert.That(() => world.SetVelocity(0, anchor, Vector3.Zero, nan), Throws.ArgumentException.With.Message.Contains("'anchor'"));
        Assert.That(() => world.SetVelocity(0, ground, Vector3.Zero, Vector3.Zero), Throws.ArgumentException.With.Message.Contains("'ground'"));
        Assert.That(() => world.SetVelocities(ground, new float[12]), Throws.ArgumentException.With.Message.Contains("'ground'"));
        Assert.That(() => world.ApplyWrench(0, box, nan, Vector3.Zero), Throws.ArgumentException.With.Message.Contains("'box'"));
        Assert.That(() => world.ApplyWrench(0, anchor, Vector3.UnitX, Vector3.Zero), Throws.ArgumentException.With.Message.Contains("'anchor'"));
        Assert.That(() => world.ApplyWrenches(anchor, new float[12]), Throws.ArgumentException.With.Message.Contains("'anchor'"));
        Assert.That(() => world.SetJoint(0, socket, new Weld()), Throws.ArgumentException.With.Message.Contains("'socket'"));
        Assert.That(() => world.SetJoint(0, servo, new TwistServo { TargetAngle = float.NaN }), Throws.ArgumentException.With.Message.Contains("'servo'"));
        Assert.That(() => world.Attach(0, socket), Throws.ArgumentException.With.Message.Contains("'socket'"));
        Assert.That(() => world.Detach(0, servo), Throws.ArgumentException.With.Message.Contains("'servo'"));

        Assert.That(States(world, 0).Concat(States(world, 1)), Is.EqualTo(before));
    }

    [Test]
    public void A_faulted_environment_stands_still_until_its_reset_and_its_neighbours_go_on([Values("NaN force", "huge force", "NaN drive")] string how)
    {
        using var world = Create(Workshop(), 3);
        using var undisturbed = Create(Workshop(), 3);
        var scene = world.Scene;
        Run(world, 0.25f);
        Run(undisturbed, 0.25f);
        var before = States(world, 1);
        if (how == "NaN drive")
        {
            float[] velocities = new float[18];
            velocities[7] = float.NaN;
            world.SetVelocities(scene.Body("anchor"), velocities);
        }
        else
        {
            float[] wrenches = new float[18];
            wrenches[8] = how == "NaN force" ? float.NaN : float.MaxValue;
            world.ApplyWrenches(scene.Body("box"), wrenches);
        }
        for (int i = 0; i < 60; i++)
        {
            world.Step();
            undisturbed.Step();
            Assert.That(world.Fault(1), Is.EqualTo(EnvironmentFault.NotFinite));
            Assert.That(world.Fault(0), Is.EqualTo(EnvironmentFault.None));
            Assert.That(world.Fault(2), Is.EqualTo(EnvironmentFault.None));
        }
        var stopped = States(world, 1);
        Assert.That(stopped.Select(state => state.Pose), Is.EqualTo(before.Select(state => state.Pose)), "it stays at its last good state");
        foreach (int neighbour in (int[])[0, 2])
        {
            foreach (var (actual, expected) in States(world, neighbour).Zip(States(undisturbed, neighbour))) AssertSame(actual, expected, $"environment {neighbour}");
        }

        world.Reset(1);
        Assert.That(world.Fault(1), Is.EqualTo(EnvironmentFault.None));
        using var fresh = Create(Workshop(), 3);
        Run(world, 0.5f);
        Run(fresh, 0.5f);
        foreach (var (actual, expected) in States(world, 1).Zip(States(fresh, 1))) AssertSame(actual, expected, "after its reset");
    }

    [Test]
    public void A_snapshot_restores_bit_for_bit_into_any_environment()
    {
        using var world = Create(Workshop(), 2);
        if (world.SnapshotBytes == 0)
        {
            Assert.That(() => world.Snapshot(0, []), Throws.TypeOf<NotSupportedException>());
            Assert.That(() => world.Restore(0, []), Throws.TypeOf<NotSupportedException>());
            Assert.Ignore($"the {world.Engine} engine has no snapshots");
        }
        Run(world, 0.5f);
        byte[] snapshot = new byte[world.SnapshotBytes];
        world.Snapshot(0, snapshot);
        var taken = States(world, 0);
        Run(world, 0.5f);
        var later = States(world, 0);
        world.SetBody(1, world.Scene.Body("box"), new Pose(new Vector3(5, 5, 5), Quaternion.Identity));
        foreach (int environment in (int[])[0, 1])
        {
            world.Restore(environment, snapshot);
            Assert.That(States(world, environment), Is.EqualTo(taken));
        }
        Run(world, 0.5f);
        foreach (int environment in (int[])[0, 1]) Assert.That(States(world, environment), Is.EqualTo(later), "impulses and contacts came back as well");
        Assert.That(() => world.Restore(0, snapshot.AsSpan(1)), Throws.ArgumentException);
    }
}
