using System.Runtime.Intrinsics;
using Sim.Agents.Networks;
using Sim.Environments;

namespace Sim.Agents.Training;

/// <summary>Views of environment buffers and copies between matrices.</summary>
public static unsafe class Matrices
{
    /// <summary>An environment's float32 buffer, in place.</summary>
    public static Matrix AsMatrix(this BatchBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        return new((float*)buffer.Pointer, buffer.Rows, buffer.Columns, buffer.Columns);
    }

    /// <summary>Copies all rows; the target has as many rows and columns.</summary>
    public static void CopyTo(this in Matrix source, in Matrix target)
    {
        for (int row = 0; row < source.Rows; row++) source.Row(row).CopyTo(target.Row(row));
    }

    /// <summary>Writes columns as rows: target <c>[columns, rows]</c>, or wider.</summary>
    public static void TransposeTo(this in Matrix source, in Matrix target)
    {
        for (int column = 0; column < source.Columns; column++)
        {
            float* from = source.Data + column, to = target.Data + ((nint)column * target.Stride);
            nint stride = source.Stride;
            for (int row = source.Rows; row > 0; row--)
            {
                *to++ = *from;
                from += stride;
            }
        }
    }

    /// <summary>Position of the first NaN or infinity; −1 where there is none.</summary>
    public static int IndexOfNonFinite(ReadOnlySpan<float> values)
    {
        // Zero times a finite number is zero; times infinity or NaN it is NaN.
        var sum = Vector256<float>.Zero;
        int i = 0;
        for (; i + 8 <= values.Length; i += 8) sum += Vector256.Create(values[i..]) * 0f;
        float rest = Vector256.Sum(sum);
        for (; i < values.Length; i++) rest += values[i] * 0f;
        if (rest == 0) return -1;
        i = 0;
        while (float.IsFinite(values[i])) i++;
        return i;
    }
}
