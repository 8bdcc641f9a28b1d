using System.Globalization;
using System.Runtime.InteropServices;
using Sim.Cli.Commands;
using Sim.Cli.Output;
using Sim.Environments.Spaces;
using Sim.Protocols.Demonstrations;

namespace Sim.Cli.Actions;

internal static class DemoReplayAction
{
    private sealed record Step(int Number, double[] Action, float Reward, string Flags, string Source, float[]? Observation, IReadOnlyDictionary<string, object>? Info);

    private sealed record Answer(string File, int Episode, int Length, bool Replayed, IReadOnlyList<Step> Steps);

    public static int Run(DemoReplayRequest request, CommandOutput output)
    {
        using var demonstration = DemoFiles.Open(request.File);
        var episode = request.Episode is { } number ? DemoFiles.Episode(demonstration, number)
            : demonstration.Episodes.Count > 0 ? demonstration.Episodes[0] : throw new BadInputException($"{request.File} holds no episode that counts");
        int to = Math.Min(request.To ?? episode.Length, episode.Length);
        if (request.From >= to) throw new BadInputException($"episode {episode.Number} has {episode.Length} steps: there is nothing from {request.From} to {request.To ?? episode.Length}");
        var rows = demonstration.Read(episode);
        var steps = demonstration.Watch(rows, request.From, to, out string obstacle);
        if (obstacle.Length > 0) output.Line($"only what was recorded is shown: {obstacle}");
        float[] info = rows.ReadInfo();
        var shown = new List<Step>();
        using var interruption = new Interruption(() => { });
        double period = rows.Session.Message.Spec.ControlPeriod / request.Speed;
        output.Line($"{request.File}, episode {episode.Number}: {episode.Length} steps, {DemoFiles.Ending(episode)}, seed {episode.Start.Seed}");
        foreach (var (step, observation) in steps)
        {
            var line = Describe(rows, step, observation, info);
            output.Line(Words(line));
            shown.Add(line);
            // Speed "max" makes this no time at all.
            if (double.IsFinite(period) && period > 0) interruption.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(Math.Min(period, 10)));
            if (interruption.Token.IsCancellationRequested) return ExitCode.Interrupted;
        }
        output.Result(new Answer(request.File, episode.Number, episode.Length, obstacle.Length == 0, shown));
        return ExitCode.Success;
    }

    private static Step Describe(EpisodeRows rows, int step, float[]? observation, float[] info)
    {
        int size = rows.Actions.Length / rows.Length;
        var bytes = rows.Actions.Slice(step * size, size);
        double[] action = rows.Session.Action is Box
            ? [.. MemoryMarshal.Cast<byte, float>(bytes).ToArray().Select(value => (double)value)]
            : [.. MemoryMarshal.Cast<byte, int>(bytes).ToArray().Select(value => (double)value)];
        return new(step, action, rows.Rewards[step], rows.Flags[step].ToString().ToLowerInvariant(),
            rows.Sources.IsEmpty ? "unknown" : rows.Sources[step].ToString().ToLowerInvariant(), observation, Told(rows.Session, info, step));
    }

    /// <summary>Info outputs before a step, by label: a word where they are a category, else a number.</summary>
    private static Dictionary<string, object>? Told(DemonstrationSession session, float[] info, int step)
    {
        if (info.Length == 0) return null;
        var labels = session.Info!.Labels;
        return labels.Select((label, column) => (label, value: info[(step * labels.Count) + column]))
            .ToDictionary(told => told.label, told => InfoSpan.NameOf(session, told.label, told.value) is { } name ? name : (object)told.value);
    }

    private static string Words(Step step)
    {
        const int Most = 8;
        string flags = step.Flags == "none" ? "" : $"  {step.Flags}";
        string seen = step.Observation is null ? "" : $"  observed {Numbers(step.Observation.Take(Most).Select(value => (double)value))}{(step.Observation.Length > Most ? " …" : "")}";
        string told = string.Concat((step.Info ?? new Dictionary<string, object>()).Select(pair => string.Create(CultureInfo.InvariantCulture, $"  {pair.Key} {pair.Value:g4}")));
        return string.Create(CultureInfo.InvariantCulture, $"{step.Number,6}  action {Numbers(step.Action)}  reward {step.Reward,8:0.0000}{seen}{told}{flags}");
    }

    private static string Numbers(IEnumerable<double> values) => string.Join(" ", values.Select(value => value.ToString("0.000", CultureInfo.InvariantCulture).PadLeft(7)));
}
