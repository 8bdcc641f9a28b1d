namespace Sim.Agents.Runs;

/// <summary>How far a training run is.</summary>
/// <param name="Steps">Environment steps done, those before a resume included.</param>
/// <param name="TotalSteps">Environment steps the run is to have.</param>
/// <param name="StepsPerSecond">Recent environment steps a second.</param>
/// <param name="ReturnMean">Mean return of recent episodes; null before the first has ended.</param>
/// <param name="SuccessRate">Share of recent episodes, in [0, 1], that succeeded; null for tasks without a goal.</param>
public readonly record struct TrainingProgress(long Steps, long TotalSteps, double StepsPerSecond, double? ReturnMean, double? SuccessRate);
