using System.Runtime.CompilerServices;

namespace Sim.Physics.Numerics;

/// <summary>A vector of three lanes.</summary>
public struct Vec3<T> where T : unmanaged, ILane<T>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public T X, Y, Z;

    [MethodImpl(Inline)]
    public Vec3(T x, T y, T z)
    {
        X = x;
        Y = y;
        Z = z;
    }

    public static Vec3<T> Zero { [MethodImpl(Inline)] get => new(T.Of(0), T.Of(0), T.Of(0)); }

    public readonly T LengthSquared { [MethodImpl(Inline)] get => Dot(this, this); }

    [MethodImpl(Inline)] public static Vec3<T> operator +(Vec3<T> a, Vec3<T> b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);
    [MethodImpl(Inline)] public static Vec3<T> operator -(Vec3<T> a, Vec3<T> b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z);
    [MethodImpl(Inline)] public static Vec3<T> operator -(Vec3<T> a) => new(-a.X, -a.Y, -a.Z);
    [MethodImpl(Inline)] public static Vec3<T> operator *(Vec3<T> a, T b) => new(a.X * b, a.Y * b, a.Z * b);

    /// <summary>a + scale·b, each component rounded once.</summary>
    [MethodImpl(Inline)]
    public static Vec3<T> AddScaled(Vec3<T> a, T scale, Vec3<T> b) => new(T.Fma(scale, b.X, a.X), T.Fma(scale, b.Y, a.Y), T.Fma(scale, b.Z, a.Z));

    /// <summary>a − scale·b, each component rounded once.</summary>
    [MethodImpl(Inline)]
    public static Vec3<T> SubtractScaled(Vec3<T> a, T scale, Vec3<T> b) => new(T.Fnma(scale, b.X, a.X), T.Fnma(scale, b.Y, a.Y), T.Fnma(scale, b.Z, a.Z));

    [MethodImpl(Inline)]
    public static T Dot(Vec3<T> a, Vec3<T> b) => T.Fma(a.Z, b.Z, T.Fma(a.Y, b.Y, a.X * b.X));

    [MethodImpl(Inline)]
    public static Vec3<T> Cross(Vec3<T> a, Vec3<T> b) => new(
        T.Fms(a.Y, b.Z, a.Z * b.Y),
        T.Fms(a.Z, b.X, a.X * b.Z),
        T.Fms(a.X, b.Y, a.Y * b.X));

    [MethodImpl(Inline)]
    public static Vec3<T> Select(T mask, Vec3<T> a, Vec3<T> b) => new(T.Select(mask, a.X, b.X), T.Select(mask, a.Y, b.Y), T.Select(mask, a.Z, b.Z));

    /// <summary>
    /// Two unit vectors at right angles to a unit vector and to each other; one formula for every axis, with a jump
    /// at z = 0 (J. R. Frisvad, Building an Orthonormal Basis from a 3D Unit Vector Without Normalization, with the
    /// sign of z taken out).
    /// </summary>
    [MethodImpl(Inline)]
    public static void Tangents(Vec3<T> axis, out Vec3<T> first, out Vec3<T> second)
    {
        T sign = T.Select(axis.Z < T.Of(0), T.Of(-1), T.Of(1));
        T scale = T.Of(-1) / (sign + axis.Z);
        T mixed = axis.X * axis.Y * scale;
        first = new Vec3<T>(mixed, T.Fma(axis.Y * axis.Y, scale, sign), -axis.Y);
        second = new Vec3<T>(T.Fma(sign * axis.X * axis.X, scale, T.Of(1)), sign * mixed, -(sign * axis.X));
    }
}
