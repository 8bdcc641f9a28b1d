using System.Runtime.InteropServices;

namespace Sim.Protocols.Wire;

/// <summary>
/// Memory that two processes of one user on one Linux host both map. The server makes it as an anonymous file that can
/// neither shrink nor grow any more, so that no client can pull pages from under the server; the client opens it by the
/// path of the server's descriptor.
/// </summary>
public sealed unsafe partial class SharedMemory : IDisposable
{
    private const int CloseOnExec = 1, AllowSealing = 2, ReadWrite = 2;
    private const int AddSeals = 1033, SealSeal = 1, SealShrink = 2, SealGrow = 4;
    private const int ProtectReadWrite = 3, MapShared = 1;

    private readonly byte* _at;
    private readonly int _descriptor;
    private bool _disposed;

    private SharedMemory(int descriptor, long bytes, string path)
    {
        (_descriptor, Bytes, Path) = (descriptor, bytes, path);
        nint at = Map(0, (nuint)bytes, ProtectReadWrite, MapShared, descriptor, 0);
        if (at == -1)
        {
            string reason = Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
            _ = Close(descriptor);
            throw new IOException($"{bytes} bytes of shared memory cannot be mapped: {reason}");
        }
        _at = (byte*)at;
    }

    public long Bytes { get; }

    /// <summary>What a client opens.</summary>
    public string Path { get; }

    /// <summary>Whether this system has such memory.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux();

    /// <summary>Makes memory of zeros.</summary>
    /// <exception cref="IOException">The system refuses.</exception>
    public static SharedMemory Create(long bytes)
    {
        int descriptor = MemFdCreate("sim", CloseOnExec | AllowSealing);
        if (descriptor < 0 || Truncate(descriptor, bytes) != 0 || Control(descriptor, AddSeals, SealSeal | SealShrink | SealGrow) != 0)
        {
            string reason = Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
            if (descriptor >= 0) _ = Close(descriptor);
            throw new IOException($"{bytes} bytes of shared memory cannot be had: {reason}");
        }
        return new SharedMemory(descriptor, bytes, $"/proc/{Environment.ProcessId}/fd/{descriptor}");
    }

    /// <summary>Maps what a server made.</summary>
    /// <exception cref="IOException">It cannot be opened from here, or is smaller than said.</exception>
    public static SharedMemory Open(string path, long bytes)
    {
        int descriptor = OpenFile(path, ReadWrite);
        if (descriptor < 0) throw new IOException($"{path} cannot be opened: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        long length = Seek(descriptor, 0, SeekEnd);
        if (length < bytes)
        {
            _ = Close(descriptor);
            throw new IOException($"{path} holds {length} bytes, not {bytes}");
        }
        return new SharedMemory(descriptor, bytes, path);
    }

    /// <summary>A part of the memory. The other side may change it at any time: copy before checking.</summary>
    public Span<byte> Slice(long start, int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (start < 0 || length < 0 || start + length > Bytes)
            throw new ArgumentOutOfRangeException(nameof(start), start, $"{length} bytes from {start} do not lie in {Bytes} bytes of shared memory");
        return new(_at + start, length);
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _ = Unmap((nint)_at, (nuint)Bytes);
        _ = Close(_descriptor);
    }

    private const int SeekEnd = 2;

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MemFdCreate(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    private static partial int Truncate(int descriptor, long bytes);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long Seek(int descriptor, long offset, int from);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(nint address, nuint bytes, int protection, int flags, int descriptor, long offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint bytes);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
