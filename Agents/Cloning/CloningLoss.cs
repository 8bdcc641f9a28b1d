using Sim.Agents.Networks;
using Sim.Agents.Policies;

namespace Sim.Agents.Cloning;

/// <summary>Sums over rows, for the metrics.</summary>
public struct CloningSums
{
    /// <summary>Sum of each row's loss.</summary>
    public double Loss;

    /// <summary>Sum of each row's mean absolute error, in units of the half-range, or count of wrong choices.</summary>
    public double Error;

    public long Rows;

    /// <summary>Mean loss; 0 before the first row.</summary>
    public readonly double MeanLoss => Loss / Math.Max(1, Rows);

    /// <summary>Mean error; 0 before the first row.</summary>
    public readonly double MeanError => Error / Math.Max(1, Rows);
}

/// <summary>
/// The losses of behaviour cloning and their gradients with respect to the network's outputs, written once for every
/// backend. All gradients are of the mean over the rows.
/// </summary>
public static class CloningLoss
{
    /// <summary>mean_i (tanh o_i − a_i)², a the demonstrated action in [−1, 1].</summary>
    /// <param name="outputs">Network outputs o <c>[rows, width]</c>.</param>
    /// <param name="actions">Demonstrated actions <c>[rows, width]</c>.</param>
    /// <param name="gradients">Target <c>[rows, width]</c>.</param>
    /// <param name="sums">Adds up the metrics.</param>
    public static void Squared(in Matrix outputs, in Matrix actions, in Matrix gradients, ref CloningSums sums)
    {
        int width = outputs.Columns;
        float scale = 2f / (outputs.Rows * width);
        for (int row = 0; row < outputs.Rows; row++)
        {
            double loss = 0, error = 0;
            for (int i = 0; i < width; i++)
            {
                float action = MathF.Tanh(outputs[row, i]), difference = action - actions[row, i];
                gradients[row, i] = scale * difference * (1 - (action * action));
                loss += (double)difference * difference;
                error += Math.Abs(difference);
            }
            sums.Loss += loss / width;
            sums.Error += error / width;
        }
        sums.Rows += outputs.Rows;
    }

    /// <summary>−log p(c), c the demonstrated choice.</summary>
    /// <param name="logits">Network outputs <c>[rows, choices]</c>.</param>
    /// <param name="choices">Demonstrated choices, whole numbers <c>[rows, 1]</c>.</param>
    /// <param name="gradients">Target <c>[rows, choices]</c>.</param>
    /// <param name="sums">Adds up the metrics.</param>
    public static void CrossEntropy(in Matrix logits, in Matrix choices, in Matrix gradients, ref CloningSums sums)
    {
        float scale = 1f / logits.Rows;
        Span<float> logProbabilities = logits.Columns <= 256 ? stackalloc float[logits.Columns] : new float[logits.Columns];
        for (int row = 0; row < logits.Rows; row++)
        {
            Softmax.Log(logits.Row(row), logProbabilities);
            int choice = (int)choices[row, 0], best = 0;
            for (int i = 0; i < logProbabilities.Length; i++)
            {
                gradients[row, i] = scale * (MathF.Exp(logProbabilities[i]) - (i == choice ? 1 : 0));
                if (logProbabilities[i] > logProbabilities[best]) best = i;
            }
            sums.Loss -= logProbabilities[choice];
            if (best != choice) sums.Error++;
        }
        sums.Rows += logits.Rows;
    }
}
