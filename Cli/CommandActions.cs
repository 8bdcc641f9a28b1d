using Sim.Cli.Commands;

namespace Sim.Cli;

/// <summary>What each command does with its request.</summary>
public sealed record CommandActions(
    CommandAction<ListRequest> List,
    CommandAction<InfoRequest> Info,
    CommandAction<TrainRequest> Train,
    CommandAction<EvaluateRequest> Evaluate,
    CommandAction<BenchStepsRequest> BenchSteps,
    CommandAction<ExportRequest> Export)
{
    public static CommandActions All { get; } = new(Missing, Missing, Missing, Missing, Missing, Missing);

    private static int Missing<TRequest>(TRequest request, Output.CommandOutput output)
        => throw new BadInputException("This command waits for the environments' registry.");
}
