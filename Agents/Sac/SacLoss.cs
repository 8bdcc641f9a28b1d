using Sim.Agents.Networks;
using Sim.Agents.Training;
using Sim.Physics.Numerics;

namespace Sim.Agents.Sac;

/// <summary>Sums over updates, for the metrics; each is of batch means.</summary>
public struct SacSums
{
    public double ActorLoss, Entropy, AlphaLoss, CloningLoss, Filtered;
    public int ActorUpdates;
}

/// <summary>
/// The losses of SAC and their gradients with respect to the networks' outputs, written once for every backend. All
/// gradients are of the mean over the batch.
/// </summary>
public static unsafe class SacLoss
{
    /// <summary>log σ counts within these limits; outside its gradient is zero.</summary>
    public const float LowestLogStd = -20, HighestLogStd = 2;

    private static readonly float HalfLogTwoPi = 0.5f * MathF.Log(2 * MathF.PI);
    private static readonly float LogTwo = MathF.Log(2);

    /// <summary>
    /// u = μ + σ ε;  a = tanh u;  log π = Σ −½ε² − log σ − ½ log 2π − log(1 − a²), with the exact
    /// log(1 − tanh² u) = 2 (log 2 − |u| − log(1 + e^(−2|u|))).
    /// </summary>
    /// <param name="outputs">The actor's outputs <c>[rows, 2 · width]</c>: means, then logarithms of deviations.</param>
    /// <param name="samples">Holds the noise; takes the rest.</param>
    /// <param name="actions">Target of a, <c>[rows, width]</c>.</param>
    public static void Sample(in Matrix outputs, SquashedSamples samples, in Matrix actions)
    {
        ArgumentNullException.ThrowIfNull(samples);
        int width = samples.Width;
        outputs.SliceColumns(0, width).TransposeTo(samples.Mean);
        outputs.SliceColumns(width, width).TransposeTo(samples.LogStd);
        for (int i = 0; i < width; i++) SampleComponent(samples, i);
        samples.Action.TransposeTo(actions);
    }

    /// <summary>y = r + γ (1 − term) (min(Q'₁, Q'₂) − α log π').</summary>
    /// <param name="rewards"><c>[rows]</c>.</param>
    /// <param name="terms">1 where nothing follows <c>[rows]</c>.</param>
    /// <param name="values1">First target critic's outputs <c>[rows, 1]</c>.</param>
    /// <param name="values2">Second target critic's.</param>
    /// <param name="logProbabilities">Of the actions that those rate <c>[1, rows]</c>.</param>
    /// <param name="alpha">α.</param>
    /// <param name="gamma">γ.</param>
    /// <param name="targets">Target <c>[rows]</c>.</param>
    public static void Targets(ReadOnlySpan<float> rewards, ReadOnlySpan<float> terms, in Matrix values1, in Matrix values2,
        in Matrix logProbabilities, float alpha, float gamma, Span<float> targets)
    {
        for (int row = 0; row < targets.Length; row++)
        {
            float next = Math.Min(values1[row, 0], values2[row, 0]) - (alpha * logProbabilities[0, row]);
            targets[row] = rewards[row] + (gamma * (1 - terms[row]) * next);
        }
    }

    /// <summary>mean (α log π − min(Q₁, Q₂)): returns it, with the gradients of its second part by Q₁ and Q₂.</summary>
    public static double Actor(in Matrix values1, in Matrix values2, in Matrix logProbabilities, float alpha,
        in Matrix gradients1, in Matrix gradients2, out double meanLogProbability)
    {
        int rows = values1.Rows;
        float share = -1f / rows;
        double loss = 0, sum = 0;
        for (int row = 0; row < rows; row++)
        {
            bool first = values1[row, 0] < values2[row, 0];
            gradients1[row, 0] = first ? share : 0;
            gradients2[row, 0] = first ? 0 : share;
            loss -= first ? values1[row, 0] : values2[row, 0];
            sum += logProbabilities[0, row];
        }
        meanLogProbability = sum / rows;
        return (loss / rows) + (alpha * meanLogProbability);
    }

