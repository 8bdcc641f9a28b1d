using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Sim.Agents.Torch;

/// <summary>
/// The only place that loads libtorch. It takes most of a second, so nothing calls it before torch is needed.
/// </summary>
public static class TorchRuntime
{
    private const string Bindings = "libLibTorchSharp.so";

    private static readonly Lock Loading = new();
    private static volatile bool _loaded;
    private static bool _resolverInstalled;
    private static nint _bindings;

    /// <summary>True once <see cref="EnsureLoaded"/> has succeeded.</summary>
    public static bool IsLoaded => _loaded;

    /// <summary>
    /// Threads that one torch operation on the CPU is spread over. 1 after loading: small networks run fastest so,
    /// and results repeat bit for bit.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one thread.</exception>
    public static int Threads
    {
        get
        {
            EnsureLoaded();
            return torch.get_num_threads();
        }
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            EnsureLoaded();
            torch.set_num_threads(value);
        }
    }

    /// <summary>Loads libtorch and gives a module's name back, for constructors whose base is of torch already.</summary>
    /// <exception cref="TorchUnavailableException">They cannot be loaded.</exception>
    internal static string Before(string moduleName)
    {
        EnsureLoaded();
        return moduleName;
    }

    /// <summary>Loads libtorch and TorchSharp's native library; returns at once when that has been done.</summary>
    /// <exception cref="TorchUnavailableException">They cannot be loaded.</exception>
    public static void EnsureLoaded()
    {
        if (_loaded)
        {
            return;
        }
        lock (Loading)
        {
            if (!_loaded)
            {
                Load();
                _loaded = true;
            }
        }
    }

    /// <summary>A device by name, after loading torch.</summary>
    /// <param name="name">cpu, cuda, or cuda and a number as in cuda:1.</param>
    /// <exception cref="ArgumentException">Another name.</exception>
    /// <exception cref="TorchUnavailableException">Torch cannot be loaded, or has no such device.</exception>
    public static torch.Device OpenDevice(string name)
    {
        int number = 0;
        if (name != "cpu" && name != "cuda" && !(name.StartsWith("cuda:", StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out number)))
        {
            throw new ArgumentException($"The device '{name}' is not known; use cpu, cuda, or cuda and a number as in cuda:1.");
        }
        EnsureLoaded();
        if (name == "cpu")
        {
            return torch.CPU;
        }
        int present = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        return number < present
            ? torch.device(DeviceType.CUDA, number)
            : throw new TorchUnavailableException(
                $"The device {name} was asked for, but torch sees {present} CUDA devices. Build with -p:Torch=cuda, or set "
                + $"{LibTorchLocation.Variable} to a libtorch 2.10 with CUDA; a driver for the device must be installed.");
    }

    private static void Load()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            throw new TorchUnavailableException(
                $"Torch networks run on Linux x64 only; this is {RuntimeInformation.RuntimeIdentifier}. Use the fused networks.");
        }

        string folder = LibTorchLocation.Find(
            Environment.GetEnvironmentVariable(LibTorchLocation.Variable), AppContext.BaseDirectory, Recorded("LibTorchFolder"));
        string step = folder;
        try
        {
            foreach (string library in LibrariesInOrder(folder))
            {
                step = library;
                NativeLibrary.Load(library);
            }
            step = FindBindings();
            if (!GlibcxxCompatibility.IsPresent)
            {
                step = GlibcxxCompatibility.LoadableCopy(step, GlibcxxCompatibility.UserCacheFolder);
            }
            _bindings = NativeLibrary.Load(step);
            InstallResolver();
            StartTorch();
        }
        catch (Exception exception) when (exception is not TorchUnavailableException)
        {
            throw new TorchUnavailableException(
                $"Torch could not be loaded. libtorch folder: {folder}{Environment.NewLine}Failed at: {step}{Environment.NewLine}"
                + $"Reason: {exception.Message}{Environment.NewLine}"
                + $"TorchSharp 0.107 needs libtorch 2.10 for Linux x64 and the GNU C++ runtime (Debian package libstdc++6, GCC 12 or newer). "
                + $"Set {LibTorchLocation.Variable} to use another libtorch folder.",
                exception);
        }
    }

    private static IEnumerable<string> LibrariesInOrder(string folder)
    {
        string[] order = ["libc10.so", "libtorch_cpu.so", "libc10_cuda.so", "libtorch_cuda.so", "libtorch.so"];
        return order.Select(name => Path.Combine(folder, name)).Where(File.Exists);
    }

    private static string FindBindings()
    {
        string[] folders = [.. LibTorchLocation.ApplicationFolders(AppContext.BaseDirectory),
            .. Recorded("TorchSharpNativeFolder") is { } package ? [package] : (string[])[]];
        return folders.Select(folder => Path.Combine(folder, Bindings)).FirstOrDefault(File.Exists)
            ?? throw new TorchUnavailableException(
                $"{Bindings} of TorchSharp was not found. Tried:{Environment.NewLine}  {string.Join(Environment.NewLine + "  ", folders)}"
                + $"{Environment.NewLine}Restore the packages again (dotnet restore), or publish the program again.");
    }

    private static string? Recorded(string key)
        => typeof(TorchRuntime).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(attribute => attribute.Key == key)?.Value;

    private static void InstallResolver()
    {
        // A second attempt after a failure must not install it again: an assembly takes one resolver.
        if (!_resolverInstalled)
        {
            NativeLibrary.SetDllImportResolver(
                typeof(torch).Assembly, (name, _, _) => name.Contains("LibTorchSharp", StringComparison.Ordinal) ? _bindings : 0);
            _resolverInstalled = true;
        }
    }

    /// <summary>Apart, so that nothing of TorchSharp initialises itself before the resolver stands.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StartTorch()
    {
        torch.InitializeDeviceType(DeviceType.CPU);
        torch.set_num_threads(1);
    }
}
