using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Sim.Agents.Mixers;

/// <summary>
/// The sLSTM of xLSTM (Beck et al., 2024) with one head: z = tanh, o = σ, an exponential input gate, a sigmoid forget gate, a normaliser n and a
/// stabiliser m: m ← max(log f + m, i), c ← f′ c + i′ z, n ← f′ n + i′, h = o c / n. Gates stand in the order z, i, f, o.
/// </summary>
public sealed class SLstm(MixerSettings settings, WeightDraws draws) : GatedCell("slstm", settings, draws, gates: 4, states: 4)
{
    /// <summary>In place of −∞, of which a derivative would be no number; e to it is 0 all the same.</summary>
    private const double Nothing = -1e30;

    private protected override double[] Initial { get; } = [0, 0, 0, Nothing];

    private protected override Tensor[] Advance(Tensor projected, Tensor[] state) => Cell(projected + functional.linear(state[0], FromState, StateBias), state);

    /// <summary>The cell on all that its gates see.</summary>
    /// <param name="gates"><c>[B, 4 D]</c>.</param>
    /// <param name="state">h, c, n, m, <c>[B, D]</c> each.</param>
    public static Tensor[] Cell(Tensor gates, Tensor[] state)
    {
        ArgumentNullException.ThrowIfNull(gates);
        ArgumentNullException.ThrowIfNull(state);
        var parts = gates.chunk(4, -1);
        var forget = functional.logsigmoid(parts[2]) + state[3];
        var m = maximum(forget, parts[1]);
        Tensor input = (parts[1] - m).exp(), kept = (forget - m).exp();
        var c = (kept * state[1]) + (input * parts[0].tanh());
        var n = (kept * state[2]) + input;
        return [parts[3].sigmoid() * c / n, c, n, m];
    }
}
