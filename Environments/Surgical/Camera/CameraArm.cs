using System.Runtime.CompilerServices;
using Sim.Environments.Surgical.Arms;
using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Camera;

/// <summary>
/// The endoscope's arm under its position motors, in a world of scale 1: each joint closes a tenth of its error every
/// 1/240 s. Frames are seen from the RCM frame.
/// </summary>
public struct CameraArm<T> where T : unmanaged, ILane<T>
{
    /// <summary>Share of a joint's error left after a control step of 24 motor steps: 0.9²⁴.</summary>
    public const float LeftAfter24 = 0.07976644307687251f;

    /// <summary>The same after 34 motor steps.</summary>
    public const float LeftAfter34 = 0.027812838944369336f;

    public EcmJoints<T> Joints;

    /// <summary>Where the motors drive to.</summary>
    public EcmJoints<T> Target;

    /// <summary>The EEF at <see cref="Joints"/>, kept because steps and observations both ask for it.</summary>
    public Frame<T> Eef;

    /// <summary>The arm at rest.</summary>
    public static void RestAt(in EcmJoints<T> joints, out CameraArm<T> arm)
    {
        arm.Joints = joints;
        arm.Target = joints;
        EcmArm.Forward(in joints, 1, out arm.Eef);
    }

    /// <summary>Gives the motors a new target; where it is out of reach or limits, the old one stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Command(in EcmJoints<T> target, T accepted)
    {
        Target.Yaw = T.Select(accepted, target.Yaw, Target.Yaw);
        Target.Pitch = T.Select(accepted, target.Pitch, Target.Pitch);
        Target.Insertion = T.Select(accepted, target.Insertion, Target.Insertion);
        Target.Roll = T.Select(accepted, target.Roll, Target.Roll);
    }

    /// <summary>Lets the motors run for one control step.</summary>
    /// <param name="left">Share of each joint's error that is left.</param>
    public void Run(float left)
    {
        Joints.Yaw = LaneMath.Lerp(Target.Yaw, Joints.Yaw, left);
        Joints.Pitch = LaneMath.Lerp(Target.Pitch, Joints.Pitch, left);
        Joints.Insertion = LaneMath.Lerp(Target.Insertion, Joints.Insertion, left);
        Joints.Roll = LaneMath.Clamp(LaneMath.Lerp(Target.Roll, Joints.Roll, left), EcmArm.RollStop);
        EcmArm.Forward(in Joints, 1, out Eef);
    }
}

/// <summary>What every camera task shows of its arm: where the EEF is and how the camera is turned, in the RCM frame.</summary>
public struct CameraPose<T> where T : unmanaged, ILane<T>
{
    /// <summary>m.</summary>
    public T X, Y, Z;

    /// <summary>Euler angles of the camera's axes, rad.</summary>
    public T Roll, Pitch, Yaw;

    public static void Of(in CameraArm<T> arm, out CameraPose<T> pose)
    {
        EcmArm.Camera(in arm.Eef, 1, out var camera);
        EulerAngles<T>.Of(in camera.Axes, out var angles);
        pose.X = arm.Eef.Origin.X;
        pose.Y = arm.Eef.Origin.Y;
        pose.Z = arm.Eef.Origin.Z;
        pose.Roll = angles.Roll;
        pose.Pitch = angles.Pitch;
        pose.Yaw = angles.Yaw;
    }
}
