using Sim.Environments.Surgical.Arms;
using Sim.Physics.Numerics;

namespace Sim.Tests.Environments.Surgical.Arms;

/// <summary>Arms of one lane, with numbers for joints and 3×4 matrices for frames.</summary>
internal static class ArmPose
{
    public static PsmJoints<Lane1> Psm(params ReadOnlySpan<double> q)
    {
        PsmJoints<Lane1> joints;
        joints.Yaw = Of(q[0]);
        joints.Pitch = Of(q[1]);
        joints.Insertion = Of(q[2]);
        joints.Roll = Of(q[3]);
        joints.WristPitch = Of(q[4]);
        joints.WristYaw = Of(q[5]);
        return joints;
    }

    public static EcmJoints<Lane1> Ecm(params ReadOnlySpan<double> q)
    {
        EcmJoints<Lane1> joints;
        joints.Yaw = Of(q[0]);
        joints.Pitch = Of(q[1]);
        joints.Insertion = Of(q[2]);
        joints.Roll = Of(q[3]);
        return joints;
    }

    public static double[] Numbers(in PsmJoints<Lane1> q)
        => [q.Yaw.Value, q.Pitch.Value, q.Insertion.Value, q.Roll.Value, q.WristPitch.Value, q.WristYaw.Value];

    public static double[] Numbers(in EcmJoints<Lane1> q) => [q.Yaw.Value, q.Pitch.Value, q.Insertion.Value, q.Roll.Value];

    public static double[] Numbers(in Frame<Lane1> frame) =>
    [
        frame.Axes.X.X.Value, frame.Axes.Y.X.Value, frame.Axes.Z.X.Value, frame.Origin.X.Value,
        frame.Axes.X.Y.Value, frame.Axes.Y.Y.Value, frame.Axes.Z.Y.Value, frame.Origin.Y.Value,
        frame.Axes.X.Z.Value, frame.Axes.Y.Z.Value, frame.Axes.Z.Z.Value, frame.Origin.Z.Value,
    ];

    public static Frame<Lane1> Frame(ReadOnlySpan<double> pose)
    {
        Frame<Lane1> frame;
        frame.Axes.X = new(Of(pose[0]), Of(pose[4]), Of(pose[8]));
        frame.Axes.Y = new(Of(pose[1]), Of(pose[5]), Of(pose[9]));
        frame.Axes.Z = new(Of(pose[2]), Of(pose[6]), Of(pose[10]));
        frame.Origin = new(Of(pose[3]), Of(pose[7]), Of(pose[11]));
        return frame;
    }

    public static double[] Position(in Vec3<Lane1> v) => [v.X.Value, v.Y.Value, v.Z.Value];

    public static bool Holds(Lane1 mask) => Lane1.Any(mask);

    public static Lane1 Of(double value) => new((float)value);
}
