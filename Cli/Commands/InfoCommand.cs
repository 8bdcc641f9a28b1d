using System.CommandLine;
using Sim.Cli.Parsing;

namespace Sim.Cli.Commands;

/// <summary>What <c>sim info</c> was asked for.</summary>
public sealed record InfoRequest(string Environment);

internal static class InfoCommand
{
    public static Command Create(CommandFrame frame, CommandAction<InfoRequest> action)
    {
        var environment = new Argument<string>("environment") { Description = "Its id, or an alias ('sim list' shows all)." };
        var command = new CommandWithExamples("info", "Show an environment's spaces, settings and their ranges.",
            "sim info quadrotor-hover",
            "sim info Pendulum-v1 --json")
        {
            environment,
        };
        return frame.Bind(command, action, parsed => new InfoRequest(parsed.GetRequiredValue(environment)));
    }
}
