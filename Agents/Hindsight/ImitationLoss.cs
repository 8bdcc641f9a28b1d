using Sim.Agents.Networks;

namespace Sim.Agents.Hindsight;

/// <summary>
/// What draws a policy towards demonstrated actions while it learns from rewards too (Nair et al., "Overcoming
/// Exploration in Reinforcement Learning with Demonstrations", 2018): a squared distance that counts where the Q-filter
/// lets it.
/// </summary>
public static class ImitationLoss
{
    /// <summary>The Q-filter: 1 where the demonstrated action is rated higher than the policy's, else 0. Returns the share of ones.</summary>
    /// <param name="demonstrated">Values of the demonstrated actions <c>[rows]</c>.</param>
    /// <param name="own">Values of the policy's actions <c>[rows, 1]</c>.</param>
    /// <param name="mask">Target <c>[rows]</c>.</param>
    public static double Filter(ReadOnlySpan<float> demonstrated, in Matrix own, Span<float> mask)
    {
        int kept = 0;
        for (int row = 0; row < mask.Length; row++)
        {
            bool better = demonstrated[row] > own[row, 0];
            mask[row] = better ? 1 : 0;
            if (better) kept++;
        }
        return (double)kept / mask.Length;
    }

    /// <summary>w · mean over rows of mask · mean over components (a − d)²: returns it, and adds its gradient by a.</summary>
    /// <param name="actions">a, the policy's <c>[rows, width]</c>.</param>
    /// <param name="demonstrated">d <c>[rows, width]</c>.</param>
    /// <param name="mask">Of <see cref="Filter"/> <c>[rows]</c>.</param>
    /// <param name="weight">w.</param>
    /// <param name="gradients">What the gradient is added to <c>[rows, width]</c>.</param>
    public static double Squared(in Matrix actions, in Matrix demonstrated, ReadOnlySpan<float> mask, float weight, in Matrix gradients)
    {
        float share = weight / (actions.Rows * actions.Columns);
        double loss = 0;
        for (int row = 0; row < actions.Rows; row++)
        {
            if (mask[row] == 0) continue;
            for (int i = 0; i < actions.Columns; i++)
            {
                float difference = actions[row, i] - demonstrated[row, i];
                gradients[row, i] += 2 * share * difference;
                loss += (double)difference * difference;
            }
        }
        return share * loss;
    }
}
