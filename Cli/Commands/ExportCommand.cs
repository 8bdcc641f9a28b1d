using System.CommandLine;
using Sim.Cli.Parsing;

namespace Sim.Cli.Commands;

/// <summary>What <c>sim export</c> was asked for.</summary>
public sealed record ExportRequest(string Run, string? Out);

internal static class ExportCommand
{
    public static Command Create(CommandFrame frame, CommandAction<ExportRequest> action)
    {
        var run = new Argument<string>("run") { Description = "Folder of a training run." };
        var output = new Option<string?>("--out") { Description = "File to write; policy.safetensors in the run's folder by default.", HelpName = "FILE" };
        var command = new CommandWithExamples("export", "Write a policy's weights and observation normaliser as safetensors, for use from Python.",
            "sim export runs/cartpole-1",
            "sim export runs/cartpole-1 --out cartpole.safetensors")
        {
            run, output,
        };
        return frame.Bind(command, action, parsed => new ExportRequest(parsed.GetRequiredValue(run), parsed.GetValue(output)));
    }
}
