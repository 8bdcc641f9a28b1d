using Sim.Environments;
using Sim.Environments.Benchmarks;

namespace Sim.Bench;

/// <summary>A plain loop of steps for a profiler to watch.</summary>
public static class ProfileSteps
{
    /// <summary>Steps a batch for five CPU-seconds under random actions, their copies included.</summary>
    public static void Run(string id, int count, int lanes)
    {
        using var environments = Registry.Make(id, new EnvironmentOptions { Count = count, Lanes = lanes });
        environments.Reset();
        var actions = new ActionCycle(environments);
        var start = Environment.CpuUsage.TotalTime;
        long steps = 0, episodes = 0;
        double seconds = 0;
        while (seconds < 5)
        {
            for (int i = 0; i < 100; i++)
            {
                actions.Load(environments);
                environments.Step();
            }
            steps += 100;
            for (int lane = 0; lane < count; lane++)
                if (environments.Terminated[lane] | environments.Truncated[lane]) episodes++;
            seconds = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
        }
        Console.WriteLine($"{id}: {steps * count / seconds / 1e6:f2} M env-steps per CPU-second; an episode ends every {(double)steps / 100 * count / Math.Max(1, episodes):f0} steps");
    }
}
