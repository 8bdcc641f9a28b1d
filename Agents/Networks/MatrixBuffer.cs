using System.Runtime.InteropServices;

namespace Sim.Agents.Networks;

/// <summary>
/// Owner of a matrix in native memory, zero at first. It is 64-byte aligned, and the stride is a multiple of 8, so
/// that each row begins on a vector boundary.
/// </summary>
public sealed unsafe class MatrixBuffer : IDisposable
{
    private const nuint Alignment = 64;

    private readonly int _rows, _columns, _stride;
    private float* _data;

    /// <param name="rows">0 or more.</param>
    /// <param name="columns">1 or more.</param>
    /// <param name="strideMultiple">The stride is rounded up to a multiple of this: 8, or 16 for whole cache lines.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size outside those ranges.</exception>
    public MatrixBuffer(int rows, int columns, int strideMultiple = 8)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(strideMultiple, 1);
        _rows = rows;
        _columns = columns;
        _stride = (columns + strideMultiple - 1) / strideMultiple * strideMultiple;
        nuint bytes = Math.Max((nuint)rows * (nuint)_stride * sizeof(float), Alignment);
        _data = (float*)NativeMemory.AlignedAlloc(bytes, Alignment);
        NativeMemory.Clear(_data, bytes);
    }

    /// <summary>All rows.</summary>
    /// <exception cref="ObjectDisposedException">The memory has been freed.</exception>
    public Matrix Matrix
    {
        get
        {
            ObjectDisposedException.ThrowIf(_data == null, this);
            return new Matrix(_data, _rows, _columns, _stride);
        }
    }

    /// <summary>Every float of the buffer, padding included.</summary>
    /// <exception cref="ObjectDisposedException">The memory has been freed.</exception>
    public Span<float> Floats
    {
        get
        {
            ObjectDisposedException.ThrowIf(_data == null, this);
            return new Span<float>(_data, checked(_rows * _stride));
        }
    }

    /// <summary>The first <paramref name="count"/> rows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More rows than there are.</exception>
    public Matrix First(int count) => Matrix.Slice(0, count);

    public void Dispose()
    {
        NativeMemory.AlignedFree(_data);
        _data = null;
    }
}
