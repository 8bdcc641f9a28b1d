using System.Runtime.CompilerServices;

namespace Sim.Physics.Numerics;

/// <summary>
/// The numeric contract of every lane kernel: a value of <typeparamref name="T"/> holds one float32 of
/// <see cref="Width"/> environments side by side. Kernels are written once over <c>T</c> and instantiated as
/// <see cref="Lane1"/> (reference), <see cref="Lane8"/>, <see cref="Lane16"/> and <see cref="LaneGpu"/>.
/// </summary>
/// <remarks>
/// One type carries everything. A comparison returns a mask in <c>T</c>: all bits set where it holds, zero
/// elsewhere. Integers and random words travel in the same registers; the members whose name ends in
/// <c>Bits</c> read them as 32-bit unsigned integers. Every implementation rounds alike, operation by operation,
/// so that scalar, wide and GPU runs agree bit for bit: see docs/gpu.md on what of that is proven.
/// </remarks>
public interface ILane<T> where T : unmanaged, ILane<T>
{
    /// <summary>Number of environments in one value.</summary>
    static abstract int Width { get; }

    /// <summary>
    /// Environments of one tile where state is stored <c>[tile, row, environment]</c>: a register's on a CPU, a
    /// warp's on a GPU.
    /// </summary>
    static virtual int TileWidth { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => T.Width; }

    static abstract T Of(float value);
    static abstract T OfBits(uint bits);

    static abstract T operator +(T a, T b);
    static abstract T operator -(T a, T b);
    static abstract T operator *(T a, T b);
    static abstract T operator /(T a, T b);
    static abstract T operator -(T a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)] static virtual T operator +(T a, float b) => a + T.Of(b);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] static virtual T operator -(T a, float b) => a - T.Of(b);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] static virtual T operator *(T a, float b) => a * T.Of(b);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] static virtual T operator /(T a, float b) => a / T.Of(b);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] static virtual T operator +(float a, T b) => T.Of(a) + b;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] static virtual T operator -(float a, T b) => T.Of(a) - b;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] static virtual T operator *(float a, T b) => T.Of(a) * b;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] static virtual T operator /(float a, T b) => T.Of(a) / b;

    /// <summary>a·b + c with one rounding.</summary>
    static abstract T Fma(T a, T b, T c);

    /// <summary>a·b − c with one rounding: the bits of <c>Fma(a, b, -c)</c>, in one instruction where there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] static virtual T Fms(T a, T b, T c) => T.Fma(a, b, -c);

    /// <summary>c − a·b with one rounding: the bits of <c>Fma(-a, b, c)</c>, in one instruction where there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] static virtual T Fnma(T a, T b, T c) => T.Fma(-a, b, c);
    static abstract T Sqrt(T a);
    static abstract T Abs(T a);

    /// <summary>a where a &lt; b, else b; so b where either is NaN.</summary>
    static abstract T Min(T a, T b);

    /// <summary>a where a &gt; b, else b; so b where either is NaN.</summary>
    static abstract T Max(T a, T b);
    static abstract T Floor(T a);

    /// <summary>Nearest integer, halves to even.</summary>
    static abstract T Round(T a);

    static abstract T operator <(T a, T b);
    static abstract T operator <=(T a, T b);
    static abstract T operator >(T a, T b);
    static abstract T operator >=(T a, T b);
    static abstract T Equal(T a, T b);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] static virtual T operator <(T a, float b) => a < T.Of(b);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] static virtual T operator <=(T a, float b) => a <= T.Of(b);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] static virtual T operator >(T a, float b) => a > T.Of(b);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] static virtual T operator >=(T a, float b) => a >= T.Of(b);

    static abstract T operator &(T a, T b);
    static abstract T operator |(T a, T b);
    static abstract T operator ^(T a, T b);
    static abstract T operator ~(T a);

    /// <summary><paramref name="a"/> in lanes whose mask is set, <paramref name="b"/> elsewhere.</summary>
    static abstract T Select(T mask, T a, T b);

    /// <summary>True when the mask is set in any lane: the only way to branch on lane values.</summary>
    static abstract bool Any(T mask);

    static abstract T AddBits(T a, T b);
    static abstract T SubtractBits(T a, T b);
    static abstract T ShiftLeftBits(T a, int count);
    static abstract T ShiftRightBits(T a, int count);

    /// <summary>The 64-bit product of 32-bit words, as high and low words.</summary>
    static abstract void MultiplyBits(T a, uint b, out T high, out T low);

    /// <summary>Integer value (|a| &lt; 2³¹, already whole) to a signed 32-bit word.</summary>
    static abstract T ToBits(T a);

    /// <summary>Signed 32-bit word to the nearest float.</summary>
    static abstract T FromBits(T a);

    static abstract unsafe T Load(float* source);
    static abstract unsafe void Store(T a, float* target);

    /// <summary>Writes one byte a lane: 1 where the mask is set, else 0.</summary>
    static abstract unsafe void StoreMask(T mask, byte* target);
}
