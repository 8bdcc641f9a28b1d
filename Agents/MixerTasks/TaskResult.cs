namespace Sim.Agents.MixerTasks;

/// <summary>How training on a task ended.</summary>
public enum TaskEnd
{
    /// <summary>Its time was up.</summary>
    Time,

    /// <summary>The loss at the training length fell below <see cref="TaskSettings.SolvedLoss"/>.</summary>
    Solved,

    /// <summary>The loss was no number any more.</summary>
    Diverged,
}

/// <summary>Scaled accuracy on sequences of one length.</summary>
/// <param name="Length">Moments of a sequence. Those count that no shorter length of the same run has.</param>
/// <param name="Question">What was asked; empty where the task asks one thing.</param>
/// <param name="Score">0 for a guess, 1 for all right.</param>
public sealed record TaskScore(int Length, string Question, double Score);

/// <summary>What a run of one mixer on one task with one seed has come to: a line of the file of results.</summary>
/// <param name="Mixer">Name.</param>
/// <param name="Task">Name.</param>
/// <param name="Seed">Of weights and sequences.</param>
/// <param name="Budget">Seconds of processor time that updates had.</param>
/// <param name="Seconds">Those that they took.</param>
/// <param name="Updates">Gradient steps.</param>
/// <param name="End">Why they ended.</param>
/// <param name="Loss">Cross-entropy at the training length at the end, in nats; null where it was no number.</param>
/// <param name="Scores">At once, twice and four times the training length, for every question.</param>
/// <param name="Width">Numbers of a moment.</param>
/// <param name="Parameters">Of the backbone.</param>
/// <param name="StateBytes">That a sequence leaves behind, at the training length.</param>
/// <param name="Costs">Of both forms.</param>
public sealed record TaskResult(string Mixer, string Task, ulong Seed, double Budget, double Seconds, int Updates, TaskEnd End, double? Loss,
    IReadOnlyList<TaskScore> Scores, int Width, long Parameters, long StateBytes, TaskCosts Costs);
