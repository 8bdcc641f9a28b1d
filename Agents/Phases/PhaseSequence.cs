namespace Sim.Agents.Phases;

/// <summary>One episode as a recogniser of phases sees it: T + 1 moments, from the reset to the end.</summary>
/// <param name="Observations">What was observed at each moment <c>[T + 1, size]</c>.</param>
/// <param name="Phases">The phase at each moment, a number among the task's names.</param>
/// <param name="Next">The next phase that is another one; −1 where none follows.</param>
/// <param name="Remaining">Steps to go: of the expert's plan where the task tells them, else until the phase changes.</param>
public sealed record PhaseSequence(float[] Observations, int[] Phases, int[] Next, float[] Remaining)
{
    /// <summary>Moments T + 1.</summary>
    public int Length => Phases.Length;

    /// <param name="observations">As above.</param>
    /// <param name="phases">As above.</param>
    /// <param name="plan">Steps of the expert's plan at each moment; null where the task does not tell them.</param>
    public static PhaseSequence Of(float[] observations, int[] phases, float[]? plan)
    {
        ArgumentNullException.ThrowIfNull(phases);
        int[] next = new int[phases.Length];
        float[] remaining = plan ?? new float[phases.Length];
        int end = phases.Length;
        for (int moment = phases.Length - 1; moment >= 0; moment--)
        {
            bool isLast = moment == phases.Length - 1, changes = !isLast && phases[moment] != phases[moment + 1];
            if (changes) end = moment + 1;
            next[moment] = isLast ? -1 : changes ? phases[moment + 1] : next[moment + 1];
            if (plan is null) remaining[moment] = end - moment;
        }
        return new(observations, phases, next, remaining);
    }
}
