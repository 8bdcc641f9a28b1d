using System.Globalization;
using Sim.Environments;

namespace Sim.Bench;

/// <summary>
/// What a step costs under the scripted expert, in control steps a second of processor time, one thread: with its thinking, and without it, by taking
/// the same actions from the same start again. Long and busy episodes cost another price than those of random actions.
/// </summary>
internal static class ExpertSteps
{
    private const int Warm = 60, Repetitions = 3;

    private const ulong Seed = 1;

    public static int Run(string id, int count, int steps)
    {
        var definition = Registry.Find(id);
        if (definition.Expert is not { } expert)
        {
            Console.Error.WriteLine($"{id} has no scripted expert");
            return 2;
        }
        var options = new EnvironmentOptions { Count = count, Threads = 1 };
        using var watched = definition.Create(options with { Privileged = true });
        using var environments = definition.Create(options);
        using var actor = expert(watched);
        var taken = new TakenActions(environments, Warm + steps);
        for (int repetition = 0; repetition < Repetitions; repetition++)
        {
            int ended = 0, succeeded = 0;
            double thinking = Time(watched, steps, step =>
            {
                actor.Act(watched);
                taken.Keep(watched, step);
            }, () => CountEnds(watched, ref ended, ref succeeded));
            double alone = Time(environments, steps, step => taken.Load(environments, step), () => { });
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{id}, {count} environments: {(double)count * steps / alone / 1e6:F2} M control steps per CPU-second, {(double)count * steps / thinking / 1e6:F2} M with the expert's thinking, {succeeded} of {ended} episodes succeeded"));
        }
        return 0;
    }

    /// <summary>Processor time of steps after the first <see cref="Warm"/>, from the same start each time.</summary>
    private static double Time(BatchEnvironment environments, int steps, Action<int> act, Action look)
    {
        environments.Reset(Seed);
        TimeSpan before = default;
        for (int step = 0; step < Warm + steps; step++)
        {
            if (step == Warm) before = Environment.CpuUsage.TotalTime;
            act(step);
            environments.Step();
            if (step >= Warm) look();
        }
        return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }

    private static void CountEnds(BatchEnvironment environments, ref int ended, ref int succeeded)
    {
        for (int lane = 0; lane < environments.Count; lane++)
        {
            if (!environments.Truncated[lane] && !environments.Terminated[lane]) continue;
            ended++;
            if (environments.IsSuccess[lane]) succeeded++;
        }
    }

    /// <summary>What was done in every step.</summary>
    private sealed class TakenActions(BatchEnvironment environments, int steps)
    {
        private readonly float[] _numbers = new float[environments.Actions.Length * steps];
        private readonly int[] _choices = new int[environments.DiscreteActions.Length * steps];

        public void Keep(BatchEnvironment from, int step)
        {
            from.Actions.CopyTo(Of(_numbers, from.Actions, step));
            from.DiscreteActions.CopyTo(Of(_choices, from.DiscreteActions, step));
        }

        public void Load(BatchEnvironment into, int step)
        {
            Of(_numbers, into.Actions, step).CopyTo(into.Actions);
            Of(_choices, into.DiscreteActions, step).CopyTo(into.DiscreteActions);
        }

        private static Span<T> Of<T>(T[] all, Span<T> one, int step) => all.AsSpan(step * one.Length, one.Length);
    }
}
