using System.Diagnostics;
using System.Globalization;
using Sim.Environments;

namespace Sim.Bench;

/// <summary>
/// What a step costs under the scripted expert, its thinking counted: control steps a second of processor time, one thread. Long and busy episodes
/// cost another price than those of random actions.
/// </summary>
internal static class ExpertSteps
{
    private const int Warm = 60, Repetitions = 3;

    public static int Run(string id, int count, int steps)
    {
        var definition = Registry.Find(id);
        if (definition.Expert is not { } expert)
        {
            Console.Error.WriteLine($"{id} has no scripted expert");
            return 2;
        }
        using var environments = definition.Create(new EnvironmentOptions { Count = count, Threads = 1, Privileged = true });
        using var actor = expert(environments);
        environments.Reset();
        Play(environments, actor, Warm, out _, out _);
        for (int repetition = 0; repetition < Repetitions; repetition++)
        {
            var before = Process.GetCurrentProcess().TotalProcessorTime;
            Play(environments, actor, steps, out int ended, out int succeeded);
            double seconds = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{id}, {count} environments: {(double)count * steps / seconds:F0} control steps per CPU-second, {succeeded} of {ended} episodes succeeded"));
        }
        return 0;
    }

    private static void Play(BatchEnvironment environments, IActor actor, int steps, out int ended, out int succeeded)
    {
        (ended, succeeded) = (0, 0);
        for (int step = 0; step < steps; step++)
        {
            actor.Act(environments);
            environments.Step();
            for (int lane = 0; lane < environments.Count; lane++)
            {
                if (!environments.Truncated[lane] && !environments.Terminated[lane]) continue;
                ended++;
                if (environments.IsSuccess[lane]) succeeded++;
            }
        }
    }
}