    /// <summary>
    /// The actor's gradients from those of the critics: du = (dQ/da)(1 − a²) + (α/B) 2a;  dμ = du;
    /// dlog σ = du σ ε − α/B, zero where log σ is outside its limits.
    /// </summary>
    /// <param name="samples">The draw that the critics rated.</param>
    /// <param name="actionGradients1">Derivative of the loss by the action through the first critic <c>[rows, width]</c>.</param>
    /// <param name="actionGradients2">Through the second.</param>
    /// <param name="alpha">α.</param>
    /// <param name="scratch">Two fields <c>[2 · width, rows]</c>, overwritten.</param>
    /// <param name="gradients">Target <c>[rows, 2 · width]</c>.</param>
    public static void ActorGradients(SquashedSamples samples, in Matrix actionGradients1, in Matrix actionGradients2, float alpha,
        in Matrix scratch, in Matrix gradients)
    {
        ArgumentNullException.ThrowIfNull(samples);
        int width = samples.Width;
        actionGradients1.TransposeTo(scratch.Slice(0, width));
        actionGradients2.TransposeTo(scratch.Slice(width, width));
        for (int i = 0; i < width; i++) GradientComponent(samples, i, alpha / samples.Rows, scratch);
        scratch.TransposeTo(gradients);
    }

    /// <summary>
    /// −log α · mean(log π + target): its derivative by log α. The variant with log α in place of α as the factor, whose
    /// step does not shrink with α.
    /// </summary>
    public static float TemperatureGradient(double meanLogProbability, float targetEntropy) => -(float)(meanLogProbability + targetEntropy);

    private static void SampleComponent(SquashedSamples samples, int component)
    {
        nint at = (nint)component * samples.Mean.Stride;
        float* noise = samples.Noise.Data + at, mean = samples.Mean.Data + at, logStd = samples.LogStd.Data + at;
        float* deviation = samples.Deviation.Data + at, action = samples.Action.Data + at, slope = samples.Slope.Data + at;
        float* logProbability = samples.LogProbability.Data;
        Lane8 one = Lane8.Of(1), two = Lane8.Of(2);
        for (int row = 0; row < samples.Rows; row += 8)
        {
            Lane8 e = Lane8.Load(noise + row);
            Lane8 limited = LaneMath.Clamp(Lane8.Load(logStd + row), Lane8.Of(LowestLogStd), Lane8.Of(HighestLogStd));
            Lane8 moved = LaneMath.Exp(limited) * e;
            Lane8 u = Lane8.Load(mean + row) + moved;
            Lane8 size = Lane8.Abs(u);
            Lane8 decay = LaneMath.Exp(-(size + size));
            Lane8 sum = one + decay;
            Lane8 inverse = one / sum;
            Lane8 sign = u & Lane8.OfBits(0x80000000);
            Lane8.Store(moved, deviation + row);
            Lane8.Store(((one - decay) * inverse) | sign, action + row);
            Lane8.Store(Lane8.Of(4) * decay * inverse * inverse, slope + row);
            Lane8 logSlope = two * (Lane8.Of(LogTwo) - size - LaneMath.Log(sum));
            Lane8 own = -(Lane8.Of(0.5f) * e * e) - limited - Lane8.Of(HalfLogTwoPi) - logSlope;
            Lane8.Store(component == 0 ? own : Lane8.Load(logProbability + row) + own, logProbability + row);
        }
    }

    private static void GradientComponent(SquashedSamples samples, int component, float share, in Matrix scratch)
    {
        nint at = (nint)component * samples.Mean.Stride;
        float* logStd = samples.LogStd.Data + at, deviation = samples.Deviation.Data + at;
        float* action = samples.Action.Data + at, slope = samples.Slope.Data + at;
        float* first = scratch.Data + ((nint)component * scratch.Stride);
        float* second = first + ((nint)samples.Width * scratch.Stride);
        Lane8 entropy = Lane8.Of(share);
        for (int row = 0; row < samples.Rows; row += 8)
        {
            Lane8 byAction = Lane8.Load(first + row) + Lane8.Load(second + row);
            Lane8 byU = (byAction * Lane8.Load(slope + row)) + (entropy * Lane8.Of(2) * Lane8.Load(action + row));
            Lane8 given = Lane8.Load(logStd + row);
            Lane8 inside = (given >= Lane8.Of(LowestLogStd)) & (given <= Lane8.Of(HighestLogStd));
            Lane8.Store(byU, first + row);
            Lane8.Store(((byU * Lane8.Load(deviation + row)) - entropy) & inside, second + row);
        }
    }
}
