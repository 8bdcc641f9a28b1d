using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Sim.Cli.Commands;
using Sim.Cli.Parsing;

namespace Sim.Cli;

/// <summary>The <c>sim</c> command: reads the command line and hands a request to the command's action.</summary>
public static class SimCommand
{
    /// <summary>Returns the exit code (<see cref="ExitCode"/>).</summary>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter error, CommandActions actions)
    {
        var parsed = Create(output, error, actions).Parse(arguments);
        if (parsed.Action is ParseErrorAction)
            return Refuse(parsed, error);
        return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    private static CommandWithExamples Create(TextWriter output, TextWriter error, CommandActions actions)
    {
        var frame = new CommandFrame(output, error);
        return new CommandWithExamples("sim", "Simulate, train and measure batched environments.",
            "sim list",
            "sim train cartpole",
            "sim evaluate runs/cartpole-1 --episodes 1000",
            "sim train --help")
        {
            new HelpOption { Action = new HelpWithExamples() },
            new VersionOption(),
            ListCommand.Create(frame, actions.List),
            InfoCommand.Create(frame, actions.Info),
            TrainCommand.Create(frame, actions.Train),
            EvaluateCommand.Create(frame, actions.Evaluate),
            BenchCommand.Create(frame, actions),
            ExportCommand.Create(frame, actions.Export),
            ServeCommand.Create(frame, actions.Serve),
            ServeCommand.CreateForPolicies(frame, actions.ServePolicy),
            DemoCommand.Create(frame, actions.Demo),
            PhasesCommand.Create(frame, actions.PhasesTrain),
        };
    }

    private static int Refuse(ParseResult parsed, TextWriter error)
    {
        foreach (string message in ParseErrors.Describe(parsed))
            error.WriteLine($"sim: {message}");
        error.WriteLine($"Try '{ParseErrors.PathOf(parsed.CommandResult)} --help'.");
        return ExitCode.BadInput;
    }
}
