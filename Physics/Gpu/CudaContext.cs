using System.Runtime.InteropServices;

namespace Sim.Physics.Gpu;

/// <summary>
/// The primary context of one GPU: the one that torch works in too, so that its tensors and our kernels share
/// addresses and the default stream. Current on the thread that made it; call <see cref="MakeCurrent"/> on others.
/// </summary>
public sealed unsafe class CudaContext : IDisposable
{
    private readonly int _device;
    private nint _context;

    /// <param name="driver">The driver, initialised.</param>
    /// <param name="ordinal">Which GPU, from 0.</param>
    /// <exception cref="CudaException">There is no such GPU, or it cannot be used.</exception>
    public CudaContext(CudaDriver driver, int ordinal = 0)
    {
        ArgumentNullException.ThrowIfNull(driver);
        Driver = driver;
        int device;
        driver.Check(driver.DeviceGet(&device, ordinal), $"cuDeviceGet({ordinal})");
        _device = device;
        nint context;
        driver.Check(driver.DevicePrimaryCtxRetain(&context, device), "cuDevicePrimaryCtxRetain");
        _context = context;
        MakeCurrent();
    }

    internal CudaDriver Driver { get; }

    /// <summary>What the driver calls the GPU.</summary>
    public string DeviceName
    {
        get
        {
            byte* name = stackalloc byte[256];
            Driver.Check(Driver.DeviceGetName(name, 256, _device), "cuDeviceGetName");
            return Marshal.PtrToStringUTF8((nint)name)!;
        }
    }

    /// <summary>Makes this the context of the calling thread.</summary>
    public void MakeCurrent()
    {
        ObjectDisposedException.ThrowIf(_context == 0, this);
        Driver.Check(Driver.CtxSetCurrent(_context), "cuCtxSetCurrent");
    }

    /// <summary>Waits until the GPU has done everything asked of it.</summary>
    /// <exception cref="CudaException">Some of it failed.</exception>
    public void Synchronize() => Driver.Check(Driver.CtxSynchronize(), "cuCtxSynchronize");

    public void Dispose()
    {
        if (_context == 0) return;
        _context = 0;
        Driver.Check(Driver.DevicePrimaryCtxRelease(_device), "cuDevicePrimaryCtxRelease");
    }
}
