using System.CommandLine;
using Sim.Cli.Parsing;

namespace Sim.Cli.Commands;

/// <summary>What <c>sim evaluate</c> was asked for.</summary>
public sealed record EvaluateRequest(string Run, int Episodes, ulong? Seed);

internal static class EvaluateCommand
{
    private const int DefaultEpisodes = 100;

    public static Command Create(CommandFrame frame, CommandAction<EvaluateRequest> action)
    {
        var run = new Argument<string>("run") { Description = "Folder of a training run." };
        var episodes = Options.Count("--episodes", $"Episodes to play; {DefaultEpisodes} by default.", 1, 1_000_000);
        var seed = Options.Count("--seed", "Seed of the start states; one apart from training's by default.", 0);
        var command = new CommandWithExamples("evaluate", "Play episodes with a trained agent, without exploration.",
            "sim evaluate runs/cartpole-1",
            "sim evaluate runs/quadrotor-hover-1 --episodes 1000 --seed 7 --json")
        {
            run, episodes, seed,
        };
        return frame.Bind(command, action, parsed => new EvaluateRequest(
            parsed.GetRequiredValue(run), (int)(parsed.GetValue(episodes) ?? DefaultEpisodes), (ulong?)parsed.GetValue(seed)));
    }
}
