using System.Runtime.CompilerServices;

namespace Sim.Physics.Numerics;

/// <summary>One environment: the reference that every wider form must equal bit for bit.</summary>
public readonly struct Lane1 : ILane<Lane1>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public readonly float Value;

    [MethodImpl(Inline)]
    public Lane1(float value) => Value = value;

    [MethodImpl(Inline)]
    private Lane1(uint bits) => Value = BitConverter.UInt32BitsToSingle(bits);

    public static int Width { [MethodImpl(Inline)] get => 1; }

    private uint Bits { [MethodImpl(Inline)] get => BitConverter.SingleToUInt32Bits(Value); }

    [MethodImpl(Inline)] public static Lane1 Of(float value) => new(value);
    [MethodImpl(Inline)] public static Lane1 OfBits(uint bits) => new(bits);

    [MethodImpl(Inline)] public static Lane1 operator +(Lane1 a, Lane1 b) => new(a.Value + b.Value);
    [MethodImpl(Inline)] public static Lane1 operator -(Lane1 a, Lane1 b) => new(a.Value - b.Value);
    [MethodImpl(Inline)] public static Lane1 operator *(Lane1 a, Lane1 b) => new(a.Value * b.Value);
    [MethodImpl(Inline)] public static Lane1 operator /(Lane1 a, Lane1 b) => new(a.Value / b.Value);
    [MethodImpl(Inline)] public static Lane1 operator -(Lane1 a) => new(-a.Value);

    [MethodImpl(Inline)]
    public static Lane1 Fma(Lane1 a, Lane1 b, Lane1 c) => new(MathF.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    [MethodImpl(Inline)] public static Lane1 Sqrt(Lane1 a) => new(MathF.Sqrt(a.Value));
    [MethodImpl(Inline)] public static Lane1 Abs(Lane1 a) => new(MathF.Abs(a.Value));
    [MethodImpl(Inline)] public static Lane1 Min(Lane1 a, Lane1 b) => new(a.Value < b.Value ? a.Value : b.Value);
    [MethodImpl(Inline)] public static Lane1 Max(Lane1 a, Lane1 b) => new(a.Value > b.Value ? a.Value : b.Value);
    [MethodImpl(Inline)] public static Lane1 Floor(Lane1 a) => new(MathF.Floor(a.Value));
    [MethodImpl(Inline)] public static Lane1 Round(Lane1 a) => new(MathF.Round(a.Value));

    [MethodImpl(Inline)] public static Lane1 operator <(Lane1 a, Lane1 b) => Mask(a.Value < b.Value);
    [MethodImpl(Inline)] public static Lane1 operator <=(Lane1 a, Lane1 b) => Mask(a.Value <= b.Value);
    [MethodImpl(Inline)] public static Lane1 operator >(Lane1 a, Lane1 b) => Mask(a.Value > b.Value);
    [MethodImpl(Inline)] public static Lane1 operator >=(Lane1 a, Lane1 b) => Mask(a.Value >= b.Value);
    [MethodImpl(Inline)] public static Lane1 Equal(Lane1 a, Lane1 b) => Mask(a.Value == b.Value);

    [MethodImpl(Inline)] public static Lane1 operator &(Lane1 a, Lane1 b) => new(a.Bits & b.Bits);
    [MethodImpl(Inline)] public static Lane1 operator |(Lane1 a, Lane1 b) => new(a.Bits | b.Bits);
    [MethodImpl(Inline)] public static Lane1 operator ^(Lane1 a, Lane1 b) => new(a.Bits ^ b.Bits);
    [MethodImpl(Inline)] public static Lane1 operator ~(Lane1 a) => new(~a.Bits);

    [MethodImpl(Inline)] public static Lane1 Select(Lane1 mask, Lane1 a, Lane1 b) => mask.Bits != 0 ? a : b;
    [MethodImpl(Inline)] public static bool Any(Lane1 mask) => mask.Bits != 0;

    [MethodImpl(Inline)] public static Lane1 AddBits(Lane1 a, Lane1 b) => new(a.Bits + b.Bits);
    [MethodImpl(Inline)] public static Lane1 SubtractBits(Lane1 a, Lane1 b) => new(a.Bits - b.Bits);
    [MethodImpl(Inline)] public static Lane1 ShiftLeftBits(Lane1 a, int count) => new(a.Bits << count);
    [MethodImpl(Inline)] public static Lane1 ShiftRightBits(Lane1 a, int count) => new(a.Bits >> count);

    [MethodImpl(Inline)]
    public static void MultiplyBits(Lane1 a, uint b, out Lane1 high, out Lane1 low)
    {
        ulong product = (ulong)a.Bits * b;
        high = new((uint)(product >> 32));
        low = new((uint)product);
    }

    [MethodImpl(Inline)] public static Lane1 ToBits(Lane1 a) => new((uint)(int)a.Value);
    [MethodImpl(Inline)] public static Lane1 FromBits(Lane1 a) => new((float)(int)a.Bits);

    [MethodImpl(Inline)] public static unsafe Lane1 Load(float* source) => new(*source);
    [MethodImpl(Inline)] public static unsafe void Store(Lane1 a, float* target) => *target = a.Value;
    [MethodImpl(Inline)] public static unsafe void StoreMask(Lane1 mask, byte* target) => *target = (byte)(mask.Bits & 1);

    [MethodImpl(Inline)] private static Lane1 Mask(bool holds) => new(holds ? 0xFFFFFFFFu : 0u);
}
