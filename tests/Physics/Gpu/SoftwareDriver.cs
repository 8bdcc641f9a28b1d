using System.Runtime.InteropServices;
using System.Text;
using Sim.Physics.Gpu;

namespace Sim.Tests.Physics.Gpu;

/// <summary>
/// A CUDA driver without a GPU: memory is this process's, kernels run in <see cref="PtxInterpreter"/> at their
/// launch. It writes down every call, so that a test can see what was asked of the driver. One at a time.
/// </summary>
internal static unsafe class SoftwareDriver
{
    private const int Ok = 0, OutOfMemory = 2, InvalidPtx = 218, NotFound = 500;
    private const nint Context = 0x1234, Event = 0x4321;

    private static readonly nint InvalidPtxName = Marshal.StringToCoTaskMemUTF8("CUDA_ERROR_INVALID_PTX");
    private static readonly nint InvalidPtxText = Marshal.StringToCoTaskMemUTF8("a PTX JIT compilation failed");
    private static readonly Dictionary<nint, PtxInterpreter> Modules = [];

    /// <summary>Calls in order, with what matters of their arguments.</summary>
    public static List<string> Calls { get; } = [];

    /// <summary>Parameter block of the last launch.</summary>
    public static byte[] LastBlock { get; private set; } = [];

    /// <summary>Whether launches run their kernels, or are only written down.</summary>
    public static bool Executes { get; set; }

    /// <summary>The driver's table, afresh.</summary>
    public static CudaDriver Open(bool executes)
    {
        Calls.Clear();
        Modules.Clear();
        Executes = executes;
        return new CudaDriver(Find);
    }

    private static nint Find(string name) => name switch
    {
        "cuInit" => (nint)(delegate* unmanaged<uint, int>)&Init,
        "cuDriverGetVersion" or "cuDeviceGetCount" => (nint)(delegate* unmanaged<int*, int>)&GetNumber,
        "cuDeviceGet" => (nint)(delegate* unmanaged<int*, int, int>)&DeviceGet,
        "cuDeviceGetName" => (nint)(delegate* unmanaged<byte*, int, int, int>)&DeviceGetName,
        "cuDevicePrimaryCtxRetain" => (nint)(delegate* unmanaged<nint*, int, int>)&Retain,
        "cuDevicePrimaryCtxRelease_v2" => (nint)(delegate* unmanaged<int, int>)&Release,
        "cuCtxSetCurrent" => (nint)(delegate* unmanaged<nint, int>)&SetCurrent,
        "cuCtxSynchronize" => (nint)(delegate* unmanaged<int>)&Synchronize,
        "cuModuleLoadDataEx" => (nint)(delegate* unmanaged<nint*, void*, uint, int*, void**, int>)&Load,
        "cuModuleUnload" => (nint)(delegate* unmanaged<nint, int>)&Unload,
        "cuModuleGetFunction" => (nint)(delegate* unmanaged<nint*, nint, byte*, int>)&GetFunction,
        "cuFuncGetAttribute" => (nint)(delegate* unmanaged<int*, int, nint, int>)&GetAttribute,
        "cuLaunchKernel" => (nint)(delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int>)&Launch,
        "cuMemAlloc_v2" => (nint)(delegate* unmanaged<ulong*, nuint, int>)&Allocate,
        "cuMemFree_v2" => (nint)(delegate* unmanaged<ulong, int>)&Free,
        "cuMemcpyHtoD_v2" => (nint)(delegate* unmanaged<ulong, void*, nuint, int>)&ToDevice,
        "cuMemcpyDtoH_v2" => (nint)(delegate* unmanaged<void*, ulong, nuint, int>)&ToHost,
        "cuEventCreate" => (nint)(delegate* unmanaged<nint*, uint, int>)&EventCreate,
        "cuEventRecord" => (nint)(delegate* unmanaged<nint, nint, int>)&EventRecord,
        "cuEventSynchronize" => (nint)(delegate* unmanaged<nint, int>)&EventDone,
        "cuEventDestroy_v2" => (nint)(delegate* unmanaged<nint, int>)&EventDestroy,
        "cuEventElapsedTime" => (nint)(delegate* unmanaged<float*, nint, nint, int>)&EventElapsed,
        "cuGetErrorName" => (nint)(delegate* unmanaged<int, byte**, int>)&ErrorName,
        "cuGetErrorString" => (nint)(delegate* unmanaged<int, byte**, int>)&ErrorString,
        _ => throw new EntryPointNotFoundException(name),
    };

    private static int Note(string call)
    {
        Calls.Add(call);
        return Ok;
    }

    [UnmanagedCallersOnly] private static int Init(uint flags) => Note($"init {flags}");

    [UnmanagedCallersOnly]
    private static int GetNumber(int* number)
    {
        *number = 12080;
        return Ok;
    }

    [UnmanagedCallersOnly]
    private static int DeviceGet(int* device, int ordinal)
    {
        *device = ordinal + 7;
        return Note($"device {ordinal}");
    }

