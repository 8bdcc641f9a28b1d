using System.CommandLine;
using Sim.Cli.Parsing;

namespace Sim.Cli.Commands;

/// <summary>What <c>sim demo record</c> was asked for.</summary>
public sealed record DemoRecordRequest
{
    /// <summary>Absent only where a recording is gone on with.</summary>
    public string? Environment { get; init; }
    public bool Expert { get; init; }
    public string? Policy { get; init; }
    public bool Random { get; init; }

    /// <summary>Noise on every action, in units of its half-range, or share of random choices.</summary>
    public float Noise { get; init; }

    /// <summary>Where a person far away acts from, or null.</summary>
    public string? Listen { get; init; }
    public int? Episodes { get; init; }
    public int Environments { get; init; } = 1;
    public ulong Seed { get; init; } = 1;
    public IReadOnlyList<string> Set { get; init; } = [];
    public bool KeepSuccesses { get; init; }
    public bool RealTime { get; init; }
    public bool Observations { get; init; }
    public int CheckpointEvery { get; init; } = 50;
    public string Operator { get; init; } = "";
    public bool Append { get; init; }

    /// <summary>Recording to branch from, with episode and step.</summary>
    public string? From { get; init; }
    public int Episode { get; init; }
    public int Step { get; init; }
    public required string Out { get; init; }
}

internal static class DemoRecordCommand
{
    public static Command Create(CommandFrame frame, CommandAction<DemoRecordRequest> action)
    {
        var environment = new Argument<string?>("environment")
        {
            Description = "What to play ('sim list' shows all); not needed with --policy or --from.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var expert = new Option<bool>("--expert") { Description = "The environment's scripted expert acts." };
        var policy = Options.Folder("--policy", "A trained policy acts: the folder of its run.");
        var random = new Option<bool>("--random") { Description = "Random actions." };
        var noise = Options.Number("--noise", "Disturb every action by this share of its half-range, or choose at random this often: clones need it.", 0, 10);
        var listen = new Option<string?>("--listen") { Description = "A program that connects here acts: a person at the controls, in any language (docs/protocol.md).", HelpName = "ADDRESS" };
        var episodes = Options.Count("--episodes", "Episodes to play; 1 by default.", 1, 10_000_000);
        var environments = Options.Count("--envs", "Environments played together; changes no bit of an expert's or a policy's episodes.", 1, 1 << 20);
        var seed = Options.Count("--seed", "Episode k starts from seed + k; 1 by default.", 0);
        var set = Options.Set();
        var keep = Options.Choice("--keep", "Which episodes count; the others are hidden.", "all", "success");
        var rate = Options.Choice("--rate", "How fast to play; max by default.", "max", "realtime");
        var observations = new Option<bool>("--observations") { Description = "Keep observations; a replay gives them back otherwise." };
        var checkpoints = Options.Count("--checkpoint-every", "Steps between two kept states; 50 by default.", 1, 1_000_000);
        var person = new Option<string?>("--operator") { Description = "Who demonstrates, a pseudonym.", HelpName = "NAME" };
        var append = new Option<bool>("--append") { Description = "Go on with a file of the same environment and settings." };
        var from = new Option<string?>("--from") { Description = "Go on from a state of this recording.", HelpName = "FILE" };
        var episode = Options.Count("--episode", "The episode to go on from.", 0, int.MaxValue);
        var step = Options.Count("--step", "The step of it to go on from.", 0, int.MaxValue);
        var output = DemoCommand.Out();
        var command = new CommandWithExamples("record", "Record episodes of a scripted expert, a trained policy, a person far away or random actions.",
            "sim demo record quadrotor-hover --expert --episodes 50 --out hover.simdemo",
            "sim demo record quadrotor-hover --expert --noise 0.1 --episodes 200 --envs 64 --out noisy.simdemo",
            "sim demo record --policy runs/cartpole-1 --episodes 100 --envs 16 --out cartpole.simdemo",
            "sim demo record quadrotor-hover --listen unix:///tmp/pilot.socket --rate realtime --episodes 10 --operator pilot-3 --out flown.simdemo",
            "sim demo record --from hover.simdemo --episode 3 --step 120 --policy runs/quadrotor-hover-1 --out branch.simdemo")
        {
            environment, expert, policy, random, noise, listen, episodes, environments, seed, set, keep, rate, observations, checkpoints, person, append, from, episode, step, output,
        };
        return frame.Bind(command, action, parsed => new DemoRecordRequest
        {
            Environment = parsed.GetValue(environment),
            Expert = parsed.GetValue(expert),
            Policy = parsed.GetValue(policy),
            Random = parsed.GetValue(random),
            Noise = parsed.GetValue(noise) ?? 0,
            Listen = parsed.GetValue(listen),
            Episodes = (int?)parsed.GetValue(episodes),
            Environments = (int)(parsed.GetValue(environments) ?? 1),
            Seed = (ulong)(parsed.GetValue(seed) ?? 1),
            Set = parsed.GetValue(set) ?? [],
            KeepSuccesses = parsed.GetValue(keep) == "success",
            RealTime = parsed.GetValue(rate) == "realtime",
            Observations = parsed.GetValue(observations),
            CheckpointEvery = (int)(parsed.GetValue(checkpoints) ?? 50),
            Operator = parsed.GetValue(person) ?? "",
            Append = parsed.GetValue(append),
            From = parsed.GetValue(from),
            Episode = (int)(parsed.GetValue(episode) ?? 0),
            Step = (int)(parsed.GetValue(step) ?? 0),
            Out = parsed.GetRequiredValue(output),
        });
    }
}
