using System.Diagnostics;
using Sim.Environments;
using Sim.Environments.Benchmarks;
using Sim.Protocols.Demonstrations;

namespace Sim.Protocols.Benchmarks;

/// <summary>What recording costs. Rates count environment steps.</summary>
/// <param name="Environment">Id.</param>
/// <param name="KilohertzCpuMicroseconds">One environment, chunks and syncs as they fall at 1 kHz: processor time of all threads a step.</param>
/// <param name="KilohertzShare">The same as a share of the period of 1 ms.</param>
/// <param name="CallMedianMicroseconds">One environment, paced at 1 kHz by the wall clock: what a call takes, median.</param>
/// <param name="Call999Microseconds">The same, 99.9th percentile.</param>
/// <param name="HourCpuSeconds">One environment for an hour at 60 Hz: processor time of all threads.</param>
/// <param name="HourShare">The same as a share of the hour, which is that of a control period.</param>
/// <param name="HourMegabytes">How much larger the process became by all that, at most: what the runtime compiles included.</param>
/// <param name="HourFileMegabytes">What an hour takes on the disk.</param>
/// <param name="Environments">Size of the batch below.</param>
/// <param name="Threads">Threads that step it.</param>
/// <param name="StepsPerSecond">Rate without recording.</param>
/// <param name="RecordedStepsPerSecond">Rate with recording.</param>
/// <param name="Kept">Share of the rate that is left.</param>
/// <param name="MegabytesPerSecond">What was written meanwhile.</param>
/// <param name="BytesAllocatedPerStep">Managed bytes that all threads allocate in a step of the recorded batch.</param>
public sealed record RecordingCost(string Environment, double KilohertzCpuMicroseconds, double KilohertzShare, double CallMedianMicroseconds,
    double Call999Microseconds, double HourCpuSeconds, double HourShare, double HourMegabytes, double HourFileMegabytes, int Environments, int Threads,
    double StepsPerSecond, double RecordedStepsPerSecond, double Kept, double MegabytesPerSecond, double BytesAllocatedPerStep);

/// <summary>Measures recording: one environment at 1 kHz and for an hour, and a batch as fast as it goes.</summary>
public static class RecordingBenchmark
{
    private const int Hertz = 60, HourSteps = 3600 * Hertz, KilohertzSteps = 600_000, PacedSteps = 3000;

    /// <param name="definition">The environment.</param>
    /// <param name="environments">Size of the batch.</param>
    /// <param name="threads">Threads that step it; 0 for all cores.</param>
    /// <param name="folder">Where to write; what is written is removed.</param>
    /// <param name="seconds">Time to record the batch for, in three turns; each should be long enough for the disk to be asked for its word.</param>
    public static RecordingCost Measure(EnvironmentDefinition definition, int environments = 4096, int threads = 0, string? folder = null, double seconds = 36)
    {
        ArgumentNullException.ThrowIfNull(definition);
        string path = Path.Combine(folder ?? Path.GetTempPath(), $"sim-recording-{Environment.ProcessId}.simdemo");
        try
        {
            long small = WorkingSet();
            Alone(definition, path, HourSteps / 10, Hertz, small);
            var kilohertz = Alone(definition, path, KilohertzSteps, 1000, small);
            var calls = Paced(definition, path);
            var hour = Alone(definition, path, HourSteps, Hertz, small);
            var batch = new RecordedBatch(definition, environments, threads, path).Measure(seconds);
            double perStep = 1e6 * kilohertz.CpuSeconds / KilohertzSteps;
            return new(definition.Id, perStep, perStep / 1000, calls.Median, calls.Percentile999, hour.CpuSeconds, hour.CpuSeconds / 3600, hour.Megabytes,
                hour.FileMegabytes, environments, batch.Threads, batch.Plain, batch.Recorded, batch.Recorded / batch.Plain, batch.MegabytesPerSecond, batch.BytesPerStep);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>One environment on a clock of its own: the same steps without recording and with, apart.</summary>
    private static (double CpuSeconds, double Megabytes, double FileMegabytes) Alone(EnvironmentDefinition definition, string path, int steps, int hertz, long small)
    {
        File.Delete(path);
        using var environments = definition.Create(new EnvironmentOptions());
        var actions = new ActionCycle(environments);
        environments.Reset(seed: 1);
        var before = Environment.CpuUsage.TotalTime;
        for (int step = 0; step < steps; step++)
        {
            actions.Load(environments);
            environments.Step();
        }
        var plain = Environment.CpuUsage.TotalTime - before;

        var clock = new SimulatedClock();
        long large = small;
        before = Environment.CpuUsage.TotalTime;
        using (var recorder = DemonstrationRecorder.Create(path, environments, new() { Clock = clock }))
        {
            environments.Reset(seed: 1);
            recorder.AfterReset();
            for (int step = 0; step < steps; step++)
            {
                actions.Load(environments);
                environments.Step();
                clock.Advance(TimeSpan.FromSeconds(1.0 / hertz));
                recorder.AfterStep();
                if (step % 10_000 == 0) large = Math.Max(large, WorkingSet());
            }
        }
        var recorded = Environment.CpuUsage.TotalTime - before;
        large = Math.Max(large, WorkingSet());
        return ((recorded - plain).TotalSeconds, (large - small) / 1e6, new FileInfo(path).Length / 1e6);
    }

    /// <summary>What a call takes from the loop that makes it, when the loop keeps time.</summary>
    private static (double Median, double Percentile999) Paced(EnvironmentDefinition definition, string path)
    {
        File.Delete(path);
        using var environments = definition.Create(new EnvironmentOptions());
        var actions = new ActionCycle(environments);
        double[] calls = new double[PacedSteps];
        using (var recorder = DemonstrationRecorder.Create(path, environments))
        {
            environments.Reset(seed: 1);
            recorder.AfterReset();
            long start = Stopwatch.GetTimestamp();
            for (int step = 0; step < PacedSteps; step++)
            {
                while (Stopwatch.GetElapsedTime(start).TotalMilliseconds < step) Thread.Sleep(0);
                actions.Load(environments);
                environments.Step();
                long before = Stopwatch.GetTimestamp();
                recorder.AfterStep();
                calls[step] = Stopwatch.GetElapsedTime(before).TotalMicroseconds;
            }
        }
        Array.Sort(calls);
        return (calls[PacedSteps / 2], calls[PacedSteps * 999 / 1000]);
    }

    private static long WorkingSet()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
