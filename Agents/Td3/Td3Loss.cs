using Sim.Agents.Networks;
using Sim.Agents.Training;
using Sim.Physics.Numerics;

namespace Sim.Agents.Td3;

/// <summary>Sums over updates, for the metrics; each is of batch means.</summary>
public struct Td3Sums
{
    public double ActorLoss;
    public int ActorUpdates;
}

/// <summary>
/// The losses of TD3 and their gradients with respect to the networks' outputs, written once for every backend. All
/// gradients are of the mean over the batch.
/// </summary>
public static unsafe class Td3Loss
{
    /// <summary>a = tanh(o).</summary>
    /// <param name="outputs">The actor's outputs <c>[rows, width]</c>.</param>
    /// <param name="fields">Takes a, field-major <c>[width, rows]</c>, with a stride that is a multiple of 8.</param>
    /// <param name="actions">Target of a, <c>[rows, width]</c>.</param>
    public static void Actions(in Matrix outputs, in Matrix fields, in Matrix actions)
    {
        outputs.TransposeTo(fields);
        for (int i = 0; i < fields.Rows; i++)
        {
            float* action = RowOf(fields, i);
            for (int row = 0; row < fields.Columns; row += 8) Lane8.Store(LaneMath.Tanh(Lane8.Load(action + row)), action + row);
        }
        fields.TransposeTo(actions);
    }

    /// <summary>a' = clip(tanh(o) + clip(σ ε, ±c), ±1): the smoothed target policy (section 5.3).</summary>
    /// <param name="outputs">The target actor's outputs <c>[rows, width]</c>.</param>
    /// <param name="noise">Standard normal ε, field-major <c>[width, rows]</c>, with a stride that is a multiple of 8.</param>
    /// <param name="deviation">σ.</param>
    /// <param name="clip">c.</param>
    /// <param name="fields">Scratch of the noise's size.</param>
    /// <param name="actions">Target of a', <c>[rows, width]</c>.</param>
    public static void SmoothedActions(in Matrix outputs, in Matrix noise, float deviation, float clip, in Matrix fields, in Matrix actions)
    {
        outputs.TransposeTo(fields);
        Lane8 scale = Lane8.Of(deviation);
        for (int i = 0; i < fields.Rows; i++)
        {
            float* action = RowOf(fields, i), epsilon = RowOf(noise, i);
            for (int row = 0; row < fields.Columns; row += 8)
            {
                Lane8 moved = LaneMath.Tanh(Lane8.Load(action + row)) + LaneMath.Clamp(scale * Lane8.Load(epsilon + row), clip);
                Lane8.Store(LaneMath.Clamp(moved, 1), action + row);
            }
        }
        fields.TransposeTo(actions);
    }

    /// <summary>y = r + γ (1 − term) min(Q'₁, Q'₂).</summary>
    public static void Targets(ReadOnlySpan<float> rewards, ReadOnlySpan<float> terms, in Matrix values1, in Matrix values2, float gamma,
        Span<float> targets)
    {
        for (int row = 0; row < targets.Length; row++)
            targets[row] = rewards[row] + (gamma * (1 - terms[row]) * Math.Min(values1[row, 0], values2[row, 0]));
    }

    /// <summary>−mean Q₁: returns it.</summary>
    public static double Actor(in Matrix values)
    {
        double sum = 0;
        for (int row = 0; row < values.Rows; row++) sum += values[row, 0];
        return -sum / values.Rows;
    }

    /// <summary>dL/do = (dL/da) (1 − a²): the deterministic policy gradient, through the tanh.</summary>
    /// <param name="fields">a, field-major, of <see cref="Actions"/>.</param>
    /// <param name="actionGradients">Derivative of −mean Q₁ by the action <c>[rows, width]</c>.</param>
    /// <param name="gradients">Target <c>[rows, width]</c>.</param>
    public static void ActorGradients(in Matrix fields, in Matrix actionGradients, in Matrix gradients)
    {
        for (int i = 0; i < fields.Rows; i++)
        {
            for (int row = 0; row < fields.Columns; row++)
            {
                float action = fields[i, row];
                gradients[row, i] = actionGradients[row, i] * (1 - (action * action));
            }
        }
    }

    private static float* RowOf(in Matrix fields, int row) => fields.Data + ((nint)row * fields.Stride);
}
