using Sim.Agents.Evaluation;
using Sim.Agents.Runs;
using Sim.Cli.Commands;
using Sim.Cli.Output;
using Sim.Environments;
using Sim.Environments.Configuration;

namespace Sim.Cli.Actions;

internal static class EvaluateAction
{
    private const string Expert = "expert";

    public static int Run(EvaluateRequest request, CommandOutput output)
    {
        if (request is { Expert: false, Set.Count: > 0 })
            throw new BadInputException("--set goes with --expert: a run is evaluated under the settings that it was trained for");
        return request.Expert ? OfExpert(request, output) : OfRun(request, output);
    }

    private static int OfRun(EvaluateRequest request, CommandOutput output)
    {
        var folder = RunFolder.Open(request.Subject);
        using var policy = folder.LoadPolicy();
        return Report(folder.Configuration.Agent, output, cancellation =>
        {
            var result = Evaluator.Evaluate(folder.Configuration.FindEnvironment(), folder.Configuration.ReadEnvironmentSettings(), policy,
                request.Episodes, Seed(request), cancellation);
            folder.WriteEvaluation(result);
            return result;
        });
    }

    private static int OfExpert(EvaluateRequest request, CommandOutput output)
    {
        var definition = Refusal.Of(() => Registry.Find(request.Subject));
        var expert = ScriptedExperts.Of(definition);
        object settings = SettingsOverride.Apply(definition.DefaultSettings, request.Set);
        // Settings that contradict each other are found out when a batch is made.
        Refusal.Of(() => definition.Create(new EnvironmentOptions(), settings)).Dispose();
        return Report(Expert, output, cancellation
            => Evaluator.Evaluate(definition, settings, expert, request.Episodes, Seed(request), cancellation));
    }

    private static int Report(string agent, CommandOutput output, Func<CancellationToken, EvaluationResult> evaluate)
    {
        using var interruption = new Interruption(() => { });
        try
        {
            var result = evaluate(interruption.Token);
            output.Line(Sentences.Of(result));
            output.Result(EvaluationSummary.Of(result, agent));
            return ExitCode.Success;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
    }

    private static ulong Seed(EvaluateRequest request) => request.Seed ?? Evaluator.DefaultSeed;
}
