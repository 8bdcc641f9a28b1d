using NUnit.Framework;
using Sim.Physics.Numerics;
using static Sim.Physics.Numerics.LaneMath;

namespace Sim.Tests.Physics.Numerics;

public sealed class LaneMathTests
{
    /// <summary>One function over one range, the double-precision truth, and the bounds its summary states.</summary>
    private sealed record Bound(
        LaneOperation Function, float Low, float High, Func<double, double> Exact, double Ulp, double Absolute)
    {
        public override string ToString() => FormattableString.Invariant($"{Function} from {Low} to {High}");
    }

    private const double Unbounded = double.PositiveInfinity;

    // Near the far zeros of sine and cosine the error is not small relative to the result, only absolutely.
    private static readonly Bound[] Bounds =
    [
        new(LaneOperation.From<SinOf>(), -MathF.PI, MathF.PI, Math.Sin, 1.4, 7.1e-8),
        new(LaneOperation.From<SinOf>(), -8192, 8192, Math.Sin, Unbounded, 7.2e-8),
        new(LaneOperation.From<CosOf>(), -MathF.PI, MathF.PI, Math.Cos, 1.5, 7.1e-8),
        new(LaneOperation.From<CosOf>(), -8192, 8192, Math.Cos, Unbounded, 7.2e-8),
        new(LaneOperation.From<ExpOf>(), -87.33654f, 88.72283f, Math.Exp, 1.1, Unbounded),
        new(LaneOperation.From<LogOf>(), float.Epsilon, float.MaxValue, Math.Log, 0.9, Unbounded),
        new(LaneOperation.From<TanhOf>(), -20, 20, Math.Tanh, 1.4, 8e-8),
        new(LaneOperation.From<SigmoidOf>(), -87.33654f, 100, x => 1 / (1 + Math.Exp(-x)), 2.5, 9e-8),
        new(LaneOperation.From<SoftplusOf>(), -87.33654f, 15, x => Log1p(Math.Exp(x)), 2, 4.8e-7),
        new(LaneOperation.From<AsinOf>(), -1, 1, Math.Asin, 2.4, 1.7e-7),
        new(LaneOperation.From<AcosOf>(), -1, 1, Math.Acos, 1.3, 3.1e-7),
        new(LaneOperation.From<AtanOf>(), -1e9f, 1e9f, Math.Atan, 2.9, 1.5e-7),
        new(LaneOperation.From<AtanBehindOf>(), -1e9f, 1e9f, x => Math.Atan2(x, -1), 1.5, 2.7e-7),
        new(LaneOperation.From<WrapOf>(), -3.1415925f, 3.1415925f, x => x, 0, 0),
    ];

    private static readonly LaneOperation[] Operations =
    [
        LaneOperation.From<SinOf>(), LaneOperation.From<CosOf>(), LaneOperation.From<SinCosOf>(), LaneOperation.From<ExpOf>(),
        LaneOperation.From<LogOf>(), LaneOperation.From<TanhOf>(), LaneOperation.From<SigmoidOf>(),
        LaneOperation.From<SoftplusOf>(), LaneOperation.From<AsinOf>(), LaneOperation.From<AcosOf>(),
        LaneOperation.From<Atan2Of>(), LaneOperation.From<WrapOf>(), LaneOperation.From<SquareOf>(),
        LaneOperation.From<ClampOf>(), LaneOperation.From<ClampFloatOf>(), LaneOperation.From<ClampLimitOf>(),
        LaneOperation.From<ClampFloatLimitOf>(), LaneOperation.From<LerpOf>(), LaneOperation.From<LerpFloatOf>(),
        LaneOperation.From<SignOf>(),
    ];

    [TestCaseSource(nameof(Operations))]
    public void Every_function_gives_the_same_bits_at_every_width(object operation)
        => LaneEqualityTests.AssertEqualBits((LaneOperation)operation);

