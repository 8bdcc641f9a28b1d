using Sim.Agents.Networks;

namespace Sim.Agents.Ddpg;

/// <summary>
/// The losses of DDPG and their gradients, written once for every backend. The agent's own transitions and the
/// demonstrated ones behind them are two parts of a batch, and each part counts by its own mean.
/// </summary>
public static class DdpgLoss
{
    /// <summary>y = clip(r + γ (1 − term) Q', lowest, highest).</summary>
    /// <param name="rewards"><c>[rows]</c>.</param>
    /// <param name="terms">1 where nothing follows <c>[rows]</c>.</param>
    /// <param name="values">The target critic's outputs for the target actor's actions <c>[rows, 1]</c>.</param>
    /// <param name="gamma">γ.</param>
    /// <param name="limits">Least and greatest return that can be; infinite for any.</param>
    /// <param name="targets">Target <c>[rows]</c>.</param>
    public static void Targets(ReadOnlySpan<float> rewards, ReadOnlySpan<float> terms, in Matrix values, float gamma, (float Low, float High) limits,
        Span<float> targets)
    {
        for (int row = 0; row < targets.Length; row++)
            targets[row] = Math.Clamp(rewards[row] + (gamma * (1 - terms[row]) * values[row, 0]), limits.Low, limits.High);
    }

    /// <summary>−w Σ over parts of mean Q: returns it, with its gradient by Q.</summary>
    /// <param name="values">Q of the policy's actions <c>[rows, 1]</c>.</param>
    /// <param name="own">Rows of the first part; the others are the second.</param>
    /// <param name="weight">w.</param>
    /// <param name="gradients">Target <c>[rows, 1]</c>.</param>
    public static double Actor(in Matrix values, int own, float weight, in Matrix gradients)
    {
        double loss = 0;
        for (int row = 0; row < values.Rows; row++)
        {
            float share = Share(row, values.Rows, own, weight);
            gradients[row, 0] = -share;
            loss -= (double)share * values[row, 0];
        }
        return loss;
    }

    /// <summary>w c Σ over parts of mean a²: returns it, and adds its gradient by a.</summary>
    /// <param name="actions">a <c>[rows, width]</c>.</param>
    /// <param name="own">Rows of the first part; the others are the second.</param>
    /// <param name="weight">w c.</param>
    /// <param name="gradients">What the gradient is added to <c>[rows, width]</c>.</param>
    public static double Penalty(in Matrix actions, int own, float weight, in Matrix gradients)
    {
        double loss = 0;
        for (int row = 0; row < actions.Rows; row++)
        {
            float share = Share(row, actions.Rows, own, weight) / actions.Columns;
            for (int i = 0; i < actions.Columns; i++)
            {
                float action = actions[row, i];
                gradients[row, i] += 2 * share * action;
                loss += (double)share * action * action;
            }
        }
        return loss;
    }

    private static float Share(int row, int rows, int own, float weight) => weight / (row < own ? own : rows - own);
}
