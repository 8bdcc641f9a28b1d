using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sim.Bench.Lanes;

/// <summary>The rejected contract: values, masks and bits as three types. As much of it as the measurement needs.</summary>
internal interface IReal<T, M, U>
    where T : unmanaged, IReal<T, M, U>
    where M : unmanaged, IMask<M>
    where U : unmanaged, IBits<U>
{
    static abstract int Width { get; }
    static abstract T Of(float value);
    static abstract T operator +(T a, T b);
    static abstract T operator -(T a, T b);
    static abstract T operator *(T a, T b);
    static abstract T Fma(T a, T b, T c);
    static abstract T Abs(T a);
    static abstract M operator <(T a, T b);
    static abstract M operator >(T a, T b);
    static abstract M IsSet(U bits);
    static abstract T Select(M mask, T a, T b);
    static abstract U ToBits(T a);
    static abstract T FromBits(U a);
    static abstract U AsBits(T a);
    static abstract T AsReal(U a);
    static abstract unsafe T Load(float* source);
    static abstract unsafe void Store(T a, float* target);
}

internal interface IMask<M> where M : unmanaged, IMask<M>
{
    static abstract M operator |(M a, M b);
}

internal interface IBits<U> where U : unmanaged, IBits<U>
{
    static abstract U Of(uint value);
    static abstract U operator +(U a, U b);
    static abstract U operator &(U a, U b);
    static abstract U operator ^(U a, U b);
    static abstract U ShiftLeft(U a, int count);
    static abstract U ShiftRight(U a, int count);
    static abstract void Multiply(U a, uint b, out U high, out U low);
}

internal readonly struct Mask1(bool value) : IMask<Mask1>
{
    public readonly bool Value = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Mask1 operator |(Mask1 a, Mask1 b) => new(a.Value | b.Value);
}

internal readonly struct Bits1(uint value) : IBits<Bits1>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public readonly uint Value = value;

    [MethodImpl(Inline)] public static Bits1 Of(uint value) => new(value);
    [MethodImpl(Inline)] public static Bits1 operator +(Bits1 a, Bits1 b) => new(a.Value + b.Value);
    [MethodImpl(Inline)] public static Bits1 operator &(Bits1 a, Bits1 b) => new(a.Value & b.Value);
    [MethodImpl(Inline)] public static Bits1 operator ^(Bits1 a, Bits1 b) => new(a.Value ^ b.Value);
    [MethodImpl(Inline)] public static Bits1 ShiftLeft(Bits1 a, int count) => new(a.Value << count);
    [MethodImpl(Inline)] public static Bits1 ShiftRight(Bits1 a, int count) => new(a.Value >> count);

    [MethodImpl(Inline)]
    public static void Multiply(Bits1 a, uint b, out Bits1 high, out Bits1 low)
    {
        ulong product = (ulong)a.Value * b;
        high = new((uint)(product >> 32));
        low = new((uint)product);
    }
}

internal readonly struct Real1(float value) : IReal<Real1, Mask1, Bits1>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public readonly float Value = value;

    public static int Width { [MethodImpl(Inline)] get => 1; }

    [MethodImpl(Inline)] public static Real1 Of(float value) => new(value);
    [MethodImpl(Inline)] public static Real1 operator +(Real1 a, Real1 b) => new(a.Value + b.Value);
    [MethodImpl(Inline)] public static Real1 operator -(Real1 a, Real1 b) => new(a.Value - b.Value);
    [MethodImpl(Inline)] public static Real1 operator *(Real1 a, Real1 b) => new(a.Value * b.Value);
    [MethodImpl(Inline)] public static Real1 Fma(Real1 a, Real1 b, Real1 c) => new(MathF.FusedMultiplyAdd(a.Value, b.Value, c.Value));
    [MethodImpl(Inline)] public static Real1 Abs(Real1 a) => new(MathF.Abs(a.Value));
    [MethodImpl(Inline)] public static Mask1 operator <(Real1 a, Real1 b) => new(a.Value < b.Value);
    [MethodImpl(Inline)] public static Mask1 operator >(Real1 a, Real1 b) => new(a.Value > b.Value);
    [MethodImpl(Inline)] public static Mask1 IsSet(Bits1 bits) => new(bits.Value != 0);
    [MethodImpl(Inline)] public static Real1 Select(Mask1 mask, Real1 a, Real1 b) => mask.Value ? a : b;
    [MethodImpl(Inline)] public static Bits1 ToBits(Real1 a) => new((uint)(int)a.Value);
    [MethodImpl(Inline)] public static Real1 FromBits(Bits1 a) => new((int)a.Value);
    [MethodImpl(Inline)] public static Bits1 AsBits(Real1 a) => new(BitConverter.SingleToUInt32Bits(a.Value));
    [MethodImpl(Inline)] public static Real1 AsReal(Bits1 a) => new(BitConverter.UInt32BitsToSingle(a.Value));
    [MethodImpl(Inline)] public static unsafe Real1 Load(float* source) => new(*source);
    [MethodImpl(Inline)] public static unsafe void Store(Real1 a, float* target) => *target = a.Value;
}

