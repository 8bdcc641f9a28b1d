using System.CommandLine;
using Sim.Cli.Parsing;

namespace Sim.Cli.Commands;

/// <summary>What <c>sim phases train</c> was asked for; null where the usual value stands.</summary>
/// <param name="Files">Recordings, one or more.</param>
/// <param name="Epochs">Passes over the episodes that are learnt from.</param>
/// <param name="Seed">Of everything random.</param>
/// <param name="Set">Settings of the recogniser, <c>key=value</c>.</param>
public sealed record PhasesTrainRequest(IReadOnlyList<string> Files, int? Epochs, ulong? Seed, IReadOnlyList<string> Set);

internal static class PhasesCommand
{
    public static Command Create(CommandFrame frame, CommandAction<PhasesTrainRequest> train)
        => new("phases", "Recognise in which phase a task is, from what is observed.") { Train(frame, train) };

    private static Command Train(CommandFrame frame, CommandAction<PhasesTrainRequest> action)
    {
        var files = new Argument<string[]>("files") { Description = "The .simdemo files, of a task that tells its phase ('sim info').", Arity = ArgumentArity.OneOrMore };
        var epochs = Options.Count("--epochs", "Passes over the episodes; 20 by default.", 1, 100_000);
        var seed = Options.Count("--seed", "Seed of everything random; 1 by default.", 0);
        var set = Options.Set();
        set.Description = "Change settings: batch, learning_rate, hidden, gradient_norm, validation_fraction.";
        var command = new CommandWithExamples("train", "Train a recurrent network to tell the phase, the next one and the steps to go; report how well it does on episodes kept out.",
            "sim demo record surgical-needle-pick --expert --noise 0.1 --episodes 100 --envs 100 --out picks.simdemo",
            "sim phases train picks.simdemo --epochs 20",
            "sim phases train picks.simdemo --set hidden=128 --json")
        {
            files, epochs, seed, set,
        };
        return frame.Bind(command, action, parsed => new PhasesTrainRequest(
            parsed.GetRequiredValue(files), (int?)parsed.GetValue(epochs), (ulong?)parsed.GetValue(seed), parsed.GetValue(set) ?? []));
    }
}
