using Sim.Agents.Evaluation;
using Sim.Agents.Runs;

namespace Sim.Cli.Output;

/// <summary>Results in words.</summary>
internal static class Sentences
{
    /// <summary><c>evaluation, 100 episodes: success 97 % (95 % interval 93–99), return 233 ± 3, 240 steps an episode</c></summary>
    public static string Of(EvaluationResult result)
    {
        string success = result is { SuccessRate: { } rate, SuccessInterval: { } interval }
            ? $"success {100 * rate:0.#} % (95 % interval {100 * interval.Low:0}–{100 * interval.High:0}), "
            : "";
        return $"  evaluation, {result.Episodes} episodes: {success}return {Mean(result.ReturnMean, result.ReturnInterval)}, {SiPrefix.Format(result.Lengths.Average())} steps an episode";
    }

    /// <summary><c>233 ± 3</c></summary>
    public static string Mean(double mean, Interval interval) => $"{SiPrefix.Format(mean)} ± {SiPrefix.Format(interval.HalfWidth)}";
}
