using Sim.Environments;

namespace Sim.Agents.Hindsight;

/// <summary>What presets of all algorithms that learn with hindsight agree on.</summary>
internal static class GoalTasks
{
    /// <summary>
    /// Success rates to stop at, where they are not <see cref="UsualTarget"/>: some ten points above what the tasks are to
    /// reach, because the first of many evaluations to reach a rate flatters. A run that stopped at 82 % found 77 % later.
    /// </summary>
    private static readonly Dictionary<string, double> s_targets = new()
    {
        ["surgical-needle-pick"] = 0.9,
        ["surgical-needle-regrasp"] = 0.9,
        ["surgical-peg-transfer"] = 0.85,
        ["surgical-bi-peg-transfer"] = 0.85,
    };

    private static readonly Dictionary<string, long> s_steps = new()
    {
        ["surgical-peg-transfer"] = 300_000,
        ["surgical-bi-peg-transfer"] = 300_000,
    };

    private const double UsualTarget = 0.95;

    public static bool Has(EnvironmentSpec spec) => spec.GoalBox is not null;

    /// <summary>γ = 1 − 1/T: rewards count as far ahead as an episode of T steps lasts.</summary>
    public static float Gamma(EnvironmentSpec spec) => spec.TimeLimit > 1 ? 1 - (1f / spec.TimeLimit) : 0.98f;

    /// <summary>Environment steps of a run that does not stop early.</summary>
    public static long Steps(EnvironmentSpec spec) => s_steps.GetValueOrDefault(spec.Id, 100_000);

    /// <summary>Training may end at the task's target.</summary>
    public static EarlyStop? Stop(EnvironmentSpec spec)
        => spec.HasSuccess ? new EarlyStop(s_targets.GetValueOrDefault(spec.Id, UsualTarget), Every: 2000) : null;
}
