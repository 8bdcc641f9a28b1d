using System.CommandLine;
using System.Globalization;
using Sim.Cli.Parsing;
using Sim.Protocols.Exchange;

namespace Sim.Cli.Commands;

/// <summary>What <c>sim demo export</c> was asked for.</summary>
/// <param name="File">The recording.</param>
/// <param name="Format">One of <see cref="EpisodeFormats.All"/>.</param>
/// <param name="Out">File or folder to write.</param>
/// <param name="Replay">Whether observations are given back by a replay even where they were kept.</param>
/// <param name="Options">How to write.</param>
public sealed record DemoExportRequest(string File, string Format, string Out, bool Replay, ExportOptions Options);

internal static class DemoExportCommand
{
    public static Command Create(CommandFrame frame, CommandAction<DemoExportRequest> action)
    {
        var file = new Argument<string>("file") { Description = "A .simdemo file." };
        var format = Formats("--to", "Whose format to write.");
        var output = new Option<string>("--out", "-o") { Description = "File or folder to write; it must not exist.", HelpName = "PATH", Required = true };
        var only = Options.Choice("--only", "Which episodes; all by default.", "all", "success");
        var observations = Options.Choice("--obs", "Observations as they were kept, or from a replay; what was not kept always comes from a replay.", "stored", "replay");
        var compress = Options.Choice("--compress", "Whether to spend time on smaller files; none by default.", "none", "fast");
        var id = new Option<string?>("--dataset-id") { Description = "Minari's name of the data set, (namespace/)name-v0; made from the environment by default.", HelpName = "ID" };
        var ratio = new Option<float?>("--valid-ratio")
        {
            Description = "Part of the episodes in robomimic's mask 'valid'; 0.1 by default, and 0 writes no mask.",
            HelpName = "RATIO",
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && value is >= 0 and < 1)
                    return value;
                result.AddError($"--valid-ratio {text} is not valid: expected a number, 0 to below 1.");
                return null;
            },
        };
        var seed = Options.Count("--seed", "Seed of the choice of those episodes; 0 by default.", 0);
        var rate = Options.Count("--fps", "LeRobot's frames a second; from the environment's control period by default.", 1, 100_000);
        var command = new CommandWithExamples("export", "Write a recording in another library's format.",
            "sim demo export hover.simdemo --to minari --out datasets/sim/hover/expert-v0 --dataset-id sim/hover/expert-v0",
            "sim demo export hover.simdemo --to robomimic --out hover.hdf5 --only success --valid-ratio 0.2",
            "sim demo export hover.simdemo --to lerobot --out hover --compress fast")
        {
            file, format, output, only, observations, compress, id, ratio, seed, rate,
        };
        return frame.Bind(command, action, parsed => new DemoExportRequest(parsed.GetRequiredValue(file), parsed.GetValue(format)!, parsed.GetRequiredValue(output),
            parsed.GetValue(observations) == "replay", new()
            {
                Compression = parsed.GetValue(compress) == "fast" ? ExportCompression.Fast : ExportCompression.None,
                OnlySuccess = parsed.GetValue(only) == "success",
                DatasetId = parsed.GetValue(id),
                ValidRatio = parsed.GetValue(ratio) ?? new ExportOptions().ValidRatio,
                Seed = (ulong)(parsed.GetValue(seed) ?? 0),
                FramesPerSecond = (int?)parsed.GetValue(rate),
            }));
    }

    /// <summary>One of the formats that the library knows.</summary>
    public static Option<string?> Formats(string name, string description)
    {
        var option = Options.Choice(name, description, [.. EpisodeFormats.All.Select(format => format.Name)]);
        option.Required = true;
        return option;
    }
}
