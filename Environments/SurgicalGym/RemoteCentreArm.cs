using Sim.Environments.Surgical.Arms;
using Sim.Physics.Numerics;
using static Sim.Physics.Numerics.LaneMath;

namespace Sim.Environments.SurgicalGym;

/// <summary>
/// A da Vinci arm as it stands in Surgical Gym: sizes in m, limits in rad and m, its remote centre in the
/// environment's frame. Sizes are those of the arm's description (dVRK).
/// </summary>
/// <remarks>
/// In the arm's plane, along the yaw axis (towards the remote centre) and along the shaft at rest (down), the upright
/// link reaches from the back of the parallelogram to (−<see cref="Forward"/>, −<see cref="Down"/>) above it; the bottom
/// link goes <see cref="Span"/> along the yaw axis; from its end the tool hangs (<see cref="Forward"/>, <see cref="Down"/>)
/// to the remote centre and further by insertion and <see cref="Tip"/>.
/// </remarks>
public readonly record struct RemoteCentreArm(float Span, float Forward, float Down, float Tip)
{
    /// <summary>Place of the remote centre, m.</summary>
    public float X { get; init; }
    public float Y { get; init; }
    public float Z { get; init; }

    /// <summary>Cosine and sine of the turn about z from the arm's frame to the environment's.</summary>
    public float Cos { get; init; }
    public float Sin { get; init; }

    /// <summary>Limits of the joints: yaw and roll are symmetric.</summary>
    public float Yaw { get; init; }
    public float PitchLow { get; init; }
    public float PitchHigh { get; init; }
    public float InsertionLow { get; init; }
    public float InsertionHigh { get; init; }
    public float Roll { get; init; }

    /// <summary>
    /// The patient-side manipulator on its base at (1, 0, 0.5), turned by 180° about z. The tip is 0.025 m along the
    /// shaft from the roll link, whose origin is 0.0156 m short of the insertion.
    /// </summary>
    public static RemoteCentreArm Psm => new(0.516f, 0.043f, 0.1437f, 0.0094f)
    {
        X = 1f,
        Y = -0.4864f,
        Z = 0.5f,
        Cos = -1f,
        Yaw = PsmArm.YawLimit,
        PitchLow = -PsmArm.PitchLimit,
        PitchHigh = PsmArm.PitchLimit,
        InsertionHigh = PsmArm.InsertionLimit,
        Roll = PsmArm.RollLimit,
    };

    /// <summary>
    /// The endoscope arm on its base at (1, 0, −0.5), turned by 180° about z. The tip is 0.375 m along the shaft from the
    /// tool link, whose origin is 0.372943 m short of the insertion in the source's description of the arm.
    /// </summary>
    public static RemoteCentreArm Ecm => new(0.3404f, 0.103f, 0.2868f, 0.002057f)
    {
        X = 0.3874f,
        Z = -0.3984f,
        Sin = 1f,
        Yaw = EcmArm.YawLimit,
        PitchLow = EcmArm.PitchLow,
        PitchHigh = EcmArm.PitchHigh,
        InsertionLow = EcmArm.InsertionLow,
        InsertionHigh = EcmArm.InsertionHigh,
        Roll = EcmArm.RollStop,
    };

    /// <summary>Half of the way that insertion targets cover, m: target −1 is 0, target 1 is 0.254.</summary>
    internal const float HalfInsertion = 0.127f;

    /// <summary>Moves the joints for one control period.</summary>
    /// <param name="position">Joints, rad and m.</param>
    /// <param name="velocity">rad/s and m/s.</param>
    /// <param name="target">Targets of −1 to 1.</param>
    /// <param name="turning">The drive of the joints that turn.</param>
    /// <param name="sliding">The drive of the insertion.</param>
    /// <param name="isLinked">
    /// Whether the parallelogram holds. Then its three pitch joints are one: three equal drives on one motion settle at
    /// the mean of their targets, each in its own sense. Otherwise each goes its own way, as in the source.
    /// </param>
    public void Advance<T>(ref ArmJoints<T> position, ref ArmJoints<T> velocity, in ArmJoints<T> target,
        in JointDrive turning, in JointDrive sliding, bool isLinked) where T : unmanaged, ILane<T>
    {
        turning.Advance(ref position.Yaw, ref velocity.Yaw, Clamp(target.Yaw, Yaw), -Yaw, Yaw);
        if (isLinked)
        {
            T pitch = (target.PitchBack - target.PitchBottom + target.PitchEnd) * (1f / 3f);
            turning.Advance(ref position.PitchEnd, ref velocity.PitchEnd, Clamp(pitch, PitchLow, PitchHigh), PitchLow, PitchHigh);
            (position.PitchBack, velocity.PitchBack) = (position.PitchEnd, velocity.PitchEnd);
            (position.PitchBottom, velocity.PitchBottom) = (-position.PitchEnd, -velocity.PitchEnd);
        }
        else
        {
            turning.Advance(ref position.PitchBack, ref velocity.PitchBack, target.PitchBack, PitchLow, PitchHigh);
            turning.Advance(ref position.PitchBottom, ref velocity.PitchBottom, target.PitchBottom, -PitchHigh, -PitchLow);
            turning.Advance(ref position.PitchEnd, ref velocity.PitchEnd, target.PitchEnd, PitchLow, PitchHigh);
        }
        T insertion = Clamp(T.Fma(target.Insertion, T.Of(HalfInsertion), T.Of(HalfInsertion)), InsertionLow, InsertionHigh);
        sliding.Advance(ref position.Insertion, ref velocity.Insertion, insertion, InsertionLow, InsertionHigh);
        turning.Advance(ref position.Roll, ref velocity.Roll, target.Roll, -Roll, Roll);
    }

    /// <summary>Where the tip is, environment's frame, m.</summary>
    public void TipOf<T>(in ArmJoints<T> joints, bool isLinked, out Vec3<T> tip) where T : unmanaged, ILane<T>
    {
        T along, down;
        if (isLinked)
        {
            SinCos(joints.PitchEnd, out T sin, out T cos);
            T reach = joints.Insertion + Tip;
            along = -(sin * reach);
            down = cos * reach;
        }
        else
        {
            OpenChain(in joints, out along, out down);
        }
        SinCos(joints.Yaw, out T sinYaw, out T cosYaw);
        T across = down * sinYaw;
        tip.X = T.Fma(across, T.Of(Cos), T.Fma(along, T.Of(-Sin), T.Of(X)));
        tip.Y = T.Fma(across, T.Of(Sin), T.Fma(along, T.Of(Cos), T.Of(Y)));
        tip.Z = T.Fma(-down, cosYaw, T.Of(Z));
    }

    /// <summary>The tip in the arm's plane from the remote centre, when nothing keeps the parallelogram together.</summary>
    private void OpenChain<T>(in ArmJoints<T> joints, out T along, out T down) where T : unmanaged, ILane<T>
    {
        T bottom = joints.PitchBack + joints.PitchBottom;
        SinCos(joints.PitchBack, out T sin1, out T cos1);
        SinCos(bottom, out T sin2, out T cos2);
        SinCos(bottom + joints.PitchEnd, out T sin3, out T cos3);
        T hangs = joints.Insertion + (Down + Tip);
        along = T.Fma(sin1, T.Of(Down), cos1 * -Forward) + T.Fma(cos2, T.Of(Span), T.Of(-Span)) + T.Fma(cos3, T.Of(Forward), -(sin3 * hangs));
        down = T.Fma(sin1, T.Of(-Forward), cos1 * -Down) + sin2 * Span + T.Fma(sin3, T.Of(Forward), cos3 * hangs);
    }
}
