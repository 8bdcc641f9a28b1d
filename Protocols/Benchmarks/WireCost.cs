namespace Sim.Protocols.Benchmarks;

/// <summary>What one way to a server in another process costs.</summary>
/// <param name="Transport"><c>tcp</c>, <c>unix</c> or <c>shared-memory</c> (over a Unix socket).</param>
/// <param name="MedianUs">One environment, from sending the actions to having the result, microseconds.</param>
/// <param name="P99Us">99th percentile of the same.</param>
/// <param name="GrpcMedianUs">The same blocks over gRPC on the same kind of socket, in turns in the same run.</param>
/// <param name="EnvStepsPerSecond">Environment steps a second of a large batch.</param>
/// <param name="InProcessEnvStepsPerSecond">The same batch in this process.</param>
public sealed record WireCost(string Transport, double MedianUs, double P99Us, double GrpcMedianUs, double EnvStepsPerSecond, double InProcessEnvStepsPerSecond);
