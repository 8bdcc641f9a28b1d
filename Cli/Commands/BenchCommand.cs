using System.CommandLine;
using Sim.Cli.Parsing;
using Sim.Physics.Benchmarks;

namespace Sim.Cli.Commands;

/// <summary>What <c>sim bench steps</c> was asked for.</summary>
public sealed record BenchStepsRequest(string Environment, int? Environments, int? Threads);

/// <summary>What <c>sim bench physics</c> was asked for.</summary>
public sealed record BenchPhysicsRequest(string Scene, int? Environments, int? Threads, int? Substeps, string? Engine);

/// <summary>What <c>sim bench recording</c> was asked for.</summary>
public sealed record BenchRecordingRequest(string Environment, int? Environments, int? Threads, string? Folder);

internal static class BenchCommand
{
    public static Command Create(CommandFrame frame, CommandAction<BenchStepsRequest> steps, CommandAction<BenchPhysicsRequest> physics,
        CommandAction<BenchRecordingRequest> recording)
        => new("bench", "Measure speed on this machine.") { Steps(frame, steps), Physics(frame, physics), Recording(frame, recording) };

    private static Command Steps(CommandFrame frame, CommandAction<BenchStepsRequest> action)
    {
        var environment = new Argument<string>("environment") { Description = "What to step ('sim list' shows all)." };
        var environments = Options.Count("--envs", "Environments stepped together.", 1, 1 << 20);
        var threads = Options.Count("--threads", "Threads that step them; all cores by default.", 1, 1024);
        var steps = new CommandWithExamples("steps", "Measure environment steps a second, with random actions made beforehand.",
            "sim bench steps quadrotor-hover",
            "sim bench steps cartpole --envs 4096 --threads 1 --json")
        {
            environment, environments, threads,
        };
        return frame.Bind(steps, action, parsed => new BenchStepsRequest(
            parsed.GetRequiredValue(environment), (int?)parsed.GetValue(environments), (int?)parsed.GetValue(threads)));
    }

    private static Command Physics(CommandFrame frame, CommandAction<BenchPhysicsRequest> action)
    {
        string[] names = [.. BenchmarkScene.All.Select(known => known.Name)];
        var scene = new Argument<string>("scene") { Description = $"What to simulate: {string.Join(", ", names)}." };
        scene.CompletionSources.Add(names);
        var environments = Options.Count("--envs", "Environments stepped together; what suits the scene by default.", 1, 1 << 20);
        var threads = Options.Count("--threads", "Threads that step them; 1 by default.", 1, 1024);
        var substeps = Options.Count("--substeps", "Times a step is solved; what the scene needs by default.", 1, 1024);
        var engine = Options.Choice("--engine", "One engine; all that this build has by default.", PhysicsEngines.Batched, PhysicsEngines.Bepu);
        var physics = new CommandWithExamples("physics", "Measure physics engines on one scene; with --json a line an engine, the batched one last.",
            "sim bench physics rope",
            "sim bench physics surgical --envs 1024 --engine batched",
            "sim bench physics free-body --substeps 4 --json")
        {
            scene, environments, threads, substeps, engine,
        };
        return frame.Bind(physics, action, parsed => new BenchPhysicsRequest(parsed.GetRequiredValue(scene), (int?)parsed.GetValue(environments),
            (int?)parsed.GetValue(threads), (int?)parsed.GetValue(substeps), parsed.GetValue(engine)));
    }

    private static Command Recording(CommandFrame frame, CommandAction<BenchRecordingRequest> action)
    {
        var environment = new Argument<string>("environment") { Description = "What to record; quadrotor-hover by default.", DefaultValueFactory = _ => "quadrotor-hover" };
        var environments = Options.Count("--envs", "Size of the batch; 4096 by default.", 1, 1 << 20);
        var threads = Options.Count("--threads", "Threads that step it; all cores by default.", 1, 1024);
        var folder = Options.Folder("--folder", "Where to write, for the disk matters; the folder for temporary files by default.");
        var recording = new CommandWithExamples("recording", "Measure what recording demonstrations costs: one environment at 1 kHz and for an hour, and a batch.",
            "sim bench recording",
            "sim bench recording quadrotor-hover --envs 4096 --threads 1 --json")
        {
            environment, environments, threads, folder,
        };
        return frame.Bind(recording, action, parsed => new BenchRecordingRequest(parsed.GetRequiredValue(environment),
            (int?)parsed.GetValue(environments), (int?)parsed.GetValue(threads), parsed.GetValue(folder)));
    }
}
