using System.CommandLine;
using Sim.Cli.Parsing;

namespace Sim.Cli.Commands;

/// <summary>What <c>sim evaluate</c> was asked for.</summary>
/// <param name="Subject">Folder of a run; with <paramref name="Expert"/> the id of an environment.</param>
/// <param name="Expert">Whether the environment's scripted expert is meant.</param>
/// <param name="Episodes">Episodes to play.</param>
/// <param name="Seed">Of the start states; null for the usual one.</param>
/// <param name="Set">Settings of the environment, <c>key=value</c>.</param>
public sealed record EvaluateRequest(string Subject, bool Expert, int Episodes, ulong? Seed, IReadOnlyList<string> Set);

internal static class EvaluateCommand
{
    private const int DefaultEpisodes = 100;

    public static Command Create(CommandFrame frame, CommandAction<EvaluateRequest> action)
    {
        var run = new Argument<string>("run") { Description = "Folder of a training run; with --expert the id of an environment." };
        var expert = new Option<bool>("--expert") { Description = "Evaluate the scripted expert of an environment." };
        var set = Options.Set();
        set.Description = "With --expert: change settings of the environment ('sim info' lists them).";
        var episodes = Options.Count("--episodes", $"Episodes to play; {DefaultEpisodes} by default.", 1, 1_000_000);
        var seed = Options.Count("--seed", "Seed of the start states; one apart from training's by default.", 0);
        var command = new CommandWithExamples("evaluate", "Play episodes with a trained agent without exploration, or with a scripted expert.",
            "sim evaluate runs/cartpole-1",
            "sim evaluate runs/quadrotor-hover-1 --episodes 1000 --seed 7 --json",
            "sim evaluate quadrotor-hover --expert --episodes 100 --seed 1")
        {
            run, expert, episodes, seed, set,
        };
        return frame.Bind(command, action, parsed => new EvaluateRequest(
            parsed.GetRequiredValue(run), parsed.GetValue(expert), (int)(parsed.GetValue(episodes) ?? DefaultEpisodes), (ulong?)parsed.GetValue(seed), parsed.GetValue(set) ?? []));
    }
}
