using System.Globalization;
using Sim.Agents.Runs;
using Sim.Cli.Commands;
using Sim.Cli.Output;
using Sim.Protocols.Demonstrations;

namespace Sim.Cli.Actions;

internal static class DemoInfoAction
{
    private sealed record Session(string Id, string Started, string Software, int Lanes, string Determinism, string Platform, string Demonstrator,
        string Operator, IReadOnlyList<string> Devices, string Licence, bool Observations, IReadOnlyList<string> Info, int CheckpointEvery);

    private sealed record Episode(int Number, int Session, ulong Seed, uint Start, int Length, string Ending, double Return, bool? Success, int? Quality,
        string Note, IReadOnlyList<string> Masks, bool Hidden, EpisodeParent? Parent, double? WallSeconds, double IdleFraction, double? HumanFraction,
        int Inputs, int ClutchCount, double? LatencyMedianMs, double? Latency95Ms, IReadOnlyList<ActionHistogram>? ActionHistogram, IReadOnlyList<InfoSpan>? Info);

    private sealed record Answer(string File, string State, long Bytes, string Environment, int Version, string Settings, string Action, string Observation,
        IReadOnlyList<Session> Sessions, IReadOnlyList<Episode> Episodes);

    public static int Run(DemoInfoRequest request, CommandOutput output)
    {
        using var demonstration = DemoFiles.Open(request.File);
        IReadOnlyList<DemonstrationEpisode> wanted = request.Episode is { } number ? [DemoFiles.Episode(demonstration, number)] : [.. demonstration.All.Where(episode => episode.Length > 0)];
        var episodes = demonstration.ReadAll(wanted).Select(rows => Describe(demonstration, rows, request.Episode is not null)).OrderBy(episode => episode.Number).ToArray();
        var first = demonstration.Sessions[0];
        var sessions = demonstration.Sessions.Select(Describe).ToArray();

        output.Line($"{request.File}: {first.Message.Spec.Id}, version {first.Message.Spec.Version}, {DemoFiles.Condition(demonstration)}, {SiPrefix.Format(demonstration.FileBytes)}B");
        output.Line($"  action {first.Action}, observation {first.Observation}");
        foreach (var session in sessions) Show(session, output);
        output.Line();
        output.Table(["episode", "steps", "return", "success", "ending", "idle", "human", "inputs", "latency", "notes"], episodes.Select(Cells));
        if (request.Episode is not null)
        {
            ShowHistogram(episodes[0], output);
            ShowInfo(episodes[0], output);
        }
        output.Result(new Answer(request.File, DemoFiles.Condition(demonstration), demonstration.FileBytes, first.Message.Spec.Id, first.Message.Spec.Version,
            first.Message.Spec.Settings, $"{first.Action}", $"{first.Observation}", sessions, episodes));
        return ExitCode.Success;
    }

    private static Session Describe(DemonstrationSession session)
    {
        var message = session.Message;
        return new(message.Id, DemoFiles.Date(message.Started), message.Software ?? "", message.Lanes, message.Determinism, message.Platform ?? "", message.Demonstrator ?? "",
            message.Operator ?? "", message.Devices ?? [], message.Licence ?? "", session.HasObservations, session.HasInfo ? session.Info!.Labels : [], message.CheckpointEvery);
    }

    private static Episode Describe(Demonstration demonstration, EpisodeRows rows, bool withHistogram)
    {
        var episode = rows.Episode;
        var statistics = EpisodeStatistics.Of(demonstration, rows);
        return new(episode.Number, episode.Session, episode.Start.Seed, episode.Start.Number, rows.Length, DemoFiles.Ending(episode), statistics.Return, episode.Success,
            episode.Quality, episode.Note, episode.Masks, episode.IsHidden, episode.Parent, statistics.WallSeconds, statistics.IdleFraction, statistics.HumanFraction,
            statistics.Inputs, statistics.ClutchCount, statistics.LatencyMedianMilliseconds, statistics.Latency95Milliseconds,
            withHistogram ? statistics.ActionHistogram : null, withHistogram ? InfoSpan.Of(rows) : null);
    }

    private static void Show(Session session, CommandOutput output)
    {
        string who = session.Demonstrator.Length > 0 ? session.Demonstrator : "unknown";
        if (session.Operator.Length > 0) who += $", operator {session.Operator}";
        output.Line($"  session {session.Id[..Math.Min(8, session.Id.Length)]}: {session.Started} UTC, by {who}, {(session.Lanes == 1 ? "1 environment" : $"{session.Lanes} environments")}, {session.Determinism}");
        output.Line($"    {session.Software}; {session.Platform}");
        if (session.Info.Count > 0) output.Line($"    info outputs: {string.Join(", ", session.Info)}");
        if (session.Devices.Count > 0) output.Line($"    devices: {string.Join(", ", session.Devices)}");
        if (session.Licence.Length > 0) output.Line($"    {session.Licence}");
    }

    private static string[] Cells(Episode episode) =>
    [
        episode.Hidden ? $"{episode.Number} (hidden)" : $"{episode.Number}", $"{episode.Length}", SiPrefix.Format(episode.Return), DemoFiles.Success(episode.Success),
        episode.Ending, Percent(episode.IdleFraction), episode.HumanFraction is { } human ? Percent(human) : "-", $"{episode.Inputs}",
        episode.LatencyMedianMs is { } median ? string.Create(CultureInfo.InvariantCulture, $"{median:0.0} ms, 95 % {episode.Latency95Ms:0.0} ms") : "-", Words(episode),
    ];

    private static string Words(Episode episode)
    {
        var words = new List<string>();
        if (episode.Parent is { } parent) words.Add($"branches from episode {parent.Episode} at step {parent.Step}");
        if (episode.Quality is { } quality) words.Add($"quality {quality}");
        if (episode.Masks.Count > 0) words.Add(string.Join(", ", episode.Masks));
        if (episode.Note.Length > 0) words.Add(episode.Note);
        return words.Count > 0 ? string.Join("; ", words) : "-";
    }

    private static void ShowHistogram(Episode episode, CommandOutput output)
    {
        output.Line();
        output.Table(["action", "from", "to", "steps by bin"], episode.ActionHistogram!.Select((histogram, number) => new[]
        {
            $"{number}", histogram.Low.ToString("g4", CultureInfo.InvariantCulture), histogram.High.ToString("g4", CultureInfo.InvariantCulture), string.Join(" ", histogram.Counts),
        }));
    }

    private static void ShowInfo(Episode episode, CommandOutput output)
    {
        if (episode.Info is not { Count: > 0 }) return;
        output.Line();
        output.Table(["info", "is", "from step", "to step"], episode.Info.Select(span => new[] { span.Label, span.Name, $"{span.From}", $"{span.To}" }));
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0} %");
}
