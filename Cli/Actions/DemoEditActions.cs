using Sim.Cli.Commands;
using Sim.Cli.Output;
using Sim.Protocols.Demonstrations;

namespace Sim.Cli.Actions;

internal static class DemoEditActions
{
    private sealed record TrimAnswer(string File, IReadOnlyList<TrimmedEpisode> Episodes);

    private sealed record LabelAnswer(string File, int Episode, bool? Success, int? Quality, string Note, IReadOnlyList<string> Masks, bool Hidden);

    private sealed record MergeAnswer(string File, int Episodes, long Steps);

    private sealed record Mask(int Episode, IReadOnlyList<string> Masks);

    private sealed record SplitAnswer(string File, int Train, int Valid, IReadOnlyList<Mask> Episodes, string? TrainFile, string? ValidFile);

    private sealed record RecoverAnswer(string File, int Episodes, long LostBytes);

    public static int Trim(DemoTrimRequest request, CommandOutput output)
    {
        using var demonstration = DemoFiles.Open(request.File);
        DemoFiles.RequireFree(request.Out);
        if (request.IdleSeconds is null && request.From == 0 && request.To is null) throw new BadInputException("nothing to trim: give --idle 2s or --range A..B");
        var trim = new Trim { From = request.From, To = request.To, IdleSteps = request.IdleSeconds is { } seconds ? Steps(demonstration, seconds) : null };
        var episodes = request.Episode is { } number ? [DemoFiles.Episode(demonstration, number)] : demonstration.Episodes;
        var kept = Refusal.Of(() => DemonstrationEdits.Trim(demonstration, episodes, request.Out, trim));
        output.Table(["episode", "steps", "kept"], kept.Select(part => new[] { $"{part.Episode}", $"{part.Length}", $"{part.From}..{part.To}" }));
        output.Result(new TrimAnswer(request.Out, kept));
        return ExitCode.Success;
    }

    public static int Label(DemoLabelRequest request, CommandOutput output)
    {
        if ((request.Success, request.Quality, request.Note, request.Hidden) == (null, null, null, null))
            throw new BadInputException("nothing to say: give --success, --quality, --note, --discard or --restore");
        using (var demonstration = DemoFiles.Open(request.File)) DemoFiles.Episode(demonstration, request.Episode);
        bool says = request.Success is not null || request.Quality is not null || request.Note is not null;
        DemonstrationEdits.Label(request.File,
            says ? [new() { Episode = request.Episode, Success = request.Success, Quality = request.Quality, Note = request.Note }] : [],
            request.Hidden is { } hidden ? [new() { Episode = request.Episode, Hidden = hidden }] : []);
        using var after = Demonstration.Open(request.File);
        var episode = after.All[request.Episode];
        output.Line($"{request.File}, episode {episode.Number}: success {DemoFiles.Success(episode.Success)}, quality {episode.Quality?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "-"}{(episode.IsHidden ? ", hidden" : "")}{(episode.Note.Length > 0 ? $", {episode.Note}" : "")}");
        output.Result(new LabelAnswer(request.File, episode.Number, episode.Success, episode.Quality, episode.Note, episode.Masks, episode.IsHidden));
        return ExitCode.Success;
    }

    public static int Merge(DemoMergeRequest request, CommandOutput output)
    {
        DemoFiles.RequireFree(request.Out);
        var sources = new List<Demonstration>();
        try
        {
            foreach (string file in request.Files) sources.Add(DemoFiles.Open(file));
            int episodes = Refusal.Of(() => DemonstrationEdits.Merge(sources, request.Out, request.AllowConfigMix));
            using var merged = Demonstration.Open(request.Out);
            long steps = merged.Episodes.Sum(episode => (long)episode.Length);
            output.Line($"{request.Out}: {episodes} episodes, {steps} steps");
            output.Result(new MergeAnswer(request.Out, episodes, steps));
            return ExitCode.Success;
        }
        finally
        {
            foreach (var source in sources) source.Dispose();
        }
    }

    public static int Split(DemoSplitRequest request, CommandOutput output)
    {
        DemoFiles.RequireFile(request.File);
        foreach (string? file in (string?[])[request.Train, request.Valid])
        {
            if (file is not null) DemoFiles.RequireFree(file);
        }
        var labels = Refusal.Of(() => DemonstrationEdits.Split(request.File, request.Ratio, request.ByOperator, request.Seed));
        using var demonstration = Demonstration.Open(request.File);
        var parts = demonstration.Episodes.ToLookup(episode => episode.Masks.Contains("valid"));
        if (request.Train is { } train) DemonstrationEdits.Select(demonstration, parts[false], train);
        if (request.Valid is { } valid) DemonstrationEdits.Select(demonstration, parts[true], valid);
        output.Line($"{request.File}: {parts[false].Count()} episodes train, {parts[true].Count()} validate");
        output.Result(new SplitAnswer(request.File, parts[false].Count(), parts[true].Count(), [.. labels.Select(label => new Mask(label.Episode, label.Masks!))], request.Train, request.Valid));
        return ExitCode.Success;
    }

    public static int Recover(DemoRecoverRequest request, CommandOutput output)
    {
        DemoFiles.RequireFile(request.File);
        DemoFiles.RequireFree(request.Out);
        long lost = DemonstrationEdits.Recover(request.File, request.Out);
        using var recovered = Demonstration.Open(request.Out);
        output.Line($"{request.Out}: {recovered.Episodes.Count} episodes, {lost} bytes were lost");
        output.Result(new RecoverAnswer(request.Out, recovered.Episodes.Count, lost));
        return ExitCode.Success;
    }

    private static int Steps(Demonstration demonstration, double seconds)
    {
        float period = demonstration.Sessions[0].Message.Spec.ControlPeriod;
        return period > 0 ? Math.Max(1, (int)Math.Min(int.MaxValue, Math.Ceiling(seconds / period)))
            : throw new BadInputException($"{demonstration.Path} does not say how long a step takes: give --range instead of --idle");
    }
}
