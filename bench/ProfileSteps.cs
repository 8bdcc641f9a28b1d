using Sim.Environments;
using Sim.Environments.Benchmarks;

namespace Sim.Bench;

/// <summary>A plain loop of steps for a profiler to watch, and for comparing two builds on a machine with other work.</summary>
public static class ProfileSteps
{
    private const int StepsABurst = 100;

    /// <summary>Steps a batch for five CPU-seconds under random actions, their copies included; prints the median and the best burst.</summary>
    public static void Run(string id, int count, int lanes)
    {
        using var environments = Registry.Make(id, new EnvironmentOptions { Count = count, Lanes = lanes });
        environments.Reset();
        var actions = new ActionCycle(environments);
        var start = Environment.CpuUsage.TotalTime;
        var rates = new List<double>();
        long ends = 0;
        double seconds = 0;
        while (seconds < 5)
        {
            var before = Environment.CpuUsage.TotalTime;
            for (int i = 0; i < StepsABurst; i++)
            {
                actions.Load(environments);
                environments.Step();
            }
            rates.Add((double)StepsABurst * count / (Environment.CpuUsage.TotalTime - before).TotalSeconds);
            for (int lane = 0; lane < count; lane++)
                if (environments.Terminated[lane] | environments.Truncated[lane]) ends++;
            seconds = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
        }
        rates.Sort();
        Console.WriteLine(FormattableString.Invariant(
            $"{id}: {rates[rates.Count / 2] / 1e6:f2} M env-steps per CPU-second (best {rates[rates.Count * 95 / 100] / 1e6:f2}); an episode ends every {(double)rates.Count * count / Math.Max(1, ends):f0} steps"));
    }
}
