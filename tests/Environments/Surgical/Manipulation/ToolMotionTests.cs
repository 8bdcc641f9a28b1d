using System.Numerics;
using NUnit.Framework;
using Sim.Environments.Surgical.Arms;
using Sim.Environments.Surgical.Manipulation;
using Sim.Physics.Numerics;

namespace Sim.Tests.Environments.Surgical.Manipulation;

/// <summary>An arm alone: where it starts, how far an action takes it, what it does not follow.</summary>
public sealed class ToolMotionTests
{
    private const float Scale = 5;

    private static readonly ArmSetup s_regrasp1 = NeedleRegraspTask<Lane1>.Psm1, s_regrasp2 = NeedleRegraspTask<Lane1>.Psm2;

    /// <summary>Joints that follow from the source's start poses; given there to five digits.</summary>
    [Test]
    public void Arms_start_at_the_joints_of_the_source()
    {
        Assert.That(Joints(SingleArm.Setup, SingleArm.HighStart, MathF.PI / 2), Is.EqualTo(new[] { 0.25053f, -0.00778f, 0.10681f, -0.33879f, -0.07755f, -0.23859f }).Within(2e-5f));
        Assert.That(Joints(SingleArm.Setup, SingleArm.LowStart, MathF.PI / 2), Is.EqualTo(new[] { 0.18550f, -0.00716f, 0.14100f, -0.34340f, -0.05638f, -0.17696f }).Within(2e-5f));
        Assert.That(Joints(s_regrasp1, Middle(s_regrasp1.Box), -MathF.PI / 2), Is.EqualTo(new[] { 0.04541f, -0.54592f, 0.14941f, 1.29058f, 0.21571f, -1.06342f }).Within(2e-5f));
        Assert.That(Joints(s_regrasp2, Middle(s_regrasp2.Box), -MathF.PI / 2), Is.EqualTo(new[] { -0.04541f, -0.54592f, 0.14941f, 1.85102f, -0.21571f, -1.06342f }).Within(2e-5f));
    }

    [TestCase(1, 0, 0)]
    [TestCase(0, -1, 0)]
    [TestCase(0, 0, 0.5f)]
    public void A_full_action_moves_the_pivot_by_ten_millimetres_within_a_percent(float x, float y, float z)
    {
        var middle = Middle(SingleArm.Setup.Box);
        ToolMotion.Start(SingleArm.Setup, SingleArm.Scaled<Lane1>(middle, Scale), new Lane1(MathF.PI / 2), new Lane1(0), Scale, out var tool);
        ToolMotion.Pivot(in tool, SingleArm.Setup, Scale, out var before);
        var action = new PsmAction<Lane1> { X = new(x), Y = new(y), Z = new(z), Jaw = new(-1) };
        ToolMotion.Command(ref tool, SingleArm.Setup, in before, in action, Scale);
        ToolMotion.Advance(ref tool, WorldSettings.ControlSubsteps, new Lane1(0));
        ToolMotion.Pivot(in tool, SingleArm.Setup, Scale, out var after);
        var moved = after.Origin - before.Origin;
        // 0.9^48 = 0.6 % of the way is left at the end of the step.
        Assert.That(new[] { moved.X.Value, moved.Y.Value, moved.Z.Value }, Is.EqualTo(new[] { x * 0.05f, y * 0.05f, z * 0.05f }).Within(0.0005f));
    }

    [Test]
    public void A_turn_takes_the_tool_thirty_degrees_on()
    {
        ToolMotion.Start(SingleArm.Setup, SingleArm.Scaled<Lane1>(Middle(SingleArm.Setup.Box), Scale), new Lane1(1), new Lane1(0), Scale, out var tool);
        ToolMotion.Pivot(in tool, SingleArm.Setup, Scale, out var before);
        ToolMotion.Command(ref tool, SingleArm.Setup, in before, new PsmAction<Lane1> { Turn = new(-1) }, Scale);
        ToolMotion.Advance(ref tool, 400, new Lane1(0));
        ToolMotion.Pivot(in tool, SingleArm.Setup, Scale, out var after);
        ToolMotion.Turn(in after, TurnMode.Yaw, out var turn);
        // The joints have arrived; what remains is rounding of the inverse kinematics.
        Assert.That(turn.Value, Is.EqualTo(1 - (MathF.PI / 6)).Within(1e-4f));
    }

    [Test]
    public void Commands_stop_at_the_edge_of_the_workspace()
    {
        var setup = SingleArm.Setup;
        ToolMotion.Start(setup, SingleArm.Scaled<Lane1>(new Vector3(0.6f, 0.05f, setup.Box.Bottom), Scale), new Lane1(MathF.PI / 2), new Lane1(0), Scale, out var tool);
        for (int step = 0; step < 20; step++)
        {
            ToolMotion.Pivot(in tool, setup, Scale, out var pivot);
            ToolMotion.Command(ref tool, setup, in pivot, new PsmAction<Lane1> { X = new(1), Y = new(1), Z = new(-1) }, Scale);
            ToolMotion.Advance(ref tool, WorldSettings.ControlSubsteps, new Lane1(0));
        }
        ToolMotion.Pivot(in tool, setup, Scale, out var last);
        // 0.02 world units beyond the box sideways, none below it.
        Assert.That(last.Origin.X.Value, Is.EqualTo(3.02f).Within(1e-3f));
        Assert.That(last.Origin.Y.Value, Is.EqualTo(0.27f).Within(1e-3f));
        Assert.That(last.Origin.Z.Value, Is.EqualTo(3.426f).Within(1e-3f));
    }

    [Test]
    public void A_command_that_the_joints_cannot_follow_is_dropped()
    {
        // Over the far edge of the box the shaft would have to lean by more than 53°.
        var setup = SingleArm.Setup;
        ToolMotion.Start(setup, SingleArm.Scaled<Lane1>(new Vector3(0.6f, 0, 0.74f), Scale), new Lane1(1), new Lane1(0), Scale, out var tool);
        Assert.That(PsmArm.WithinLimits(in tool.Joints).Value, Is.NaN, "it starts within its limits");
        bool dropped = false;
        for (int step = 0; step < 20 && !dropped; step++)
        {
            var target = tool.Target;
            ToolMotion.Pivot(in tool, setup, Scale, out var pivot);
            ToolMotion.Command(ref tool, setup, in pivot, new PsmAction<Lane1> { X = new(1), Z = new(1) }, Scale);
            ToolMotion.Advance(ref tool, WorldSettings.ControlSubsteps, new Lane1(0));
            dropped = target.Pitch.Value == tool.Target.Pitch.Value && target.Insertion.Value == tool.Target.Insertion.Value;
            Assert.That(PsmArm.WithinLimits(in tool.Target).Value, Is.NaN, "a mask of all bits is no number");
        }
        Assert.That(dropped, Is.True);
    }

    private static Vector3 Middle(Workspace box) => new(box.CentreX, box.CentreY, 0.5f * (box.Bottom + box.Top));

    private static float[] Joints(ArmSetup setup, Vector3 position, float turn)
    {
        ToolMotion.Start(setup, SingleArm.Scaled<Lane1>(position, Scale), new Lane1(turn), new Lane1(0), Scale, out var tool);
        var q = tool.Joints;
        return [q.Yaw.Value, q.Pitch.Value, q.Insertion.Value, q.Roll.Value, q.WristPitch.Value, q.WristYaw.Value];
    }
}
