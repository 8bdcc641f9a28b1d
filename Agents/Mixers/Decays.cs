using static TorchSharp.torch;

namespace Sim.Agents.Mixers;

/// <summary>What is left of one moment at another, where every moment multiplies by a decay given as its logarithm.</summary>
internal static class Decays
{
    /// <summary>exp of the sum of logarithms after j up to i <c>[…, i, j]</c>; 0 above the diagonal, and between episodes.</summary>
    public static Tensor Between(Tensor logarithms, Tensor? counts)
    {
        long q = logarithms.shape[^1];
        var below = ones([q, q], ScalarType.Bool, logarithms.device).tril(-1);
        var sums = logarithms.unsqueeze(-1).expand([.. logarithms.shape, q]).masked_fill(below.logical_not(), 0).cumsum(-2);
        var above = below.transpose(0, 1);
        if (counts is not null) above = above.logical_or(counts.unsqueeze(-1).ne(counts.unsqueeze(-2)));
        return sums.masked_fill(above, double.NegativeInfinity).exp();
    }

    /// <summary>Episodes begun before each chunk <c>[B, chunks, 1, 1]</c>.</summary>
    public static Tensor Begun(Tensor counts, long chunks)
    {
        var last = counts.narrow(-1, counts.shape[^1] - 1, 1);
        return cat([zeros_like(last.narrow(1, 0, 1)), last.narrow(1, 0, chunks - 1)], 1);
    }
}
