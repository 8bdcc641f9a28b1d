using System.Runtime.CompilerServices;

namespace Sim.Physics.Numerics;

// Polynomials after S. L. Moshier, Cephes Mathematical Library, single precision (sinf.c, asinf.c, atanf.c).
public static partial class LaneMath
{
    // π/2 in three parts. The first two have at most 11 bits, so their products with a quadrant number below 2¹³
    // are exact even where Fma rounds twice.
    private const float HalfPi1 = 1.5703125f, HalfPi2 = 4.837512969970703125e-4f, HalfPi3 = 7.54978995489188216e-8f;

    // 1.5·2²³: adding it rounds to the nearest integer and leaves that integer in the low bits.
    private const float RoundingShift = 12582912f;

    /// <summary>Sine of x in radians. The value of <see cref="SinCos"/>, with its range and error.</summary>
    [MethodImpl(Inline)]
    public static T Sin<T>(T x) where T : unmanaged, ILane<T>
    {
        T r = ReduceToQuadrant(x, out T quadrant);
        T odd = IsOdd(quadrant);
        return T.Select(odd, CosOfQuadrant(r), SinOfQuadrant(r)) ^ SignOfQuadrant(quadrant);
    }

    /// <summary>Cosine of x in radians. The value of <see cref="SinCos"/>, with its range and error.</summary>
    [MethodImpl(Inline)]
    public static T Cos<T>(T x) where T : unmanaged, ILane<T>
    {
        T r = ReduceToQuadrant(x, out T quadrant);
        T odd = IsOdd(quadrant);
        return T.Select(odd, SinOfQuadrant(r), CosOfQuadrant(r)) ^ SignOfQuadrant(T.AddBits(quadrant, T.OfBits(1)));
    }

    /// <summary>
    /// Sine and cosine of x in radians, for |x| ≤ 8192; 7.2e-8 absolute there, 1.5 ulp within [−π, π]. Still 8e-8
    /// at 10⁶; meaningless past 6·10⁶; NaN at infinity.
    /// </summary>
    [MethodImpl(Inline)]
    public static void SinCos<T>(T x, out T sin, out T cos) where T : unmanaged, ILane<T>
    {
        T r = ReduceToQuadrant(x, out T quadrant);
        T odd = IsOdd(quadrant);
        T s = SinOfQuadrant(r), c = CosOfQuadrant(r);
        sin = T.Select(odd, c, s) ^ SignOfQuadrant(quadrant);
        cos = T.Select(odd, s, c) ^ SignOfQuadrant(T.AddBits(quadrant, T.OfBits(1)));
    }

    /// <summary>
    /// Angle of the vector (x, y) in [−π, π] radians, for |x|, |y| ≤ 1.7e38; 2.9 ulp, 2.7e-7 absolute. Zeros and
    /// infinities as IEEE 754 asks.
    /// </summary>
    [MethodImpl(Inline)]
    public static T Atan2<T>(T y, T x) where T : unmanaged, ILane<T>
    {
        T absX = T.Abs(x), absY = T.Abs(y);
        T steep = absY > absX;
        T small = T.Select(steep, absX, absY), large = T.Select(steep, absY, absX);

        // atan(a/b) = π/4 + atan((a − b)/(a + b)) keeps the polynomial's argument within tan(π/8) = 0.414. The
        // minimum lets ∞/∞ take that side.
        T beyond = small > T.Min(large * T.Of(0.41421356f), T.Of(float.MaxValue));
        T ratio = T.Select(beyond, small - large, small) / T.Select(beyond, small + large, large);
        ratio = T.Select(T.Equal(small, large), T.Of(0), ratio); // 0/0 and ∞/∞ too

        T square = ratio * ratio;
        T tail = T.Of(8.05374449538e-2f);
        tail = T.Fma(tail, square, T.Of(-1.38776856032e-1f));
        tail = T.Fma(tail, square, T.Of(1.99777106478e-1f));
        tail = T.Fma(tail, square, T.Of(-3.33329491539e-1f));
        T angle = T.Fma(tail * square, ratio, ratio) + (beyond & T.Of(MathF.PI / 4));

        angle = T.Select(steep, T.Of(MathF.PI / 2) - angle, angle);
        angle = T.Select(IsNegative(x), T.Of(MathF.PI) - angle, angle);
        return angle ^ (y & T.OfBits(SignBit));
    }

    /// <summary>
    /// Arc sine in [−π/2, π/2] radians, for |x| ≤ 1; 2.4 ulp, 1.7e-7 absolute. NaN outside.
    /// </summary>
    [MethodImpl(Inline)]
    public static T Asin<T>(T x) where T : unmanaged, ILane<T>
    {
        T size = T.Abs(x);
        T outer = size > T.Of(0.5f);
        T half = AsinOfHalf(size, outer);
        return T.Select(outer, T.Of(MathF.PI / 2) - (half + half), half) ^ (x & T.OfBits(SignBit));
    }

