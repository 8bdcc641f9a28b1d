namespace Sim.Physics.Gpu;

/// <summary>A mark in the default stream, by which its work is timed.</summary>
public sealed unsafe class CudaEvent : IDisposable
{
    private readonly CudaContext _context;
    private nint _event;

    public CudaEvent(CudaContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        nint created;
        context.Driver.Check(context.Driver.EventCreate(&created, 0), "cuEventCreate");
        _event = created;
    }

    /// <summary>Puts the mark behind all work asked for so far.</summary>
    public void Record() => _context.Driver.Check(_context.Driver.EventRecord(_event, 0), "cuEventRecord");

    /// <summary>Milliseconds from an earlier mark to this one; waits until the GPU has passed both.</summary>
    public float MillisecondsSince(CudaEvent earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        float milliseconds;
        _context.Driver.Check(_context.Driver.EventSynchronize(_event), "cuEventSynchronize");
        _context.Driver.Check(_context.Driver.EventElapsedTime(&milliseconds, earlier._event, _event), "cuEventElapsedTime");
        return milliseconds;
    }

    public void Dispose()
    {
        if (_event == 0) return;
        nint destroyed = _event;
        _event = 0;
        _context.Driver.Check(_context.Driver.EventDestroy(destroyed), "cuEventDestroy");
    }
}
