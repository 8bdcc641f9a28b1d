using System.CommandLine;
using Sim.Agents.Mixers;
using Sim.Agents.MixerTasks;
using Sim.Cli.Parsing;
using Sim.Physics.Benchmarks;
using Sim.Protocols.Benchmarks;

namespace Sim.Cli.Commands;

/// <summary>What <c>sim bench steps</c> was asked for.</summary>
/// <param name="Environment">Id.</param>
/// <param name="Environments">Batch size.</param>
/// <param name="Threads">Threads that share it.</param>
/// <param name="Set">Settings of the environment, <c>key=value</c>.</param>
public sealed record BenchStepsRequest(string Environment, int? Environments, int? Threads, IReadOnlyList<string> Set);

/// <summary>What <c>sim bench physics</c> was asked for.</summary>
public sealed record BenchPhysicsRequest(string Scene, int? Environments, int? Threads, int? Substeps, string? Engine);

/// <summary>What <c>sim bench wire</c> was asked for.</summary>
public sealed record BenchWireRequest(string Environment, int? Environments, string? Transport);

/// <summary>What <c>sim bench grpc-peer</c>, the server that <c>bench wire</c> starts, was asked for.</summary>
public sealed record GrpcPeerRequest(string Environment, string Listen);

/// <summary>What <c>sim bench recording</c> was asked for.</summary>
public sealed record BenchRecordingRequest(string Environment, int? Environments, int? Threads, string? Folder);

/// <summary>What <c>sim bench mixers</c> was asked for.</summary>
public sealed record BenchMixersRequest(IReadOnlyList<string>? Mixers, IReadOnlyList<string>? Tasks, int? Seeds, float? Seconds, string? Out, bool Show);

internal static class BenchCommand
{
    public static Command Create(CommandFrame frame, CommandActions actions) => new("bench", "Measure speed on this machine.")
    {
        Steps(frame, actions.BenchSteps), Physics(frame, actions.BenchPhysics), Wire(frame, actions.BenchWire), GrpcPeer(frame, actions.GrpcPeer),
        Recording(frame, actions.BenchRecording), Mixers(frame, actions.BenchMixers),
    };

    private static Command Wire(CommandFrame frame, CommandAction<BenchWireRequest> action)
    {
        const string DefaultEnvironment = "quadrotor-hover";
        var environment = new Argument<string>("environment") { Description = $"What to step; {DefaultEnvironment} by default.", DefaultValueFactory = _ => DefaultEnvironment };
        var environments = Options.Count("--envs", "Environments of the large batch; 4096 by default.", 1, 1 << 17);
        var transport = Options.Choice("--transport", "One way; all by default.", [.. WireBenchmark.Transports]);
        var wire = new CommandWithExamples("wire", "Measure the way to a server in another process, against gRPC and against no way at all; with --json a line a transport.",
            "sim bench wire",
            "sim bench wire quadrotor-hover --transport unix --json")
        {
            environment, environments, transport,
        };
        return frame.Bind(wire, action, parsed => new BenchWireRequest(
            parsed.GetRequiredValue(environment), (int?)parsed.GetValue(environments), parsed.GetValue(transport)));
    }

    private static Command GrpcPeer(CommandFrame frame, CommandAction<GrpcPeerRequest> action)
    {
        var environment = new Argument<string>("environment");
        var listen = new Option<string>("--listen") { Required = true };
        var peer = new Command("grpc-peer", "The gRPC server that 'sim bench wire' starts; ends with its standard input.") { environment, listen };
        peer.Hidden = true;
        return frame.Bind(peer, action, parsed => new GrpcPeerRequest(parsed.GetRequiredValue(environment), parsed.GetRequiredValue(listen)));
    }

    private static Command Steps(CommandFrame frame, CommandAction<BenchStepsRequest> action)
    {
        var environment = new Argument<string>("environment") { Description = "What to step ('sim list' shows all)." };
        var environments = Options.Count("--envs", "Environments stepped together.", 1, 1 << 20);
        var threads = Options.Count("--threads", "Threads that step them; all cores by default.", 1, 1024);
        var set = Options.Set();
        set.Description = "Change settings of the environment ('sim info' lists them).";
        var steps = new CommandWithExamples("steps", "Measure environment steps a second, with random actions made beforehand.",
            "sim bench steps quadrotor-hover",
            "sim bench steps cartpole --envs 4096 --threads 1 --json",
            "sim bench steps pixel-pong --envs 256 --threads 1 --set view=grey84 --set frame_stack=4")
        {
            environment, environments, threads, set,
        };
        return frame.Bind(steps, action, parsed => new BenchStepsRequest(
            parsed.GetRequiredValue(environment), (int?)parsed.GetValue(environments), (int?)parsed.GetValue(threads), parsed.GetValue(set) ?? []));
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

    private static Command Mixers(CommandFrame frame, CommandAction<BenchMixersRequest> action)
    {
        var mixers = Options.Names("--mixers", "Mixers, in the order to run them in; all by default.", [.. SequenceMixers.All.Select(kind => kind.Name)]);
        var tasks = Options.Names("--tasks", "Tasks; all by default.", [.. SequenceTasks.All.Select(task => task.Name)]);
        var seeds = Options.Count("--seeds", "Runs of each mixer on each task, with the seeds 1, 2, …; 3 by default.", 1, 1000);
        var seconds = Options.Number("--seconds", "Processor time that a run may learn for; 60 by default.", 0.01f, 86_400);
        var file = new Option<string?>("--out") { Description = "Where each run is kept when it is done, to be skipped from then on; mixers.jsonl by default.", HelpName = "FILE" };
        var show = new Option<bool>("--show") { Description = "Only show what the file has." };
        var command = new CommandWithExamples("mixers", "Train sequence mixers on tasks that tell them apart, on one thread; with --json a line a run.",
            "sim bench mixers",
            "sim bench mixers --mixers mamba2,gru --tasks parity --seeds 1 --seconds 20",
            "sim bench mixers --tasks parity,mod-3 --out state.jsonl --json",
            "sim bench mixers --out state.jsonl --show")
        {
            mixers, tasks, seeds, seconds, file, show,
        };
        return frame.Bind(command, action, parsed => new BenchMixersRequest(
            parsed.GetValue(mixers), parsed.GetValue(tasks), (int?)parsed.GetValue(seeds), parsed.GetValue(seconds), parsed.GetValue(file), parsed.GetValue(show)));
    }
}
