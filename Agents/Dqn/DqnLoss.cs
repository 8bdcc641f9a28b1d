using Sim.Agents.Networks;
using Sim.Agents.Policies;

namespace Sim.Agents.Dqn;

/// <summary>Targets and errors of Q-learning.</summary>
public static class DqnLoss
{
    /// <summary>y = r + γ (1 − terminated) Q′(s′, a′).</summary>
    /// <param name="targets">Q′ of the target network after the step <c>[rows, choices]</c>.</param>
    /// <param name="chooser">Whose largest value says a′: the network's own for double Q-learning, else the targets themselves.</param>
    /// <param name="row">Which row.</param>
    /// <param name="reward">r.</param>
    /// <param name="terminated">Whether all rewards end with the step.</param>
    /// <param name="gamma">γ.</param>
    public static float Target(in Matrix targets, in Matrix chooser, int row, float reward, bool terminated, float gamma)
        => terminated ? reward : reward + (gamma * targets[row, Policy.Best(chooser.Row(row))]);

    /// <summary>The loss of a row, and its derivative by Q(s, a): half the square of the error, or Huber's beyond 1.</summary>
    public static (float Loss, float Gradient) Of(float value, float target, bool huber)
    {
        float error = value - target;
        if (!huber || MathF.Abs(error) <= 1) return (0.5f * error * error, error);
        return (MathF.Abs(error) - 0.5f, MathF.Sign(error));
    }
}
