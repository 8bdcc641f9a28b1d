using Sim.Agents.Runs;
using Sim.Cli.Commands;
using Sim.Cli.Output;
using Sim.Cli.Serving;
using Sim.Environments;
using Sim.Protocols.Benchmarks;
using Sim.Protocols.Wire;

namespace Sim.Cli.Actions;

internal static class BenchWireAction
{
    private const int DefaultEnvironments = 4096;

    public static int Run(BenchWireRequest request, CommandOutput output)
    {
        var definition = Refusal.Of(() => Registry.Find(request.Environment));
        int environments = request.Environments ?? DefaultEnvironments;
        IReadOnlyList<string> transports = request.Transport is { } one ? [one] : WireBenchmark.Transports;
        var costs = WireBenchmark.Measure(definition.Id, environments, transports);
        output.Line($"{definition.Id}: one environment from request to answer, and {environments} by the rate; server and client are two processes");
        output.Table(["transport", "median µs", "99 % µs", "gRPC median µs", "times gRPC", "env steps/s", "in process"], costs.Select(cost => new[]
        {
            cost.Transport, $"{cost.MedianUs:0.0}", $"{cost.P99Us:0.0}", $"{cost.GrpcMedianUs:0.0}", $"{cost.GrpcMedianUs / cost.MedianUs:0.0}",
            SiPrefix.Format(cost.EnvStepsPerSecond), SiPrefix.Format(cost.InProcessEnvStepsPerSecond),
        }));
        output.Results(costs);
        return ExitCode.Success;
    }

    public static int RunPeer(GrpcPeerRequest request, CommandOutput output)
    {
        var address = Refusal.Of(() => WireAddress.Parse(request.Listen));
        using var end = new CancellationTokenSource();
        Lifeline.Cancel(end);
        GrpcPeer.Serve(request.Environment, address, end.Token);
        return ExitCode.Success;
    }
}
