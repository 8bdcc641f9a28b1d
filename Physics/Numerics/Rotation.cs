using System.Runtime.CompilerServices;

namespace Sim.Physics.Numerics;

/// <summary>
/// A rotation matrix of lanes by its columns: the axes of the turned frame, in the frame from which it is turned.
/// </summary>
public struct Rotation<T> where T : unmanaged, ILane<T>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public Vec3<T> X, Y, Z;

    [MethodImpl(Inline)]
    public Rotation(Vec3<T> x, Vec3<T> y, Vec3<T> z)
    {
        X = x;
        Y = y;
        Z = z;
    }

    /// <summary>R·v: a vector of the turned frame, in the outer frame.</summary>
    [MethodImpl(Inline)]
    public static Vec3<T> Apply(in Rotation<T> r, Vec3<T> v) => Vec3<T>.AddScaled(Vec3<T>.AddScaled(r.X * v.X, v.Y, r.Y), v.Z, r.Z);

    /// <summary>Rᵀ·v: a vector of the outer frame, in the turned frame.</summary>
    [MethodImpl(Inline)]
    public static Vec3<T> ApplyBack(in Rotation<T> r, Vec3<T> v) => new(Vec3<T>.Dot(r.X, v), Vec3<T>.Dot(r.Y, v), Vec3<T>.Dot(r.Z, v));

    /// <summary>a·b: b followed by a. The product may be neither of them.</summary>
    [MethodImpl(Inline)]
    public static void Multiply(in Rotation<T> a, in Rotation<T> b, out Rotation<T> product)
    {
        product.X = Apply(in a, b.X);
        product.Y = Apply(in a, b.Y);
        product.Z = Apply(in a, b.Z);
    }

    /// <summary>aᵀ·b: the frame b as seen from the frame a. The product may be neither of them.</summary>
    [MethodImpl(Inline)]
    public static void MultiplyBack(in Rotation<T> a, in Rotation<T> b, out Rotation<T> product)
    {
        product.X = ApplyBack(in a, b.X);
        product.Y = ApplyBack(in a, b.Y);
        product.Z = ApplyBack(in a, b.Z);
    }

    /// <summary>R·Rz(angle): the frame turned about its own z axis.</summary>
    [MethodImpl(Inline)]
    public static void TurnZ(ref Rotation<T> r, T sin, T cos)
    {
        Vec3<T> x = Vec3<T>.AddScaled(r.X * cos, sin, r.Y);
        r.Y = Vec3<T>.SubtractScaled(r.Y * cos, sin, r.X);
        r.X = x;
    }

    /// <summary>The matrix of a unit quaternion.</summary>
    [MethodImpl(Inline)]
    public static void FromQuaternion(Quat<T> q, out Rotation<T> r)
    {
        T x2 = q.X + q.X, y2 = q.Y + q.Y, z2 = q.Z + q.Z;
        T xx = q.X * x2, yy = q.Y * y2, zz = q.Z * z2;
        T xy = q.X * y2, xz = q.X * z2, yz = q.Y * z2;
        T wx = q.W * x2, wy = q.W * y2, wz = q.W * z2;
        T one = T.Of(1);
        r.X = new Vec3<T>(one - (yy + zz), xy + wz, xz - wy);
        r.Y = new Vec3<T>(xy - wz, one - (xx + zz), yz + wx);
        r.Z = new Vec3<T>(xz + wy, yz - wx, one - (xx + yy));
    }

    /// <summary>The unit quaternion with w ≥ 0, by the largest of its four components (S. W. Shepperd, 1978).</summary>
    [MethodImpl(Inline)]
    public static Quat<T> ToQuaternion(in Rotation<T> r)
    {
        // Each candidate is the quaternion times four times its largest component.
        T trace = r.X.X + r.Y.Y + r.Z.Z, one = T.Of(1);
        T x = r.Y.Z - r.Z.Y, y = r.Z.X - r.X.Z, z = r.X.Y - r.Y.X;
        T xy = r.X.Y + r.Y.X, xz = r.X.Z + r.Z.X, yz = r.Y.Z + r.Z.Y;
        T largest = T.Max(T.Max(r.X.X, r.Y.Y), T.Max(r.Z.Z, trace));
        T byW = T.Equal(largest, trace), byX = T.Equal(largest, r.X.X), byY = T.Equal(largest, r.Y.Y);
        T fourXX = one + (r.X.X - (r.Y.Y + r.Z.Z)), fourYY = one + (r.Y.Y - (r.X.X + r.Z.Z)), fourZZ = one + (r.Z.Z - (r.X.X + r.Y.Y));
        var q = new Quat<T>(
            T.Select(byW, x, T.Select(byX, fourXX, T.Select(byY, xy, xz))),
            T.Select(byW, y, T.Select(byX, xy, T.Select(byY, fourYY, yz))),
            T.Select(byW, z, T.Select(byX, xz, T.Select(byY, yz, fourZZ))),
            T.Select(byW, one + trace, T.Select(byX, x, T.Select(byY, y, z))));
        T sign = q.W & T.OfBits(0x80000000);
        q = Quat<T>.Normalize(q);
        return new Quat<T>(q.X ^ sign, q.Y ^ sign, q.Z ^ sign, q.W ^ sign);
    }
}
