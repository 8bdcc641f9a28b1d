using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Sim.Agents.Mixers;

/// <summary>
/// A recurrent cell whose gates see the state: one moment after the other, over projections of the inputs made at once. Weights and
/// their order are those of torch's modules.
/// </summary>
public abstract class GatedCell : SequenceMixer
{
    private protected readonly Parameter FromState, StateBias;

    private readonly Parameter _fromInput, _inputBias;
    private readonly int _states;

    private protected GatedCell(string name, MixerSettings settings, WeightDraws draws, int gates, int states)
        : base(name, settings.Width)
    {
        settings.Validate();
        _states = states;
        float limit = 1 / MathF.Sqrt(Width);
        _fromInput = draws.Uniform(limit, gates * Width, Width);
        FromState = draws.Uniform(limit, gates * Width, Width);
        _inputBias = draws.Uniform(limit, gates * Width);
        StateBias = draws.Uniform(limit, gates * Width);
        register_parameter(nameof(_fromInput), _fromInput);
        register_parameter(nameof(FromState), FromState);
        register_parameter(nameof(_inputBias), _inputBias);
        register_parameter(nameof(StateBias), StateBias);
    }

    /// <summary>All parts of the state are <c>[B, D]</c>; the first is the output.</summary>
    public override MixerState InitialState(long batch, Device device)
        => new([.. Initial.Select((value, i) => ($"state{i}", full([batch, Width], value, _fromInput.dtype, device)))]);

    /// <summary>What each part of the state holds before the first moment.</summary>
    private protected virtual double[] Initial => new double[_states];

    public override (Tensor Output, MixerState State) Forward(Tensor x, MixerState? state = null, Tensor? reset = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var scope = NewDisposeScope();
        state ??= InitialState(x.shape[0], x.device);
        var projected = functional.linear(x, _fromInput, _inputBias);
        Tensor[] parts = Parts(state), outputs = new Tensor[x.shape[1]];
        for (int t = 0; t < outputs.Length; t++)
        {
            parts = Advance(projected.select(1, t), Kept(parts, reset?.select(1, t)));
            outputs[t] = parts[0];
        }
        return (stack(outputs, 1).MoveToOuterDisposeScope(), StateOf(parts).MoveToOuterScope());
    }

    public override (Tensor Output, MixerState State) Step(Tensor x, MixerState state, Tensor? reset = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(state);
        using var scope = NewDisposeScope();
        var parts = Advance(functional.linear(x, _fromInput, _inputBias), Kept(Parts(state), reset));
        return (parts[0].alias().MoveToOuterDisposeScope(), StateOf(parts).MoveToOuterScope());
    }

    /// <summary>The state after a moment, from the projected input <c>[B, gates · D]</c> and the state before.</summary>
    private protected abstract Tensor[] Advance(Tensor projected, Tensor[] state);

    private protected Tensor Gate(Tensor gates, int index) => gates.narrow(-1, index * Width, Width);

    private Tensor[] Parts(MixerState state) => [.. Enumerable.Range(0, _states).Select(i => state[i])];

    private Tensor[] Kept(Tensor[] parts, Tensor? reset)
    {
        if (reset is null) return parts;
        var goesOn = GoesOn(reset, parts[0]);
        var initial = Initial;
        return [.. parts.Select((part, i) => (part * goesOn) + (initial[i] == 0 ? 0 : (1 - goesOn) * initial[i]))];
    }

    private static MixerState StateOf(Tensor[] parts) => new([.. parts.Select((part, i) => ($"state{i}", part))]);
}

/// <summary>
/// The gated recurrent unit (Cho et al., 2014) as torch computes it: r, u = σ(W x + R h + b), n = tanh(W x + b + r (R h + b′)),
/// h ← (1 − u) n + u h.
/// </summary>
public sealed class Gru(MixerSettings settings, WeightDraws draws) : GatedCell("gru", settings, draws, gates: 3, states: 1)
{
    private protected override Tensor[] Advance(Tensor projected, Tensor[] state)
    {
        var recurrent = functional.linear(state[0], FromState, StateBias);
        var r = (Gate(projected, 0) + Gate(recurrent, 0)).sigmoid();
        var u = (Gate(projected, 1) + Gate(recurrent, 1)).sigmoid();
        var n = (Gate(projected, 2) + (r * Gate(recurrent, 2))).tanh();
        return [n + (u * (state[0] - n))];
    }
}

/// <summary>
/// Long short-term memory (Hochreiter and Schmidhuber, 1997; with the forget gate of Gers et al., 2000) as torch computes it:
/// i, f, g, o of W x + R h + b; c ← σ(f) c + σ(i) tanh(g), h = σ(o) tanh(c).
/// </summary>
public sealed class Lstm(MixerSettings settings, WeightDraws draws) : GatedCell("lstm", settings, draws, gates: 4, states: 2)
{
    private protected override Tensor[] Advance(Tensor projected, Tensor[] state)
    {
        var gates = projected + functional.linear(state[0], FromState, StateBias);
        var c = (Gate(gates, 1).sigmoid() * state[1]) + (Gate(gates, 0).sigmoid() * Gate(gates, 2).tanh());
        return [Gate(gates, 3).sigmoid() * c.tanh(), c];
    }
}
