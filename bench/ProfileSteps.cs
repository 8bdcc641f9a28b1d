using Sim.Environments;

namespace Sim.Bench;

/// <summary>A plain loop of steps for a profiler to watch.</summary>
public static class ProfileSteps
{
    /// <summary>Steps a batch for five CPU-seconds under one set of random actions.</summary>
    public static void Run(string id, int count, int lanes)
    {
        using var environments = Registry.Make(id, new EnvironmentOptions { Count = count, Lanes = lanes });
        environments.Reset();
        RandomActions.Fill(environments, 1);
        var start = Environment.CpuUsage.TotalTime;
        long steps = 0;
        double seconds = 0;
        while (seconds < 5)
        {
            for (int i = 0; i < 100; i++) environments.Step();
            steps += 100;
            seconds = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
        }
        Console.WriteLine($"{id}: {steps * count / seconds / 1e6:f2} M env-steps per CPU-second");
    }
}
