using static TorchSharp.torch;

namespace Sim.Agents.Drama;

/// <summary>
/// Returns of imagined episodes, each a mean of returns over all horizons (Sutton and Barto, "Reinforcement Learning", 2018, section 12.1):
/// G ← r + γ (1 − e) ((1 − λ) V + λ G), from the last value backwards.
/// </summary>
public static class LambdaReturns
{
    /// <param name="rewards">r of the step from state i <c>[B, H]</c>.</param>
    /// <param name="ends">e: 1 where that step ends the episode <c>[B, H]</c>.</param>
    /// <param name="values">V of the states <c>[B, H + 1]</c>.</param>
    /// <param name="gamma">Discount.</param>
    /// <param name="lambda">Weight of longer horizons.</param>
    /// <param name="asPublished">V of the state before the step where that after it belongs, as Drama's and STORM's code has it.</param>
    /// <returns><c>[B, H]</c>.</returns>
    public static Tensor Of(Tensor rewards, Tensor ends, Tensor values, double gamma, double lambda, bool asPublished = false)
    {
        ArgumentNullException.ThrowIfNull(rewards);
        ArgumentNullException.ThrowIfNull(ends);
        ArgumentNullException.ThrowIfNull(values);
        using var scope = NewDisposeScope();
        long horizon = rewards.shape[1];
        var goesOn = gamma * (1 - ends);
        var mixed = rewards + (goesOn * (1 - lambda) * values.narrow(1, asPublished ? 0 : 1, horizon));
        var result = new Tensor[horizon];
        var following = values.select(1, horizon);
        for (long i = horizon - 1; i >= 0; i--)
        {
            following = mixed.select(1, i) + (lambda * goesOn.select(1, i) * following);
            result[i] = following;
        }
        return stack(result, 1).MoveToOuterDisposeScope();
    }
}
