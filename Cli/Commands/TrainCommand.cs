using System.CommandLine;
using Sim.Agents;
using Sim.Cli.Parsing;

namespace Sim.Cli.Commands;

/// <summary>What <c>sim train</c> was asked for; null where the agent's own choice for the environment stands.</summary>
public sealed record TrainRequest
{
    /// <summary>Absent only when resuming.</summary>
    public string? Environment { get; init; }
    public string? Agent { get; init; }

    /// <summary>Name of a preset of the agent for the environment.</summary>
    public string? Preset { get; init; }

    /// <summary>At least one; several train one after the other.</summary>
    public required IReadOnlyList<ulong> Seeds { get; init; }
    public int? Environments { get; init; }
    public int? Threads { get; init; }
    public string? Device { get; init; }
    public long? Steps { get; init; }
    public IReadOnlyList<string> Set { get; init; } = [];
    public string? Out { get; init; }
    public string? Resume { get; init; }

    /// <summary>Files of demonstrations, in their order.</summary>
    public IReadOnlyList<string> Demos { get; init; } = [];
}

internal static class TrainCommand
{
    public static Command Create(CommandFrame frame, CommandAction<TrainRequest> action)
    {
        var environment = new Argument<string?>("environment")
        {
            Description = "What to train on ('sim list' shows all); not needed with --resume.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var agent = Options.Choice("--agent", "The algorithm.", [.. Algorithms.All.Select(algorithm => algorithm.Name)]);
        var preset = new Option<string?>("--preset") { Description = "Settings that the agent has for the environment under a name, such as published.", HelpName = "NAME" };
        var seed = Options.Count("--seed", "Seed of everything random; 1 by default.", 0);
        var seeds = Options.Seeds();
        var environments = Options.Count("--envs", "Environments stepped together.", 1, 1 << 20);
        var threads = Options.Count("--threads", "Threads that step them; all cores by default.", 1, 1024);
        var device = Options.Device();
        var steps = Options.Count("--steps", "Environment steps to train for, such as 300k or 5M.", 1);
        var set = Options.Set();
        var output = Options.Folder("--out", "The run's folder; runs/<environment>-<seed> by default.");
        var demos = Options.Files("--demos", "Demonstrations to learn from, with --agent bc, ddpg or sac; with --resume where they have been moved to.");
        var resume = Options.Folder("--resume", "Go on with the run in this folder, from its last checkpoint.");

        var command = new CommandWithExamples("train", "Train an agent and keep all of the run in a folder.",
            "sim train cartpole",
            "sim train quadrotor-hover --agent ppo --seed 3 --envs 4096 --steps 5M",
            "sim train pendulum --agent sac --set learning_rate=1e-3 gravity=9.81",
            "sim train cartpole --seeds 0-4 --json",
            "sim train cartpole --agent bc --demos expert.simdemo",
            "sim train --resume runs/quadrotor-hover-3")
        {
            environment, agent, preset, seed, seeds, environments, threads, device, steps, set, output, resume, demos,
        };
        command.Validators.Add(result =>
        {
            bool isResumed = result.GetResult(resume) is not null;
            if (result.GetResult(environment) is not { Tokens.Count: > 0 } && !isResumed)
                result.AddError("'sim train' needs <environment>; 'sim list' shows all.");
            if (result.GetResult(seed) is not null && result.GetResult(seeds) is not null)
                result.AddError("--seed and --seeds exclude each other.");
            foreach (Option fixedBefore in isResumed ? [agent, preset, seed, seeds, environments, set, output] : Array.Empty<Option>())
            {
                if (result.GetResult(fixedBefore) is { Implicit: false })
                    result.AddError($"{fixedBefore.Name} cannot change in a resumed run: leave it out.");
            }
        });
        return frame.Bind(command, action, parsed => new TrainRequest
        {
            Environment = parsed.GetValue(environment),
            Agent = parsed.GetValue(agent),
            Preset = parsed.GetValue(preset),
            Seeds = parsed.GetValue(seeds) ?? [(ulong)(parsed.GetValue(seed) ?? 1)],
            Environments = (int?)parsed.GetValue(environments),
            Threads = (int?)parsed.GetValue(threads),
            Device = parsed.GetValue(device),
            Steps = parsed.GetValue(steps),
            Set = parsed.GetValue(set) ?? [],
            Out = parsed.GetValue(output),
            Resume = parsed.GetValue(resume),
            Demos = parsed.GetValue(demos) ?? [],
        });
    }
}