    [TestCaseSource(nameof(Bounds))]
    public void Every_function_keeps_its_stated_error(object stated)
    {
        var bound = (Bound)stated;
        float[] x = Sweep(bound.Low, bound.High);
        float[] y = bound.Function.Evaluate<Lane8>(x, x, x);
        double worstUlp = 0, worstAbsolute = 0;
        float atUlp = 0, atAbsolute = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double exact = bound.Exact(x[i]), error = Math.Abs(y[i] - exact);
            if (double.IsNaN(error)) Assert.Fail($"{bound.Function}({x[i]:R}) is {y[i]:R}, not {exact:R}");
            if (error > worstAbsolute) (worstAbsolute, atAbsolute) = (error, x[i]);
            if (error > worstUlp * Ulp(exact)) (worstUlp, atUlp) = (error / Ulp(exact), x[i]);
        }
        Assert.That(worstUlp, Is.LessThanOrEqualTo(bound.Ulp), $"ulp, at {atUlp:R}");
        Assert.That(worstAbsolute, Is.LessThanOrEqualTo(bound.Absolute), $"absolute, at {atAbsolute:R}");
    }

    [Test]
    public void Atan2_keeps_its_stated_error_all_around_the_circle()
    {
        const int count = 1 << 18;
        float[] y = [.. Enumerable.Range(0, count).Select(i => Spread(i, 0))];
        float[] x = [.. Enumerable.Range(0, count).Select(i => Spread(i, 1))];
        float[] angle = LaneOperation.From<Atan2Of>().Evaluate<Lane8>(y, x, x);
        for (int i = 0; i < count; i++)
        {
            double exact = Math.Atan2(y[i], x[i]), error = Math.Abs(angle[i] - exact);
            if (!(error <= 2.9 * Ulp(exact))) Assert.Fail($"Atan2({y[i]:R}, {x[i]:R}) is {angle[i]:R}, not {exact:R}");
        }

        // Both signs, sizes from 2⁻¹⁶ to 2¹⁶ evenly in the logarithm.
        static float Spread(int index, int column)
        {
            uint word = LaneSamples.Word(index, column);
            float size = MathF.Pow(2, ((word >> 8) / 524288f) - 16);
            return (word & 1) == 0 ? size : -size;
        }
    }

    [Test]
    public void WrapAngle_stays_in_its_interval_and_keeps_the_angle()
    {
        float[] x = [.. Sweep(-16384, 16384), .. Around(MathF.PI), .. Around(-MathF.PI), .. Around(3 * MathF.PI)];
        float[] wrapped = LaneOperation.From<WrapOf>().Evaluate<Lane8>(x, x, x);
        for (int i = 0; i < x.Length; i++)
        {
            if (!(wrapped[i] >= -MathF.PI && wrapped[i] < MathF.PI)) Assert.Fail($"WrapAngle({x[i]:R}) is {wrapped[i]:R}");

            // At most one last place of π (2.4e-7) and the distance from float π to π (0.9e-7).
            double off = Math.IEEERemainder(x[i] - (double)wrapped[i], 2 * Math.PI);
            if (Math.Abs(off) > 3e-7) Assert.Fail($"WrapAngle({x[i]:R}) is {wrapped[i]:R}, off by {off:E2}");
        }

        static IEnumerable<float> Around(float angle)
            => Enumerable.Range(-8, 16).Select(i => BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(angle) + i));
    }

    [TestCase(float.PositiveInfinity, float.PositiveInfinity)]
    [TestCase(88.73f, float.PositiveInfinity)]
    [TestCase(-87.34f, 0f)]
    [TestCase(float.NegativeInfinity, 0f)]
    [TestCase(0f, 1f)]
    public void Exp_overflows_to_infinity_and_underflows_to_zero(float x, float expected)
        => Assert.That(Exp(new Lane1(x)).Value, Is.EqualTo(expected));

    [TestCase(0f, float.NegativeInfinity)]
    [TestCase(-0f, float.NegativeInfinity)]
    [TestCase(-1f, float.NaN)]
    [TestCase(float.NegativeInfinity, float.NaN)]
    [TestCase(float.PositiveInfinity, float.PositiveInfinity)]
    [TestCase(1f, 0f)]
    public void Log_has_its_limits(float x, float expected)
        => Assert.That(Log(new Lane1(x)).Value, Is.EqualTo(expected));

    [TestCase(0f, 0f)]
    [TestCase(0f, -0f)]
    [TestCase(-0f, 0f)]
    [TestCase(-0f, -0f)]
    [TestCase(1f, 0f)]
    [TestCase(-1f, 0f)]
    [TestCase(0f, -1f)]
    [TestCase(-0f, -1f)]
    [TestCase(float.PositiveInfinity, float.PositiveInfinity)]
    [TestCase(float.NegativeInfinity, float.NegativeInfinity)]
    [TestCase(3f, float.NegativeInfinity)]
    [TestCase(float.NegativeInfinity, 3f)]
    public void Atan2_has_the_usual_special_values(float y, float x)
        => Assert.That(Atan2(new Lane1(y), new Lane1(x)).Value, Is.EqualTo((float)Math.Atan2(y, x)).Within(2).Ulps);

    [Test]
    public void Saturating_functions_reach_their_limits()
    {
        Assert.That(Tanh(new Lane1(float.PositiveInfinity)).Value, Is.EqualTo(1));
        Assert.That(Tanh(new Lane1(-50)).Value, Is.EqualTo(-1));
        Assert.That(Sigmoid(new Lane1(float.PositiveInfinity)).Value, Is.EqualTo(1));
        Assert.That(Sigmoid(new Lane1(float.NegativeInfinity)).Value, Is.EqualTo(0));
        Assert.That(Softplus(new Lane1(1e30f)).Value, Is.EqualTo(1e30f));
        Assert.That(Softplus(new Lane1(float.PositiveInfinity)).Value, Is.EqualTo(float.PositiveInfinity));
        Assert.That(Softplus(new Lane1(float.NegativeInfinity)).Value, Is.EqualTo(0));
    }

    [TestCaseSource(nameof(Operations))]
    public void Not_a_number_stays_not_a_number(object operation)
    {
        float[] nan = [.. Enumerable.Repeat(float.NaN, 16)], one = [.. Enumerable.Repeat(1f, 16)];
        Assert.That(((LaneOperation)operation).Evaluate<Lane8>(nan, one, one), Is.All.NaN);
    }

    [Test]
    public void Atan2_of_a_vector_with_one_missing_component_is_not_a_number()
        => Assert.That(Atan2(new Lane1(1), new Lane1(float.NaN)).Value, Is.NaN);

    [TestCase(float.PositiveInfinity)]
    [TestCase(float.NegativeInfinity)]
    public void Angles_without_end_have_no_sine_and_no_wrap(float x)
    {
        Assert.That(Sin(new Lane1(x)).Value, Is.NaN);
        Assert.That(Cos(new Lane1(x)).Value, Is.NaN);
        Assert.That(WrapAngle(new Lane1(x)).Value, Is.NaN);
    }

    [TestCase(1.0000001f)]
    [TestCase(-2f)]
    public void Arcs_outside_the_unit_interval_are_not_a_number(float x)
    {
        Assert.That(Asin(new Lane1(x)).Value, Is.NaN);
        Assert.That(Acos(new Lane1(x)).Value, Is.NaN);
    }

    [Test]
    public void SinCos_gives_the_bits_of_Sin_and_Cos()
    {
        foreach (float x in LaneSamples.A)
        {
            SinCos(new Lane1(x), out Lane1 sin, out Lane1 cos);
            Assert.That(sin.Value, Is.EqualTo(Sin(new Lane1(x)).Value));
            Assert.That(cos.Value, Is.EqualTo(Cos(new Lane1(x)).Value));
        }
    }

    [TestCase(-3f, -2f)]
    [TestCase(0.5f, 0.5f)]
    [TestCase(9f, 4f)]
    public void Clamp_limits_to_the_interval(float x, float expected)
    {
        Assert.That(Clamp(new Lane1(x), -2, 4).Value, Is.EqualTo(expected));
        Assert.That(Clamp(new Lane1(x), new Lane1(-2), new Lane1(4)).Value, Is.EqualTo(expected));
    }

    [TestCase(-3f, -2f)]
    [TestCase(1.5f, 1.5f)]
    [TestCase(9f, 2f)]
    public void Clamp_to_one_limit_is_symmetric(float x, float expected)
    {
        Assert.That(Clamp(new Lane1(x), 2).Value, Is.EqualTo(expected));
        Assert.That(Clamp(new Lane1(x), new Lane1(2)).Value, Is.EqualTo(expected));
    }

    [TestCase(0f, 3f)]
    [TestCase(0.25f, 4f)]
    [TestCase(1f, 7f)]
    [TestCase(2f, 11f)]
    public void Lerp_goes_from_its_first_to_its_second_value(float t, float expected)
    {
        Assert.That(Lerp(new Lane1(3), new Lane1(7), new Lane1(t)).Value, Is.EqualTo(expected));
        Assert.That(Lerp(new Lane1(3), new Lane1(7), t).Value, Is.EqualTo(expected));
    }

    [TestCase(-2.5f, -1f)]
    [TestCase(0f, 0f)]
    [TestCase(float.PositiveInfinity, 1f)]
    public void Sign_is_minus_one_zero_or_one(float x, float expected)
        => Assert.That(Sign(new Lane1(x)).Value, Is.EqualTo(expected));

    /// <summary>
    /// Half the samples evenly in value, half evenly in bits (so in the logarithm), both signs where the range has both.
    /// </summary>
    private static float[] Sweep(float low, float high)
    {
        const int half = 1 << 18;
        var values = new float[2 * half];
        uint first = low > 0 ? BitConverter.SingleToUInt32Bits(low) : 0;
        uint last = BitConverter.SingleToUInt32Bits(MathF.Min(high, low > 0 ? high : MathF.Max(-low, high)));
        for (int i = 0; i < half; i++)
        {
            values[i] = (float)(low + (((double)high - low) * i / (half - 1)));
            float size = BitConverter.UInt32BitsToSingle(first + (uint)((ulong)(last - first) * (uint)i / (half - 1)));
            values[half + i] = low < 0 && (i & 1) == 0 ? MathF.Max(-size, low) : size;
        }
        return values;
    }

    /// <summary>Distance of neighbouring float32 at this size.</summary>
    private static double Ulp(double value)
    {
        double size = Math.Max(Math.Abs(value), 1.17549435e-38);
        return Math.ScaleB(1, Math.ILogB(size) - 23);
    }

    /// <summary>ln(1 + u) without the loss of a small u (Kahan's form).</summary>
    private static double Log1p(double u) => 1 + u == 1 ? u : Math.Log(1 + u) * u / ((1 + u) - 1);

    private struct SinOf : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => Sin(a); }
    private struct CosOf : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => Cos(a); }
    private struct ExpOf : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => Exp(a); }
    private struct LogOf : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => Log(a); }
    private struct TanhOf : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => Tanh(a); }
    private struct SigmoidOf : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => Sigmoid(a); }
    private struct SoftplusOf : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => Softplus(a); }
    private struct AsinOf : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => Asin(a); }
    private struct AcosOf : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => Acos(a); }
    private struct AtanOf : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => Atan2(a, T.Of(1)); }
    private struct AtanBehindOf : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => Atan2(a, T.Of(-1)); }
    private struct Atan2Of : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => Atan2(a, b); }
    private struct WrapOf : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => WrapAngle(a); }
    private struct SquareOf : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => Square(a); }
    private struct ClampOf : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => Clamp(a, b, c); }
    private struct ClampFloatOf : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => Clamp(a, -2, 4); }
    private struct ClampLimitOf : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => Clamp(a, b); }
    private struct ClampFloatLimitOf : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => Clamp(a, 2); }
    private struct LerpOf : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => Lerp(a, b, c); }
    private struct LerpFloatOf : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => Lerp(a, b, 0.3f); }
    private struct SignOf : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => Sign(a); }

    private struct SinCosOf : ILaneExpression
    {
        public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T>
        {
            SinCos(a, out T sin, out T cos);
            return (sin * b) + (cos * c);
        }
    }
}
