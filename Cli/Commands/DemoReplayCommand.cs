using System.CommandLine;
using System.Globalization;
using Sim.Cli.Parsing;

namespace Sim.Cli.Commands;

/// <summary>What <c>sim demo replay</c> was asked for.</summary>
public sealed record DemoReplayRequest(string File, int? Episode, double Speed, int From, int? To);

internal static class DemoReplayCommand
{
    private const double Unhurried = double.PositiveInfinity;

    public static Command Create(CommandFrame frame, CommandAction<DemoReplayRequest> action)
    {
        var file = DemoCommand.File();
        var episode = Options.Count("--episode", "Which episode; the first that counts by default.", 0, int.MaxValue);
        var speed = new Option<double>("--speed")
        {
            Description = "How many times as fast as it was played, or max; 1 by default.",
            HelpName = "X|max",
            DefaultValueFactory = _ => 1,
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (text == "max") return Unhurried;
                if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double times) && times is > 0 and <= 1000) return times;
                result.AddError($"--speed {text} is not valid: expected a number above 0, up to 1000, or max.");
                return 1;
            },
        };
        var from = Options.Count("--from", "First step to show.", 0, int.MaxValue);
        var to = Options.Count("--to", "The step behind the last to show.", 1, int.MaxValue);
        var command = new CommandWithExamples("replay", "Play an episode again, a line a step: action, reward, flags and what was observed.",
            "sim demo replay hover.simdemo",
            "sim demo replay hover.simdemo --episode 3 --from 100 --to 150 --speed max")
        {
            file, episode, speed, from, to,
        };
        return frame.Bind(command, action, parsed => new DemoReplayRequest(parsed.GetRequiredValue(file), (int?)parsed.GetValue(episode), parsed.GetValue(speed),
            (int)(parsed.GetValue(from) ?? 0), (int?)parsed.GetValue(to)));
    }
}
