using System.Diagnostics;
using Sim.Environments;
using Sim.Environments.Benchmarks;
using Sim.Protocols.Demonstrations;

namespace Sim.Protocols.Benchmarks;

/// <summary>A batch stepped as fast as it goes, by turns without recording and with.</summary>
internal sealed class RecordedBatch(EnvironmentDefinition definition, int count, int threads, string path)
{
    private const int Turns = 3;

    /// <summary>Rates in environment steps a second, medians over the turns.</summary>
    public (int Threads, double Plain, double Recorded, double MegabytesPerSecond, double BytesPerStep) Measure(double seconds)
    {
        using var environments = definition.Create(new EnvironmentOptions { Count = count, Threads = threads });
        var actions = new ActionCycle(environments);
        environments.Reset(seed: 1);
        // Past tiered compilation, and past the first episodes that all began together.
        Play(environments, actions, null, 1);
        Record(environments, actions, 1);
        var plain = new List<double>();
        var recorded = new List<(double Rate, double Megabytes, double Bytes)>();
        for (int turn = 0; turn < Turns; turn++)
        {
            plain.Add(Play(environments, actions, null, seconds / Turns / 4).Rate);
            recorded.Add(Record(environments, actions, seconds / Turns));
        }
        recorded.Sort((a, b) => a.Rate.CompareTo(b.Rate));
        var median = recorded[Turns / 2];
        return (environments.Threads, plain.Order().ElementAt(Turns / 2), median.Rate, median.Megabytes, median.Bytes);
    }

    private (double Rate, double Megabytes, double Bytes) Record(BatchEnvironment environments, ActionCycle actions, double seconds)
    {
        File.Delete(path);
        using var recorder = DemonstrationRecorder.Create(path, environments);
        environments.Reset();
        recorder.AfterReset();
        // Until lists and buffers have grown to what they need.
        Play(environments, actions, recorder, 0.5);
        long before = new FileInfo(path).Length;
        var (rate, bytes, elapsed) = Play(environments, actions, recorder, seconds);
        return (rate, (new FileInfo(path).Length - before) / 1e6 / elapsed, bytes);
    }

    private static (double Rate, double Bytes, double Seconds) Play(BatchEnvironment environments, ActionCycle actions, DemonstrationRecorder? recorder, double seconds)
    {
        const int Burst = 100;
        long steps = 0, allocated = GC.GetTotalAllocatedBytes(precise: true), start = Stopwatch.GetTimestamp();
        double elapsed = 0;
        while (elapsed < seconds)
        {
            for (int i = 0; i < Burst; i++)
            {
                actions.Load(environments);
                environments.Step();
                recorder?.AfterStep();
            }
            steps += Burst;
            elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        return (steps * environments.Count / elapsed, (GC.GetTotalAllocatedBytes(precise: true) - allocated) / (double)steps, elapsed);
    }
}
