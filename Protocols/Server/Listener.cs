using System.Net;
using System.Net.Sockets;
using Sim.Protocols.Wire;

namespace Sim.Protocols.Server;

/// <summary>A socket that waits for clients.</summary>
internal sealed class Listener : IDisposable
{
    private readonly Socket _socket;

    private Listener(Socket socket, WireAddress address) => (_socket, Address) = (socket, address);

    /// <summary>Where it listens, with the port that the system chose.</summary>
    public WireAddress Address { get; }

    /// <exception cref="SocketException">The address is taken or not to be had.</exception>
    /// <exception cref="IOException">Another server listens on the path, or another file lies there.</exception>
    public static Listener Open(WireAddress address)
    {
        if (address.UnixPath is { } path) RemoveStale(path);
        var end = address.Resolve();
        var socket = address.MakeSocket(end);
        try
        {
            socket.Bind(end);
            if (address.UnixPath is { } bound && !OperatingSystem.IsWindows()) File.SetUnixFileMode(bound, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            socket.Listen();
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        return new Listener(socket, socket.LocalEndPoint is IPEndPoint local ? address.WithPort(local.Port) : address);
    }

    /// <summary>Waits for a client; null once the listener is disposed.</summary>
    public Socket? Accept()
    {
        while (true)
        {
            try
            {
                var socket = _socket.Accept();
                if (Address.UnixPath is null) socket.NoDelay = true;
                return socket;
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable or SocketError.ConnectionReset or SocketError.ConnectionAborted)
            {
                // Out of descriptors, or a client that left at once: others may still come.
                Thread.Sleep(50);
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                return null;
            }
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        if (Address.UnixPath is { } path) File.Delete(path);
    }

    /// <summary>A socket file that no server listens on any more is in the way of the next.</summary>
    private static void RemoveStale(string path)
    {
        if (!File.Exists(path)) return;
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionRefused)
        {
            // Refused by a socket without a listener, but also by an ordinary file, which must stay.
            if ((File.GetAttributes(path) & FileAttributes.Normal) != 0 || new FileInfo(path).Length > 0)
                throw new IOException($"{path} is an ordinary file, no socket: choose another path", error);
            File.Delete(path);
            return;
        }
        throw new IOException($"another server listens on {path}");
    }
}
