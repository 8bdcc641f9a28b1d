using static TorchSharp.torch;

namespace Sim.Agents.MixerTasks;

/// <summary>What both forms of a network cost on the CPU, in processor time.</summary>
/// <param name="ForwardTokensPerSecond">All moments at once, without derivatives.</param>
/// <param name="StepTokensPerSecond">One moment after the other, without derivatives.</param>
/// <param name="LearnsBySteps">Whether one moment after the other is the faster way to derivatives.</param>
public sealed record TaskCosts(double ForwardTokensPerSecond, double StepTokensPerSecond, bool LearnsBySteps)
{
    private const int LongestWindow = 64, Rounds = 2;

    /// <summary>Measures on a batch as updates have it, of <see cref="LongestWindow"/> moments at most; the first round of each only warms up.</summary>
    public static TaskCosts Measure(TaskNetwork network, SequenceTask task, int sequences)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(task);
        using var scope = NewDisposeScope();
        int length = Math.Max(task.ShortestLength, Math.Min(task.TrainingLength, LongestWindow));
        var tokens = task.Draw(sequences, length, new TaskDraws(0, 0)).Tokens;
        double count = (double)sequences * length;
        bool bySteps = Least(() => Learn(network, tokens, true)) < Least(() => Learn(network, tokens, false));
        return new(count / Least(() => Answer(network, tokens, false)), count / Least(() => Answer(network, tokens, true)), bySteps);
    }

    private static void Learn(TaskNetwork network, Tensor tokens, bool bySteps)
    {
        network.Logits(tokens, bySteps).pow(2).mean().backward();
        foreach (var parameter in network.parameters()) parameter.grad?.zero_();
    }

    private static void Answer(TaskNetwork network, Tensor tokens, bool bySteps)
    {
        using var withoutGraph = no_grad();
        network.Logits(tokens, bySteps);
    }

    private static double Least(Action work)
    {
        double least = double.MaxValue;
        for (int round = 0; round <= Rounds; round++)
        {
            using var scope = NewDisposeScope();
            var before = Environment.CpuUsage.TotalTime;
            work();
            if (round > 0) least = Math.Min(least, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
        }
        return least;
    }
}
