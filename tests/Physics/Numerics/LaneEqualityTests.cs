using NUnit.Framework;
using Sim.Physics.Numerics;

namespace Sim.Tests.Physics.Numerics;

/// <summary>Scalar, 8-wide and 16-wide lanes give the same bits for every operation of the contract.</summary>
public sealed class LaneEqualityTests
{
    private static readonly LaneOperation[] Operations =
    [
        LaneOperation.From<Add>(), LaneOperation.From<Subtract>(), LaneOperation.From<Multiply>(),
        LaneOperation.From<Divide>(), LaneOperation.From<Negate>(), LaneOperation.From<AddFloat>(),
        LaneOperation.From<SubtractFloat>(), LaneOperation.From<MultiplyFloat>(), LaneOperation.From<DivideFloat>(),
        LaneOperation.From<FloatAdd>(), LaneOperation.From<FloatSubtract>(), LaneOperation.From<FloatMultiply>(),
        LaneOperation.From<FloatDivide>(), LaneOperation.From<Fma>(), LaneOperation.From<Sqrt>(), LaneOperation.From<Abs>(),
        LaneOperation.From<Min>(), LaneOperation.From<Max>(), LaneOperation.From<Floor>(), LaneOperation.From<Round>(),
        LaneOperation.From<Less>(), LaneOperation.From<LessOrEqual>(), LaneOperation.From<Greater>(),
        LaneOperation.From<GreaterOrEqual>(), LaneOperation.From<EqualTo>(), LaneOperation.From<LessFloat>(),
        LaneOperation.From<LessOrEqualFloat>(), LaneOperation.From<GreaterFloat>(),
        LaneOperation.From<GreaterOrEqualFloat>(), LaneOperation.From<And>(), LaneOperation.From<Or>(),
        LaneOperation.From<Xor>(), LaneOperation.From<Not>(), LaneOperation.From<SelectLess>(),
        LaneOperation.From<AddBits>(), LaneOperation.From<SubtractBits>(), LaneOperation.From<ShiftLeft>(),
        LaneOperation.From<ShiftRight>(), LaneOperation.From<ProductHigh>(), LaneOperation.From<ProductLow>(),
        LaneOperation.From<ToBits>(), LaneOperation.From<FromBits>(), LaneOperation.From<Constants>(),
    ];

    [TestCaseSource(nameof(Operations))]
    public void Every_operation_gives_the_same_bits_at_every_width(object operation)
        => AssertEqualBits((LaneOperation)operation);

    [Test]
    public unsafe void A_stored_mask_is_one_byte_a_lane_at_every_width()
    {
        byte[] one = Masks<Lane1>(), eight = Masks<Lane8>(), sixteen = Masks<Lane16>();
        byte[] expected = [.. LaneSamples.A.Zip(LaneSamples.B, (a, b) => (byte)(a < b ? 1 : 0))];
        Assert.That(one, Is.EqualTo(expected));
        Assert.That(eight, Is.EqualTo(expected));
        Assert.That(sixteen, Is.EqualTo(expected));

        static byte[] Masks<T>() where T : unmanaged, ILane<T>
        {
            var bytes = new byte[LaneSamples.A.Length];
            fixed (float* a = LaneSamples.A, b = LaneSamples.B)
            fixed (byte* target = bytes)
            {
                for (int i = 0; i < bytes.Length; i += T.Width)
                    T.StoreMask(T.Load(a + i) < T.Load(b + i), target + i);
            }
            return bytes;
        }
    }

    [Test]
    public void Any_sees_a_mask_in_each_single_lane()
    {
        Check<Lane1>();
        Check<Lane8>();
        Check<Lane16>();

        static unsafe void Check<T>() where T : unmanaged, ILane<T>
        {
            Span<float> values = stackalloc float[16];
            fixed (float* source = values)
            {
                Assert.That(T.Any(T.Load(source) > T.Of(0)), Is.False, $"width {T.Width}, no lane");
                for (int lane = 0; lane < T.Width; lane++)
                {
                    source[lane] = 1;
                    Assert.That(T.Any(T.Load(source) > T.Of(0)), Is.True, $"width {T.Width}, lane {lane}");
                    source[lane] = 0;
                }
            }
        }
    }

