using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Physics.Batched.Joints;

/// <summary>The twist of B against A about axis Z of two bases. Parameters: basis in A (quaternion), basis in B (quaternion).</summary>
internal static class TwistAngle
{
    public const int ParameterRows = 8;

    private const int BasisA = 0, BasisB = 4;

    /// <summary>Writes the axis to scratch and the angle, radians in [−π, π], in place of the bias.</summary>
    public static void Measure<T>(Rows<T> a, Rows<T> b, Rows<T> bases, Rows<T> scratch) where T : unmanaged, ILane<T>
    {
        // The axis lies halfway between both Z.
        Basis(a, bases.From(BasisA), out var ofA);
        Basis(b, bases.From(BasisB), out var ofB);
        Axis(in ofA, in ofB, scratch);
        Angle(in ofA, in ofB, scratch);
    }

    [MethodImpl(Stage.Cut)]
    private static void Basis<T>(Rows<T> body, Rows<T> local, out Quat<T> basis) where T : unmanaged, ILane<T>
        => basis = Quat<T>.Multiply(body.Quaternion(BodyRows.Orientation), local.Quaternion(0));

    [MethodImpl(Stage.Cut)]
    private static void Axis<T>(in Quat<T> ofA, in Quat<T> ofB, Rows<T> scratch) where T : unmanaged, ILane<T>
    {
        AxisZ(in ofA, out var zA);
        AxisZ(in ofB, out var zB);
        var sum = zA + zB;
        T length = T.Sqrt(sum.LengthSquared);
        scratch.Put(AngularLine.Axis, Vec3<T>.Select(length < T.Of(1e-10f), zA, sum * (T.Of(1) / length)));
    }

    /// <summary>
    /// Turning B's Z onto A's by the shortest way leaves a rotation about Z alone: the twist part of the relative
    /// rotation, whose angle is 2·atan(z/w).
    /// </summary>
    [MethodImpl(Stage.Cut)]
    private static void Angle<T>(in Quat<T> ofA, in Quat<T> ofB, Rows<T> scratch) where T : unmanaged, ILane<T>
    {
        T z = T.Fms(ofA.W, ofB.Z, ofA.Z * ofB.W) + T.Fms(ofA.Y, ofB.X, ofA.X * ofB.Y);
        T w = T.Fma(ofA.W, ofB.W, T.Fma(ofA.X, ofB.X, T.Fma(ofA.Y, ofB.Y, ofA.Z * ofB.Z)));
        // A quaternion and its negative are one rotation: w ≥ 0 keeps half the angle in [−π/2, π/2].
        T half = LaneMath.Atan2(T.Select(w < T.Of(0), -z, z), T.Abs(w));
        scratch.Put(AngularLine.Bias, half + half);
    }

    [MethodImpl(Stage.Inline)]
    private static void AxisZ<T>(in Quat<T> q, out Vec3<T> axis) where T : unmanaged, ILane<T>
    {
        T x2 = q.X + q.X, y2 = q.Y + q.Y;
        axis = new Vec3<T>(T.Fma(x2, q.Z, y2 * q.W), T.Fms(y2, q.Z, x2 * q.W), T.Of(1) - T.Fma(x2, q.X, y2 * q.Y));
    }

    /// <summary>to − from as the shorter way round.</summary>
    [MethodImpl(Stage.Inline)]
    public static T Difference<T>(T from, T to) where T : unmanaged, ILane<T> => LaneMath.WrapAngle(to - from);
}
