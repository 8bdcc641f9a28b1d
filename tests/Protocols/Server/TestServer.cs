using System.Net.Sockets;
using Sim.Protocols.Client;
using Sim.Protocols.Server;
using Sim.Protocols.Wire;

namespace Sim.Tests.Protocols.Server;

/// <summary>A server in this process, on a Unix socket of its own unless another address is given.</summary>
internal sealed class TestServer : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TestServer(ServerSettings? settings = null, string? address = null)
    {
        Server = new SimServer(settings ?? new());
        Address = Server.Listen(WireAddress.Parse(address ?? $"unix://{_folder.File("socket")}"));
    }

    public SimServer Server { get; }

    public WireAddress Address { get; }

    public SimClient Connect(ClientOptions? options = null) => SimClient.Connect(Address, options);

    /// <summary>A socket that has said nothing yet.</summary>
    public Socket ConnectRaw()
    {
        var end = Address.Resolve();
        var socket = Address.MakeSocket(end);
        socket.Connect(end);
        socket.ReceiveTimeout = 20_000;
        return socket;
    }

    /// <summary>Waits until the server holds no more than this many sessions.</summary>
    public void WaitForSessions(int sessions)
    {
        const int PatienceMilliseconds = 20_000;
        long deadline = Environment.TickCount64 + PatienceMilliseconds;
        while (Server.Metrics.OpenSessions > sessions)
        {
            if (Environment.TickCount64 > deadline)
                throw new TimeoutException($"{Server.Metrics.OpenSessions} sessions are still open");
            Thread.Sleep(5);
        }
    }

    public void Dispose()
    {
        Server.Dispose();
        _folder.Dispose();
    }
}
