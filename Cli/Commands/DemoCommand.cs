using System.CommandLine;
using Sim.Cli.Parsing;

namespace Sim.Cli.Commands;

/// <summary>What each verb of <c>sim demo</c> does with its request.</summary>
public sealed record DemoActions(
    CommandAction<DemoRecordRequest> Record,
    CommandAction<DemoListRequest> List,
    CommandAction<DemoInfoRequest> Info,
    CommandAction<DemoVerifyRequest> Verify,
    CommandAction<DemoReplayRequest> Replay,
    CommandAction<DemoTrimRequest> Trim,
    CommandAction<DemoLabelRequest> Label,
    CommandAction<DemoMergeRequest> Merge,
    CommandAction<DemoSplitRequest> Split,
    CommandAction<DemoRecoverRequest> Recover,
    CommandAction<DemoExportRequest> Export,
    CommandAction<DemoImportRequest> Import);

/// <summary>What <c>sim demo list</c> was asked for.</summary>
public sealed record DemoListRequest(string Folder);

/// <summary>What <c>sim demo info</c> was asked for.</summary>
public sealed record DemoInfoRequest(string File, int? Episode);

/// <summary>What <c>sim demo verify</c> was asked for.</summary>
public sealed record DemoVerifyRequest(IReadOnlyList<string> Files, bool Fast);

/// <summary>What <c>sim demo recover</c> was asked for.</summary>
public sealed record DemoRecoverRequest(string File, string Out);

internal static class DemoCommand
{
    public static Command Create(CommandFrame frame, DemoActions actions)
        => new("demo", "Record demonstrations, look at them, check them and edit them (.simdemo files).")
        {
            DemoRecordCommand.Create(frame, actions.Record),
            List(frame, actions.List),
            Info(frame, actions.Info),
            Verify(frame, actions.Verify),
            DemoReplayCommand.Create(frame, actions.Replay),
            DemoEditCommands.Trim(frame, actions.Trim),
            DemoEditCommands.Label(frame, actions.Label),
            DemoEditCommands.Merge(frame, actions.Merge),
            DemoEditCommands.Split(frame, actions.Split),
            Recover(frame, actions.Recover),
            DemoExportCommand.Create(frame, actions.Export),
            DemoImportCommand.Create(frame, actions.Import),
        };

    /// <summary>The recording that a verb works on.</summary>
    public static Argument<string> File() => new("file") { Description = "A .simdemo file." };

    /// <summary>The new file that a verb writes.</summary>
    public static Option<string> Out() => new("--out", "-o") { Description = "File to write; it must not exist.", HelpName = "FILE", Required = true };

    private static Command List(CommandFrame frame, CommandAction<DemoListRequest> action)
    {
        var folder = new Argument<string>("folder") { Description = "Where to look; the current folder by default.", DefaultValueFactory = _ => "." };
        var command = new CommandWithExamples("list", "Show the recordings of a folder.", "sim demo list", "sim demo list recordings --json") { folder };
        return frame.Bind(command, action, parsed => new DemoListRequest(parsed.GetRequiredValue(folder)));
    }

    private static Command Info(CommandFrame frame, CommandAction<DemoInfoRequest> action)
    {
        var file = File();
        var episode = Options.Count("--episode", "One episode, with the histogram of its actions.", 0, int.MaxValue);
        var command = new CommandWithExamples("info", "Show what a recording holds: environment, machine, episodes.",
            "sim demo info hover.simdemo",
            "sim demo info hover.simdemo --episode 3 --json")
        {
            file, episode,
        };
        return frame.Bind(command, action, parsed => new DemoInfoRequest(parsed.GetRequiredValue(file), (int?)parsed.GetValue(episode)));
    }

    private static Command Verify(CommandFrame frame, CommandAction<DemoVerifyRequest> action)
    {
        var files = new Argument<string[]>("files") { Description = "The .simdemo files.", Arity = ArgumentArity.OneOrMore };
        var fast = new Option<bool>("--fast") { Description = "Check the bytes alone; play nothing again." };
        var command = new CommandWithExamples("verify", "Check every byte, play every episode again and compare bit for bit. Exit code 0: exact, 1: damaged or diverged, 3: cannot be played here.",
            "sim demo verify hover.simdemo",
            "sim demo verify *.simdemo --fast")
        {
            files, fast,
        };
        return frame.Bind(command, action, parsed => new DemoVerifyRequest(parsed.GetRequiredValue(files), parsed.GetValue(fast)));
    }

    private static Command Recover(CommandFrame frame, CommandAction<DemoRecoverRequest> action)
    {
        var (file, output) = (File(), Out());
        var command = new CommandWithExamples("recover", "Write all that is good in a broken recording into a new one.",
            "sim demo recover broken.simdemo --out good.simdemo")
        {
            file, output,
        };
        return frame.Bind(command, action, parsed => new DemoRecoverRequest(parsed.GetRequiredValue(file), parsed.GetRequiredValue(output)));
    }
}
