using System.Diagnostics;
using Sim.Agents.Networks;
using Sim.Agents.Torch;
using Sim.Physics.Threading;

namespace Sim.Bench.Agents;

/// <summary>
/// What the two network backends cost: milliseconds per SAC-shaped update by width, and rows per second of a
/// PPO-shaped minibatch. Best of many short rounds, which alternate between the
/// backends, so that some fall between the work of other processes.
/// </summary>
public static class NetworkUpdate
{
    private const int Rounds = 40, RolloutRows = 8192, RolloutInputs = 82;

    public static void Run()
    {
        Console.WriteLine("SAC-shaped update, batch 100, one thread: CPU ms, best of 40");
        Console.WriteLine("width      fused      torch    ratio");
        foreach (int width in (int[])[32, 64, 128, 256])
        {
            using var fused = new SacShapedUpdate(width, NetworkBackend.Fused);
            using var torch = new SacShapedUpdate(width, NetworkBackend.Torch);
            double[] best = BestSeconds(Cpu, fused.Run, torch.Run);
            Console.WriteLine($"{width,5} {best[0] * 1e3,10:F4} {best[1] * 1e3,10:F4} {best[1] / best[0],8:F2}");
        }

        Console.WriteLine();
        Console.WriteLine($"PPO-shaped: {RolloutInputs}-64-64-9 tanh, {RolloutRows} rows: million rows per second, best of 40");
        Console.WriteLine("threads  forward fused  torch   forward+backward+step fused  torch");
        foreach (int threads in (int[])[1, 2])
        {
            Ppo(threads);
        }
    }

    private static void Ppo(int threads)
    {
        var shape = new MlpShape(RolloutInputs, [64, 64], 9, Activation.Tanh);
        float[] initial = MlpInitialiser.Orthogonal(shape, 1, 0, 0.01f);
        using var pool = new WorkerPool(threads);
        TorchRuntime.Threads = threads;
        using var fused = NetworkFactory.Create(shape, initial, new AdamSettings(), RolloutRows, NetworkBackend.Fused, pool: pool);
        using var torch = NetworkFactory.Create(shape, initial, new AdamSettings(), RolloutRows, NetworkBackend.Torch);
        using var inputs = new MatrixBuffer(RolloutRows, RolloutInputs);
        using var gradients = new MatrixBuffer(RolloutRows, 9);
        for (int i = 0; i < inputs.Floats.Length; i++)
        {
            inputs.Floats[i] = MathF.Sin(i);
        }
        gradients.Floats.Fill(1e-4f);

        // CPU time counts one thread best on a shared machine; with more, the point is that wall time falls.
        Func<long> clock = threads == 1 ? Cpu : Stopwatch.GetTimestamp;
        double[] forward = BestSeconds(clock, () => fused.Forward(inputs.Matrix), () => torch.Forward(inputs.Matrix));
        double[] update = BestSeconds(clock, () => Update(fused), () => Update(torch));
        Console.WriteLine($"{threads,7} {RolloutRows / forward[0] / 1e6,14:F2} {RolloutRows / forward[1] / 1e6,6:F2} "
            + $"{RolloutRows / update[0] / 1e6,29:F2} {RolloutRows / update[1] / 1e6,6:F2}");
        TorchRuntime.Threads = 1;

        void Update(INetwork network)
        {
            network.Forward(inputs.Matrix);
            network.Backward(inputs.Matrix, gradients.Matrix, true);
            network.Step(1e-4f);
        }
    }

    /// <summary>Best time per call of each candidate, over rounds of about 20 milliseconds that alternate.</summary>
    private static double[] BestSeconds(Func<long> clock, params Action[] candidates)
    {
        const double seconds = 0.02, warmUp = 20 * seconds;
        var calls = new int[candidates.Length];
        for (int i = 0; i < candidates.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            // Warm-up and calibration: long enough for the JIT to be done with its last tier.
            for (; Stopwatch.GetElapsedTime(start).TotalSeconds < warmUp; calls[i]++)
            {
                candidates[i]();
            }
            calls[i] = Math.Max(1, (int)(calls[i] * seconds / warmUp));
        }
        var best = new double[candidates.Length];
        Array.Fill(best, double.PositiveInfinity);
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < candidates.Length; i++)
            {
                long start = clock();
                for (int call = 0; call < calls[i]; call++)
                {
                    candidates[i]();
                }
                double elapsed = (double)(clock() - start) / Stopwatch.Frequency;
                best[i] = Math.Min(best[i], elapsed / calls[i]);
            }
        }
        return best;
    }

    /// <summary>CPU time of the process in stopwatch ticks.</summary>
    private static long Cpu()
        => (long)(Environment.CpuUsage.TotalTime.TotalSeconds * Stopwatch.Frequency);
}