    /// <summary>
    /// Arc cosine in [0, π] radians, for |x| ≤ 1; 1.3 ulp, 3.1e-7 absolute. NaN outside.
    /// </summary>
    [MethodImpl(Inline)]
    public static T Acos<T>(T x) where T : unmanaged, ILane<T>
    {
        T size = T.Abs(x);
        T outer = size > T.Of(0.5f);
        T half = AsinOfHalf(size, outer);
        T ofSize = half + half;
        T outerAngle = T.Select(IsNegative(x), T.Of(MathF.PI) - ofSize, ofSize);
        return T.Select(outer, outerAngle, T.Of(MathF.PI / 2) - (half ^ (x & T.OfBits(SignBit))));
    }

    /// <summary>
    /// The same angle in [−π, π) radians (floored modulus, π as float32), for |x| ≤ 16384; 3e-7 absolute. Angles
    /// already inside come back unchanged.
    /// </summary>
    [MethodImpl(Inline)]
    public static T WrapAngle<T>(T x) where T : unmanaged, ILane<T>
    {
        T turns = T.Floor(T.Fma(x, T.Of(0.5f / MathF.PI), T.Of(0.5f)));
        T angle = T.Fma(turns, T.Of(-4 * HalfPi1), x);
        angle = T.Fma(turns, T.Of(-4 * HalfPi2), angle);
        angle = T.Fma(turns, T.Of(-4 * HalfPi3), angle);

        // Rounding may leave the angle a few ulp outside; these corrections are exact.
        angle = T.Select(angle < T.Of(-MathF.PI), angle + T.Of(2 * MathF.PI), angle);
        return T.Select(angle >= T.Of(MathF.PI), angle - T.Of(2 * MathF.PI), angle);
    }

    /// <summary>x − quadrant·π/2 within [−π/4, π/4]; the quadrant as bits, modulo 4 meaningful.</summary>
    [MethodImpl(Inline)]
    private static T ReduceToQuadrant<T>(T x, out T quadrant) where T : unmanaged, ILane<T>
    {
        T shifted = T.Fma(x, T.Of(2 / MathF.PI), T.Of(RoundingShift));
        T n = shifted - T.Of(RoundingShift);
        quadrant = shifted;
        T r = T.Fma(n, T.Of(-HalfPi1), x);
        r = T.Fma(n, T.Of(-HalfPi2), r);
        return T.Fma(n, T.Of(-HalfPi3), r);
    }

    [MethodImpl(Inline)]
    private static T SinOfQuadrant<T>(T r) where T : unmanaged, ILane<T>
    {
        T square = r * r;
        T tail = T.Fma(T.Of(-1.9515295891e-4f), square, T.Of(8.3321608736e-3f));
        tail = T.Fma(tail, square, T.Of(-1.6666654611e-1f));
        return T.Fma(tail * square, r, r);
    }

    [MethodImpl(Inline)]
    private static T CosOfQuadrant<T>(T r) where T : unmanaged, ILane<T>
    {
        T square = r * r;
        T tail = T.Fma(T.Of(2.443315711809948e-5f), square, T.Of(-1.388731625493765e-3f));
        tail = T.Fma(tail, square, T.Of(4.166664568298827e-2f));
        tail = T.Fma(tail, square, T.Of(-0.5f));
        return T.Fma(tail, square, T.Of(1));
    }

    [MethodImpl(Inline)]
    private static T IsOdd<T>(T bits) where T : unmanaged, ILane<T>
        => T.SubtractBits(T.OfBits(0), bits & T.OfBits(1));

    [MethodImpl(Inline)]
    private static T SignOfQuadrant<T>(T quadrant) where T : unmanaged, ILane<T>
        => T.ShiftLeftBits(quadrant & T.OfBits(2), 30);

    /// <summary>Mask of the sign bit, which tells −0 from 0.</summary>
    [MethodImpl(Inline)]
    private static T IsNegative<T>(T x) where T : unmanaged, ILane<T>
        => T.SubtractBits(T.OfBits(0), T.ShiftRightBits(x, 31));

    /// <summary>Arc sine of size, or of √((1 − size)/2) where size is in the outer half of [0, 1].</summary>
    [MethodImpl(Inline)]
    private static T AsinOfHalf<T>(T size, T outer) where T : unmanaged, ILane<T>
    {
        T square = T.Select(outer, T.Fma(size, T.Of(-0.5f), T.Of(0.5f)), size * size);
        T root = T.Select(outer, T.Sqrt(square), size);
        T tail = T.Of(4.2163199048e-2f);
        tail = T.Fma(tail, square, T.Of(2.4181311049e-2f));
        tail = T.Fma(tail, square, T.Of(4.5470025998e-2f));
        tail = T.Fma(tail, square, T.Of(7.4953002686e-2f));
        tail = T.Fma(tail, square, T.Of(1.6666752422e-1f));
        return T.Fma(tail * square, root, root);
    }
}
