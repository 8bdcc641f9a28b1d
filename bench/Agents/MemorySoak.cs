using System.Diagnostics;
using System.Globalization;
using Sim.Agents.Networks;
using Sim.Agents.Ppo;
using Sim.Agents.Training;
using Sim.Environments;

namespace Sim.Bench.Agents;

/// <summary>
/// Trains for minutes and watches the memory: resident bytes (native and managed together) and the managed heap.
/// </summary>
public static class MemorySoak
{
    /// <summary>Prints a line every 30 seconds and the growth after the first minute.</summary>
    /// <param name="backend">fused or torch.</param>
    /// <param name="minutes">How long.</param>
    public static void Run(string backend, double minutes)
    {
        var settings = new PpoSettings
        {
            Environments = 64,
            RolloutSteps = 64,
            Minibatch = 512,
            Steps = long.MaxValue / 2,
            LearningRate = 1e-4f,
            Schedule = LearningRateSchedule.Constant,
            NormaliseObservations = true,
            NormaliseRewards = true,
            Backend = Enum.Parse<NetworkBackend>(backend, ignoreCase: true),
        };
        using var environments = Registry.Make("quadrotor-hover", new EnvironmentOptions { Count = settings.Environments });
        using var ppo = new Ppo(new LearnerContext(environments, Seed: 1, settings.Steps), settings);
        ppo.Begin();
        var clock = Stopwatch.StartNew();
        double next = 0.5;
        (double Resident, double Heap)? afterFirst = null, last = null;
        while (clock.Elapsed.TotalMinutes < minutes)
        {
            ppo.Iterate();
            if (clock.Elapsed.TotalMinutes < next) continue;
            next += 0.5;
            using var process = Process.GetCurrentProcess();
            last = (process.WorkingSet64 / 1048576.0, GC.GetTotalMemory(forceFullCollection: true) / 1048576.0);
            if (clock.Elapsed.TotalMinutes >= 1) afterFirst ??= last;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{clock.Elapsed.TotalMinutes:f1} min  {ppo.Steps} steps  resident {last.Value.Resident:f1} MiB  managed heap {last.Value.Heap:f2} MiB"));
        }
        if (afterFirst is { } first && last is { } end)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{backend}: after the first minute resident memory grew by {(end.Resident / first.Resident) - 1:p2}, the managed heap by {(end.Heap / first.Heap) - 1:p2}"));
        }
    }
}
