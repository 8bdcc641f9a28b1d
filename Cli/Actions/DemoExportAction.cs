using Sim.Cli.Commands;
using Sim.Cli.Output;
using Sim.Protocols.Demonstrations;
using Sim.Protocols.Exchange;

namespace Sim.Cli.Actions;

internal static class DemoExportAction
{
    private sealed record Answer(string Path, string Format, string Environment, int Episodes, long Steps, int LeftOut);

    public static int Run(DemoExportRequest request, CommandOutput output)
    {
        var format = Refusal.Of(() => EpisodeFormats.Find(request.Format));
        if (!File.Exists(request.File))
            throw new BadInputException($"there is no file {request.File}");
        using var demonstration = Demonstration.Open(request.File);
        var set = demonstration.ToEpisodes(replayObservations: request.Replay);
        var summary = Refusal.Of(() => format.Export(set, request.Out, request.Options));
        output.Line($"{request.Out}: {summary.Episodes} episodes of {set.Environment}, {summary.Steps} steps ({format.Title})");
        if (summary.LeftOut > 0)
            output.Line($"  {summary.LeftOut} episodes left out");
        output.Result(new Answer(request.Out, format.Name, set.Environment, summary.Episodes, summary.Steps, summary.LeftOut));
        return ExitCode.Success;
    }
}
