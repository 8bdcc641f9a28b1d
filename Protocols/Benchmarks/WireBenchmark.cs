using System.Diagnostics;
using System.Runtime.InteropServices;
using Sim.Environments;
using Sim.Protocols.Client;
using Sim.Protocols.Wire;

namespace Sim.Protocols.Benchmarks;

/// <summary>
/// Request to answer between two processes, a blocking client on one side, and gRPC in turns with it; then the rate of
/// a large batch, against the same batch in this process.
/// </summary>
public static class WireBenchmark
{
    private const int Rounds = 20, RequestsOfRound = 1000, WarmUpRequests = 3000;

    /// <summary>The ways, the one that counts most last.</summary>
    public static IReadOnlyList<string> Transports { get; } = ["tcp", "shared-memory", "unix"];

    /// <param name="environment">Registry id.</param>
    /// <param name="environments">Size of the large batch.</param>
    /// <param name="transports">Some of <see cref="Transports"/>.</param>
    /// <exception cref="IOException">A server does not start.</exception>
    public static IReadOnlyList<WireCost> Measure(string environment, int environments, IEnumerable<string> transports)
    {
        var folder = Directory.CreateTempSubdirectory("sim-wire-");
        try
        {
            return [.. transports.Select(transport => Measure(environment, environments, transport, folder.FullName))];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static WireCost Measure(string environment, int environments, string transport, string folder)
    {
        var ours = Address(transport, folder, "sim");
        var theirs = Address(transport, folder, "grpc");
        using var server = new PeerProcess("serve", "--lifeline", "--listen", ours.ToString());
        using var peer = new PeerProcess("bench", "grpc-peer", environment, "--listen", theirs.ToString());
        using var client = SimClient.Connect(ours);
        bool share = transport == "shared-memory";
        double[] times = new double[Rounds * RequestsOfRound], grpcTimes = new double[Rounds * RequestsOfRound];
        using (var one = client.Make(environment, new RemoteOptions { Seed = 1, SharedMemory = share }))
        {
            var grpc = GrpcPeer.Connect(theirs, out var connection);
            using (connection) MeasureLatency(one, grpc, times, grpcTimes);
        }
        double remote, local;
        using (var batch = client.Make(environment, new RemoteOptions { Count = environments, Seed = 1, SharedMemory = share }))
        using (var here = Registry.Make(environment, environments, seed: 1))
        {
            (remote, local) = MeasureRates(batch, here);
        }
        Array.Sort(times);
        Array.Sort(grpcTimes);
        return new WireCost(transport, At(times, 0.5), At(times, 0.99), At(grpcTimes, 0.5), remote, local);
    }

    /// <summary>In turns, so that what else the machine does meets both alike.</summary>
    private static void MeasureLatency(RemoteEnvironment one, Func<byte[], byte[]> grpc, double[] times, double[] grpcTimes)
    {
        one.Reset();
        RandomActions.Fill(one, seed: 1);
        byte[] actions = (one.Actions.Length > 0 ? MemoryMarshal.AsBytes(one.Actions) : MemoryMarshal.AsBytes(one.DiscreteActions)).ToArray();
        for (int i = 0; i < WarmUpRequests; i++)
        {
            one.Step();
            grpc(actions);
        }
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < RequestsOfRound; i++)
            {
                long start = Stopwatch.GetTimestamp();
                one.Step();
                times[(round * RequestsOfRound) + i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            }
            for (int i = 0; i < RequestsOfRound; i++)
            {
                long start = Stopwatch.GetTimestamp();
                grpc(actions);
                grpcTimes[(round * RequestsOfRound) + i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            }
        }
    }

    private static (double Remote, double Local) MeasureRates(BatchEnvironment remote, BatchEnvironment local)
    {
        (double, double) best = default;
        foreach (var batch in (BatchEnvironment[])[remote, local])
        {
            batch.Reset();
            RandomActions.Fill(batch, seed: 1);
        }
        for (int round = 0; round < 3; round++)
            best = (Math.Max(best.Item1, Rate(remote)), Math.Max(best.Item2, Rate(local)));
        return best;
    }

    private static double Rate(BatchEnvironment batch)
    {
        const double Seconds = 1;
        for (int i = 0; i < 20; i++) batch.Step();
        long start = Stopwatch.GetTimestamp(), steps = 0;
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < Seconds)
        {
            for (int i = 0; i < 10; i++) batch.Step();
            steps += 10;
        }
        return steps * batch.Count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static WireAddress Address(string transport, string folder, string name)
        => transport == "tcp" ? WireAddress.Parse($"tcp://127.0.0.1:{FreePort()}") : WireAddress.Parse($"unix://{folder}/{name}-{transport}");

    private static int FreePort()
    {
        using var probe = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        probe.Start();
        return ((System.Net.IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static double At(double[] sorted, double quantile) => sorted[(int)(quantile * (sorted.Length - 1))];
}
