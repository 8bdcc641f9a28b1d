using Sim.Agents.Runs;
using Sim.Cli.Commands;
using Sim.Cli.Output;
using Sim.Environments;
using Sim.Environments.Benchmarks;
using Sim.Environments.Configuration;

namespace Sim.Cli.Actions;

internal static class BenchStepsAction
{
    private const int DefaultEnvironments = 4096;

    public static int Run(BenchStepsRequest request, CommandOutput output)
    {
        var definition = Refusal.Of(() => Registry.Find(request.Environment));
        var options = new EnvironmentOptions { Count = request.Environments ?? DefaultEnvironments, Threads = request.Threads ?? 0 };
        object settings = SettingsOverride.Apply(definition.DefaultSettings, request.Set);
        // Settings that contradict each other are found out when a batch is made.
        Refusal.Of(() => definition.Create(new EnvironmentOptions(), settings)).Dispose();
        var cost = StepBenchmark.Measure(definition, options, settings);
        output.Line($"{cost.Environment}: {cost.Environments} environments, {cost.Threads} threads, {cost.Lanes} lanes");
        output.Line($"  {SiPrefix.Format(cost.EnvStepsPerSecond)} steps/s, {SiPrefix.Format(cost.EnvStepsPerCpuSecond)} per second of one core");
        if (cost.ScalarEnvStepsPerCpuSecond is { } scalar)
            output.Line($"  {SiPrefix.Format(scalar)} per second of one core by the scalar code: {cost.EnvStepsPerCpuSecond / scalar:0.0} times fewer");
        output.Line($"  {cost.BytesAllocatedPerStep:0} bytes allocated a step");
        output.Result(cost);
        return ExitCode.Success;
    }
}
