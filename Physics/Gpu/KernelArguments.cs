using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sim.Physics.Gpu;

/// <summary>
/// Values of a kernel's parameters, laid out as the driver copies them: one after the other, each at a multiple of
/// its alignment. Set once, launched many times; a value may change between launches.
/// </summary>
public sealed unsafe class KernelArguments
{
    private readonly byte[] _block;
    private readonly IReadOnlyList<PtxParameter> _parameters;
    private readonly int[] _offsets;

    public KernelArguments(PtxKernel kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        _parameters = kernel.Parameters;
        _offsets = new int[_parameters.Count];
        int end = 0;
        for (int i = 0; i < _offsets.Length; i++)
        {
            int alignment = _parameters[i].Alignment;
            _offsets[i] = (end + alignment - 1) / alignment * alignment;
            end = _offsets[i] + _parameters[i].Size;
        }
        Size = end;
        _block = GC.AllocateArray<byte>(Math.Max(end, 1), pinned: true);
    }

    /// <summary>Bytes of the block.</summary>
    public int Size { get; }

    /// <summary>The block as it stands.</summary>
    public ReadOnlySpan<byte> Block => _block.AsSpan(0, Size);

    internal void* Pointer => Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_block));

    /// <summary>Sets one parameter.</summary>
    /// <exception cref="ArgumentException">The value has another size than the kernel declares.</exception>
    public void Set<T>(int parameter, T value) where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(parameter);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(parameter, _offsets.Length);
        if (sizeof(T) != _parameters[parameter].Size)
            throw new ArgumentException($"parameter {parameter} takes {_parameters[parameter].Size} bytes, and {typeof(T).Name} has {sizeof(T)}", nameof(value));
        MemoryMarshal.Write(_block.AsSpan(_offsets[parameter]), in value);
    }
}
