namespace Sim.Agents.Networks;

/// <summary>
/// A view of float32 rows in native or pinned memory: row r begins at <c>Data + r·Stride</c>. Owns nothing; whoever
/// made it keeps the memory alive.
/// </summary>
public readonly unsafe struct Matrix
{
    /// <param name="data">First element of the first row.</param>
    /// <param name="rows">0 or more.</param>
    /// <param name="columns">1 or more.</param>
    /// <param name="stride">Floats from one row to the next; at least <paramref name="columns"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size outside those ranges.</exception>
    public Matrix(float* data, int rows, int columns, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, columns);
        Data = data;
        Rows = rows;
        Columns = columns;
        Stride = stride;
    }

    /// <summary>First element of the first row.</summary>
    public float* Data { get; }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>Floats from one row to the next.</summary>
    public int Stride { get; }

    /// <summary>Element in row <paramref name="row"/>, column <paramref name="column"/>; not range-checked.</summary>
    public ref float this[int row, int column] => ref Data[((nint)row * Stride) + column];

    /// <summary>One row, <see cref="Columns"/> long; not range-checked.</summary>
    public Span<float> Row(int row) => new(Data + ((nint)row * Stride), Columns);

    /// <summary>Rows <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/>, as a view.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They are not all inside this matrix.</exception>
    public Matrix Slice(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)start, (uint)Rows, nameof(start));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(Rows - start), nameof(count));
        return new Matrix(Data + ((nint)start * Stride), count, Columns, Stride);
    }

    /// <summary>Columns <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/>, as a view.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They are not all inside this matrix.</exception>
    public Matrix SliceColumns(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)start, (uint)Columns, nameof(start));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(Columns - start), nameof(count));
        return new Matrix(Data + start, Rows, count, Stride);
    }
}
