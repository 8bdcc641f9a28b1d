using System.Runtime.CompilerServices;

namespace Sim.Physics.Numerics;

// Polynomials after S. L. Moshier, Cephes Mathematical Library, single precision (expf.c, logf.c, tanhf.c).
public static partial class LaneMath
{
    // ln 2 in two parts; the first has 9 bits, so its product with an exponent is exact.
    private const float Ln2High = 0.693359375f, Ln2Low = -2.12194440e-4f;

    // ln of the largest finite and of the smallest normal float32.
    private const float LargestExponent = 88.72283f, SmallestExponent = -87.33654f;

    /// <summary>
    /// eˣ for any x; 1.1 ulp. Infinity above 88.72283, zero below −87.33654 (results that would be denormal are zero).
    /// </summary>
    [MethodImpl(Inline)]
    public static T Exp<T>(T x) where T : unmanaged, ILane<T>
    {
        T shifted = T.Fma(x, T.Of(1.44269504f), T.Of(RoundingShift));
        T n = shifted - T.Of(RoundingShift);
        T r = T.Fma(n, T.Of(-Ln2High), x);
        r = T.Fma(n, T.Of(-Ln2Low), r);

        T tail = T.Of(1.9875691500e-4f);
        tail = T.Fma(tail, r, T.Of(1.3981999507e-3f));
        tail = T.Fma(tail, r, T.Of(8.3334519073e-3f));
        tail = T.Fma(tail, r, T.Of(4.1665795894e-2f));
        tail = T.Fma(tail, r, T.Of(1.6666665459e-1f));
        tail = T.Fma(tail, r, T.Of(5.0000001201e-1f));
        T mantissa = T.Fma(tail, r * r, r) + T.Of(1);

        // n goes straight into the exponent: 2¹²⁸ as a factor would overflow before the product does.
        T value = T.AddBits(mantissa, T.ShiftLeftBits(shifted, 23));
        value = value & (x >= T.Of(SmallestExponent));
        return T.Select(x <= T.Of(LargestExponent), value, x * T.Of(float.PositiveInfinity));
    }

    /// <summary>
    /// Natural logarithm of any x, denormals too; 0.9 ulp. −∞ at ±0, NaN below.
    /// </summary>
    [MethodImpl(Inline)]
    public static T Log<T>(T x) where T : unmanaged, ILane<T>
    {
        const uint one = 0x3F800000, rootOfHalf = 0x3F3504F3;
        T denormal = x < T.OfBits(0x00800000);
        T scaled = T.Select(denormal, x * T.Of(16777216f), x);

        // x = 2ⁿ·(1 + f) with 1 + f in [√½, √2).
        T offset = T.AddBits(scaled, T.OfBits(one - rootOfHalf));
        T n = T.FromBits(T.ShiftRightBits(offset, 23)) - T.Select(denormal, T.Of(127 + 24), T.Of(127));
        T f = T.AddBits(offset & T.OfBits(0x007FFFFF), T.OfBits(rootOfHalf)) - T.Of(1);

        T tail = T.Of(7.0376836292e-2f);
        tail = T.Fma(tail, f, T.Of(-1.1514610310e-1f));
        tail = T.Fma(tail, f, T.Of(1.1676998740e-1f));
        tail = T.Fma(tail, f, T.Of(-1.2420140846e-1f));
        tail = T.Fma(tail, f, T.Of(1.4249322787e-1f));
        tail = T.Fma(tail, f, T.Of(-1.6668057665e-1f));
        tail = T.Fma(tail, f, T.Of(2.0000714765e-1f));
        tail = T.Fma(tail, f, T.Of(-2.4999993993e-1f));
        tail = T.Fma(tail, f, T.Of(3.3333331174e-1f));
        T square = f * f;
        tail = tail * f * square;
        tail = T.Fma(n, T.Of(Ln2Low), tail);
        tail = T.Fma(square, T.Of(-0.5f), tail);
        T value = T.Fma(n, T.Of(Ln2High), f + tail);

        T finite = T.Select(x < T.Of(float.PositiveInfinity), value, x);
        T unusual = T.Select(T.Equal(x, T.Of(0)), T.Of(float.NegativeInfinity), T.Of(float.NaN));
        return T.Select(x > T.Of(0), finite, unusual);
    }

    /// <summary>
    /// Hyperbolic tangent of any x; 1.4 ulp, 8e-8 absolute.
    /// </summary>
    [MethodImpl(Inline)]
    public static T Tanh<T>(T x) where T : unmanaged, ILane<T>
    {
        T square = x * x;
        T tail = T.Of(-5.70498872745e-3f);
        tail = T.Fma(tail, square, T.Of(2.06390887954e-2f));
        tail = T.Fma(tail, square, T.Of(-5.37397155531e-2f));
        tail = T.Fma(tail, square, T.Of(1.33314422036e-1f));
        tail = T.Fma(tail, square, T.Of(-3.33332819422e-1f));
        T inner = T.Fma(tail * square, x, x);

        T size = T.Abs(x);
        T outer = T.Of(1) - (T.Of(2) / (Exp(size + size) + T.Of(1)));
        return T.Select(size < T.Of(0.625f), inner, outer | (x & T.OfBits(SignBit)));
    }

    /// <summary>
    /// 1/(1 + e⁻ˣ) for any x; 2.5 ulp, 9e-8 absolute. Zero below −87.33654.
    /// </summary>
    [MethodImpl(Inline)]
    public static T Sigmoid<T>(T x) where T : unmanaged, ILane<T>
    {
        T decay = Exp(-T.Abs(x));
        return T.Select(x >= T.Of(0), T.Of(1), decay) / (T.Of(1) + decay);
    }

    /// <summary>
    /// ln(1 + eˣ) for any x, without overflow; 2 ulp. Zero below −87.33654.
    /// </summary>
    [MethodImpl(Inline)]
    public static T Softplus<T>(T x) where T : unmanaged, ILane<T>
    {
        T decay = Exp(-T.Abs(x));
        T sum = T.Of(1) + decay;
        T lost = decay - (sum - T.Of(1)); // what the sum's rounding dropped
        return T.Max(T.Of(0), x) + (Log(sum) + (lost / sum));
    }
}
