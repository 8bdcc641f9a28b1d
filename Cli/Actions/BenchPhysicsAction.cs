using Sim.Agents.Runs;
using Sim.Cli.Commands;
using Sim.Cli.Output;
using Sim.Environments.Configuration;
using Sim.Physics.Benchmarks;

namespace Sim.Cli.Actions;

internal static class BenchPhysicsAction
{
    public static int Run(BenchPhysicsRequest request, CommandOutput output)
    {
        var scene = Find(request.Scene);
        var engines = Engines(request.Engine);
        int environments = request.Environments ?? scene.Environments, substeps = request.Substeps ?? scene.Substeps;
        var costs = Refusal.Of(() => PhysicsBenchmark.Measure(scene, engines, environments, request.Threads ?? 1, substeps));
        output.Line($"{scene.Name}: {scene.Summary}");
        output.Line($"  {environments} environments, {costs[^1].Threads} threads, {substeps} substeps a step");
        output.Table(["engine", "steps/s", "per second of one core", "bytes an environment", "times the slowest"], Rows(costs));
        output.Results(costs);
        return ExitCode.Success;
    }

    private static IEnumerable<string[]> Rows(IReadOnlyList<PhysicsCost> costs)
    {
        double slowest = costs.Min(cost => cost.EnvStepsPerCpuSecond);
        return costs.Select(cost => new[]
        {
            cost.Engine, SiPrefix.Format(cost.EnvStepsPerSecond), SiPrefix.Format(cost.EnvStepsPerCpuSecond),
            SiPrefix.Format(cost.BytesPerEnvironment), $"{cost.EnvStepsPerCpuSecond / slowest:0.0}",
        });
    }

    private static BenchmarkScene Find(string name)
    {
        var names = BenchmarkScene.All.SelectMany(scene => scene.Aliases.Prepend(scene.Name)).ToList();
        return names.Contains(name)
            ? BenchmarkScene.Find(name)
            : throw new BadInputException($"unknown scene '{name}'; did you mean '{NearestName.Of(name, names)}'?");
    }

    private static List<PhysicsEngine> Engines(string? name)
    {
        var engines = PhysicsEngines.All.Where(engine => name is null || engine.Name == name).ToList();
        return engines.Count > 0
            ? engines
            : throw new BadInputException($"--engine {name ?? PhysicsEngines.Batched} is not valid: this build has [{string.Join(", ", PhysicsEngines.All.Select(engine => engine.Name))}]; {PhysicsEngines.Bepu} comes with -p:BepuPhysics=true on the build.");
    }
}
