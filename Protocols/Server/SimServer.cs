using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Sim.Protocols.Messages;
using Sim.Protocols.Wire;

namespace Sim.Protocols.Server;

/// <summary>
/// Serves environments and policies to programs that connect: a thread a session, each with environments of its own.
/// Blocking sockets answer soonest; what a session asks for while its answers are not read waits in the sockets.
/// </summary>
public sealed class SimServer : IDisposable
{
    private readonly ServerSettings _settings;
    private readonly List<Listener> _listeners = [];
    private readonly Dictionary<Socket, Thread> _sessions = [];
    private readonly object _gate = new();
    private bool _draining;

    public SimServer(ServerSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
    }

    /// <summary>What has been done so far.</summary>
    public ServerMetrics Metrics { get; } = new();

    /// <summary>Where clients can connect, with the ports that the system chose.</summary>
    public IReadOnlyList<WireAddress> Addresses => [.. _listeners.Select(listener => listener.Address)];

    /// <summary>Begins to listen.</summary>
    /// <exception cref="ArgumentException">Other machines could connect, and there is no token.</exception>
    /// <exception cref="IOException">The address is taken or not to be had.</exception>
    public WireAddress Listen(WireAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsLocal && string.IsNullOrEmpty(_settings.Token))
            throw new ArgumentException($"{address} can be reached from other machines: serve it with a token, or listen on tcp://127.0.0.1:{address.Port}");
        try
        {
            var listener = Listener.Open(address);
            _listeners.Add(listener);
            new Thread(() => Accept(listener)) { IsBackground = true, Name = $"sim accept {listener.Address}" }.Start();
            return listener.Address;
        }
        catch (SocketException error)
        {
            throw new IOException($"{address} cannot be listened on: {error.Message}", error);
        }
    }

    /// <summary>
    /// Takes no further sessions, lets those there are finish what they have asked for, and ends. Calling it again does
    /// nothing.
    /// </summary>
    public void Drain()
    {
        Thread[] threads;
        lock (_gate)
        {
            if (_draining) return;
            _draining = true;
            threads = [.. _sessions.Values];
        }
        foreach (var listener in _listeners) listener.Dispose();
        ForEachSession(socket => socket.Shutdown(SocketShutdown.Receive));
        long deadline = Environment.TickCount64 + (long)_settings.DrainTimeout.TotalMilliseconds;
        foreach (var thread in threads) thread.Join((int)Math.Max(0, deadline - Environment.TickCount64));
        ForEachSession(socket => socket.Close());
        foreach (var thread in threads) thread.Join(TimeSpan.FromSeconds(1));
    }

    public void Dispose()
    {
        Drain();
        Metrics.Dispose();
    }

    private void Accept(Listener listener)
    {
        while (listener.Accept() is { } socket)
        {
            lock (_gate)
            {
                if (_draining)
                {
                    socket.Dispose();
                    return;
                }
                var thread = new Thread(() => Run(socket, listener.Address)) { IsBackground = true, Name = "sim session" };
                _sessions.Add(socket, thread);
                thread.Start();
            }
        }
    }

    private void Run(Socket socket, WireAddress address)
    {
        try
        {
            socket.ReceiveTimeout = socket.SendTimeout = (int)_settings.HelloTimeout.TotalMilliseconds;
            // A client that sends its hello a byte at a time must not outlive the time it has for it.
            using var impatience = new Timer(_ => socket.Dispose(), null, _settings.HelloTimeout, Timeout.InfiniteTimeSpan);
            using var channel = Open(socket);
            Metrics.OpenSession();
            try
            {
                using var session = new Session(channel, address.IsLocal, _settings, Metrics);
                Converse(session, () =>
                {
                    impatience.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                    socket.ReceiveTimeout = socket.SendTimeout = (int)Math.Min(int.MaxValue, _settings.IdleTimeout.TotalMilliseconds);
                });
            }
            finally
            {
                // Only now is all that the session held free.
                Metrics.CloseSession();
            }
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException or AuthenticationException)
        {
            // The client went away, did not speak TLS, or was silent for too long: its environments have gone with it.
        }
        catch (Exception error)
        {
            // Whatever one client brings about, the others go on.
            Metrics.CountError(ErrorCode.Internal);
            _settings.Failed?.Invoke(error);
        }
        finally
        {
            lock (_gate) _sessions.Remove(socket);
            socket.Dispose();
        }
    }

    private void Converse(Session session, Action accepted)
    {
        if (Metrics.OpenSessions > _settings.MaxSessions)
        {
            session.Refuse(0, new WireException(ErrorCode.Busy, $"this server holds {_settings.MaxSessions} sessions at most"));
            return;
        }
        if (!session.Greet()) return;
        accepted();
        session.Serve();
    }

    private IByteChannel Open(Socket socket)
    {
        if (_settings.Certificate is null) return new SocketChannel(socket);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: false));
        stream.AuthenticateAsServer(new SslServerAuthenticationOptions
        {
            ServerCertificate = _settings.Certificate,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        });
        return new TlsChannel(stream);
    }

    private void ForEachSession(Action<Socket> act)
    {
        lock (_gate)
        {
            foreach (var socket in _sessions.Keys)
            {
                try
                {
                    act(socket);
                }
                catch (Exception error) when (error is SocketException or ObjectDisposedException)
                {
                    // Gone already.
                }
            }
        }
    }
}
