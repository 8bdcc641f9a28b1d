using static TorchSharp.torch;

namespace Sim.Agents.Mixers;

/// <summary>
/// h ← a h + b, element by element, for all moments of a window: inside a chunk by doubling (Hillis and Steele), chunk after chunk. Nothing is
/// divided by a product of decays.
/// </summary>
internal static class LinearScan
{
    /// <param name="decays">a <c>[B, T, …]</c>.</param>
    /// <param name="inputs">b <c>[B, T, …]</c>.</param>
    /// <param name="state">h before the first moment <c>[B, …]</c>.</param>
    /// <returns>h after every moment <c>[B, T, …]</c>.</returns>
    public static Tensor Run(Tensor decays, Tensor inputs, Tensor state)
        => Run(decays, inputs, state, (a, h) => a * h, (late, early) => late * early);

    /// <summary>The same where a is a small matrix: <c>[B, T, …, n, n]</c>, b <c>[B, T, …, n]</c>.</summary>
    public static Tensor RunBlocks(Tensor decays, Tensor inputs, Tensor state)
        => Run(decays, inputs, state, (a, h) => a.matmul(h.unsqueeze(-1)).squeeze(-1), (late, early) => late.matmul(early));

    private static Tensor Run(Tensor decays, Tensor inputs, Tensor state, Func<Tensor, Tensor, Tensor> apply, Func<Tensor, Tensor, Tensor> compose)
    {
        long length = decays.shape[1];
        // The state enters the first input; what is left is a scan from 0.
        var first = apply(decays.narrow(1, 0, 1), state.unsqueeze(1)) + inputs.narrow(1, 0, 1);
        Tensor a = decays, h = length == 1 ? first : cat([first, inputs.narrow(1, 1, length - 1)], 1);
        for (long shift = 1; shift < length; shift *= 2)
        {
            long rest = length - shift;
            h = cat([h.narrow(1, 0, shift), h.narrow(1, shift, rest) + apply(a.narrow(1, shift, rest), h.narrow(1, 0, rest))], 1);
            if (shift * 2 < length) a = cat([a.narrow(1, 0, shift), compose(a.narrow(1, shift, rest), a.narrow(1, 0, rest))], 1);
        }
        return h;
    }
}
