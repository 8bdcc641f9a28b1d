using Sim.Agents.Training;

namespace Sim.Agents;

/// <summary>How an algorithm is best run on one environment.</summary>
/// <param name="Settings">The algorithm's settings record.</param>
public sealed record Preset(LearnerSettings Settings)
{
    /// <summary>
    /// Assignments to the environment's settings that hold in training alone, such as <c>start_angle=0.5</c>: what a
    /// run is judged by stays as the user asked for.
    /// </summary>
    public IReadOnlyList<string> TrainingOverrides { get; init; } = [];

    /// <summary>Settings in their place where there are demonstrations; null where those change nothing.</summary>
    public LearnerSettings? WithDemonstrations { get; init; }

    /// <summary>When training may end before its steps are done; null for never.</summary>
    public EarlyStop? Stop { get; init; }
}

/// <summary>
/// Training ends as soon as an evaluation, from other start states than those of the final one, reaches a success rate.
/// </summary>
/// <param name="SuccessRate">The rate, in (0, 1].</param>
/// <param name="Every">Environment steps between evaluations.</param>
/// <param name="Episodes">Episodes of each.</param>
public sealed record EarlyStop(double SuccessRate, long Every, int Episodes = 100);
