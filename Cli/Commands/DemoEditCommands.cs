using System.CommandLine;
using System.Globalization;
using Sim.Cli.Parsing;

namespace Sim.Cli.Commands;

/// <summary>What <c>sim demo trim</c> was asked for; episodes are all that count where none is given.</summary>
public sealed record DemoTrimRequest(string File, int? Episode, double? IdleSeconds, int From, int? To, string Out);

/// <summary>What <c>sim demo label</c> was asked for; null leaves what was said before.</summary>
public sealed record DemoLabelRequest(string File, int Episode, bool? Success, int? Quality, string? Note, bool? Hidden);

/// <summary>What <c>sim demo merge</c> was asked for.</summary>
public sealed record DemoMergeRequest(IReadOnlyList<string> Files, string Out, bool AllowConfigMix);

/// <summary>What <c>sim demo split</c> was asked for.</summary>
public sealed record DemoSplitRequest(string File, double Ratio, bool ByOperator, ulong Seed, string? Train, string? Valid);

/// <summary>The verbs that change what a recording says or holds.</summary>
internal static class DemoEditCommands
{
    public static Command Trim(CommandFrame frame, CommandAction<DemoTrimRequest> action)
    {
        var (file, output) = (DemoCommand.File(), DemoCommand.Out());
        var episode = Options.Count("--episode", "One episode alone; all that count by default.", 0, int.MaxValue);
        var idle = new Option<double?>("--idle")
        {
            Description = "Drop what is idle for at least so many seconds at the front, and at the end where the episode was broken off.",
            HelpName = "2s",
            CustomParser = result => Number(result, "--idle", result.Tokens[0].Value.TrimEnd('s'), value => value is > 0 and < 1e6, "seconds above 0, such as 2s"),
        };
        var range = new Option<(int From, int? To)>("--range")
        {
            Description = "Steps to keep: from the first (or the nearest kept state before it) up to the second, not included.",
            HelpName = "A..B",
            DefaultValueFactory = _ => (0, null),
            CustomParser = result => Range(result),
        };
        var command = new CommandWithExamples("trim", "Write a recording without what is idle, or a part of its episodes.",
            "sim demo trim hover.simdemo --idle 2s --out trimmed.simdemo",
            "sim demo trim hover.simdemo --episode 3 --range 100..400 --out part.simdemo")
        {
            file, episode, idle, range, output,
        };
        return frame.Bind(command, action, parsed => new DemoTrimRequest(parsed.GetRequiredValue(file), (int?)parsed.GetValue(episode), parsed.GetValue(idle),
            parsed.GetValue(range).From, parsed.GetValue(range).To, parsed.GetRequiredValue(output)));
    }

    public static Command Label(CommandFrame frame, CommandAction<DemoLabelRequest> action)
    {
        var file = DemoCommand.File();
        var episode = Options.Count("--episode", "Which episode.", 0, int.MaxValue);
        episode.Required = true;
        var success = Options.Choice("--success", "Whether it succeeded.", "true", "false");
        var quality = Options.Count("--quality", "0 (useless) to 5 (as good as can be).", 0, 5);
        var note = new Option<string?>("--note") { Description = "In words.", HelpName = "TEXT" };
        var discard = new Option<bool>("--discard") { Description = "Hide the episode: it stays in the file, and no longer counts." };
        var restore = new Option<bool>("--restore") { Description = "Show a hidden episode again." };
        var command = new CommandWithExamples("label", "Say something about an episode; it is appended, nothing changes.",
            "sim demo label hover.simdemo --episode 3 --success true --quality 4 --note \"steady\"",
            "sim demo label hover.simdemo --episode 5 --discard")
        {
            file, episode, success, quality, note, discard, restore,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(discard) && result.GetValue(restore)) result.AddError("--discard and --restore exclude each other.");
        });
        return frame.Bind(command, action, parsed => new DemoLabelRequest(parsed.GetRequiredValue(file), (int)parsed.GetValue(episode)!.Value,
            parsed.GetValue(success) is { } text ? text == "true" : null, (int?)parsed.GetValue(quality), parsed.GetValue(note),
            parsed.GetValue(discard) ? true : parsed.GetValue(restore) ? false : null));
    }

    public static Command Merge(CommandFrame frame, CommandAction<DemoMergeRequest> action)
    {
        var files = new Argument<string[]>("files") { Description = "The .simdemo files, in the order in which their episodes are to stand.", Arity = ArgumentArity.OneOrMore };
        var output = DemoCommand.Out();
        var mix = new Option<bool>("--allow-config-mix") { Description = "Settings of the environment may differ." };
        var command = new CommandWithExamples("merge", "Write the episodes of several recordings of one environment into one.",
            "sim demo merge monday.simdemo tuesday.simdemo --out both.simdemo")
        {
            files, output, mix,
        };
        return frame.Bind(command, action, parsed => new DemoMergeRequest(parsed.GetRequiredValue(files), parsed.GetRequiredValue(output), parsed.GetValue(mix)));
    }

    public static Command Split(CommandFrame frame, CommandAction<DemoSplitRequest> action)
    {
        var file = DemoCommand.File();
        var ratio = new Option<double?>("--ratio")
        {
            Description = "Share of episodes that validate; 0.1 by default.",
            HelpName = "0.1",
            CustomParser = result => Number(result, "--ratio", result.Tokens[0].Value, value => value is > 0 and < 1, "a share between 0 and 1, such as 0.1"),
        };
        var by = Options.Choice("--by", "What stays together.", "episode", "operator");
        var seed = Options.Count("--seed", "Chooses the episodes; 1 by default.", 0);
        var train = new Option<string?>("--train") { Description = "Write the episodes that train into a new file, as well.", HelpName = "FILE" };
        var valid = new Option<string?>("--valid") { Description = "Write the episodes that validate into a new file, as well.", HelpName = "FILE" };
        var command = new CommandWithExamples("split", "Divide the episodes into train and valid, as masks in the file, and as files where asked.",
            "sim demo split hover.simdemo --ratio 0.1",
            "sim demo split hover.simdemo --by operator --train train.simdemo --valid valid.simdemo")
        {
            file, ratio, by, seed, train, valid,
        };
        return frame.Bind(command, action, parsed => new DemoSplitRequest(parsed.GetRequiredValue(file), parsed.GetValue(ratio) ?? 0.1,
            parsed.GetValue(by) == "operator", (ulong)(parsed.GetValue(seed) ?? 1), parsed.GetValue(train), parsed.GetValue(valid)));
    }

    private static double? Number(System.CommandLine.Parsing.ArgumentResult result, string name, string text, Func<double, bool> valid, string expected)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && valid(value)) return value;
        result.AddError($"{name} {result.Tokens[0].Value} is not valid: expected {expected}.");
        return null;
    }

    private static (int From, int? To) Range(System.CommandLine.Parsing.ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        string[] ends = text.Split("..");
        int from = 0, to = 0;
        if (ends.Length == 2 && (ends[0].Length == 0 || TryRead(ends[0], out from)) && (ends[1].Length == 0 || (TryRead(ends[1], out to) && to > from)))
            return (from, ends[1].Length == 0 ? null : to);
        result.AddError($"--range {text} is not valid: expected two steps, such as 100..400, 100.. or ..400.");
        return (0, null);
    }

    private static bool TryRead(string text, out int step) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out step);
}
