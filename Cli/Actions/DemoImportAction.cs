using Sim.Cli.Commands;
using Sim.Cli.Output;
using Sim.Environments.Episodes;
using Sim.Protocols.Demonstrations;
using Sim.Protocols.Exchange;

namespace Sim.Cli.Actions;

internal static class DemoImportAction
{
    private sealed record Answer(string File, string Format, string Environment, int Episodes, long Steps, IReadOnlyList<string> Notes);

    public static int Run(DemoImportRequest request, CommandOutput output)
    {
        var format = Refusal.Of(() => EpisodeFormats.Find(request.Format));
        if (!Path.Exists(request.Path))
            throw new BadInputException($"there is no file or folder {request.Path}");
        if (Path.Exists(request.Out))
            throw new BadInputException($"{request.Out} exists already: choose another file, or remove it first");
        var (set, notes) = format.Import(request.Path);
        var (episodes, steps) = (0, 0L);
        DemonstrationWriter.Import(request.Out, set with { Episodes = Counted(set.Episodes) }, $"imported from {format.Name}");
        output.Line($"{request.Out}: {episodes} episodes of {set.Environment}, {steps} steps ({format.Title})");
        foreach (string note in notes)
            output.Line($"  {note}");
        output.Result(new Answer(request.Out, format.Name, set.Environment, episodes, steps, notes));
        return ExitCode.Success;

        IEnumerable<RecordedEpisode> Counted(IEnumerable<RecordedEpisode> all)
        {
            foreach (var episode in all)
            {
                yield return episode;
                episodes++;
                steps += episode.Length;
            }
        }
    }
}
