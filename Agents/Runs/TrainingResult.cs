using Sim.Agents.Evaluation;

namespace Sim.Agents.Runs;

/// <summary>How a training run ended.</summary>
/// <param name="Steps">Environment steps done, those before a resume included.</param>
/// <param name="Seconds">Seconds of training, those before a resume included.</param>
/// <param name="Evaluation">What the trained agent reached; null when the run was interrupted.</param>
public sealed record TrainingResult(long Steps, double Seconds, EvaluationResult? Evaluation)
{
    /// <summary>Whether it was interrupted, after saving.</summary>
    public bool Interrupted => Evaluation is null;
}
