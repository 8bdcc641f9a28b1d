using System.Net.Security;
using System.Net.Sockets;

namespace Sim.Protocols.Wire;

/// <summary>Bytes to and from the other side, blocking: the shortest way from a request to its answer.</summary>
public interface IByteChannel : IDisposable
{
    /// <summary>Waits for bytes; 0 at the end of the conversation.</summary>
    /// <exception cref="IOException">The connection broke, or nothing came in time.</exception>
    int Receive(Span<byte> target);

    /// <summary>Sends all of it.</summary>
    /// <exception cref="IOException">The connection broke, or the other side does not read.</exception>
    void Send(ReadOnlySpan<byte> bytes);
}

/// <summary>A plain socket.</summary>
public sealed class SocketChannel(Socket socket) : IByteChannel
{
    public int Receive(Span<byte> target)
    {
        try
        {
            return socket.Receive(target);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            throw new IOException(error.Message, error);
        }
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty) bytes = bytes[socket.Send(bytes)..];
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            throw new IOException(error.Message, error);
        }
    }

    public void Dispose() => socket.Dispose();
}

/// <summary>A conversation inside TLS.</summary>
public sealed class TlsChannel(SslStream stream) : IByteChannel
{
    public int Receive(Span<byte> target)
    {
        try
        {
            return stream.Read(target);
        }
        catch (ObjectDisposedException error)
        {
            throw new IOException(error.Message, error);
        }
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            stream.Write(bytes);
        }
        catch (ObjectDisposedException error)
        {
            throw new IOException(error.Message, error);
        }
    }

    public void Dispose() => stream.Dispose();
}