    internal static void AssertEqualBits(LaneOperation operation)
    {
        float[] one = operation.Evaluate<Lane1>(LaneSamples.A, LaneSamples.B, LaneSamples.C);
        float[] eight = operation.Evaluate<Lane8>(LaneSamples.A, LaneSamples.B, LaneSamples.C);
        float[] sixteen = operation.Evaluate<Lane16>(LaneSamples.A, LaneSamples.B, LaneSamples.C);
        for (int i = 0; i < one.Length; i++)
        {
            if (Bits(one[i]) != Bits(eight[i]) || Bits(one[i]) != Bits(sixteen[i]))
                Assert.Fail($"{operation}({LaneSamples.A[i]:R}, {LaneSamples.B[i]:R}, {LaneSamples.C[i]:R}): "
                    + $"{one[i]:R} scalar, {eight[i]:R} 8 wide, {sixteen[i]:R} 16 wide");
        }

        static uint Bits(float value) => BitConverter.SingleToUInt32Bits(value);
    }

    private struct Add : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => a + b; }
    private struct Subtract : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => a - b; }
    private struct Multiply : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => a * b; }
    private struct Divide : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => a / b; }
    private struct Negate : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => -a; }
    private struct AddFloat : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => a + 0.7f; }
    private struct SubtractFloat : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => a - 0.7f; }
    private struct MultiplyFloat : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => a * 0.7f; }
    private struct DivideFloat : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => a / 0.7f; }
    private struct FloatAdd : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => 0.7f + a; }
    private struct FloatSubtract : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => 0.7f - a; }
    private struct FloatMultiply : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => 0.7f * a; }
    private struct FloatDivide : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => 0.7f / a; }
    private struct Fma : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => T.Fma(a, b, c); }
    private struct Sqrt : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => T.Sqrt(a); }
    private struct Abs : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => T.Abs(a); }
    private struct Min : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => T.Min(a, b); }
    private struct Max : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => T.Max(a, b); }
    private struct Floor : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => T.Floor(a); }
    private struct Round : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => T.Round(a); }
    private struct Less : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => a < b; }
    private struct LessOrEqual : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => a <= b; }
    private struct Greater : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => a > b; }
    private struct GreaterOrEqual : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => a >= b; }
    private struct EqualTo : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => T.Equal(a, b); }
    private struct LessFloat : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => a < 1f; }
    private struct LessOrEqualFloat : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => a <= 1f; }
    private struct GreaterFloat : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => a > 1f; }
    private struct GreaterOrEqualFloat : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => a >= 1f; }
    private struct And : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => a & b; }
    private struct Or : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => a | b; }
    private struct Xor : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => a ^ b; }
    private struct Not : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => ~a; }
    private struct SelectLess : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => T.Select(a < b, b, c); }
    private struct AddBits : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => T.AddBits(a, b); }
    private struct SubtractBits : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => T.SubtractBits(a, b); }
    private struct ShiftLeft : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => T.ShiftLeftBits(a, 5); }
    private struct ShiftRight : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => T.ShiftRightBits(a, 5); }

    private struct ProductHigh : ILaneExpression
    {
        public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T>
        {
            T.MultiplyBits(a, 0xD2511F53, out T high, out _);
            return high;
        }
    }

    private struct ProductLow : ILaneExpression
    {
        public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T>
        {
            T.MultiplyBits(a, 0xD2511F53, out _, out T low);
            return low;
        }
    }

    /// <summary>Only within the contract's range: whole and below 2³¹.</summary>
    private struct ToBits : ILaneExpression
    {
        public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T>
            => T.ToBits(T.Select(T.Abs(a) < T.Of(2147483648f), T.Round(a), T.Of(0)));
    }

    private struct FromBits : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => T.FromBits(a); }
    private struct Constants : ILaneExpression { public static T Of<T>(T a, T b, T c) where T : unmanaged, ILane<T> => T.Of(0.1f) ^ T.OfBits(0xFFFF0001); }
}
