namespace Sim.Agents.Policies;

/// <summary>Between the logits of a <see cref="PolicyHead.Categorical"/> policy and probabilities.</summary>
public static class Softmax
{
    /// <summary>Writes the logarithm of each choice's probability; returns their entropy.</summary>
    public static float Log(ReadOnlySpan<float> logits, Span<float> target)
    {
        float greatest = float.NegativeInfinity, sum = 0, entropy = 0;
        foreach (float logit in logits) greatest = Math.Max(greatest, logit);
        foreach (float logit in logits) sum += MathF.Exp(logit - greatest);
        float normaliser = greatest + MathF.Log(sum);
        for (int i = 0; i < logits.Length; i++)
        {
            target[i] = logits[i] - normaliser;
            entropy -= MathF.Exp(target[i]) * target[i];
        }
        return entropy;
    }
}
