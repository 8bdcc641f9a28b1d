using NUnit.Framework;
using Sim.Environments.Surgical.Arms;
using Sim.Environments.SurgicalGym;
using Sim.Physics.Numerics;

namespace Sim.Tests.Environments.SurgicalGym;

/// <summary>Tips against other descriptions of the same arms.</summary>
public sealed class GymKinematicsTests
{
    /// <summary>Float32 lengths of half a metre, through two turns.</summary>
    private const double Rounding = 3e-7;

    [Test]
    public void The_linked_PSM_is_the_arm_of_the_other_surgical_tasks(
        [Values(-0.9f, 0.2f, 1f)] float yaw, [Values(-0.8f, 0f, 0.5f)] float pitch, [Values(0.05f, 0.2f)] float insertion)
    {
        var joints = new PsmJoints<Lane1> { Yaw = new(yaw), Pitch = new(pitch), Insertion = new(insertion) };
        PsmArm.Forward(in joints, 1, out var eef);
        // With a straight wrist the jaws' pivot is 9.1 mm down the shaft from the roll link, and the tip of this task 25 mm.
        double beyond = (0.025 - 0.0091) / (insertion - 0.0156 + 0.0091);
        RemoteCentreArm.Psm.TipOf(Linked(yaw, pitch, insertion), true, out var tip);

        // Both the base and its turn by 180° put the frame's x and y axes the other way round.
        Assert.That(tip.X.Value, Is.EqualTo(1 - (eef.Origin.X.Value * (1 + beyond))).Within(Rounding));
        Assert.That(tip.Y.Value, Is.EqualTo(-0.4864 - (eef.Origin.Y.Value * (1 + beyond))).Within(Rounding));
        Assert.That(tip.Z.Value, Is.EqualTo(0.5 + (eef.Origin.Z.Value * (1 + beyond))).Within(Rounding));
    }

    [Test]
    public void The_linked_ECM_is_the_arm_of_the_other_surgical_tasks(
        [Values(-0.9f, 0.2f, 1f)] float yaw, [Values(-0.7f, 0f, 1f)] float pitch, [Values(0f, 0.2f)] float insertion)
    {
        var joints = new EcmJoints<Lane1> { Yaw = new(yaw), Pitch = new(pitch), Insertion = new(insertion) };
        EcmArm.Forward(in joints, 1, out var eef);
        // That arm's end is 0.7 mm beyond the insertion, this one's 2.057 mm.
        double longer = (insertion + 0.002057) / (insertion + 0.0007);
        RemoteCentreArm.Ecm.TipOf(Linked(yaw, pitch, insertion), true, out var tip);
        Assert.That(tip.X.Value, Is.EqualTo(0.3874 - (eef.Origin.Y.Value * longer)).Within(Rounding));
        Assert.That(tip.Y.Value, Is.EqualTo(eef.Origin.X.Value * longer).Within(Rounding));
        Assert.That(tip.Z.Value, Is.EqualTo(-0.3984 + (eef.Origin.Z.Value * longer)).Within(Rounding));
    }

    [Test]
    public void The_open_chain_with_its_parallelogram_kept_by_hand_is_the_linked_arm(
        [Values(-0.9f, 1f)] float yaw, [Values(-0.7f, 0f, 0.9f)] float pitch, [Values] bool isPsm)
    {
        var arm = isPsm ? RemoteCentreArm.Psm : RemoteCentreArm.Ecm;
        var joints = Linked(yaw, pitch, 0.1f);
        arm.TipOf(in joints, true, out var linked);
        arm.TipOf(in joints, false, out var open);
        Assert.That(open.X.Value, Is.EqualTo(linked.X.Value).Within(Rounding));
        Assert.That(open.Y.Value, Is.EqualTo(linked.Y.Value).Within(Rounding));
        Assert.That(open.Z.Value, Is.EqualTo(linked.Z.Value).Within(Rounding));
    }

    [Test]
    public void Three_drives_on_one_parallelogram_settle_at_the_mean_of_their_targets()
    {
        var drive = JointDrive.Of(new DriveSettings { Stiffness = 1e4f, Damping = 1e3f }, 0.0025f);
        ArmJoints<Lane1> position = ArmJoints<Lane1>.Zero, velocity = position, target = position;
        (target.PitchBack, target.PitchBottom, target.PitchEnd) = (new(0.6f), new(0.3f), new(0.3f));
        for (int step = 0; step < 1000; step++) RemoteCentreArm.Psm.Advance(ref position, ref velocity, in target, in drive, in drive, true);
        // Ten seconds over a tenth: what is left of the way is lost in rounding.
        Assert.That(position.PitchEnd.Value, Is.EqualTo(0.2f).Within(1e-5f));
        Assert.That((position.PitchBack.Value, position.PitchBottom.Value), Is.EqualTo((position.PitchEnd.Value, -position.PitchEnd.Value)));
    }

    [Test]
    public void The_STAR_tip_is_the_product_of_its_transforms()
    {
        double[] angles = [0.4, -0.9, 1.3, 0.7, -1.6, 1.1, 0.5];
        double[] twists = [0, -90, 90, 90, -90, -90, 90], offsets = [0.36, 0, 0.42, 0, 0.4, 0, 0.126];
        (double X, double Y, double Z) point = (0, 0, 0.25);
        for (int i = 6; i >= 0; i--)
        {
            point.Z += offsets[i];
            double cos = Math.Cos(angles[i]), sin = Math.Sin(angles[i]);
            (point.X, point.Y) = ((cos * point.X) - (sin * point.Y), (sin * point.X) + (cos * point.Y));
            double cosTwist = Math.Cos(twists[i] * Math.PI / 180), sinTwist = Math.Sin(twists[i] * Math.PI / 180);
            (point.Y, point.Z) = ((cosTwist * point.Y) - (sinTwist * point.Z), (sinTwist * point.Y) + (cosTwist * point.Z));
        }
        float At(int joint) => (float)angles[joint - 1];
        var joints = new StarJoints<Lane1>
        {
            Joint1 = new(At(1)),
            Joint2 = new(At(2)),
            Joint3 = new(At(3)),
            Joint4 = new(At(4)),
            Joint5 = new(At(5)),
            Joint6 = new(At(6)),
            Joint7 = new(At(7)),
            Tool = new(-2f),
        };
        StarArm.TipOf(in joints, out var tip);
        Assert.That(tip.X.Value, Is.EqualTo(1 - point.X).Within(1e-6), "six turns in float32");
        Assert.That(tip.Y.Value, Is.EqualTo(-point.Y).Within(1e-6));
        Assert.That(tip.Z.Value, Is.EqualTo(0.5 + point.Z).Within(1e-6));
    }

    private static ArmJoints<Lane1> Linked(float yaw, float pitch, float insertion) => new()
    {
        Yaw = new(yaw),
        PitchBack = new(pitch),
        PitchBottom = new(-pitch),
        PitchEnd = new(pitch),
        Insertion = new(insertion),
    };
}
