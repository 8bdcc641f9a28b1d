using System.Diagnostics;
using System.Text.Json.Serialization;
using Sim.Physics.Worlds;

namespace Sim.Physics.Benchmarks;

/// <summary>What stepping a scene costs in one engine. Setting velocities and wrenches counts as part of the step.</summary>
/// <param name="Scene">Name.</param>
/// <param name="Engine">Name.</param>
/// <param name="Environments">Batch size.</param>
/// <param name="Threads">Threads that share it.</param>
/// <param name="Substeps">Times a step is solved.</param>
/// <param name="EnvStepsPerCpuSecond">By processor time of all threads.</param>
/// <param name="BytesPerEnvironment">Memory of one environment.</param>
public sealed record PhysicsCost(string Scene, string Engine, int Environments, int Threads, int Substeps, double EnvStepsPerCpuSecond, long BytesPerEnvironment)
{
    /// <summary>By the wall clock; for people, who see what else the machine did.</summary>
    [JsonIgnore]
    public double EnvStepsPerSecond { get; init; }
}

/// <summary>An engine could not hold a scene: its figures would mean nothing.</summary>
public sealed class UnstableSceneException(string message) : Exception(message);

/// <summary>Measures engines on a scene, taking turns, so that other work on the machine meets all of them.</summary>
public static class PhysicsBenchmark
{
    /// <summary>Turns of each engine, of which the best counts: other work only ever makes a turn slower.</summary>
    private const int Turns = 5;

    /// <summary>Past tiered compilation.</summary>
    private static readonly TimeSpan s_warmUp = TimeSpan.FromMilliseconds(700);

    /// <param name="scene">What is stepped.</param>
    /// <param name="engines">What steps it.</param>
    /// <param name="environments">Batch size.</param>
    /// <param name="threads">Threads of each engine.</param>
    /// <param name="substeps">Times a step is solved.</param>
    /// <param name="seconds">Roughly how long each engine is measured; warming up comes on top, one period of the scene at least.</param>
    /// <returns>One cost an engine, in the order of <paramref name="engines"/>.</returns>
    /// <exception cref="UnstableSceneException">An environment went wrong: the figures would mean nothing.</exception>
    public static IReadOnlyList<PhysicsCost> Measure(BenchmarkScene scene, IReadOnlyList<PhysicsEngine> engines, int environments, int threads, int substeps, double seconds = 3)
    {
        ArgumentNullException.ThrowIfNull(scene);
        ArgumentNullException.ThrowIfNull(engines);
        var built = scene.Build(substeps);
        var runs = new List<Run>();
        try
        {
            foreach (var engine in engines) runs.Add(new Run(scene, engine.Create(built, environments, threads)));
            foreach (var run in runs) run.Warm();
            for (int turn = 0; turn < Turns; turn++)
            {
                foreach (var run in runs) run.Measure(seconds / Turns);
            }
            return [.. runs.Select(run => run.Cost(threads))];
        }
        finally
        {
            foreach (var run in runs) run.Dispose();
        }
    }

    private sealed class Run(BenchmarkScene scene, PhysicsWorld world) : IDisposable
    {
        private readonly SceneDrive _drive = new(scene, world);
        private double _best, _bestByWall;

        /// <summary>Past compilation, first contacts, and the wait of the environments whose drive begins last.</summary>
        public void Warm()
        {
            long start = Stopwatch.GetTimestamp();
            for (int step = 0; step < scene.Period || Stopwatch.GetElapsedTime(start) < s_warmUp; step++) _drive.Step();
        }

        public void Measure(double seconds)
        {
            var cpu = Environment.CpuUsage.TotalTime;
            long start = Stopwatch.GetTimestamp();
            long steps = 0;
            double wall;
            do
            {
                _drive.Step();
                steps++;
                wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
            while (wall < seconds);
            double used = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
            _best = Math.Max(_best, steps * world.Count / used);
            _bestByWall = Math.Max(_bestByWall, steps * world.Count / wall);
        }

        public PhysicsCost Cost(int threads)
        {
            int faults = Enumerable.Range(0, world.Count).Count(environment => world.Fault(environment) != EnvironmentFault.None);
            int substeps = world.Scene.Settings.Substeps;
            if (faults > 0)
                throw new UnstableSceneException($"{world.Engine}: {faults} of {world.Count} environments of '{scene.Name}' went wrong with {substeps} substeps; it is made for {scene.Substeps}");
            return new PhysicsCost(scene.Name, world.Engine, world.Count, threads, substeps, _best, world.BytesPerEnvironment) { EnvStepsPerSecond = _bestByWall };
        }

        public void Dispose() => world.Dispose();
    }
}
