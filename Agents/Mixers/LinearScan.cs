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
    {
        long length = decays.shape[1];
        // The state enters the first input; what is left is a scan from 0.
        var first = (decays.narrow(1, 0, 1) * state.unsqueeze(1)) + inputs.narrow(1, 0, 1);
        Tensor a = decays, h = length == 1 ? first : cat([first, inputs.narrow(1, 1, length - 1)], 1);
        for (long shift = 1; shift < length; shift *= 2)
        {
            long rest = length - shift;
            h = cat([h.narrow(1, 0, shift), h.narrow(1, shift, rest) + (a.narrow(1, shift, rest) * h.narrow(1, 0, rest))], 1);
            if (shift * 2 < length) a = cat([a.narrow(1, 0, shift), a.narrow(1, shift, rest) * a.narrow(1, 0, rest)], 1);
        }
        return h;
    }
}
