using System.Diagnostics;

namespace Sim.Environments.Benchmarks;

/// <summary>What stepping a batch costs under random actions. Making and copying them is not counted.</summary>
/// <param name="Environment">Id.</param>
/// <param name="Environments">Batch size.</param>
/// <param name="Threads">Threads that share it.</param>
/// <param name="Lanes">Environments a register.</param>
/// <param name="EnvStepsPerSecond">By the wall clock.</param>
/// <param name="EnvStepsPerCpuSecond">By processor time of all threads.</param>
/// <param name="ScalarEnvStepsPerCpuSecond">The scalar instantiation of the same source, one thread; null for scalar kernels.</param>
/// <param name="BytesAllocatedPerStep">Managed bytes per batch step.</param>
public sealed record StepCost(string Environment, int Environments, int Threads, int Lanes, double EnvStepsPerSecond,
    double EnvStepsPerCpuSecond, double? ScalarEnvStepsPerCpuSecond, double BytesAllocatedPerStep);

/// <summary>Measures full steps: dynamics, observation, reward, resets, random numbers.</summary>
public static class StepBenchmark
{
    /// <summary>Interleaved measurements, of which the median counts: other work on the machine comes and goes.</summary>
    private const int Repetitions = 5;

    /// <param name="definition">The environment.</param>
    /// <param name="options">Batch size, threads, lanes.</param>
    /// <param name="settings">Its configuration; default when null.</param>
    /// <param name="seconds">Roughly how long to measure in all.</param>
    public static StepCost Measure(EnvironmentDefinition definition, EnvironmentOptions options, object? settings = null, double seconds = 3)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(options);
        using var environments = definition.Create(options, settings);
        bool lanes = environments.Spec.Kind is "lanes" or "scene";
        using var scalar = lanes ? definition.Create(options with { Lanes = 1, Threads = 1 }, settings) : null;
        var wide = new Run(environments);
        var reference = scalar is null ? null : new Run(scalar);
        wide.Warm();
        reference?.Warm();
        double slice = seconds / Repetitions / (reference is null ? 1 : 2);
        for (int i = 0; i < Repetitions; i++)
        {
            wide.Measure(slice);
            reference?.Measure(slice);
        }
        return new StepCost(definition.Id, environments.Count, environments.Threads, environments.Lanes, wide.Median(sample => sample.Wall),
            wide.Median(sample => sample.Cpu), reference?.Median(sample => sample.Cpu), wide.Median(sample => sample.Bytes));
    }

    private sealed class Run
    {
        private readonly BatchEnvironment _environments;
        private readonly ActionCycle _actions;
        private readonly List<(double Wall, double Cpu, double Bytes)> _samples = [];

        public Run(BatchEnvironment environments)
        {
            _environments = environments;
            _actions = new ActionCycle(environments);
            environments.Reset(seed: 1);
        }

        public void Warm()
        {
            // Past tiered compilation, and past the first episodes that all began together.
            var clock = Stopwatch.StartNew();
            while (clock.ElapsedMilliseconds < 700) Burst(100, step: true);
        }

        public void Measure(double seconds)
        {
            int burst = Math.Max(1, 200_000 / _environments.Count);
            long steps = 0;
            double wall = 0, cpu = 0;
            long bytes = 0;
            while (wall < seconds)
            {
                // New actions come before every step; what their copies cost alone is taken off again.
                long allocated = GC.GetTotalAllocatedBytes(precise: true);
                var both = Time(burst, step: true);
                bytes += GC.GetTotalAllocatedBytes(precise: true) - allocated;
                var copies = Time(burst, step: false);
                wall += both.Wall - copies.Wall;
                cpu += both.Cpu - copies.Cpu;
                steps += burst;
            }
            double environmentSteps = (double)steps * _environments.Count;
            _samples.Add((environmentSteps / wall, environmentSteps / cpu, (double)bytes / steps));
        }

        public double Median(Func<(double Wall, double Cpu, double Bytes), double> part)
            => _samples.Select(part).Order().ElementAt(_samples.Count / 2);

        private (double Wall, double Cpu) Time(int burst, bool step)
        {
            var cpu = Environment.CpuUsage.TotalTime;
            long start = Stopwatch.GetTimestamp();
            Burst(burst, step);
            return (Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
        }

        private void Burst(int count, bool step)
        {
            for (int i = 0; i < count; i++)
            {
                _actions.Load(_environments);
                if (step) _environments.Step();
            }
        }
    }
}
