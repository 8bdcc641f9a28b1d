namespace Sim.Agents.Evaluation;

/// <summary>What an evaluation found, as <c>evaluation.json</c> and <c>sim evaluate --json</c> have it.</summary>
/// <param name="Environment">Id.</param>
/// <param name="Agent">Name of the algorithm, or <c>expert</c>.</param>
/// <param name="Episodes">Episodes played.</param>
/// <param name="ReturnMean">Mean undiscounted return.</param>
/// <param name="ReturnCi95">Ends of the 95 % bootstrap interval of the mean.</param>
/// <param name="SuccessRate">In [0, 1]; null where the task does not say.</param>
/// <param name="LengthMean">Mean steps of an episode.</param>
public sealed record EvaluationSummary(string Environment, string Agent, int Episodes, double ReturnMean, double[] ReturnCi95, double? SuccessRate,
    double LengthMean)
{
    public static EvaluationSummary Of(EvaluationResult result, string agent)
    {
        ArgumentNullException.ThrowIfNull(result);
        var interval = result.ReturnInterval;
        return new EvaluationSummary(result.Environment, agent, result.Episodes, result.ReturnMean, [interval.Low, interval.High], result.SuccessRate,
            result.Lengths.Average());
    }
}
