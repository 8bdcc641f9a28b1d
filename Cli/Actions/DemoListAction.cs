using System.Globalization;
using Sim.Cli.Commands;
using Sim.Cli.Output;
using Sim.Protocols.Demonstrations;

namespace Sim.Cli.Actions;

internal static class DemoListAction
{
    private sealed record Row(string File, string? Environment, int Episodes, long Steps, double? SuccessRate, IReadOnlyList<string> Info, string Operator, string Date, string State, long Bytes);

    public static int Run(DemoListRequest request, CommandOutput output)
    {
        if (!Directory.Exists(request.Folder)) throw new BadInputException($"there is no folder {request.Folder}");
        var rows = Directory.EnumerateFiles(request.Folder, "*.simdemo").Order(StringComparer.Ordinal).Select(Describe).ToArray();
        output.Table(["file", "environment", "episodes", "steps", "success", "info", "operator", "date", "state"], rows.Select(row => new[]
        {
            row.File, row.Environment ?? "-", $"{row.Episodes}", $"{row.Steps}",
            row.SuccessRate is { } rate ? string.Create(CultureInfo.InvariantCulture, $"{100 * rate:0} %") : "-",
            row.Info.Count > 0 ? string.Join(", ", row.Info) : "-", row.Operator.Length > 0 ? row.Operator : "-", row.Date, row.State,
        }));
        output.Result(rows);
        return ExitCode.Success;
    }

    private static Row Describe(string path)
    {
        string name = Path.GetFileName(path);
        try
        {
            using var demonstration = Demonstration.Open(path);
            var session = demonstration.Sessions[0].Message;
            var said = demonstration.Episodes.Where(episode => episode.Success is not null).ToArray();
            return new(name, session.Spec.Id, demonstration.Episodes.Count, demonstration.Episodes.Sum(episode => (long)episode.Length),
                said.Length == 0 ? null : said.Count(episode => episode.Success == true) / (double)said.Length,
                [.. demonstration.Sessions.Where(part => part.HasInfo).SelectMany(part => part.Info!.Labels).Distinct()],
                string.Join(", ", demonstration.Sessions.Select(part => part.Message.Operator).Where(person => person is { Length: > 0 }).Distinct()),
                DemoFiles.Date(session.Started), DemoFiles.Condition(demonstration), demonstration.FileBytes);
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            // One bad file must not hide the others.
            return new(name, null, 0, 0, null, [], "", "-", error.Message, new FileInfo(path).Length);
        }
    }
}
