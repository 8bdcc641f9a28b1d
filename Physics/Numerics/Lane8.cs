using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sim.Physics.Numerics;

/// <summary>Eight environments in one 256-bit register: the CPU form wherever AVX2 is present.</summary>
public readonly struct Lane8 : ILane<Lane8>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public readonly Vector256<float> Value;

    [MethodImpl(Inline)]
    public Lane8(Vector256<float> value) => Value = value;

    [MethodImpl(Inline)]
    private Lane8(Vector256<uint> bits) => Value = bits.AsSingle();

    public static int Width { [MethodImpl(Inline)] get => 8; }

    private Vector256<uint> Bits { [MethodImpl(Inline)] get => Value.AsUInt32(); }

    [MethodImpl(Inline)] public static Lane8 Of(float value) => new(Vector256.Create(value));
    [MethodImpl(Inline)] public static Lane8 OfBits(uint bits) => new(Vector256.Create(bits));

    [MethodImpl(Inline)] public static Lane8 operator +(Lane8 a, Lane8 b) => new(a.Value + b.Value);
    [MethodImpl(Inline)] public static Lane8 operator -(Lane8 a, Lane8 b) => new(a.Value - b.Value);
    [MethodImpl(Inline)] public static Lane8 operator *(Lane8 a, Lane8 b) => new(a.Value * b.Value);
    [MethodImpl(Inline)] public static Lane8 operator /(Lane8 a, Lane8 b) => new(a.Value / b.Value);
    [MethodImpl(Inline)] public static Lane8 operator -(Lane8 a) => new(a.Bits ^ Vector256.Create(0x80000000u));

    [MethodImpl(Inline)]
    public static Lane8 Fma(Lane8 a, Lane8 b, Lane8 c) => new(Vector256.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    [MethodImpl(Inline)]
    public static Lane8 Fms(Lane8 a, Lane8 b, Lane8 c)
        => System.Runtime.Intrinsics.X86.Fma.IsSupported ? new(System.Runtime.Intrinsics.X86.Fma.MultiplySubtract(a.Value, b.Value, c.Value)) : Fma(a, b, -c);

    [MethodImpl(Inline)]
    public static Lane8 Fnma(Lane8 a, Lane8 b, Lane8 c)
        => System.Runtime.Intrinsics.X86.Fma.IsSupported ? new(System.Runtime.Intrinsics.X86.Fma.MultiplyAddNegated(a.Value, b.Value, c.Value)) : Fma(-a, b, c);

    [MethodImpl(Inline)] public static Lane8 Sqrt(Lane8 a) => new(Vector256.Sqrt(a.Value));
    [MethodImpl(Inline)] public static Lane8 Abs(Lane8 a) => new(a.Bits & Vector256.Create(0x7FFFFFFFu));

    // The x86 instructions are the contract to the letter: the second operand where either is NaN or both are zero.
    [MethodImpl(Inline)]
    public static Lane8 Min(Lane8 a, Lane8 b) => Avx.IsSupported ? new(Avx.Min(a.Value, b.Value)) : Select(a < b, a, b);

    [MethodImpl(Inline)]
    public static Lane8 Max(Lane8 a, Lane8 b) => Avx.IsSupported ? new(Avx.Max(a.Value, b.Value)) : Select(a > b, a, b);

    [MethodImpl(Inline)] public static Lane8 Floor(Lane8 a) => new(Vector256.Floor(a.Value));
    [MethodImpl(Inline)] public static Lane8 Round(Lane8 a) => new(Vector256.Round(a.Value));

    [MethodImpl(Inline)] public static Lane8 operator <(Lane8 a, Lane8 b) => new(Vector256.LessThan(a.Value, b.Value));
    [MethodImpl(Inline)] public static Lane8 operator <=(Lane8 a, Lane8 b) => new(Vector256.LessThanOrEqual(a.Value, b.Value));
    [MethodImpl(Inline)] public static Lane8 operator >(Lane8 a, Lane8 b) => new(Vector256.GreaterThan(a.Value, b.Value));
    [MethodImpl(Inline)] public static Lane8 operator >=(Lane8 a, Lane8 b) => new(Vector256.GreaterThanOrEqual(a.Value, b.Value));
    [MethodImpl(Inline)] public static Lane8 Equal(Lane8 a, Lane8 b) => new(Vector256.Equals(a.Value, b.Value));

    [MethodImpl(Inline)] public static Lane8 operator &(Lane8 a, Lane8 b) => new(a.Value & b.Value);
    [MethodImpl(Inline)] public static Lane8 operator |(Lane8 a, Lane8 b) => new(a.Value | b.Value);
    [MethodImpl(Inline)] public static Lane8 operator ^(Lane8 a, Lane8 b) => new(a.Value ^ b.Value);
    [MethodImpl(Inline)] public static Lane8 operator ~(Lane8 a) => new(~a.Value);

    [MethodImpl(Inline)]
    public static Lane8 Select(Lane8 mask, Lane8 a, Lane8 b) => new(Vector256.ConditionalSelect(mask.Value, a.Value, b.Value));

    [MethodImpl(Inline)] public static bool Any(Lane8 mask) => mask.Bits != Vector256<uint>.Zero;

    [MethodImpl(Inline)] public static Lane8 AddBits(Lane8 a, Lane8 b) => new(a.Bits + b.Bits);
    [MethodImpl(Inline)] public static Lane8 SubtractBits(Lane8 a, Lane8 b) => new(a.Bits - b.Bits);
    [MethodImpl(Inline)] public static Lane8 ShiftLeftBits(Lane8 a, int count) => new(a.Bits << count);
    [MethodImpl(Inline)] public static Lane8 ShiftRightBits(Lane8 a, int count) => new(a.Bits >>> count);

    [MethodImpl(Inline)]
    public static void MultiplyBits(Lane8 a, uint b, out Lane8 high, out Lane8 low)
    {
        var factor = Vector256.Create((ulong)b);
        var lowHalf = Vector256.Create(0xFFFFFFFFul);
        var even = Multiply(a.Bits, factor.AsUInt32());
        var odd = Multiply((a.Bits.AsUInt64() >>> 32).AsUInt32(), factor.AsUInt32());
        low = new(((even & lowHalf) | (odd << 32)).AsUInt32());
        high = new(((even >>> 32) | (odd & ~lowHalf)).AsUInt32());
    }

    [MethodImpl(Inline)]
    private static Vector256<ulong> Multiply(Vector256<uint> a, Vector256<uint> b)
        => Avx2.IsSupported
            ? Avx2.Multiply(a, b)
            : (a.AsUInt64() & Vector256.Create(0xFFFFFFFFul)) * b.AsUInt64();

    [MethodImpl(Inline)] public static Lane8 ToBits(Lane8 a) => new(Vector256.ConvertToInt32Native(a.Value).AsUInt32());
    [MethodImpl(Inline)] public static Lane8 FromBits(Lane8 a) => new(Vector256.ConvertToSingle(a.Value.AsInt32()));

    [MethodImpl(Inline)] public static unsafe Lane8 Load(float* source) => new(Vector256.Load(source));
    [MethodImpl(Inline)] public static unsafe void Store(Lane8 a, float* target) => Vector256.Store(a.Value, target);

    [MethodImpl(Inline)]
    public static unsafe void StoreMask(Lane8 mask, byte* target)
    {
        // The all-ones words narrow to all-ones bytes; one bit of each is kept.
        var words = Vector128.Narrow(mask.Bits.GetLower(), mask.Bits.GetUpper());
        var bytes = Vector128.Narrow(words, words).AsUInt64().ToScalar();
        *(ulong*)target = bytes & 0x0101010101010101ul;
    }
}
