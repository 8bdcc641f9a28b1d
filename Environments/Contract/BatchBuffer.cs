using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sim.Environments.Spaces;

namespace Sim.Environments;

/// <summary>
/// A row-major buffer <c>[rows, columns]</c> that an environment owns, at one address for its whole life: a pinned
/// array that torch and sockets read in place.
/// </summary>
public sealed unsafe class BatchBuffer
{
    private readonly byte[] _bytes;

    /// <param name="rows">Number of environments.</param>
    /// <param name="columns">Numbers an environment.</param>
    /// <param name="type">How the numbers are stored.</param>
    public BatchBuffer(int rows, int columns, ElementType type)
        : this(rows, columns, type, rows)
    {
    }

    internal BatchBuffer(int rows, int columns, ElementType type, int paddedRows)
    {
        (Rows, Columns, Type) = (rows, columns, type);
        int elementSize = type == ElementType.Float32 ? sizeof(float) : sizeof(byte);
        _bytes = GC.AllocateArray<byte>((paddedRows * columns * elementSize) + Alignment, pinned: true);
        var start = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_bytes));
        Pointer = (void*)((start + Alignment - 1) & ~(nuint)(Alignment - 1));
    }

    private const int Alignment = 64;

    /// <summary>Number of environments.</summary>
    public int Rows { get; }

    /// <summary>Numbers an environment.</summary>
    public int Columns { get; }

    /// <summary>How the numbers are stored.</summary>
    public ElementType Type { get; }

    /// <summary>First number of the first row, 64-byte aligned. Valid as long as this buffer is referenced.</summary>
    public void* Pointer { get; }

    /// <summary>All rows, <c>[rows · columns]</c>.</summary>
    /// <exception cref="InvalidOperationException">The buffer holds bytes.</exception>
    public Span<float> Floats
        => Type == ElementType.Float32
            ? new((float*)Pointer, Rows * Columns)
            : throw new InvalidOperationException("this buffer holds uint8, not float32");

    /// <summary>All rows as bytes, whatever their type.</summary>
    public Span<byte> Bytes => new((byte*)Pointer, Rows * Columns * (Type == ElementType.Float32 ? sizeof(float) : 1));

    /// <summary>One row, <c>[columns]</c>.</summary>
    /// <exception cref="InvalidOperationException">The buffer holds bytes.</exception>
    public Span<float> Row(int row) => Floats.Slice(row * Columns, Columns);

    /// <summary>One row as bytes, whatever its type.</summary>
    public Span<byte> RowBytes(int row) => Bytes.Slice(row * (Bytes.Length / Rows), Bytes.Length / Rows);
}
