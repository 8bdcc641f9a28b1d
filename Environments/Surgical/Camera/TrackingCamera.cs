using Sim.Environments.Surgical.Arms;
using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Camera;

/// <summary>The endoscope of the tracking tasks: it is steered by velocities in its own frame and turns itself upright.</summary>
public struct TrackingCamera<T> where T : unmanaged, ILane<T>
{
    private const float Cos30 = 0.8660254037844386f;

    /// <summary>Joint motion of a control step per joint velocity, s.</summary>
    private const float StepTime = 0.05f;

    /// <summary>How the source's own controller damps the turn upright: by exp(−0.1·‖e‖) of its error e in pixels, 256 to the half picture.</summary>
    private const float SourceDamping = -0.1f * 256;

    public CameraArm<T> Arm;

    /// <summary>The rate at which the last step turned the camera upright, rad/s.</summary>
    public T RollRate;

    /// <summary>Where the target is in the picture.</summary>
    public TargetView<T> View;

    public CameraInfo<T> Info;

    /// <summary>The camera at rest, straight down the arm's base, looking at a target.</summary>
    /// <param name="insertion">m.</param>
    /// <param name="target">In the RCM frame, m.</param>
    /// <param name="camera">The camera.</param>
    public static void RestAt(float insertion, in Vec3<T> target, out TrackingCamera<T> camera)
    {
        T zero = T.Of(0);
        EcmJoints<T> joints;
        joints.Yaw = joints.Pitch = joints.Roll = zero;
        joints.Insertion = T.Of(insertion);
        CameraArm<T>.RestAt(in joints, out camera.Arm);
        camera.RollRate = zero;
        camera.Info.ClippedActions = zero;
        TargetView<T>.Of(in camera.Arm.Eef, target, out camera.View);
    }

    /// <summary>Commands one control step, by what the camera sees before it.</summary>
    /// <param name="action">Velocity in the camera's frame.</param>
    /// <param name="speed">Of a full action, m/s.</param>
    /// <param name="parity">Whether the turn upright is damped as in the source.</param>
    public void Steer(in CameraAction<T> action, float speed, Parity parity)
    {
        Info.ClippedActions += action.Beyond();
        RollRate = UprightRate();
        if (parity == Parity.Source) RollRate *= LaneMath.Exp(View.Error * SourceDamping);
        var velocity = action.Clipped() * T.Of(speed);
        EcmArm.FollowCamera(in Arm.Joints, in velocity, in RollRate, out var rates);
        EcmJoints<T> target;
        target.Yaw = T.Fma(rates.Yaw, T.Of(StepTime), Arm.Joints.Yaw);
        target.Pitch = T.Fma(rates.Pitch, T.Of(StepTime), Arm.Joints.Pitch);
        target.Insertion = T.Fma(rates.Insertion, T.Of(StepTime), Arm.Joints.Insertion);
        target.Roll = T.Fma(rates.Roll, T.Of(StepTime), Arm.Joints.Roll);
        Arm.Command(in target, EcmArm.WithinLimits(in target));
    }

    private readonly T UprightRate()
    {
        ArmMount.Ecm.Lanes<T>(1, out var mount);
        EcmArm.Camera(in Arm.Eef, 1, out var local);
        Rotation<T>.Multiply(in mount.Axes, in local.Axes, out var camera);
        T zero = T.Of(0);
        Rotation<T> upright;
        upright.X = new Vec3<T>(zero, T.Of(-1), zero);
        upright.Y = new Vec3<T>(T.Of(-Cos30), zero, T.Of(0.5f));
        upright.Z = new Vec3<T>(T.Of(-0.5f), zero, T.Of(-Cos30));
        return EcmArm.UprightRate(in camera, in upright);
    }
}

/// <summary>What the actors of the tracking tasks see: ten numbers.</summary>
public struct TrackingView<T> where T : unmanaged, ILane<T>
{
    public CameraPose<T> Pose;
    public TargetView<T> Target;

    /// <summary>The rate at which the last step turned the camera upright, rad/s.</summary>
    public T RollRate;

    public static void Of(in TrackingCamera<T> camera, out TrackingView<T> view)
    {
        CameraPose<T>.Of(in camera.Arm, out view.Pose);
        view.Target = camera.View;
        view.RollRate = camera.RollRate;
    }
}
