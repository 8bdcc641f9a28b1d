using Sim.Environments;
using Sim.Physics.Numerics;

namespace Sim.Agents.Training;

/// <summary>
/// Standard normal noise for every environment and action, correlated in time: x ← c·x + √(1 − c²)·n. With c = 0 it is
/// white; otherwise it is the Ornstein-Uhlenbeck process (Uhlenbeck and Ornstein, "On the Theory of the Brownian
/// Motion", Phys. Rev. 36, 1930), sampled exactly and begun in its stationary distribution at each episode's start, so
/// that every step's noise has variance 1 whatever c is. θ and Δt of other libraries are c = exp(−θ Δt).
/// </summary>
public sealed class ExplorationNoise
{
    private readonly float _correlation, _fresh;
    private readonly int _width;
    private readonly ulong _seed;
    private readonly float[] _draws, _values;

    /// <param name="environments">Number of environments.</param>
    /// <param name="width">Numbers of an action.</param>
    /// <param name="correlation">c in [0, 1).</param>
    /// <param name="seed">Seed of the draws, of <see cref="RandomStream.Policy"/>.</param>
    public ExplorationNoise(int environments, int width, float correlation, ulong seed)
    {
        if (correlation is not (>= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(correlation), correlation, "the correlation of noise must lie in [0, 1)");
        (_width, _correlation, _seed) = (width, correlation, seed);
        _fresh = MathF.Sqrt(1 - (correlation * correlation));
        _draws = new float[environments * width];
        _values = new float[environments * width];
    }

    /// <summary>The present noise <c>[environments, width]</c>.</summary>
    public Span<float> Values => _values;

    /// <summary>Draws the noise of the next step.</summary>
    /// <param name="environments">Those whose episode just ended start anew.</param>
    /// <param name="time">Counts the draws of the learner.</param>
    public void Advance(BatchEnvironment environments, ulong time)
    {
        ArgumentNullException.ThrowIfNull(environments);
        CounterRandom.FillNormal(_draws, _seed, RandomStream.Policy, time);
        var terminated = environments.Terminated;
        var truncated = environments.Truncated;
        for (int lane = 0; lane < terminated.Length; lane++)
        {
            // The process starts at time 0 too: values are zero there, and only then.
            bool starts = terminated[lane] || truncated[lane];
            for (int i = lane * _width; i < (lane + 1) * _width; i++)
                _values[i] = starts || _values[i] == 0 ? _draws[i] : (_correlation * _values[i]) + (_fresh * _draws[i]);
        }
    }
}
