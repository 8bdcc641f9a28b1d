using System.CommandLine;
using Sim.Cli.Parsing;

namespace Sim.Cli.Commands;

/// <summary>What <c>sim demo import</c> was asked for.</summary>
public sealed record DemoImportRequest(string Path, string Format, string Out);

internal static class DemoImportCommand
{
    public static Command Create(CommandFrame frame, CommandAction<DemoImportRequest> action)
    {
        var path = new Argument<string>("path") { Description = "File or folder of another library's data set." };
        var format = DemoExportCommand.Formats("--from", "Whose format it is.");
        var output = new Option<string>("--out", "-o") { Description = "The .simdemo file to write; it must not exist.", HelpName = "FILE", Required = true };
        var command = new CommandWithExamples("import", "Write another library's data set as a recording: actions and observations, of which no replay is promised.",
            "sim demo import datasets/D4RL/door/human-v2 --from minari --out door.simdemo",
            "sim demo import lift.hdf5 --from robomimic --out lift.simdemo")
        {
            path, format, output,
        };
        return frame.Bind(command, action, parsed => new DemoImportRequest(parsed.GetRequiredValue(path), parsed.GetValue(format)!, parsed.GetRequiredValue(output)));
    }
}
