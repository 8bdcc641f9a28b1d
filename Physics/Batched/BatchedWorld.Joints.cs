using Sim.Physics.Batched.Joints;
using Sim.Physics.Scenes;

namespace Sim.Physics.Batched;

public sealed partial class BatchedWorld
{
    public override void SetJoint(int environment, JointId joint, Joint description)
    {
        CheckReplacement(Check(environment, joint), description);
        WriteJoint(environment, joint, description);
    }

    public override void Attach(int environment, JointId joint)
    {
        var placement = Check(environment, joint);
        CheckAttachable(placement);
        if (IsAttached(environment, joint)) return;
        if (placement.B is { } second) TakeHold(environment, joint, Body(environment, second).Pose.In(Body(environment, placement.A).Pose));
        Put(environment, _layout.Joints[joint.Index].Enabled, JointRows.True);
    }

    public override void Detach(int environment, JointId joint)
    {
        var placement = Check(environment, joint);
        CheckAttachable(placement);
        var place = _layout.Joints[joint.Index];
        Put(environment, place.Enabled, 0);
        for (int i = 0; i < placement.Joint.DegreesOfFreedom; i++) Put(environment, place.First + i, 0);
    }

    public override bool IsAttached(int environment, JointId joint)
    {
        Check(environment, joint);
        int enabled = _layout.Joints[joint.Index].Enabled;
        return enabled < 0 || BitConverter.SingleToUInt32Bits(Get(environment, enabled)) != 0;
    }

    public override void JointImpulse(int environment, JointId joint, Span<float> impulse)
    {
        var placement = Check(environment, joint);
        CheckRoom(placement, impulse);
        for (int i = 0; i < placement.Joint.DegreesOfFreedom; i++) impulse[i] = Get(environment, _layout.Joints[joint.Index].First + i);
    }

    /// <summary>Changes what of the joint's numbers, as they are now, says where B is to A.</summary>
    private void TakeHold(int environment, JointId joint, Pose relative)
    {
        var description = Scene.Joints[joint.Index].Joint;
        int first = _layout.Joints[joint.Index].Parameters;
        Span<float> rows = stackalloc float[JointStages.Sizes(description).Parameters];
        for (int i = 0; i < rows.Length; i++) rows[i] = Get(environment, first + i);
        JointRows.Hold(description, rows, relative);
        for (int i = 0; i < rows.Length; i++) Put(environment, first + i, rows[i]);
    }

    private void WriteJoint(int environment, JointId joint, Joint description)
    {
        var place = _layout.Joints[joint.Index];
        Span<float> rows = stackalloc float[JointStages.Sizes(description).Parameters];
        JointRows.Write(description, Scene.Settings.LegacySwingLimit, rows, _layout.H);
        for (int i = 0; i < rows.Length; i++) Put(environment, place.Parameters + i, rows[i]);
    }
}
