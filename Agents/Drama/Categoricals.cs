using static TorchSharp.torch;

namespace Sim.Agents.Drama;

/// <summary>
/// Several categorical distributions side by side, the latents of the world model: <c>[…, categoricals, classes]</c>. A hundredth of each is spread
/// evenly over its classes before its logarithm is taken.
/// </summary>
public static class Categoricals
{
    /// <summary>What is spread evenly.</summary>
    public const double Unimix = 0.01;

    /// <summary>Logarithms of the probabilities.</summary>
    public static Tensor LogProbabilities(Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        using var scope = NewDisposeScope();
        return ((nn.functional.softmax(logits, -1) * (1 - Unimix)) + (Unimix / logits.shape[^1])).log().MoveToOuterDisposeScope();
    }

    /// <summary>
    /// One class of each, one-hot; backwards as if the probabilities themselves had been returned (straight-through).
    /// </summary>
    /// <param name="logProbabilities"><c>[…, categoricals, classes]</c>.</param>
    /// <param name="uniform">A number in [0, 1) for each categorical <c>[…, categoricals]</c>.</param>
    public static Tensor Sample(Tensor logProbabilities, Tensor uniform)
    {
        ArgumentNullException.ThrowIfNull(logProbabilities);
        ArgumentNullException.ThrowIfNull(uniform);
        using var scope = NewDisposeScope();
        var probabilities = logProbabilities.exp();
        long classes = probabilities.shape[^1];
        // The first class up to which more than the drawn part lies; the last where rounding leaves none.
        var index = probabilities.detach().cumsum(-1).le(uniform.unsqueeze(-1)).sum(-1, false, ScalarType.Int64).clamp(0, classes - 1);
        var drawn = nn.functional.one_hot(index, classes).to(probabilities.dtype);
        return (drawn + (probabilities - probabilities.detach())).MoveToOuterDisposeScope();
    }

    /// <summary>Divergence of one from another, summed over the categoricals: <c>[…]</c>, nats.</summary>
    public static Tensor Divergence(Tensor logProbabilities, Tensor other)
    {
        ArgumentNullException.ThrowIfNull(logProbabilities);
        using var scope = NewDisposeScope();
        return (logProbabilities.exp() * (logProbabilities - other)).sum([-2, -1]).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// What the prior learns from the posterior, and the posterior from the prior: mean divergences of the posterior of each moment from the prior of the
    /// moment before, each at least one nat, below which nothing is learnt.
    /// </summary>
    /// <param name="posterior">Logarithms <c>[B, T, categoricals, classes]</c>.</param>
    /// <param name="prior">Of the next moment, at each <c>[B, T, categoricals, classes]</c>.</param>
    /// <param name="first"><c>[B, T]</c> of bool: moments that begin an episode, which no moment before foresees; null for none.</param>
    public static (Tensor Dynamics, Tensor Representation) DivergenceLosses(Tensor posterior, Tensor prior, Tensor? first = null)
    {
        ArgumentNullException.ThrowIfNull(posterior);
        ArgumentNullException.ThrowIfNull(prior);
        using var scope = NewDisposeScope();
        long moments = posterior.shape[1] - 1;
        Tensor next = posterior.narrow(1, 1, moments), foreseen = prior.narrow(1, 0, moments);
        var foreseeable = first?.narrow(1, 1, moments).logical_not().to(posterior.dtype);
        return (Mean(Divergence(next.detach(), foreseen)), Mean(Divergence(next, foreseen.detach())));

        Tensor Mean(Tensor divergence)
        {
            var mean = foreseeable is null ? divergence.mean() : (divergence * foreseeable).sum() / foreseeable.sum().clamp(min: 1);
            return mean.clamp(min: 1).MoveToOuterDisposeScope();
        }
    }
}
