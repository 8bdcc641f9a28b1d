using System.Net;
using System.Runtime.InteropServices;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sim.Environments;
using Sim.Environments.Spaces;
using Sim.Protocols.Wire;

namespace Sim.Protocols.Benchmarks;

/// <summary>
/// The peer that the wire is measured against: one environment behind gRPC, which carries the same blocks as bytes,
/// unary, without a schema in between.
/// </summary>
public static class GrpcPeer
{
    private const string Service = "sim.Steps";

    private static readonly Marshaller<byte[]> s_bytes = Marshallers.Create(
        (byte[] value, SerializationContext context) => context.Complete(value), context => context.PayloadAsNewBuffer());

    private static readonly Method<byte[], byte[]> s_step = new(MethodType.Unary, Service, "Step", s_bytes, s_bytes);

    /// <summary>Serves until cancelled; says on the console when it listens.</summary>
    public static void Serve(string environment, WireAddress address, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(address);
        using var environments = Registry.Make(environment, count: 1, seed: 1, threads: 1);
        environments.Reset();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(new StepService(environments));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            if (address.UnixPath is { } path) kestrel.ListenUnixSocket(path, listen => listen.Protocols = HttpProtocols.Http2);
            else kestrel.Listen(IPAddress.Loopback, address.Port, listen => listen.Protocols = HttpProtocols.Http2);
        });
        var application = builder.Build();
        application.MapGrpcService<StepService>();
        application.StartAsync(cancellation).GetAwaiter().GetResult();
        Console.Out.WriteLine($"listening on {address}");
        Console.Out.Flush();
        cancellation.WaitHandle.WaitOne();
        application.StopAsync(CancellationToken.None).GetAwaiter().GetResult();
    }

    /// <summary>Sends a block of actions and waits for the block of results.</summary>
    public static Func<byte[], byte[]> Connect(WireAddress address, out IDisposable connection)
    {
        ArgumentNullException.ThrowIfNull(address);
        var end = address.Resolve();
        var channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler
            {
                ConnectCallback = async (_, cancellation) =>
                {
                    var socket = address.MakeSocket(end);
                    await socket.ConnectAsync(end, cancellation);
                    return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
                },
            },
        });
        connection = channel;
        var invoker = channel.CreateCallInvoker();
        return actions => invoker.BlockingUnaryCall(s_step, null, default, actions);
    }

    /// <summary>The service as its binder wants it: a base with virtual methods.</summary>
    [BindServiceMethod(typeof(StepServiceBase), nameof(Bind))]
    internal abstract class StepServiceBase
    {
        public static void Bind(ServiceBinderBase binder, StepServiceBase? service)
            => binder.AddMethod(s_step, service is null ? null : new UnaryServerMethod<byte[], byte[]>(service.Step));

        public abstract Task<byte[]> Step(byte[] actions, ServerCallContext context);
    }

    /// <summary>Steps the environment with the actions of a request.</summary>
    internal sealed class StepService(BatchEnvironment environments) : StepServiceBase
    {
        private readonly ResultWriter _results = new(environments, ResultLayout.Of(environments, rewardTerms: false, info: false), rewardTerms: false, info: false);

        public override Task<byte[]> Step(byte[] actions, ServerCallContext context)
        {
            if (environments.Spec.Action is Box) MemoryMarshal.Cast<byte, float>(actions).CopyTo(environments.Actions);
            else MemoryMarshal.Cast<byte, int>(actions).CopyTo(environments.DiscreteActions);
            environments.Step();
            _results.Observe(stepped: true);
            byte[] block = new byte[_results.Bytes];
            _results.Write(block);
            return Task.FromResult(block);
        }
    }
}
