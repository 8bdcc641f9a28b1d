using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Sim.Protocols.Wire;

/// <summary>Where a server listens: <c>tcp://host:port</c> or <c>unix:///path</c>.</summary>
public sealed record WireAddress
{
    /// <summary>Longest path of a Unix socket that Linux takes, bytes.</summary>
    private const int MaxUnixPath = 107;

    /// <summary>Path of a Unix socket; null for TCP.</summary>
    public string? UnixPath { get; private init; }

    /// <summary>Host of a TCP address, as it was written.</summary>
    public string Host { get; private init; } = "";

    /// <summary>Port of a TCP address; 0 for any free one.</summary>
    public int Port { get; private init; }

    /// <summary>True where only this machine can connect: a Unix socket, or a loopback address.</summary>
    public bool IsLocal => UnixPath is not null || Host == "localhost" || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    /// <exception cref="ArgumentException">The text is no such address.</exception>
    public static WireAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.StartsWith("unix://", StringComparison.Ordinal))
        {
            string path = text["unix://".Length..];
            if (path.Length == 0 || System.Text.Encoding.UTF8.GetByteCount(path) > MaxUnixPath)
                throw new ArgumentException($"'{text}' is no address: the path of a Unix socket has 1 to {MaxUnixPath} bytes");
            return new WireAddress { UnixPath = path };
        }
        if (text.StartsWith("tcp://", StringComparison.Ordinal))
        {
            string rest = text["tcp://".Length..];
            int colon = rest.LastIndexOf(':');
            if (colon > 0 && int.TryParse(rest.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port <= IPEndPoint.MaxPort)
                return new WireAddress { Host = rest[..colon].Trim('[', ']'), Port = port };
        }
        throw new ArgumentException($"'{text}' is no address: write tcp://127.0.0.1:5555 or unix:///tmp/sim.socket");
    }

    /// <summary>The same with another port: that which the system chose.</summary>
    public WireAddress WithPort(int port) => this with { Port = port };

    /// <exception cref="SocketException">The host has no address.</exception>
    public EndPoint Resolve()
    {
        if (UnixPath is not null) return new UnixDomainSocketEndPoint(UnixPath);
        if (IPAddress.TryParse(Host, out var address)) return new IPEndPoint(address, Port);
        var found = Dns.GetHostAddresses(Host);
        return new IPEndPoint(found.FirstOrDefault(candidate => candidate.AddressFamily == AddressFamily.InterNetwork) ?? found[0], Port);
    }

    /// <summary>A stream socket that suits the address, sending at once what it is given.</summary>
    public Socket MakeSocket(EndPoint end)
    {
        ArgumentNullException.ThrowIfNull(end);
        if (UnixPath is not null) return new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        return new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    }

    public override string ToString()
        => UnixPath is not null ? $"unix://{UnixPath}" : Host.Contains(':', StringComparison.Ordinal) ? $"tcp://[{Host}]:{Port}" : $"tcp://{Host}:{Port}";
}
