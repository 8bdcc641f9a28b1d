using static TorchSharp.torch;

namespace Sim.Agents.Phases;

/// <summary>
/// Some episodes as tensors, padded to the longest. Where nothing is known, labels are <see cref="NoLabel"/> and weights 0.
/// </summary>
/// <param name="Inputs">Standardised observations <c>[episodes, moments, inputs]</c>.</param>
/// <param name="Phases">int64 <c>[episodes, moments]</c>.</param>
/// <param name="Next">int64 <c>[episodes, moments]</c>.</param>
/// <param name="Remaining">Steps to go <c>[episodes, moments]</c>, standardised.</param>
/// <param name="Weights">1 for moments of the episode, 0 behind its end <c>[episodes, moments]</c>.</param>
internal sealed record PhaseBatch(Tensor Inputs, Tensor Phases, Tensor Next, Tensor Remaining, Tensor Weights)
{
    /// <summary>What cross-entropy passes over.</summary>
    public const long NoLabel = -100;

    /// <summary>Tensors of the caller's dispose scope.</summary>
    public static PhaseBatch Of(IReadOnlyList<PhaseSequence> sequences, PhaseScale scale)
    {
        int episodes = sequences.Count, moments = sequences.Max(sequence => sequence.Length), size = scale.Inputs;
        float[] inputs = new float[episodes * moments * size], remaining = new float[episodes * moments], weights = new float[episodes * moments];
        long[] phases = new long[episodes * moments], next = new long[episodes * moments];
        Array.Fill(phases, NoLabel);
        Array.Fill(next, NoLabel);
        for (int episode = 0; episode < episodes; episode++)
        {
            var sequence = sequences[episode];
            scale.Standardise(sequence.Observations, inputs.AsSpan(episode * moments * size));
            for (int moment = 0; moment < sequence.Length; moment++)
            {
                int at = (episode * moments) + moment;
                (phases[at], weights[at], remaining[at]) = (sequence.Phases[moment], 1, scale.StandardiseRemaining(sequence.Remaining[moment]));
                if (sequence.Next[moment] >= 0) next[at] = sequence.Next[moment];
            }
        }
        long[] shape = [episodes, moments];
        return new(tensor(inputs, [.. shape, size]), tensor(phases, shape), tensor(next, shape), tensor(remaining, shape), tensor(weights, shape));
    }
}
