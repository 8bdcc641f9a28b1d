using Sim.Agents.Training;
using Sim.Physics.Numerics;

namespace Sim.Agents.Drama;

/// <summary>
/// Dynamic frequency-based sampling (Wang et al., "Drama: Mamba-Enabled Model-Based Reinforcement Learning Is Sample and Parameter
/// Efficient", ICLR 2025): the model learns from what it has seldom learnt from, and the policy imagines from what the model knows. Every
/// start of a window has two counts.
/// </summary>
public static class FrequencySampling
{
    /// <summary>Exponents of the model's draws: −c / τ.</summary>
    /// <param name="trained">c: times a window was learnt from.</param>
    /// <param name="temperature">τ.</param>
    /// <param name="exponents">As many.</param>
    public static void ForModel(ReadOnlySpan<int> trained, float temperature, Span<float> exponents)
    {
        for (int i = 0; i < trained.Length; i++) exponents[i] = -trained[i] / temperature;
    }

    /// <summary>Exponents of the policy's draws: (c − α b − β max(0, c − b)) / τ, b = m / scale.</summary>
    /// <param name="trained">c: times a window was learnt from.</param>
    /// <param name="imagined">m: times a window was imagined from.</param>
    /// <param name="scale">How many more windows are imagined from at a time than learnt from.</param>
    /// <param name="alpha">Weight α of having been imagined from.</param>
    /// <param name="beta">Weight β of having been learnt from more.</param>
    /// <param name="temperature">τ.</param>
    /// <param name="exponents">As many.</param>
    public static void ForPolicy(ReadOnlySpan<int> trained, ReadOnlySpan<int> imagined, float scale, float alpha, float beta, float temperature, Span<float> exponents)
    {
        for (int i = 0; i < trained.Length; i++)
        {
            float learnt = trained[i], dreamt = imagined[i] / scale;
            exponents[i] = (learnt - (alpha * dreamt) - (beta * MathF.Max(0, learnt - dreamt))) / temperature;
        }
    }

    /// <summary>
    /// Draws without replacement, each in proportion to e to its exponent among those left: the largest sums of exponent and Gumbel noise
    /// (Vieira, "Gumbel-max trick and weighted reservoir sampling", 2014).
    /// </summary>
    /// <param name="exponents">Of any size; −∞ for what must not be drawn.</param>
    /// <param name="drawn">Where the indices go, first drawn first.</param>
    /// <param name="noise">Scratch as long as the exponents.</param>
    /// <param name="seed">The learner's.</param>
    /// <param name="time">Number of the draw.</param>
    /// <exception cref="ArgumentException">More are asked for than can be drawn.</exception>
    public static void Draw(ReadOnlySpan<float> exponents, Span<int> drawn, Span<float> noise, ulong seed, ulong time)
    {
        CounterRandom.FillUniform(noise[..exponents.Length], seed, RandomStream.Sampling, time);
        var kept = new PriorityQueue<int, float>(drawn.Length + 1);
        for (int i = 0; i < exponents.Length; i++)
        {
            if (float.IsNegativeInfinity(exponents[i])) continue;
            // The uniform number is a multiple of 2⁻²⁴; half of one keeps it off 0.
            float key = exponents[i] - MathF.Log(-MathF.Log(noise[i] + 2.98e-8f));
            if (kept.Count < drawn.Length) kept.Enqueue(i, key);
            else if (drawn.Length > 0 && kept.TryPeek(out _, out float least) && key > least) kept.EnqueueDequeue(i, key);
        }
        if (kept.Count < drawn.Length) throw new ArgumentException($"{drawn.Length} windows cannot be drawn from {kept.Count}");
        for (int i = drawn.Length - 1; i >= 0; i--) drawn[i] = kept.Dequeue();
    }
}
