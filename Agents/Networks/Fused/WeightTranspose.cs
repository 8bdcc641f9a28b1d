using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sim.Agents.Networks.Fused;

/// <summary>
/// Transposes a layer's weights, which every backward pass after a step needs anew. Row by row, the writes would be a
/// cache line apart for every single number; in squares of eight they fill the lines they touch.
/// </summary>
internal static unsafe class WeightTranspose
{
    private const int Square = 8;

    /// <param name="source">Weights <c>[inputs, outputs]</c>.</param>
    /// <param name="sourceStride">Floats from one row to the next, at least the outputs.</param>
    /// <param name="inputs">Rows.</param>
    /// <param name="outputs">Columns.</param>
    /// <param name="target">Takes <c>[outputs, inputs]</c>; its padding is left as it is.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* source, nint sourceStride, int inputs, int outputs, in Matrix target)
    {
        nint targetStride = target.Stride;
        int squaredInputs = Avx.IsSupported ? inputs - (inputs % Square) : 0, squaredOutputs = outputs - (outputs % Square);
        for (int input = 0; input < squaredInputs; input += Square)
        {
            float* from = source + (input * sourceStride);
            for (int output = 0; output < squaredOutputs; output += Square)
                Swap(from + output, sourceStride, target.Data + (output * targetStride) + input, targetStride);
            Scalar(source, sourceStride, input, input + Square, squaredOutputs, outputs, target);
        }
        Scalar(source, sourceStride, squaredInputs, inputs, 0, outputs, target);
    }

    private static void Scalar(float* source, nint stride, int input, int inputs, int output, int outputs, in Matrix target)
    {
        for (int row = input; row < inputs; row++)
        {
            for (int column = output; column < outputs; column++)
                target.Data[((nint)column * target.Stride) + row] = source[(row * stride) + column];
        }
    }

    /// <summary>One square: pairs of rows are interleaved, then pairs of pairs, then halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Swap(float* from, nint fromStride, float* to, nint toStride)
    {
        var (a, b) = Interleaved(from, fromStride, 0);
        var (c, d) = Interleaved(from, fromStride, 2);
        var (e, f) = Interleaved(from, fromStride, 4);
        var (g, h) = Interleaved(from, fromStride, 6);
        Store(Avx.Shuffle(a, c, 0x44), Avx.Shuffle(e, g, 0x44), to, toStride, 0);
        Store(Avx.Shuffle(a, c, 0xEE), Avx.Shuffle(e, g, 0xEE), to, toStride, 1);
        Store(Avx.Shuffle(b, d, 0x44), Avx.Shuffle(f, h, 0x44), to, toStride, 2);
        Store(Avx.Shuffle(b, d, 0xEE), Avx.Shuffle(f, h, 0xEE), to, toStride, 3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float> Low, Vector256<float> High) Interleaved(float* from, nint stride, int row)
    {
        Vector256<float> first = Vector256.Load(from + (row * stride)), second = Vector256.Load(from + ((row + 1) * stride));
        return (Avx.UnpackLow(first, second), Avx.UnpackHigh(first, second));
    }

    /// <summary>Columns <paramref name="column"/> and four further on, of the first four and the last four rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> first, Vector256<float> last, float* to, nint stride, int column)
    {
        Avx.Permute2x128(first, last, 0x20).Store(to + (column * stride));
        Avx.Permute2x128(first, last, 0x31).Store(to + ((column + 4) * stride));
    }
}
