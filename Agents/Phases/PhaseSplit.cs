using Sim.Agents.Training;
using Sim.Physics.Numerics;

namespace Sim.Agents.Phases;

/// <summary>
/// Which episodes are learnt from and which judge. Whole episodes go one way or the other: moments of one are too alike
/// to judge by.
/// </summary>
/// <param name="Training">Episodes to learn from, 1 or more.</param>
/// <param name="Validation">Episodes to judge by, 1 or more.</param>
public sealed record PhaseSplit(int[] Training, int[] Validation)
{
    /// <summary>Draws the split from the stream <see cref="RandomStream.Sampling"/>, at time 0.</summary>
    public static PhaseSplit Of(int episodes, PhaseSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentOutOfRangeException.ThrowIfLessThan(episodes, 2);
        int[] order = [.. Enumerable.Range(0, episodes)];
        CounterRandom.Shuffle(order, new float[episodes], settings.Seed, RandomStream.Sampling, time: 0);
        int kept = Math.Clamp((int)Math.Round(settings.ValidationFraction * episodes), 1, episodes - 1);
        return new(order[kept..], order[..kept]);
    }
}
