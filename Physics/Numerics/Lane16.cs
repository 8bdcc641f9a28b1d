using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sim.Physics.Numerics;

/// <summary>Sixteen environments in one 512-bit register; chosen only where <see cref="Vector512.IsHardwareAccelerated"/>.</summary>
public readonly struct Lane16 : ILane<Lane16>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public readonly Vector512<float> Value;

    [MethodImpl(Inline)]
    public Lane16(Vector512<float> value) => Value = value;

    [MethodImpl(Inline)]
    private Lane16(Vector512<uint> bits) => Value = bits.AsSingle();

    public static int Width { [MethodImpl(Inline)] get => 16; }

    private Vector512<uint> Bits { [MethodImpl(Inline)] get => Value.AsUInt32(); }

    [MethodImpl(Inline)] public static Lane16 Of(float value) => new(Vector512.Create(value));
    [MethodImpl(Inline)] public static Lane16 OfBits(uint bits) => new(Vector512.Create(bits));

    [MethodImpl(Inline)] public static Lane16 operator +(Lane16 a, Lane16 b) => new(a.Value + b.Value);
    [MethodImpl(Inline)] public static Lane16 operator -(Lane16 a, Lane16 b) => new(a.Value - b.Value);
    [MethodImpl(Inline)] public static Lane16 operator *(Lane16 a, Lane16 b) => new(a.Value * b.Value);
    [MethodImpl(Inline)] public static Lane16 operator /(Lane16 a, Lane16 b) => new(a.Value / b.Value);
    [MethodImpl(Inline)] public static Lane16 operator -(Lane16 a) => new(a.Bits ^ Vector512.Create(0x80000000u));

    [MethodImpl(Inline)]
    public static Lane16 Fma(Lane16 a, Lane16 b, Lane16 c) => new(Vector512.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    [MethodImpl(Inline)] public static Lane16 Sqrt(Lane16 a) => new(Vector512.Sqrt(a.Value));
    [MethodImpl(Inline)] public static Lane16 Abs(Lane16 a) => new(a.Bits & Vector512.Create(0x7FFFFFFFu));

    // The x86 instructions are the contract to the letter: the second operand where either is NaN or both are zero.
    [MethodImpl(Inline)]
    public static Lane16 Min(Lane16 a, Lane16 b) => Avx512F.IsSupported ? new(Avx512F.Min(a.Value, b.Value)) : Select(a < b, a, b);

    [MethodImpl(Inline)]
    public static Lane16 Max(Lane16 a, Lane16 b) => Avx512F.IsSupported ? new(Avx512F.Max(a.Value, b.Value)) : Select(a > b, a, b);

    [MethodImpl(Inline)] public static Lane16 Floor(Lane16 a) => new(Vector512.Floor(a.Value));
    [MethodImpl(Inline)] public static Lane16 Round(Lane16 a) => new(Vector512.Round(a.Value));

    [MethodImpl(Inline)] public static Lane16 operator <(Lane16 a, Lane16 b) => new(Vector512.LessThan(a.Value, b.Value));
    [MethodImpl(Inline)] public static Lane16 operator <=(Lane16 a, Lane16 b) => new(Vector512.LessThanOrEqual(a.Value, b.Value));
    [MethodImpl(Inline)] public static Lane16 operator >(Lane16 a, Lane16 b) => new(Vector512.GreaterThan(a.Value, b.Value));
    [MethodImpl(Inline)] public static Lane16 operator >=(Lane16 a, Lane16 b) => new(Vector512.GreaterThanOrEqual(a.Value, b.Value));
    [MethodImpl(Inline)] public static Lane16 Equal(Lane16 a, Lane16 b) => new(Vector512.Equals(a.Value, b.Value));

    [MethodImpl(Inline)] public static Lane16 operator &(Lane16 a, Lane16 b) => new(a.Value & b.Value);
    [MethodImpl(Inline)] public static Lane16 operator |(Lane16 a, Lane16 b) => new(a.Value | b.Value);
    [MethodImpl(Inline)] public static Lane16 operator ^(Lane16 a, Lane16 b) => new(a.Value ^ b.Value);
    [MethodImpl(Inline)] public static Lane16 operator ~(Lane16 a) => new(~a.Value);

    [MethodImpl(Inline)]
    public static Lane16 Select(Lane16 mask, Lane16 a, Lane16 b) => new(Vector512.ConditionalSelect(mask.Value, a.Value, b.Value));

    [MethodImpl(Inline)] public static bool Any(Lane16 mask) => mask.Bits != Vector512<uint>.Zero;

    [MethodImpl(Inline)] public static Lane16 AddBits(Lane16 a, Lane16 b) => new(a.Bits + b.Bits);
    [MethodImpl(Inline)] public static Lane16 SubtractBits(Lane16 a, Lane16 b) => new(a.Bits - b.Bits);
    [MethodImpl(Inline)] public static Lane16 ShiftLeftBits(Lane16 a, int count) => new(a.Bits << count);
    [MethodImpl(Inline)] public static Lane16 ShiftRightBits(Lane16 a, int count) => new(a.Bits >>> count);

    [MethodImpl(Inline)]
    public static void MultiplyBits(Lane16 a, uint b, out Lane16 high, out Lane16 low)
    {
        var factor = Vector512.Create((ulong)b);
        var lowHalf = Vector512.Create(0xFFFFFFFFul);
        var even = (a.Bits.AsUInt64() & lowHalf) * factor;
        var odd = (a.Bits.AsUInt64() >>> 32) * factor;
        low = new(((even & lowHalf) | (odd << 32)).AsUInt32());
        high = new(((even >>> 32) | (odd & ~lowHalf)).AsUInt32());
    }

    [MethodImpl(Inline)] public static Lane16 ToBits(Lane16 a) => new(Vector512.ConvertToInt32Native(a.Value).AsUInt32());
    [MethodImpl(Inline)] public static Lane16 FromBits(Lane16 a) => new(Vector512.ConvertToSingle(a.Value.AsInt32()));

    [MethodImpl(Inline)] public static unsafe Lane16 Load(float* source) => new(Vector512.Load(source));
    [MethodImpl(Inline)] public static unsafe void Store(Lane16 a, float* target) => Vector512.Store(a.Value, target);

    [MethodImpl(Inline)]
    public static unsafe void StoreMask(Lane16 mask, byte* target)
    {
        Lane8.StoreMask(new(mask.Value.GetLower()), target);
        Lane8.StoreMask(new(mask.Value.GetUpper()), target + 8);
    }
}