    [UnmanagedCallersOnly]
    private static int DeviceGetName(byte* name, int length, int device)
    {
        Encoding.UTF8.GetBytes("Software\0").CopyTo(new Span<byte>(name, length));
        return Ok;
    }

    [UnmanagedCallersOnly]
    private static int Retain(nint* context, int device)
    {
        *context = Context;
        return Note($"retain {device}");
    }

    [UnmanagedCallersOnly] private static int Release(int device) => Note($"release {device}");

    [UnmanagedCallersOnly] private static int SetCurrent(nint context) => Note($"current {context == Context}");

    [UnmanagedCallersOnly] private static int Synchronize() => Note("synchronize");

    [UnmanagedCallersOnly]
    private static int Load(nint* module, void* text, uint count, int* options, void** values)
    {
        string ptx = Marshal.PtrToStringUTF8((nint)text)!;
        Note($"load {string.Join(' ', new ReadOnlySpan<int>(options, (int)count).ToArray())}");
        if (ptx.StartsWith("broken", StringComparison.Ordinal))
        {
            // Options are (info log, its size, error log, its size); sizes are passed in the pointer itself.
            Encoding.UTF8.GetBytes("line 1: syntax error\0").CopyTo(new Span<byte>(values[2], (int)values[3]));
            return InvalidPtx;
        }
        *module = Modules.Count + 1;
        Modules[*module] = new PtxInterpreter(ptx);
        return Ok;
    }

    [UnmanagedCallersOnly] private static int Unload(nint module) => Modules.Remove(module) ? Note("unload") : NotFound;

    [UnmanagedCallersOnly]
    private static int GetFunction(nint* function, nint module, byte* name)
    {
        *function = module;
        return Modules[module].Entry == Marshal.PtrToStringUTF8((nint)name) ? Ok : NotFound;
    }

    [UnmanagedCallersOnly]
    private static int GetAttribute(int* value, int attribute, nint function)
    {
        *value = attribute;
        return Ok;
    }

    [UnmanagedCallersOnly]
    private static int Launch(nint function, uint gridX, uint gridY, uint gridZ, uint blockX, uint blockY, uint blockZ,
        uint sharedBytes, nint stream, void** parameters, void** extra)
    {
        // CU_LAUNCH_PARAM_BUFFER_POINTER is 1, CU_LAUNCH_PARAM_BUFFER_SIZE 2, CU_LAUNCH_PARAM_END 0.
        bool packed = parameters == null && extra[0] == (void*)1 && extra[2] == (void*)2 && extra[4] == null;
        LastBlock = new ReadOnlySpan<byte>(extra[1], (int)*(nuint*)extra[3]).ToArray();
        Note($"launch {gridX}x{gridY}x{gridZ} of {blockX}x{blockY}x{blockZ} shared {sharedBytes} stream {stream} packed {packed}");
        if (!Executes) return Ok;
        for (uint block = 0; block < gridX; block++)
        {
            for (uint thread = 0; thread < blockX; thread++) Modules[function].Run((byte*)extra[1], thread, block, blockX, gridX);
        }
        return Ok;
    }

    [UnmanagedCallersOnly]
    private static int Allocate(ulong* address, nuint bytes)
    {
        *address = (ulong)NativeMemory.Alloc(bytes);
        return *address == 0 ? OutOfMemory : Ok;
    }

    [UnmanagedCallersOnly]
    private static int Free(ulong address)
    {
        NativeMemory.Free((void*)address);
        return Note("free");
    }

    [UnmanagedCallersOnly]
    private static int ToDevice(ulong target, void* source, nuint bytes)
    {
        NativeMemory.Copy(source, (void*)target, bytes);
        return Ok;
    }

    [UnmanagedCallersOnly]
    private static int ToHost(void* target, ulong source, nuint bytes)
    {
        NativeMemory.Copy((void*)source, target, bytes);
        return Ok;
    }

    [UnmanagedCallersOnly]
    private static int EventCreate(nint* created, uint flags)
    {
        *created = Event;
        return Note($"event {flags}");
    }

    [UnmanagedCallersOnly] private static int EventRecord(nint recorded, nint stream) => Note($"record {recorded == Event} on {stream}");

    [UnmanagedCallersOnly] private static int EventDone(nint waited) => Note("wait");

    [UnmanagedCallersOnly] private static int EventDestroy(nint destroyed) => Note("destroy");

    [UnmanagedCallersOnly]
    private static int EventElapsed(float* milliseconds, nint start, nint end)
    {
        *milliseconds = 2.5f;
        return Ok;
    }

    [UnmanagedCallersOnly]
    private static int ErrorName(int error, byte** name)
    {
        *name = error == InvalidPtx ? (byte*)InvalidPtxName : null;
        return Ok;
    }

    [UnmanagedCallersOnly]
    private static int ErrorString(int error, byte** text)
    {
        *text = error == InvalidPtx ? (byte*)InvalidPtxText : null;
        return Ok;
    }
}
