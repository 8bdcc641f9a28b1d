using System.Diagnostics;

namespace Sim.Environments.Benchmarks;

/// <summary>What stepping a batch costs. Action generation is not timed.</summary>
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
    /// <summary>Batches of actions to cycle through, so that no step sees a stale one for long.</summary>
    private const int ActionSets = 8;

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
        bool lanes = environments.Spec.Kind == "lanes";
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
        private readonly float[][] _actions;
        private readonly int[][] _choices;
        private readonly List<(double Wall, double Cpu, double Bytes)> _samples = [];
        private int _set;

        public Run(BatchEnvironment environments)
        {
            _environments = environments;
            _actions = new float[ActionSets][];
            _choices = new int[ActionSets][];
            for (int set = 0; set < ActionSets; set++)
            {
                RandomActions.Fill(environments, (ulong)set);
                _actions[set] = environments.Actions.ToArray();
                _choices[set] = environments.DiscreteActions.ToArray();
            }
            environments.Reset(seed: 1);
        }

        public void Warm()
        {
            // Past tiered compilation, and past the first episodes that all began together.
            var clock = Stopwatch.StartNew();
            while (clock.ElapsedMilliseconds < 700) Step();
        }

        public void Measure(double seconds)
        {
            long steps = 0;
            var wall = TimeSpan.Zero;
            var cpu = TimeSpan.Zero;
            long bytes = 0;
            while (wall.TotalSeconds < seconds)
            {
                LoadActions();
                long allocated = GC.GetTotalAllocatedBytes(precise: true);
                var cpuBefore = Environment.CpuUsage.TotalTime;
                long start = Stopwatch.GetTimestamp();
                int burst = Math.Max(1, 200_000 / _environments.Count);
                for (int i = 0; i < burst; i++) _environments.Step();
                wall += Stopwatch.GetElapsedTime(start);
                cpu += Environment.CpuUsage.TotalTime - cpuBefore;
                bytes += GC.GetTotalAllocatedBytes(precise: true) - allocated;
                steps += burst;
            }
            double environmentSteps = (double)steps * _environments.Count;
            _samples.Add((environmentSteps / wall.TotalSeconds, environmentSteps / cpu.TotalSeconds, (double)bytes / steps));
        }

        public double Median(Func<(double Wall, double Cpu, double Bytes), double> part)
            => _samples.Select(part).Order().ElementAt(_samples.Count / 2);

        private void Step()
        {
            LoadActions();
            _environments.Step();
        }

        private void LoadActions()
        {
            _set = (_set + 1) % ActionSets;
            _actions[_set].CopyTo(_environments.Actions);
            _choices[_set].CopyTo(_environments.DiscreteActions);
        }
    }
}
