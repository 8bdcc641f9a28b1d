using System.CommandLine;
using Sim.Agents.Runs;
using Sim.Agents.Torch;
using Sim.Agents.Training;
using Sim.Cli.Output;
using Sim.Environments.Configuration;
using Sim.Physics.Benchmarks;

namespace Sim.Cli.Commands;

/// <summary>Carries out a request and returns the exit code.</summary>
public delegate int CommandAction<in TRequest>(TRequest request, CommandOutput output);

/// <summary>What all commands share: the <c>--json</c> option, and how errors reach the shell.</summary>
internal sealed class CommandFrame
{
    private readonly TextWriter _output, _error;
    private readonly Option<bool> _json = new("--json") { Description = "Print the result as one line of JSON; all else goes to standard error." };

    public CommandFrame(TextWriter output, TextWriter error)
    {
        _output = output;
        _error = error;
    }

    public Command Bind<TRequest>(Command command, CommandAction<TRequest> action, Func<ParseResult, TRequest> read)
    {
        command.Options.Add(_json);
        command.SetAction(parsed => Invoke(() => action(read(parsed), new CommandOutput(_output, _error, parsed.GetValue(_json)))));
        return command;
    }

    private int Invoke(Func<int> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (error is BadInputException or SettingsException or RunFolderException)
        {
            _error.WriteLine($"sim: {error.Message}");
            return ExitCode.BadInput;
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException
            or NonFiniteException or UnstableSceneException or TorchUnavailableException or OutOfMemoryException)
        {
            _error.WriteLine($"sim: {error.Message}");
            return ExitCode.Failure;
        }
    }
}
