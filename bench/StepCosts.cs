using Sim.Environments;
using Sim.Environments.Benchmarks;

namespace Sim.Bench;

/// <summary>What full steps of one environment cost, wide and scalar.</summary>
public static class StepCosts
{
    public static void Run(string id, int count, int threads, int lanes)
    {
        var cost = StepBenchmark.Measure(Registry.Find(id), new EnvironmentOptions { Count = count, Threads = threads, Lanes = lanes });
        Console.WriteLine(FormattableString.Invariant(
            $"{cost.Environment}: {count} environments, {cost.Threads} threads, {cost.Lanes} lanes: {cost.EnvStepsPerCpuSecond / 1e6:f2} M env-steps per CPU-second, {cost.EnvStepsPerSecond / 1e6:f2} M a second, {cost.EnvStepsPerCpuSecond / cost.ScalarEnvStepsPerCpuSecond:f1} times scalar, {cost.BytesAllocatedPerStep:f0} bytes a step"));
    }
}
