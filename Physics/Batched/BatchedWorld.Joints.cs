using Sim.Physics.Batched.Joints;
using Sim.Physics.Scenes;
using Sim.Physics.Worlds;

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
        WriteJoint(environment, joint, Held(environment, placement));
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
        int degrees = Check(environment, joint).Joint.DegreesOfFreedom;
        if (impulse.Length < degrees) throw new ArgumentException($"room for {impulse.Length} numbers; a {Scene.Joints[joint.Index].Joint.GetType().Name} has {degrees}");
        for (int i = 0; i < degrees; i++) impulse[i] = Get(environment, _layout.Joints[joint.Index].First + i);
    }

    private void WriteJoint(int environment, JointId joint, Joint description)
    {
        var place = _layout.Joints[joint.Index];
        Span<float> rows = stackalloc float[JointStages.Sizes(description).Parameters];
        JointRows.Write(description, Scene.Settings.LegacySwingLimit, rows, _layout.H);
        for (int i = 0; i < rows.Length; i++) Put(environment, place.Parameters + i, rows[i]);
    }

    /// <summary>The joint as it takes hold of the bodies where they are.</summary>
    private Joint Held(int environment, JointPlacement placement)
    {
        if (placement.B is not { } second) return placement.Joint;
        return AttachedJoint.Of(placement.Joint, Body(environment, placement.A).Pose, Body(environment, second).Pose);
    }
}
