using Sim.Agents.Evaluation;
using Sim.Agents.Runs;
using Sim.Cli.Commands;
using Sim.Cli.Output;

namespace Sim.Cli.Actions;

internal static class EvaluateAction
{
    public static int Run(EvaluateRequest request, CommandOutput output)
    {
        var folder = RunFolder.Open(request.Run);
        using var policy = folder.LoadPolicy();
        using var interruption = new Interruption(() => { });
        try
        {
            var result = Evaluator.Evaluate(folder.Configuration.FindEnvironment(), folder.Configuration.ReadEnvironmentSettings(), policy,
                request.Episodes, request.Seed ?? Evaluator.DefaultSeed, interruption.Token);
            folder.WriteEvaluation(result);
            output.Line(Sentences.Of(result));
            output.Result(EvaluationSummary.Of(result, folder.Configuration.Agent));
            return ExitCode.Success;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
    }
}
