using Sim.Agents.Networks;
using Sim.Agents.Policies;

namespace Sim.Agents.Ppo;

/// <summary>Sums over the rows of a minibatch, for the metrics.</summary>
public struct PpoSums
{
    public double PolicyLoss, ValueLoss, Entropy, OldApproximateKl, ApproximateKl, Clipped;
    public long Rows;
}

/// <summary>
/// The losses of PPO and their gradients with respect to the networks' outputs, written once for every backend.
/// All gradients are of the mean over the minibatch.
/// </summary>
public static class PpoLoss
{
    private static readonly float HalfLogTwoPi = 0.5f * MathF.Log(2 * MathF.PI);

    /// <summary>Σ_i −½((a_i − μ_i)/σ_i)² − log σ_i − ½ log 2π.</summary>
    public static float GaussianLogProbability(ReadOnlySpan<float> action, ReadOnlySpan<float> mean, ReadOnlySpan<float> logStd)
    {
        float sum = 0;
        for (int i = 0; i < action.Length; i++)
        {
            float z = (action[i] - mean[i]) * MathF.Exp(-logStd[i]);
            sum -= (0.5f * z * z) + logStd[i] + HalfLogTwoPi;
        }
        return sum;
    }

    /// <summary>Gaussian policy: gradients by mean and log-deviation.</summary>
    /// <param name="actions">Sampled actions <c>[rows, width]</c>.</param>
    /// <param name="oldLogProbabilities">When they were sampled <c>[rows]</c>.</param>
    /// <param name="advantages"><c>[rows]</c>.</param>
    /// <param name="means">Network outputs <c>[rows, width]</c>.</param>
    /// <param name="logStd"><c>[width]</c>.</param>
    /// <param name="clipRange">ε.</param>
    /// <param name="entropyCoefficient">Weight of the entropy.</param>
    /// <param name="meanGradients">Target <c>[rows, width]</c>.</param>
    /// <param name="logStdGradients">Target <c>[width]</c>.</param>
    /// <param name="sums">Adds up the metrics.</param>
    public static void Gaussian(ReadOnlySpan<float> actions, ReadOnlySpan<float> oldLogProbabilities, ReadOnlySpan<float> advantages,
        in Matrix means, ReadOnlySpan<float> logStd, float clipRange, float entropyCoefficient, in Matrix meanGradients,
        Span<float> logStdGradients, ref PpoSums sums)
    {
        int width = logStd.Length;
        float scale = 1f / means.Rows, entropy = 0;
        for (int i = 0; i < width; i++) entropy += logStd[i] + 0.5f + HalfLogTwoPi;
        logStdGradients.Fill(-entropyCoefficient);
        Span<float> inverse = stackalloc float[width];
        for (int i = 0; i < width; i++) inverse[i] = MathF.Exp(-logStd[i]);
        for (int row = 0; row < means.Rows; row++)
        {
            var mean = means.Row(row);
            var action = actions.Slice(row * width, width);
            float logProbability = 0;
            for (int i = 0; i < width; i++)
            {
                float z = (action[i] - mean[i]) * inverse[i];
                logProbability -= (0.5f * z * z) + logStd[i] + HalfLogTwoPi;
            }
            float g = scale * Surrogate(logProbability - oldLogProbabilities[row], advantages[row], clipRange, ref sums);
            var gradient = meanGradients.Row(row);
            for (int i = 0; i < width; i++)
            {
                float z = (action[i] - mean[i]) * inverse[i];
                gradient[i] = g * z * inverse[i];
                logStdGradients[i] += g * ((z * z) - 1);
            }
            sums.Entropy += entropy;
        }
        sums.Rows += means.Rows;
    }

