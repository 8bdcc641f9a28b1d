using System.CommandLine;
using Sim.Cli.Parsing;

namespace Sim.Cli.Commands;

/// <summary>What <c>sim list</c> was asked for.</summary>
public sealed record ListRequest;

internal static class ListCommand
{
    public static Command Create(CommandFrame frame, CommandAction<ListRequest> action)
        => frame.Bind(new CommandWithExamples("list", "Show all environments.", "sim list", "sim list --json"), action, _ => new ListRequest());
}
