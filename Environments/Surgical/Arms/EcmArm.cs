using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Arms;

/// <summary>
/// Kinematics of the da Vinci arm that holds the endoscope (dVRK). Frames are seen from the RCM frame; lengths are
/// world units, nominal metres times the world's scale. The EEF frame is the tool link's: z looks along the shaft.
/// </summary>
public static class EcmArm
{
    /// <summary>Limits of the joints: rad, and nominal metres for the insertion.</summary>
    public const float YawLimit = MathF.PI / 2, PitchLow = -MathF.PI / 4, PitchHigh = 66.4f * MathF.PI / 180,
        InsertionLow = -0.01f, InsertionHigh = 0.254f;

    /// <summary>Where the roll stops, rad. No command is refused for it.</summary>
    public const float RollStop = MathF.PI / 2;

    /// <summary>From the EEF to the camera's tip along the shaft, nominal metres.</summary>
    public const float TipLength = 0.02f;

    /// <summary>The EEF's distance from the RCM at no insertion, nominal metres.</summary>
    private const float Reach = 0.3829f - 0.3822f;

    /// <summary>The EEF frame at given joints.</summary>
    public static void Forward<T>(in EcmJoints<T> joints, float scale, out Frame<T> eef) where T : unmanaged, ILane<T>
    {
        LaneMath.SinCos(joints.Yaw, out T yawSin, out T yawCos);
        LaneMath.SinCos(joints.Pitch, out T pitchSin, out T pitchCos);
        Shaft.Axes(yawSin, yawCos, pitchSin, pitchCos, out eef.Axes);
        eef.Origin = eef.Axes.Z * ((joints.Insertion + T.Of(Reach)) * scale);
        LaneMath.SinCos(joints.Roll, out T rollSin, out T rollCos);
        Rotation<T>.TurnZ(ref eef.Axes, rollSin, rollCos);
    }

    /// <summary>
    /// The camera's frame: 20 mm nominal down the shaft, turned by −90° about it. x points left in its picture, y up and
    /// z forward.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Camera<T>(in Frame<T> eef, float scale, out Frame<T> camera) where T : unmanaged, ILane<T>
    {
        camera.Origin = Vec3<T>.AddScaled(eef.Origin, T.Of(TipLength * scale), eef.Axes.Z);
        camera.Axes.X = -eef.Axes.Y;
        camera.Axes.Y = eef.Axes.X;
        camera.Axes.Z = eef.Axes.Z;
    }

    /// <summary>The joints that bring the EEF to a place, the roll as it is.</summary>
    /// <param name="position">Of the EEF, world units.</param>
    /// <param name="scale">World units per nominal metre.</param>
    /// <param name="roll">The roll to keep, rad.</param>
    /// <param name="joints">Of no meaning where not reachable.</param>
    /// <param name="reachable">Mask: beyond the RCM and within the limits. Drop the command elsewhere.</param>
    public static void Inverse<T>(in Vec3<T> position, float scale, in T roll, out EcmJoints<T> joints, out T reachable) where T : unmanaged, ILane<T>
    {
        Shaft.Aim(in position, out joints.Yaw, out joints.Pitch, out T distance, out _);
        joints.Insertion = T.Fms(distance, T.Of(1 / scale), T.Of(Reach));
        joints.Roll = roll;
        reachable = (distance > T.Of(1e-4f * scale)) & WithinLimits(in joints);
    }

    /// <summary>Mask: yaw, pitch and insertion are within their limits; the roll has none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T WithinLimits<T>(in EcmJoints<T> joints) where T : unmanaged, ILane<T>
        => (T.Abs(joints.Yaw) <= T.Of(YawLimit))
            & (joints.Pitch >= T.Of(PitchLow)) & (joints.Pitch <= T.Of(PitchHigh))
            & (joints.Insertion >= T.Of(InsertionLow)) & (joints.Insertion <= T.Of(InsertionHigh));

    /// <summary>
    /// Joint velocities that move the camera, as the least-squares solution by the base-frame Jacobian J: the camera's
    /// velocity fixes insertion and both tilts, the roll rate turns about the shaft.
    /// </summary>
    /// <param name="joints">Where the arm is.</param>
    /// <param name="velocity">Of the tip in the camera's frame, nominal m/s.</param>
    /// <param name="rollRate">About the camera's z axis, rad/s.</param>
    /// <param name="rates">rad/s and nominal m/s.</param>
    /// <remarks>
    /// JᵀJ has one pair of entries off its diagonal, sin(pitch) between yaw and roll, so J⁺ is written out. As in the
    /// source the twist enters with its sign turned: the axes of the camera's picture run against its motion.
    /// </remarks>
    public static void FollowCamera<T>(in EcmJoints<T> joints, in Vec3<T> velocity, in T rollRate, out EcmJoints<T> rates) where T : unmanaged, ILane<T>
    {
        LaneMath.SinCos(joints.Pitch, out T pitchSin, out T pitchCos);
        LaneMath.SinCos(joints.Roll, out T rollSin, out T rollCos);
        T tiltX = velocity.X * (-1 / TipLength), tiltY = velocity.Y * (-1 / TipLength);
        T reach = joints.Insertion + T.Of(Reach);
        T perArm = 1f / T.Fma(reach, reach, T.Of(1));
        rates.Yaw = -(T.Fms(tiltX, rollCos, tiltY * rollSin) * perArm / pitchCos);
        rates.Pitch = -(T.Fma(tiltX, rollSin, tiltY * rollCos) * perArm);
        rates.Insertion = -velocity.Z;
        rates.Roll = -T.Fma(pitchSin, rates.Yaw, rollRate);
    }

    /// <summary>
    /// The rate at which the source turns the camera upright: 25 times the angle between its present axes and those at
    /// joints zero, both seen from above.
    /// </summary>
    /// <param name="camera">The camera's axes in the world.</param>
    /// <param name="upright">Its axes in the world at joints zero.</param>
    /// <returns>rad/s.</returns>
    public static T UprightRate<T>(in Rotation<T> camera, in Rotation<T> upright) where T : unmanaged, ILane<T>
    {
        T across = Across(upright.X, camera.X) + Across(upright.Y, camera.Y);
        T along = Across(upright.X, camera.Y) - Across(upright.Y, camera.X);
        T turned = along & T.OfBits(0x80000000);
        return LaneMath.Atan2(across ^ turned, T.Abs(along)) * 25f;
    }

    /// <summary>z of the cross product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Across<T>(Vec3<T> a, Vec3<T> b) where T : unmanaged, ILane<T> => T.Fms(a.X, b.Y, a.Y * b.X);
}
