using System.Runtime.CompilerServices;

namespace Sim.Physics.Numerics;

/// <summary>A quaternion (x, y, z, w) of lanes; as an orientation it turns a body's axes into the world's.</summary>
public struct Quat<T> where T : unmanaged, ILane<T>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public T X, Y, Z, W;

    [MethodImpl(Inline)]
    public Quat(T x, T y, T z, T w)
    {
        X = x;
        Y = y;
        Z = z;
        W = w;
    }

    [MethodImpl(Inline)] public static Quat<T> Conjugate(Quat<T> q) => new(-q.X, -q.Y, -q.Z, q.W);

    /// <summary>The product a·b: the rotation b followed by the rotation a.</summary>
    [MethodImpl(Inline)]
    public static Quat<T> Multiply(Quat<T> a, Quat<T> b) => new(
        T.Fma(a.W, b.X, T.Fma(a.X, b.W, T.Fms(a.Y, b.Z, a.Z * b.Y))),
        T.Fma(a.W, b.Y, T.Fma(a.Y, b.W, T.Fms(a.Z, b.X, a.X * b.Z))),
        T.Fma(a.W, b.Z, T.Fma(a.Z, b.W, T.Fms(a.X, b.Y, a.Y * b.X))),
        T.Fma(a.W, b.W, -T.Fma(a.X, b.X, T.Fma(a.Y, b.Y, a.Z * b.Z))));

    /// <summary>The unit quaternion of the same direction.</summary>
    [MethodImpl(Inline)]
    public static Quat<T> Normalize(Quat<T> q)
    {
        T scale = T.Of(1) / T.Sqrt(T.Fma(q.X, q.X, T.Fma(q.Y, q.Y, T.Fma(q.Z, q.Z, q.W * q.W))));
        return new Quat<T>(q.X * scale, q.Y * scale, q.Z * scale, q.W * scale);
    }

    /// <summary>v turned by q: v + 2w(u × v) + 2u × (u × v), u the vector part.</summary>
    [MethodImpl(Inline)]
    public static Vec3<T> Rotate(Quat<T> q, Vec3<T> v)
    {
        var u = new Vec3<T>(q.X, q.Y, q.Z);
        var t = Vec3<T>.Cross(u, v);
        t += t;
        return Vec3<T>.AddScaled(v + Vec3<T>.Cross(u, t), q.W, t);
    }

    /// <summary>v turned back by q.</summary>
    [MethodImpl(Inline)]
    public static Vec3<T> RotateBack(Quat<T> q, Vec3<T> v) => Rotate(Conjugate(q), v);

    /// <summary>Axis times angle in radians, by the shorter way; zero for the identity.</summary>
    [MethodImpl(Inline)]
    public static Vec3<T> RotationVector(Quat<T> q)
    {
        T sine = T.Sqrt(T.Fma(q.X, q.X, T.Fma(q.Y, q.Y, q.Z * q.Z)));
        T half = LaneMath.Atan2(sine, T.Abs(q.W));
        T scale = T.Select(sine > T.Of(1e-9f), (half + half) / sine, T.Of(2));
        scale = T.Select(q.W < T.Of(0), -scale, scale);
        return new Vec3<T>(q.X * scale, q.Y * scale, q.Z * scale);
    }
}
