using System.Runtime.InteropServices;

namespace Sim.Physics.Gpu;

/// <summary>
/// The functions of the CUDA driver library, as a table of pointers found by name, so that any library, or a test,
/// can stand behind them. Names are those the library exports: <c>_v2</c> where its header says so.
/// </summary>
public sealed unsafe class CudaDriver
{
    /// <summary>The driver library's name; it comes with the driver, not with a toolkit.</summary>
    public const string Library = "libcuda.so.1";

    internal readonly delegate* unmanaged<uint, int> Init;
    internal readonly delegate* unmanaged<int*, int> DriverGetVersion;
    internal readonly delegate* unmanaged<int*, int> DeviceGetCount;
    internal readonly delegate* unmanaged<int*, int, int> DeviceGet;
    internal readonly delegate* unmanaged<byte*, int, int, int> DeviceGetName;
    internal readonly delegate* unmanaged<nint*, int, int> DevicePrimaryCtxRetain;
    internal readonly delegate* unmanaged<int, int> DevicePrimaryCtxRelease;
    internal readonly delegate* unmanaged<nint, int> CtxSetCurrent;
    internal readonly delegate* unmanaged<int> CtxSynchronize;
    internal readonly delegate* unmanaged<nint*, void*, uint, int*, void**, int> ModuleLoadDataEx;
    internal readonly delegate* unmanaged<nint, int> ModuleUnload;
    internal readonly delegate* unmanaged<nint*, nint, byte*, int> ModuleGetFunction;
    internal readonly delegate* unmanaged<int*, int, nint, int> FuncGetAttribute;
    internal readonly delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int> LaunchKernel;
    internal readonly delegate* unmanaged<ulong*, nuint, int> MemAlloc;
    internal readonly delegate* unmanaged<ulong, int> MemFree;
    internal readonly delegate* unmanaged<ulong, void*, nuint, int> MemcpyToDevice;
    internal readonly delegate* unmanaged<void*, ulong, nuint, int> MemcpyToHost;
    internal readonly delegate* unmanaged<nint*, uint, int> EventCreate;
    internal readonly delegate* unmanaged<nint, nint, int> EventRecord;
    internal readonly delegate* unmanaged<nint, int> EventSynchronize;
    internal readonly delegate* unmanaged<float*, nint, nint, int> EventElapsedTime;
    internal readonly delegate* unmanaged<nint, int> EventDestroy;
    private readonly delegate* unmanaged<int, byte**, int> _getErrorName;
    private readonly delegate* unmanaged<int, byte**, int> _getErrorString;

    /// <param name="find">Address of an exported function; throws where there is none.</param>
    public CudaDriver(Func<string, nint> find)
    {
        ArgumentNullException.ThrowIfNull(find);
        Init = (delegate* unmanaged<uint, int>)find("cuInit");
        DriverGetVersion = (delegate* unmanaged<int*, int>)find("cuDriverGetVersion");
        DeviceGetCount = (delegate* unmanaged<int*, int>)find("cuDeviceGetCount");
        DeviceGet = (delegate* unmanaged<int*, int, int>)find("cuDeviceGet");
        DeviceGetName = (delegate* unmanaged<byte*, int, int, int>)find("cuDeviceGetName");
        DevicePrimaryCtxRetain = (delegate* unmanaged<nint*, int, int>)find("cuDevicePrimaryCtxRetain");
        DevicePrimaryCtxRelease = (delegate* unmanaged<int, int>)find("cuDevicePrimaryCtxRelease_v2");
        CtxSetCurrent = (delegate* unmanaged<nint, int>)find("cuCtxSetCurrent");
        CtxSynchronize = (delegate* unmanaged<int>)find("cuCtxSynchronize");
        ModuleLoadDataEx = (delegate* unmanaged<nint*, void*, uint, int*, void**, int>)find("cuModuleLoadDataEx");
        ModuleUnload = (delegate* unmanaged<nint, int>)find("cuModuleUnload");
        ModuleGetFunction = (delegate* unmanaged<nint*, nint, byte*, int>)find("cuModuleGetFunction");
        FuncGetAttribute = (delegate* unmanaged<int*, int, nint, int>)find("cuFuncGetAttribute");
        LaunchKernel = (delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int>)find("cuLaunchKernel");
        MemAlloc = (delegate* unmanaged<ulong*, nuint, int>)find("cuMemAlloc_v2");
        MemFree = (delegate* unmanaged<ulong, int>)find("cuMemFree_v2");
        MemcpyToDevice = (delegate* unmanaged<ulong, void*, nuint, int>)find("cuMemcpyHtoD_v2");
        MemcpyToHost = (delegate* unmanaged<void*, ulong, nuint, int>)find("cuMemcpyDtoH_v2");
        EventCreate = (delegate* unmanaged<nint*, uint, int>)find("cuEventCreate");
        EventRecord = (delegate* unmanaged<nint, nint, int>)find("cuEventRecord");
        EventSynchronize = (delegate* unmanaged<nint, int>)find("cuEventSynchronize");
        EventElapsedTime = (delegate* unmanaged<float*, nint, nint, int>)find("cuEventElapsedTime");
        EventDestroy = (delegate* unmanaged<nint, int>)find("cuEventDestroy_v2");
        _getErrorName = (delegate* unmanaged<int, byte**, int>)find("cuGetErrorName");
        _getErrorString = (delegate* unmanaged<int, byte**, int>)find("cuGetErrorString");
    }

    /// <summary>Loads and initialises the machine's driver; null where there is none or no GPU, with the reason.</summary>
    public static CudaDriver? TryLoad(out string reason)
    {
        if (!NativeLibrary.TryLoad(Library, out nint library))
        {
            reason = $"no CUDA driver found ({Library})";
            return null;
        }
        try
        {
            var driver = new CudaDriver(name => NativeLibrary.GetExport(library, name));
            driver.Check(driver.Init(0), "cuInit");
            int devices;
            driver.Check(driver.DeviceGetCount(&devices), "cuDeviceGetCount");
            reason = devices > 0 ? "" : "the CUDA driver sees no GPU";
            return devices > 0 ? driver : null;
        }
        catch (Exception failure) when (failure is EntryPointNotFoundException or CudaException)
        {
            reason = $"the CUDA driver cannot be used: {failure.Message}";
            return null;
        }
    }

    /// <summary>Version of CUDA that the driver offers: 1000·major + 10·minor.</summary>
    public int Version
    {
        get
        {
            int version;
            Check(DriverGetVersion(&version), "cuDriverGetVersion");
            return version;
        }
    }

    /// <summary>Throws unless <paramref name="result"/> is success.</summary>
    /// <param name="result">What the driver returned.</param>
    /// <param name="call">What was called.</param>
    /// <param name="detail">What else is known, such as a compiler's log.</param>
    /// <exception cref="CudaException">The call failed.</exception>
    internal void Check(int result, string call, string detail = "")
    {
        if (result == 0) return;
        byte* name = null, text = null;
        _getErrorName(result, &name);
        _getErrorString(result, &text);
        string message = $"{call} failed: {Marshal.PtrToStringUTF8((nint)name) ?? "an unknown error"} ({result})";
        if (text != null) message += $", {Marshal.PtrToStringUTF8((nint)text)}";
        throw new CudaException(detail.Length == 0 ? message : $"{message}\n{detail}", result);
    }
}
