using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Arms;

/// <summary>
/// Kinematics of the da Vinci patient-side manipulator with the large needle driver (dVRK). Frames are seen from the
/// RCM frame; lengths are world units, nominal metres times the world's scale. The EEF frame is the jaws' pivot.
/// </summary>
public static class PsmArm
{
    private const float Degree = MathF.PI / 180;

    /// <summary>Limits of the joints: rad, and nominal metres for the insertion.</summary>
    public const float YawLimit = 91 * Degree, PitchLimit = 53 * Degree, InsertionLimit = 0.24f, RollLimit = 260 * Degree, WristLimit = 80 * Degree;

    /// <summary>From the jaws' pivot to the tip along the EEF's y axis, nominal metres.</summary>
    public const float TipLength = 0.0102f;

    /// <summary>Insertion at which the wrist is at the RCM, nominal metres.</summary>
    public const float WristAtRcm = 0.4318f - 0.4162f;

    /// <summary>From the wrist's pitch axis to its yaw axis, nominal metres.</summary>
    private const float WristLength = 0.0091f;

    /// <summary>The EEF frame at given joints.</summary>
    public static void Forward<T>(in PsmJoints<T> joints, float scale, out Frame<T> eef) where T : unmanaged, ILane<T>
    {
        WristCentre(in joints, scale, out eef);
        Wrist(in joints, scale, ref eef);
    }

    /// <summary>The tip's frame: 10.2 mm nominal along the EEF's y axis, which is the tip's z axis.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Tip<T>(in Frame<T> eef, float scale, out Frame<T> tip) where T : unmanaged, ILane<T>
    {
        tip.Origin = Vec3<T>.AddScaled(eef.Origin, T.Of(TipLength * scale), eef.Axes.Y);
        tip.Axes.X = eef.Axes.Z;
        tip.Axes.Y = eef.Axes.X;
        tip.Axes.Z = eef.Axes.Y;
    }

    /// <summary>The EEF frame that has its tip's frame at a place: the inverse of <see cref="Tip"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void EefOfTip<T>(in Frame<T> tip, float scale, out Frame<T> eef) where T : unmanaged, ILane<T>
    {
        eef.Axes.X = tip.Axes.Y;
        eef.Axes.Y = tip.Axes.Z;
        eef.Axes.Z = tip.Axes.X;
        eef.Origin = Vec3<T>.SubtractScaled(tip.Origin, T.Of(TipLength * scale), tip.Axes.Z);
    }

    /// <summary>
    /// The joints of an EEF frame, in closed form. Of the two ways to bend the wrist only the one with a wrist yaw
    /// within ±90° can be within the limits, and it is the one given; the roll is within ±π. Only insertions beyond
    /// <see cref="WristAtRcm"/> are found: nearer, the wrist is on the other side of the RCM.
    /// </summary>
    /// <param name="eef">Orthonormal axes; the origin in world units.</param>
    /// <param name="scale">World units per nominal metre.</param>
    /// <param name="joints">Of no meaning where not reachable.</param>
    /// <param name="reachable">
    /// Mask: within every limit and not singular. It is singular where the EEF's z axis points at the RCM. Drop the
    /// command elsewhere.
    /// </param>
    public static void Inverse<T>(in Frame<T> eef, float scale, out PsmJoints<T> joints, out T reachable) where T : unmanaged, ILane<T>
    {
        WristOf(in eef, scale, out var pitchAxis, out var link, out var wrist, out T regular);
        Shaft.Aim(in wrist, out joints.Yaw, out joints.Pitch, out T distance, out var shaft);
        joints.Insertion = T.Fma(distance, T.Of(1 / scale), T.Of(WristAtRcm));
        BendWrist(in shaft, in pitchAxis, in link, in eef.Axes.X, out joints.Roll, out joints.WristPitch, out joints.WristYaw);
        reachable = regular & (distance > T.Of(1e-4f * scale)) & WithinLimits(in joints);
    }

