using System.Net.Security;
using System.Net.Sockets;
using MessagePack;
using Sim.Environments;
using Sim.Protocols.Messages;
using Sim.Protocols.Wire;

namespace Sim.Protocols.Client;

/// <summary>
/// A session with a server. Requests go out in their order and so come the answers; not for use by several threads at
/// once.
/// </summary>
public sealed class SimClient : IDisposable
{
    private const int ProtocolVersion = 1;

    private readonly IByteChannel _channel;
    private readonly Socket _socket;
    private uint _lastSent, _lastReceived;

    private SimClient(Socket socket, IByteChannel channel)
    {
        (_socket, _channel) = (socket, channel);
        Reader = new FrameReader(channel, int.MaxValue);
        Writer = new FrameWriter(channel);
    }

    /// <summary>What the server said of itself.</summary>
    public WelcomeMessage Welcome { get; private set; } = new();

    internal FrameReader Reader { get; }

    internal FrameWriter Writer { get; }

    /// <summary>Connects and says hello.</summary>
    /// <param name="address">Where the server listens.</param>
    /// <param name="options">Token, TLS and name.</param>
    /// <exception cref="IOException">Nobody listens there, or the connection broke.</exception>
    /// <exception cref="WireException">The server does not want this client.</exception>
    public static SimClient Connect(WireAddress address, ClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        options ??= new();
        Socket? socket = null;
        try
        {
            var end = address.Resolve();
            socket = address.MakeSocket(end);
            socket.Connect(end);
            var client = new SimClient(socket, Open(socket, address, options));
            client.Greet(options);
            return client;
        }
        catch (SocketException error)
        {
            socket?.Dispose();
            throw new IOException($"{address} cannot be reached: {error.Message}", error);
        }
        catch
        {
            socket?.Dispose();
            throw;
        }
    }

    /// <summary>All environments of the server.</summary>
    public IReadOnlyList<EnvironmentRow> List()
        => Call<EnvironmentsMessage>(MessageType.List, new BatchMessage(), MessageType.Environments).Environments ?? [];

    /// <summary>What an environment is, under settings by name.</summary>
    /// <exception cref="WireException">It is not known, or a setting is out of range.</exception>
    public EnvironmentSpec Describe(string id, IReadOnlyDictionary<string, string>? settings = null)
    {
        var message = new DescribeMessage { Id = id, Settings = settings?.ToDictionary() };
        return RemoteSpec.Of(Call<DescriptionMessage>(MessageType.Describe, message, MessageType.Description).Spec);
    }

    /// <summary>Makes a batch on the server.</summary>
    /// <exception cref="WireException">The server refuses.</exception>
    public RemoteEnvironment Make(string id, RemoteOptions? options = null)
        => new(this, id, options ?? new());

    /// <summary>The policy that the server serves.</summary>
    /// <exception cref="WireException">It serves none.</exception>
    public RemotePolicy Policy() => new(this, Describe(""));

    /// <summary>Asks whether the server is there.</summary>
    /// <returns>How long the answer took.</returns>
    public TimeSpan Ping()
    {
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        Call<PongMessage>(MessageType.Ping, new PingMessage(), MessageType.Pong);
        return System.Diagnostics.Stopwatch.GetElapsedTime(start);
    }

    public void Dispose()
    {
        _channel.Dispose();
        _socket.Dispose();
    }

    /// <summary>Sends a request without a block and waits for its answer.</summary>
    internal T Call<T>(MessageType type, object body, MessageType answer)
    {
        var header = Writer.Begin(type, Next());
        MessagePackSerializer.Serialize(body.GetType(), ref header, body, Schema.Options);
        Writer.EndHeader(ref header);
        Writer.Send();
        Expect(answer);
        return Body<T>();
    }

    /// <summary>The number of the next request.</summary>
    internal uint Next() => ++_lastSent;

    /// <summary>Waits for the next answer.</summary>
    /// <exception cref="WireException">The server refused the request.</exception>
    /// <exception cref="IOException">The connection ended.</exception>
    internal void Expect(MessageType type)
    {
        if (!Reader.ReadFrame()) throw new IOException("the server ended the connection");
        if (Reader.Type == MessageType.Error)
        {
            if (Reader.Request != 0) _lastReceived = Reader.Request;
            var error = Body<ErrorMessage>();
            throw new WireException(error.Code ?? ErrorCode.Internal, error.Sentence ?? "the server refused without a word");
        }
        _lastReceived++;
        if (Reader.Type != type || Reader.Request != _lastReceived)
            throw new WireException(ErrorCode.BadMessage, $"the server answered request {Reader.Request} with message {(int)Reader.Type}; expected {(int)type} to request {_lastReceived}");
    }

    internal T Body<T>()
    {
        try
        {
            return MessagePackSerializer.Deserialize<T>(Reader.Body, Schema.Options)
                ?? throw new WireException(ErrorCode.BadMessage, $"the server sent message {(int)Reader.Type} without a body");
        }
        catch (MessagePackSerializationException error)
        {
            throw new WireException(ErrorCode.BadMessage, $"the server's message {(int)Reader.Type} cannot be read: {error.Message}");
        }
    }

    private void Greet(ClientOptions options)
    {
        Welcome = Call<WelcomeMessage>(MessageType.Hello, new HelloMessage
        {
            Newest = ProtocolVersion,
            Oldest = ProtocolVersion,
            Client = options.Name,
            ClientVersion = SdkVersion.Text,
            Token = options.Token,
        }, MessageType.Welcome);
    }

    private static IByteChannel Open(Socket socket, WireAddress address, ClientOptions options)
    {
        if (!options.Tls) return new SocketChannel(socket);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: false));
        try
        {
            stream.AuthenticateAsClient(new SslClientAuthenticationOptions
            {
                TargetHost = options.TlsHost ?? address.Host,
                RemoteCertificateValidationCallback = options.CheckCertificate,
            });
        }
        catch (System.Security.Authentication.AuthenticationException error)
        {
            stream.Dispose();
            throw new IOException($"{address} does not speak TLS as expected: {error.Message}", error);
        }
        return new TlsChannel(stream);
    }
}