    /// <summary>
    /// Adds the gradient of c · mean over the rows of Σ_i max(|μ_i| − bound, 0)²: without it the mean of an action that is
    /// clipped anyway may wander off, where no noise brings it back.
    /// </summary>
    /// <param name="means">Network outputs <c>[rows, width]</c>.</param>
    /// <param name="coefficient">c.</param>
    /// <param name="bound">Size up to which a mean costs nothing.</param>
    /// <param name="meanGradients">Added to <c>[rows, width]</c>.</param>
    public static void Bounds(in Matrix means, float coefficient, float bound, in Matrix meanGradients)
    {
        float scale = 2 * coefficient / means.Rows;
        for (int row = 0; row < means.Rows; row++)
        {
            var mean = means.Row(row);
            var gradient = meanGradients.Row(row);
            for (int i = 0; i < mean.Length; i++) gradient[i] += scale * (mean[i] - Math.Clamp(mean[i], -bound, bound));
        }
    }

    /// <summary>Categorical policy: gradients by logit.</summary>
    /// <param name="choices">Sampled choices <c>[rows]</c>.</param>
    /// <param name="oldLogProbabilities">When they were sampled <c>[rows]</c>.</param>
    /// <param name="advantages"><c>[rows]</c>.</param>
    /// <param name="logits">Network outputs <c>[rows, choices]</c>.</param>
    /// <param name="clipRange">ε.</param>
    /// <param name="entropyCoefficient">Weight of the entropy.</param>
    /// <param name="logitGradients">Target <c>[rows, choices]</c>.</param>
    /// <param name="sums">Adds up the metrics.</param>
    public static void Categorical(ReadOnlySpan<float> choices, ReadOnlySpan<float> oldLogProbabilities, ReadOnlySpan<float> advantages,
        in Matrix logits, float clipRange, float entropyCoefficient, in Matrix logitGradients, ref PpoSums sums)
    {
        float scale = 1f / logits.Rows;
        Span<float> logProbabilities = stackalloc float[logits.Columns];
        for (int row = 0; row < logits.Rows; row++)
        {
            float entropy = Softmax.Log(logits.Row(row), logProbabilities);
            int choice = (int)choices[row];
            float g = scale * Surrogate(logProbabilities[choice] - oldLogProbabilities[row], advantages[row], clipRange, ref sums);
            var gradient = logitGradients.Row(row);
            for (int i = 0; i < gradient.Length; i++)
            {
                float p = MathF.Exp(logProbabilities[i]);
                gradient[i] = (g * ((i == choice ? 1 : 0) - p)) + (scale * entropyCoefficient * p * (logProbabilities[i] + entropy));
            }
            sums.Entropy += entropy;
        }
        sums.Rows += logits.Rows;
    }

    /// <summary>½ max((v − R)², (v_old + clip(v − v_old, ±ε) − R)²), times its coefficient.</summary>
    public static void Value(ReadOnlySpan<float> oldValues, ReadOnlySpan<float> returns, in Matrix values, float coefficient, float? clipRange,
        in Matrix gradients, ref PpoSums sums)
    {
        float scale = coefficient / values.Rows;
        for (int row = 0; row < values.Rows; row++)
        {
            float value = values[row, 0], error = value - returns[row], gradient = error, loss = error * error;
            if (clipRange is { } clip)
            {
                float change = Math.Clamp(value - oldValues[row], -clip, clip);
                float clippedError = oldValues[row] + change - returns[row];
                if (clippedError * clippedError > loss)
                {
                    loss = clippedError * clippedError;
                    gradient = change == value - oldValues[row] ? clippedError : 0;
                }
            }
            gradients[row, 0] = scale * gradient;
            sums.ValueLoss += 0.5 * loss;
        }
    }

    /// <summary>
    /// max(−A r, −A clip(r, 1 ± ε)) with r = exp(log-ratio): adds up the loss and returns its derivative by the log-probability.
    /// </summary>
    private static float Surrogate(float logRatio, float advantage, float clipRange, ref PpoSums sums)
    {
        float ratio = MathF.Exp(logRatio);
        float free = -advantage * ratio, clipped = -advantage * Math.Clamp(ratio, 1 - clipRange, 1 + clipRange);
        sums.PolicyLoss += Math.Max(free, clipped);
        sums.OldApproximateKl -= logRatio;
        sums.ApproximateKl += ratio - 1 - logRatio;
        if (Math.Abs(ratio - 1) > clipRange) sums.Clipped++;
        return free >= clipped ? free : 0;
    }
}
