using System.Runtime.CompilerServices;
using ILGPU;
using Sim.Physics.Gpu;

namespace Sim.Physics.Numerics;

/// <summary>
/// One environment on one GPU thread, in the language subset that <see cref="PtxCompiler"/> takes. Its PTX rounds
/// operation by operation as <see cref="Lane1"/> does.
/// </summary>
public readonly struct LaneGpu : ILane<LaneGpu>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public readonly float Value;

    [MethodImpl(Inline)]
    public LaneGpu(float value) => Value = value;

    [MethodImpl(Inline)]
    private LaneGpu(uint bits) => Value = Interop.IntAsFloat(bits);

    public static int Width { [MethodImpl(Inline)] get => 1; }

    public static int TileWidth { [MethodImpl(Inline)] get => 32; }

    private uint Bits { [MethodImpl(Inline)] get => Interop.FloatAsInt(Value); }

    [MethodImpl(Inline)] public static LaneGpu Of(float value) => new(value);
    [MethodImpl(Inline)] public static LaneGpu OfBits(uint bits) => new(bits);

    [MethodImpl(Inline)] public static LaneGpu operator +(LaneGpu a, LaneGpu b) => new(a.Value + b.Value);
    [MethodImpl(Inline)] public static LaneGpu operator -(LaneGpu a, LaneGpu b) => new(a.Value - b.Value);
    [MethodImpl(Inline)] public static LaneGpu operator *(LaneGpu a, LaneGpu b) => new(a.Value * b.Value);
    [MethodImpl(Inline)] public static LaneGpu operator /(LaneGpu a, LaneGpu b) => new(a.Value / b.Value);
    [MethodImpl(Inline)] public static LaneGpu operator -(LaneGpu a) => new(-a.Value);

    [MethodImpl(Inline)]
    public static LaneGpu Fma(LaneGpu a, LaneGpu b, LaneGpu c) => new(PtxInstruction.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    [MethodImpl(Inline)] public static LaneGpu Sqrt(LaneGpu a) => new(MathF.Sqrt(a.Value));
    [MethodImpl(Inline)] public static LaneGpu Abs(LaneGpu a) => new(MathF.Abs(a.Value));
    [MethodImpl(Inline)] public static LaneGpu Min(LaneGpu a, LaneGpu b) => Select(a < b, a, b);
    [MethodImpl(Inline)] public static LaneGpu Max(LaneGpu a, LaneGpu b) => Select(a > b, a, b);
    [MethodImpl(Inline)] public static LaneGpu Floor(LaneGpu a) => new(MathF.Floor(a.Value));
    [MethodImpl(Inline)] public static LaneGpu Round(LaneGpu a) => new(MathF.Round(a.Value));

    [MethodImpl(Inline)] public static LaneGpu operator <(LaneGpu a, LaneGpu b) => new(PtxInstruction.Less(a.Value, b.Value));
    [MethodImpl(Inline)] public static LaneGpu operator <=(LaneGpu a, LaneGpu b) => new(PtxInstruction.LessOrEqual(a.Value, b.Value));
    [MethodImpl(Inline)] public static LaneGpu operator >(LaneGpu a, LaneGpu b) => new(PtxInstruction.Less(b.Value, a.Value));
    [MethodImpl(Inline)] public static LaneGpu operator >=(LaneGpu a, LaneGpu b) => new(PtxInstruction.LessOrEqual(b.Value, a.Value));
    [MethodImpl(Inline)] public static LaneGpu Equal(LaneGpu a, LaneGpu b) => new(PtxInstruction.Equal(a.Value, b.Value));

    [MethodImpl(Inline)] public static LaneGpu operator &(LaneGpu a, LaneGpu b) => new(a.Bits & b.Bits);
    [MethodImpl(Inline)] public static LaneGpu operator |(LaneGpu a, LaneGpu b) => new(a.Bits | b.Bits);
    [MethodImpl(Inline)] public static LaneGpu operator ^(LaneGpu a, LaneGpu b) => new(a.Bits ^ b.Bits);
    [MethodImpl(Inline)] public static LaneGpu operator ~(LaneGpu a) => new(~a.Bits);

    [MethodImpl(Inline)] public static LaneGpu Select(LaneGpu mask, LaneGpu a, LaneGpu b) => mask.Bits != 0 ? a : b;
    [MethodImpl(Inline)] public static bool Any(LaneGpu mask) => mask.Bits != 0;

    [MethodImpl(Inline)] public static LaneGpu AddBits(LaneGpu a, LaneGpu b) => new(a.Bits + b.Bits);
    [MethodImpl(Inline)] public static LaneGpu SubtractBits(LaneGpu a, LaneGpu b) => new(a.Bits - b.Bits);
    [MethodImpl(Inline)] public static LaneGpu ShiftLeftBits(LaneGpu a, int count) => new(a.Bits << count);
    [MethodImpl(Inline)] public static LaneGpu ShiftRightBits(LaneGpu a, int count) => new(a.Bits >> count);

    [MethodImpl(Inline)]
    public static void MultiplyBits(LaneGpu a, uint b, out LaneGpu high, out LaneGpu low)
    {
        ulong product = (ulong)a.Bits * b;
        high = new((uint)(product >> 32));
        low = new((uint)product);
    }

    [MethodImpl(Inline)] public static LaneGpu ToBits(LaneGpu a) => new((uint)(int)a.Value);
    [MethodImpl(Inline)] public static LaneGpu FromBits(LaneGpu a) => new((float)(int)a.Bits);

    [MethodImpl(Inline)] public static unsafe LaneGpu Load(float* source) => new(*source);
    [MethodImpl(Inline)] public static unsafe void Store(LaneGpu a, float* target) => *target = a.Value;
    [MethodImpl(Inline)] public static unsafe void StoreMask(LaneGpu mask, byte* target) => *target = (byte)(mask.Bits & 1);
}
