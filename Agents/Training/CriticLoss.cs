using Sim.Agents.Networks;

namespace Sim.Agents.Training;

/// <summary>What critics with given targets minimise.</summary>
public static class CriticLoss
{
    /// <summary>mean (Q − y)²: returns it, with its gradient by Q and the mean of Q.</summary>
    /// <param name="values">Q, a network's outputs <c>[rows, 1]</c>.</param>
    /// <param name="targets">y <c>[rows]</c>.</param>
    /// <param name="gradients">Target <c>[rows, 1]</c>.</param>
    /// <param name="meanValue">mean Q.</param>
    public static double MeanSquare(in Matrix values, ReadOnlySpan<float> targets, in Matrix gradients, out double meanValue)
    {
        float scale = 2f / targets.Length;
        double loss = 0, sum = 0;
        for (int row = 0; row < targets.Length; row++)
        {
            float value = values[row, 0], error = value - targets[row];
            gradients[row, 0] = scale * error;
            loss += error * error;
            sum += value;
        }
        meanValue = sum / targets.Length;
        return loss / targets.Length;
    }
}
