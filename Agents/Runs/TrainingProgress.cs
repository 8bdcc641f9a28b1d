namespace Sim.Agents.Runs;

/// <summary>How far a training run is.</summary>
/// <param name="Steps">Environment steps done, those before a resume included.</param>
/// <param name="TotalSteps">Environment steps the run is to have.</param>
/// <param name="StepsPerSecond">Recent environment steps a second.</param>
/// <param name="ReturnMean">Mean return of recent episodes; null before the first has ended.</param>
/// <param name="SuccessRate">Share of recent episodes, in [0, 1], that succeeded; null for tasks without a goal.</param>
public readonly record struct TrainingProgress(long Steps, long TotalSteps, double StepsPerSecond, double? ReturnMean, double? SuccessRate)
{
    /// <summary>One line: <c>400 k of 1 M steps, 310 k steps/s, return 231, success 97 %</c>.</summary>
    public override string ToString()
    {
        string text = $"{SiPrefix.Format(Steps)} of {SiPrefix.Format(TotalSteps)} steps, {SiPrefix.Format(StepsPerSecond)} steps/s";
        if (ReturnMean is { } mean)
            text += $", return {SiPrefix.Format(mean)}";
        return SuccessRate is { } rate ? $"{text}, success {100 * rate:0} %" : text;
    }
}
