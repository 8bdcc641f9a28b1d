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
}
