using System.Diagnostics;
using Sim.Agents.Networks;

namespace Sim.Bench.Agents;

/// <summary>
/// The networks' share of one DDPG update of a manipulation task (22 inputs, 5 actions, three layers of 256, 128 rows of
/// the agent's and 128 demonstrated ones), pass by pass: CPU time of one thread.
/// </summary>
internal static class DdpgShapedUpdate
{
    private const int Observations = 22, Actions = 5, Demonstrated = 128;

    private static readonly int[] s_hidden = [256, 256, 256];

    public static void Run(int rows, int updates)
    {
        var policy = new MlpShape(Observations, s_hidden, Actions, Activation.Relu);
        var value = new MlpShape(Observations + Actions, s_hidden, 1, Activation.Relu);
        INetwork Create(MlpShape shape, uint network)
            => NetworkFactory.Create(shape, MlpInitialiser.Uniform(shape, 1, network), new AdamSettings(), rows, NetworkBackend.Fused);
        using INetwork actor = Create(policy, 0), slowActor = Create(policy, 0), critic = Create(value, 1), slowCritic = Create(value, 1);
        using MatrixBuffer states = Noise(rows, Observations, 1), pairs = Noise(rows, Observations + Actions, 2);
        using MatrixBuffer values = Noise(rows, 1, 3), policies = Noise(rows, Actions, 4), byPair = Noise(rows, Observations + Actions, 5);
        (string Name, Action Pass)[] passes =
        [
            ("slow actor, forward", () => slowActor.Forward(states.Matrix)),
            ("slow critic, forward", () => slowCritic.Forward(pairs.Matrix)),
            ("critic, forward", () => critic.Forward(pairs.Matrix)),
            ("critic, backward", () => critic.Backward(pairs.Matrix, values.Matrix, parameterGradients: true)),
            ("critic, Adam", () => critic.Step(1e-3f)),
            ("Q-filter, forward", () => slowCritic.Forward(pairs.First(Demonstrated))),
            ("actor, forward", () => actor.Forward(states.Matrix)),
            ("critic, forward", () => critic.Forward(pairs.Matrix)),
            ("critic, backward to its inputs", () => critic.Backward(pairs.Matrix, values.Matrix, parameterGradients: false, byPair.Matrix)),
            ("Q-filter, forward", () => slowCritic.Forward(pairs.First(Demonstrated))),
            ("actor, backward", () => actor.Backward(states.Matrix, policies.Matrix, parameterGradients: true)),
            ("actor, Adam", () => actor.Step(1e-3f)),
            ("both Polyak steps", () => { slowActor.BlendFrom(actor, 0.005f); slowCritic.BlendFrom(critic, 0.005f); }),
        ];
        double[] best = new double[passes.Length];
        Array.Fill(best, double.PositiveInfinity);
        double bestUpdate = double.PositiveInfinity;
        var cpu = Environment.CpuUsage.TotalTime;
        for (int update = 0; update < updates; update++)
        {
            long begin = Stopwatch.GetTimestamp(), start = begin;
            for (int i = 0; i < passes.Length; i++)
            {
                passes[i].Pass();
                long end = Stopwatch.GetTimestamp();
                best[i] = Math.Min(best[i], Stopwatch.GetElapsedTime(start, end).TotalMilliseconds);
                start = end;
            }
            bestUpdate = Math.Min(bestUpdate, Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
        }
        for (int i = 0; i < passes.Length; i++) Console.WriteLine($"{passes[i].Name,-32} {best[i],7:0.000} ms");
        Console.WriteLine($"best update {bestUpdate:0.00} ms; CPU {(Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / updates:0.00} ms an update, {rows} rows, {updates} updates");
    }

    private static MatrixBuffer Noise(int rows, int columns, int seed)
    {
        var buffer = new MatrixBuffer(rows, columns);
        var random = new Random(seed);
        foreach (ref float value in buffer.Floats) value = random.NextSingle() - 0.5f;
        return buffer;
    }
}