internal readonly struct Mask8(Vector256<int> value) : IMask<Mask8>
{
    public readonly Vector256<int> Value = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Mask8 operator |(Mask8 a, Mask8 b) => new(a.Value | b.Value);
}

internal readonly struct Bits8(Vector256<uint> value) : IBits<Bits8>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public readonly Vector256<uint> Value = value;

    [MethodImpl(Inline)] public static Bits8 Of(uint value) => new(Vector256.Create(value));
    [MethodImpl(Inline)] public static Bits8 operator +(Bits8 a, Bits8 b) => new(a.Value + b.Value);
    [MethodImpl(Inline)] public static Bits8 operator &(Bits8 a, Bits8 b) => new(a.Value & b.Value);
    [MethodImpl(Inline)] public static Bits8 operator ^(Bits8 a, Bits8 b) => new(a.Value ^ b.Value);
    [MethodImpl(Inline)] public static Bits8 ShiftLeft(Bits8 a, int count) => new(a.Value << count);
    [MethodImpl(Inline)] public static Bits8 ShiftRight(Bits8 a, int count) => new(a.Value >>> count);

    [MethodImpl(Inline)]
    public static void Multiply(Bits8 a, uint b, out Bits8 high, out Bits8 low)
    {
        var factor = Vector256.Create((ulong)b).AsUInt32();
        var lowHalf = Vector256.Create(0xFFFFFFFFul);
        var even = Avx2.Multiply(a.Value, factor);
        var odd = Avx2.Multiply((a.Value.AsUInt64() >>> 32).AsUInt32(), factor);
        low = new(((even & lowHalf) | (odd << 32)).AsUInt32());
        high = new(((even >>> 32) | (odd & ~lowHalf)).AsUInt32());
    }
}

internal readonly struct Real8(Vector256<float> value) : IReal<Real8, Mask8, Bits8>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public readonly Vector256<float> Value = value;

    public static int Width { [MethodImpl(Inline)] get => 8; }

    [MethodImpl(Inline)] public static Real8 Of(float value) => new(Vector256.Create(value));
    [MethodImpl(Inline)] public static Real8 operator +(Real8 a, Real8 b) => new(a.Value + b.Value);
    [MethodImpl(Inline)] public static Real8 operator -(Real8 a, Real8 b) => new(a.Value - b.Value);
    [MethodImpl(Inline)] public static Real8 operator *(Real8 a, Real8 b) => new(a.Value * b.Value);
    [MethodImpl(Inline)] public static Real8 Fma(Real8 a, Real8 b, Real8 c) => new(Vector256.FusedMultiplyAdd(a.Value, b.Value, c.Value));
    [MethodImpl(Inline)] public static Real8 Abs(Real8 a) => new(Vector256.Abs(a.Value));
    [MethodImpl(Inline)] public static Mask8 operator <(Real8 a, Real8 b) => new(Vector256.LessThan(a.Value, b.Value).AsInt32());
    [MethodImpl(Inline)] public static Mask8 operator >(Real8 a, Real8 b) => new(Vector256.GreaterThan(a.Value, b.Value).AsInt32());
    [MethodImpl(Inline)] public static Mask8 IsSet(Bits8 bits) => new(~Vector256.Equals(bits.Value.AsInt32(), Vector256<int>.Zero));
    [MethodImpl(Inline)] public static Real8 Select(Mask8 mask, Real8 a, Real8 b) => new(Vector256.ConditionalSelect(mask.Value.AsSingle(), a.Value, b.Value));
    [MethodImpl(Inline)] public static Bits8 ToBits(Real8 a) => new(Vector256.ConvertToInt32Native(a.Value).AsUInt32());
    [MethodImpl(Inline)] public static Real8 FromBits(Bits8 a) => new(Vector256.ConvertToSingle(a.Value.AsInt32()));
    [MethodImpl(Inline)] public static Bits8 AsBits(Real8 a) => new(a.Value.AsUInt32());
    [MethodImpl(Inline)] public static Real8 AsReal(Bits8 a) => new(a.Value.AsSingle());
    [MethodImpl(Inline)] public static unsafe Real8 Load(float* source) => new(Vector256.Load(source));
    [MethodImpl(Inline)] public static unsafe void Store(Real8 a, float* target) => Vector256.Store(a.Value, target);
}
