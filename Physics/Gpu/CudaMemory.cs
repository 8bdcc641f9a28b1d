namespace Sim.Physics.Gpu;

/// <summary>Memory on the GPU.</summary>
public sealed unsafe class CudaMemory : IDisposable
{
    private readonly CudaContext _context;
    private readonly int _bytes;
    private ulong _address;

    /// <param name="context">Current on the calling thread.</param>
    /// <param name="bytes">At least 1; the contents are undefined.</param>
    public CudaMemory(CudaContext context, int bytes)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
        (_context, _bytes) = (context, bytes);
        ulong address;
        context.Driver.Check(context.Driver.MemAlloc(&address, (nuint)bytes), $"cuMemAlloc({bytes} bytes)");
        _address = address;
    }

    /// <summary>Device address, as kernels take it.</summary>
    public long Address => (long)_address;

    /// <summary>Copies to the GPU, behind all work of the default stream.</summary>
    /// <exception cref="ArgumentException">The source is larger than this memory.</exception>
    public void Write<T>(ReadOnlySpan<T> source) where T : unmanaged
    {
        nuint bytes = Fitting(source.Length, sizeof(T));
        fixed (T* at = source) _context.Driver.Check(_context.Driver.MemcpyToDevice(_address, at, bytes), "cuMemcpyHtoD");
    }

    /// <summary>Copies from the GPU, behind all work of the default stream, and waits for it.</summary>
    /// <exception cref="ArgumentException">The target is larger than this memory.</exception>
    public void Read<T>(Span<T> target) where T : unmanaged
    {
        nuint bytes = Fitting(target.Length, sizeof(T));
        fixed (T* at = target) _context.Driver.Check(_context.Driver.MemcpyToHost(at, _address, bytes), "cuMemcpyDtoH");
    }

    public void Dispose()
    {
        if (_address == 0) return;
        ulong address = _address;
        _address = 0;
        _context.Driver.Check(_context.Driver.MemFree(address), "cuMemFree");
    }

    private nuint Fitting(int count, int size)
    {
        ObjectDisposedException.ThrowIf(_address == 0, this);
        if ((long)count * size > _bytes) throw new ArgumentException($"{(long)count * size} bytes do not fit in {_bytes}");
        return (nuint)count * (nuint)size;
    }
}
