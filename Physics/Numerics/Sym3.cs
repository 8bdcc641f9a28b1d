using System.Runtime.CompilerServices;

namespace Sim.Physics.Numerics;

/// <summary>A symmetric 3×3 matrix of lanes.</summary>
public struct Sym3<T> where T : unmanaged, ILane<T>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public T XX, YX, YY, ZX, ZY, ZZ;

    [MethodImpl(Inline)]
    public static Vec3<T> operator *(Sym3<T> m, Vec3<T> v) => new(
        T.Fma(m.ZX, v.Z, T.Fma(m.YX, v.Y, m.XX * v.X)),
        T.Fma(m.ZY, v.Z, T.Fma(m.YY, v.Y, m.YX * v.X)),
        T.Fma(m.ZZ, v.Z, T.Fma(m.ZY, v.Y, m.ZX * v.X)));

    [MethodImpl(Inline)]
    public static Sym3<T> operator +(Sym3<T> a, Sym3<T> b)
    {
        Sym3<T> sum;
        sum.XX = a.XX + b.XX;
        sum.YX = a.YX + b.YX;
        sum.YY = a.YY + b.YY;
        sum.ZX = a.ZX + b.ZX;
        sum.ZY = a.ZY + b.ZY;
        sum.ZZ = a.ZZ + b.ZZ;
        return sum;
    }

    /// <summary>The inverse by cofactors.</summary>
    [MethodImpl(Inline)]
    public static Sym3<T> Invert(Sym3<T> m)
    {
        T xx = T.Fms(m.YY, m.ZZ, m.ZY * m.ZY);
        T yx = T.Fms(m.ZY, m.ZX, m.YX * m.ZZ);
        T zx = T.Fms(m.YX, m.ZY, m.YY * m.ZX);
        T scale = T.Of(1) / T.Fma(m.ZX, zx, T.Fma(m.YX, yx, m.XX * xx));
        Sym3<T> inverse;
        inverse.XX = xx * scale;
        inverse.YX = yx * scale;
        inverse.ZX = zx * scale;
        inverse.YY = T.Fms(m.XX, m.ZZ, m.ZX * m.ZX) * scale;
        inverse.ZY = T.Fms(m.YX, m.ZX, m.XX * m.ZY) * scale;
        inverse.ZZ = T.Fms(m.XX, m.YY, m.YX * m.YX) * scale;
        return inverse;
    }

    /// <summary>[r]·M·[r]ᵀ, [r] being the matrix of the cross product r × ·.</summary>
    [MethodImpl(Inline)]
    public static Sym3<T> SkewSandwich(Vec3<T> r, Sym3<T> m)
    {
        // Rows of [r]·M first; the entry (x, x) of it is not needed, its (z, z) appears twice.
        T xy = T.Fms(r.Y, m.ZY, r.Z * m.YY), xz = T.Fms(r.Y, m.ZZ, r.Z * m.ZY);
        T yx = T.Fms(r.Z, m.XX, r.X * m.ZX), yy = T.Fms(r.Z, m.YX, r.X * m.ZY), yz = T.Fms(r.Z, m.ZX, r.X * m.ZZ);
        T zx = T.Fms(r.X, m.YX, r.Y * m.XX), zy = T.Fms(r.X, m.YY, r.Y * m.YX), zz = T.Fms(r.X, m.ZY, r.Y * m.ZX);
        Sym3<T> sandwich;
        sandwich.XX = T.Fms(xz, r.Y, xy * r.Z);
        sandwich.YX = T.Fms(yz, r.Y, yy * r.Z);
        sandwich.YY = T.Fms(yx, r.Z, yz * r.X);
        sandwich.ZX = T.Fms(zz, r.Y, zy * r.Z);
        sandwich.ZY = T.Fms(zx, r.Z, zz * r.X);
        sandwich.ZZ = T.Fms(zy, r.X, zx * r.Y);
        return sandwich;
    }
}
