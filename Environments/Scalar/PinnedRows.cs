using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sim.Environments.Scalar;

/// <summary>One quantity of every lane, a row a lane, at one address. Rows are not checked: whoever asks for one has checked the lane.</summary>
internal readonly unsafe struct PinnedRows<T> where T : unmanaged
{
    private readonly T[] _rows;
    private readonly T* _first;

    public PinnedRows(int count)
    {
        _rows = GC.AllocateArray<T>(count, pinned: true);
        _first = (T*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_rows));
    }

    public ref T this[int row] => ref _first[row];

    public T* At(int row) => _first + row;

    /// <summary>The rows of the first lanes.</summary>
    public Span<T> First(int count) => _rows.AsSpan(0, count);
}