    /// <summary>Mask: every joint is within its limits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T WithinLimits<T>(in PsmJoints<T> joints) where T : unmanaged, ILane<T>
        => (T.Abs(joints.Yaw) <= T.Of(YawLimit)) & (T.Abs(joints.Pitch) <= T.Of(PitchLimit))
            & (joints.Insertion >= T.Of(0)) & (joints.Insertion <= T.Of(InsertionLimit))
            & (T.Abs(joints.Roll) <= T.Of(RollLimit))
            & (T.Abs(joints.WristPitch) <= T.Of(WristLimit)) & (T.Abs(joints.WristYaw) <= T.Of(WristLimit));

    /// <summary>The frame behind yaw, pitch and insertion, moved down the tool to the wrist.</summary>
    private static void WristCentre<T>(in PsmJoints<T> joints, float scale, out Frame<T> frame) where T : unmanaged, ILane<T>
    {
        LaneMath.SinCos(joints.Yaw, out T yawSin, out T yawCos);
        LaneMath.SinCos(joints.Pitch, out T pitchSin, out T pitchCos);
        Shaft.Axes(yawSin, yawCos, pitchSin, pitchCos, out frame.Axes);
        frame.Origin = frame.Axes.Z * ((joints.Insertion - T.Of(WristAtRcm)) * scale);
    }

    /// <summary>The last three rows; those of the wrist have θ = q − π/2.</summary>
    private static void Wrist<T>(in PsmJoints<T> joints, float scale, ref Frame<T> frame) where T : unmanaged, ILane<T>
    {
        LaneMath.SinCos(joints.Roll, out T sin, out T cos);
        Rotation<T>.TurnZ(ref frame.Axes, sin, cos);
        LaneMath.SinCos(joints.WristPitch, out sin, out cos);
        DenavitHartenberg.TwistDown(ref frame, 0, T.Of(0), -cos, sin);
        LaneMath.SinCos(joints.WristYaw, out sin, out cos);
        DenavitHartenberg.TwistDown(ref frame, WristLength * scale, T.Of(0), -cos, sin);
    }

    /// <summary>The wrist's pitch axis, its link's direction and its place, of the bend with a wrist yaw within ±90°.</summary>
    private static void WristOf<T>(in Frame<T> eef, float scale, out Vec3<T> pitchAxis, out Vec3<T> link, out Vec3<T> wrist, out T regular)
        where T : unmanaged, ILane<T>
    {
        // The pitch axis is normal to the shaft and to the EEF's z axis, hence to the plane of the origin and that axis.
        var normal = Vec3<T>.Cross(eef.Origin, eef.Axes.Z);
        T square = normal.LengthSquared;
        // The cosine of the wrist yaw is the pitch axis on the EEF's x axis; the other sign turns it by π.
        T opposed = Vec3<T>.Dot(normal, eef.Axes.X) & T.OfBits(0x80000000);
        T perLength = (1f / T.Sqrt(T.Max(square, T.Of(1e-20f)))) ^ opposed;
        pitchAxis = normal * perLength;
        link = Vec3<T>.Cross(eef.Axes.Z, pitchAxis);
        wrist = Vec3<T>.SubtractScaled(eef.Origin, T.Of(WristLength * scale), link);
        regular = square > T.Of(1e-10f * scale * scale);
    }

    /// <summary>The wrist's three angles between the shaft's axes and the EEF's.</summary>
    private static void BendWrist<T>(in Rotation<T> shaft, in Vec3<T> pitchAxis, in Vec3<T> link, in Vec3<T> eefX, out T roll, out T pitch, out T yaw)
        where T : unmanaged, ILane<T>
    {
        roll = LaneMath.Atan2(-Vec3<T>.Dot(shaft.X, pitchAxis), Vec3<T>.Dot(shaft.Y, pitchAxis));
        pitch = LaneMath.Atan2(Vec3<T>.Dot(Vec3<T>.Cross(pitchAxis, shaft.Z), link), Vec3<T>.Dot(shaft.Z, link));
        yaw = LaneMath.Atan2(Vec3<T>.Dot(link, eefX), Vec3<T>.Dot(pitchAxis, eefX));
    }
}
