using System.Text;

namespace Sim.Physics.Gpu;

/// <summary>A kernel that the driver has compiled for its GPU and loaded.</summary>
public sealed unsafe class CudaModule : IDisposable
{
    private const int InfoLogBuffer = 3, InfoLogSize = 4, ErrorLogBuffer = 5, ErrorLogSize = 6;
    private const int LogBytes = 16384;
    private const int LocalSizeBytes = 3, RegisterCount = 4;

    private readonly CudaContext _context;
    private nint _module;

    /// <param name="context">Current on the calling thread.</param>
    /// <param name="kernel">What to load.</param>
    /// <exception cref="CudaException">The driver refuses the PTX; the message holds its compiler's log.</exception>
    public CudaModule(CudaContext context, PtxKernel kernel)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(kernel);
        (_context, Kernel) = (context, kernel);
        var driver = context.Driver;
        byte[] text = Encoding.UTF8.GetBytes(kernel.Text + '\0'), info = new byte[LogBytes], error = new byte[LogBytes];
        fixed (byte* textAt = text, infoAt = info, errorAt = error)
        {
            int* options = stackalloc int[] { InfoLogBuffer, InfoLogSize, ErrorLogBuffer, ErrorLogSize };
            void** values = stackalloc void*[] { infoAt, (void*)LogBytes, errorAt, (void*)LogBytes };
            nint module;
            int result = driver.ModuleLoadDataEx(&module, textAt, 4, options, values);
            driver.Check(result, $"cuModuleLoadDataEx({kernel.Entry})", Log(error));
            _module = module;
            Information = Log(info);
        }
        try
        {
            Function = FindFunction(kernel.Entry);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What was loaded.</summary>
    public PtxKernel Kernel { get; }

    /// <summary>What the driver's compiler had to say; often nothing.</summary>
    public string Information { get; }

    /// <summary>Registers of one thread, as the driver's compiler allotted them.</summary>
    public int Registers => Attribute(RegisterCount);

    /// <summary>Bytes of local memory of one thread: what the driver's compiler spilled, and what the PTX declares.</summary>
    public int LocalBytes => Attribute(LocalSizeBytes);

    internal nint Function { get; }

    /// <summary>Starts the kernel on the default stream and returns at once.</summary>
    /// <param name="arguments">Values of its parameters.</param>
    /// <param name="threads">Threads wanted; rounded up to whole blocks.</param>
    /// <param name="blockSize">Threads of a block, 1 to 1024.</param>
    /// <exception cref="CudaException">The launch was refused, or an earlier one failed.</exception>
    public void Launch(KernelArguments arguments, int threads, int blockSize = 128)
    {
        ObjectDisposedException.ThrowIf(_module == 0, this);
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(blockSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blockSize, 1024);
        uint blocks = ((uint)threads + (uint)blockSize - 1) / (uint)blockSize;
        nuint size = (nuint)arguments.Size;
        // CU_LAUNCH_PARAM_BUFFER_POINTER, its value, CU_LAUNCH_PARAM_BUFFER_SIZE, its value, CU_LAUNCH_PARAM_END.
        void** extra = stackalloc void*[] { (void*)1, arguments.Pointer, (void*)2, &size, null };
        var driver = _context.Driver;
        driver.Check(driver.LaunchKernel(Function, blocks, 1, 1, (uint)blockSize, 1, 1, 0, 0, null, extra), $"cuLaunchKernel({Kernel.Entry})");
    }

    public void Dispose()
    {
        if (_module == 0) return;
        nint module = _module;
        _module = 0;
        _context.Driver.Check(_context.Driver.ModuleUnload(module), "cuModuleUnload");
    }

    private nint FindFunction(string name)
    {
        nint function;
        fixed (byte* nameAt = Encoding.UTF8.GetBytes(name + '\0'))
            _context.Driver.Check(_context.Driver.ModuleGetFunction(&function, _module, nameAt), $"cuModuleGetFunction({name})");
        return function;
    }

    private int Attribute(int attribute)
    {
        ObjectDisposedException.ThrowIf(_module == 0, this);
        int value;
        _context.Driver.Check(_context.Driver.FuncGetAttribute(&value, attribute, Function), $"cuFuncGetAttribute({attribute})");
        return value;
    }

    private static string Log(byte[] buffer) => Encoding.UTF8.GetString(buffer.AsSpan(0, Math.Max(0, Array.IndexOf(buffer, (byte)0)))).Trim();
}
