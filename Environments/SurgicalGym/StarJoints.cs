using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;
using static Sim.Physics.Numerics.LaneMath;

namespace Sim.Environments.SurgicalGym;

/// <summary>A number for each joint of the STAR arm: seven of the arm and one of the suturing tool, rad.</summary>
public struct StarJoints<T> where T : unmanaged, ILane<T>
{
    public T Joint1, Joint2, Joint3, Joint4, Joint5, Joint6, Joint7, Tool;

    /// <summary>Sum of the sizes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T Size()
        => T.Abs(Joint1) + T.Abs(Joint2) + (T.Abs(Joint3) + T.Abs(Joint4)) + (T.Abs(Joint5) + T.Abs(Joint6) + (T.Abs(Joint7) + T.Abs(Tool)));

    /// <summary>How many components of an action lie outside [−1, 1].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T Clipped()
        => ArmJoints<T>.IsClipped(Joint1) + ArmJoints<T>.IsClipped(Joint2) + (ArmJoints<T>.IsClipped(Joint3) + ArmJoints<T>.IsClipped(Joint4))
            + (ArmJoints<T>.IsClipped(Joint5) + ArmJoints<T>.IsClipped(Joint6) + (ArmJoints<T>.IsClipped(Joint7) + ArmJoints<T>.IsClipped(Tool)));
}

/// <summary>
/// The STAR arm. Its model in the source cannot be read, so it has the numbers of a common seven-axis arm of its kind:
/// modified Denavit-Hartenberg twists 0, −90, 90, 90, −90, −90, 90°, with a straight tool. The last joint and the tool's
/// turn about the tool's axis and do not move its tip.
/// </summary>
public static class StarArm
{
    /// <summary>Height of the shoulder, lengths of upper arm and forearm, and from the wrist to the tool's tip, m.</summary>
    public const float Shoulder = 0.36f, UpperArm = 0.42f, Forearm = 0.4f, WristToTip = 0.126f + 0.25f;

    /// <summary>Limits of the joints, rad: 170° for odd ones, 120° for even ones, 175° for the seventh; the tool's is unknown.</summary>
    public const float OddLimit = 2.9671f, EvenLimit = 2.0944f, SeventhLimit = 3.0543f, ToolLimit = 3.0543f;

    /// <summary>Where the base stands in the environment's frame, turned by 180° about z, m.</summary>
    public const float BaseX = 1f, BaseZ = 0.5f;

    /// <summary>rad a unit of target.</summary>
    public const float TargetScale = 2f;

    /// <summary>Targets of the posture that episodes start in.</summary>
    public const float Rest2 = 0.3f, Rest4 = -0.3f, Rest6 = 0.5f;

    /// <summary>Integrates an action, clipped to [−1, 1], into targets of −1 to 1.</summary>
    public static void Integrate<T>(ref StarJoints<T> target, in StarJoints<T> action, float increment) where T : unmanaged, ILane<T>
    {
        target.Joint1 = ArmJoints<T>.Target(target.Joint1, action.Joint1, increment);
        target.Joint2 = ArmJoints<T>.Target(target.Joint2, action.Joint2, increment);
        target.Joint3 = ArmJoints<T>.Target(target.Joint3, action.Joint3, increment);
        target.Joint4 = ArmJoints<T>.Target(target.Joint4, action.Joint4, increment);
        target.Joint5 = ArmJoints<T>.Target(target.Joint5, action.Joint5, increment);
        target.Joint6 = ArmJoints<T>.Target(target.Joint6, action.Joint6, increment);
        target.Joint7 = ArmJoints<T>.Target(target.Joint7, action.Joint7, increment);
        target.Tool = ArmJoints<T>.Target(target.Tool, action.Tool, increment);
    }

    /// <summary>Moves the joints for one control period. Targets reach 2 rad and so stay within every limit.</summary>
    public static void Advance<T>(ref StarJoints<T> position, ref StarJoints<T> velocity, in StarJoints<T> target, in JointDrive drive)
        where T : unmanaged, ILane<T>
    {
        drive.Advance(ref position.Joint1, ref velocity.Joint1, target.Joint1 * TargetScale, -OddLimit, OddLimit);
        drive.Advance(ref position.Joint2, ref velocity.Joint2, target.Joint2 * TargetScale, -EvenLimit, EvenLimit);
        drive.Advance(ref position.Joint3, ref velocity.Joint3, target.Joint3 * TargetScale, -OddLimit, OddLimit);
        drive.Advance(ref position.Joint4, ref velocity.Joint4, target.Joint4 * TargetScale, -EvenLimit, EvenLimit);
        drive.Advance(ref position.Joint5, ref velocity.Joint5, target.Joint5 * TargetScale, -OddLimit, OddLimit);
        drive.Advance(ref position.Joint6, ref velocity.Joint6, target.Joint6 * TargetScale, -EvenLimit, EvenLimit);
        drive.Advance(ref position.Joint7, ref velocity.Joint7, target.Joint7 * TargetScale, -SeventhLimit, SeventhLimit);
        drive.Advance(ref position.Tool, ref velocity.Tool, target.Tool * TargetScale, -ToolLimit, ToolLimit);
    }

    /// <summary>Where the tip is, environment's frame, m.</summary>
    public static void TipOf<T>(in StarJoints<T> joints, out Vec3<T> tip) where T : unmanaged, ILane<T>
    {
        FromElbow(in joints, out var fromElbow);
        FromShoulder(in joints, in fromElbow, out var fromShoulder);
        tip.X = BaseX - fromShoulder.X;
        tip.Y = -fromShoulder.Y;
        // One constant: a GPU's compiler would add two to each other first and round apart.
        tip.Z = fromShoulder.Z + (BaseZ + Shoulder);
    }

    /// <summary>The tip in the frame of the third link, by joints 4 to 6.</summary>
    private static void FromElbow<T>(in StarJoints<T> joints, out Vec3<T> point) where T : unmanaged, ILane<T>
    {
        SinCos(joints.Joint6, out T sin6, out T cos6);
        SinCos(joints.Joint5, out T sin5, out T cos5);
        SinCos(joints.Joint4, out T sin4, out T cos4);
        T aside = sin6 * WristToTip, ahead = T.Fma(cos6, T.Of(WristToTip), T.Of(Forearm));
        T x = aside * cos5, z = -(aside * sin5);
        point.X = T.Fma(x, cos4, -(ahead * sin4));
        point.Y = -z;
        point.Z = T.Fma(x, sin4, ahead * cos4) + UpperArm;
    }

    /// <summary>A point of the third link's frame from the shoulder, in the base's axes, by joints 1 to 3.</summary>
    private static void FromShoulder<T>(in StarJoints<T> joints, in Vec3<T> point, out Vec3<T> result) where T : unmanaged, ILane<T>
    {
        SinCos(joints.Joint3, out T sin3, out T cos3);
        SinCos(joints.Joint2, out T sin2, out T cos2);
        SinCos(joints.Joint1, out T sin1, out T cos1);
        T x = T.Fma(point.X, cos3, -(point.Y * sin3)), across = T.Fma(point.X, sin3, point.Y * cos3);
        T forward = T.Fma(x, cos2, point.Z * sin2), up = T.Fma(point.Z, cos2, -(x * sin2));
        result.X = T.Fma(forward, cos1, -(across * sin1));
        result.Y = T.Fma(forward, sin1, across * cos1);
        result.Z = up;
    }
}
