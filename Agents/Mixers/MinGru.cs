using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Sim.Agents.Mixers;

/// <summary>
/// A gated recurrent unit whose gates see the input alone (Feng et al., "Were RNNs All We Needed?", 2024): h ← (1 − z) h + z g(W x),
/// z = σ(V x), g(u) = u + ½ above 0 and σ(u) below. A linear recurrence, so all moments at once are a scan. State: <c>[B, D]</c>.
/// </summary>
public sealed class MinGru : SequenceMixer
{
    private readonly Parameter _gate, _candidate;

    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public MinGru(MixerSettings settings, WeightDraws draws)
        : base("mingru", settings?.Width ?? 0)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(draws);
        settings.Validate();
        float limit = 1 / MathF.Sqrt(Width);
        _gate = draws.Uniform(limit, Width, Width);
        _candidate = draws.Uniform(limit, Width, Width);
        register_parameter(nameof(_gate), _gate);
        register_parameter(nameof(_candidate), _candidate);
    }

    public override MixerState InitialState(long batch, Device device) => new(("state", zeros([batch, Width], _gate.dtype, device)));

    public override (Tensor Output, MixerState State) Forward(Tensor x, MixerState? state = null, Tensor? reset = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var scope = NewDisposeScope();
        state ??= InitialState(x.shape[0], x.device);
        Terms(x, out var decay, out var input);
        if (reset is not null) decay = decay * reset.logical_not().unsqueeze(-1);
        var states = LinearScan.Run(decay, input, state[0]);
        var last = new MixerState(("state", states.select(1, x.shape[1] - 1)));
        return (states.MoveToOuterDisposeScope(), last.MoveToOuterScope());
    }

    public override (Tensor Output, MixerState State) Step(Tensor x, MixerState state, Tensor? reset = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(state);
        using var scope = NewDisposeScope();
        Terms(x, out var decay, out var input);
        if (reset is not null) decay = decay * GoesOn(reset, decay);
        var h = (decay * state[0]) + input;
        return (h.MoveToOuterDisposeScope(), new MixerState(("state", h.alias())).MoveToOuterScope());
    }

    private void Terms(Tensor x, out Tensor decay, out Tensor input)
    {
        var gate = functional.linear(x, _gate);
        var raw = functional.linear(x, _candidate);
        decay = (-gate).sigmoid();
        input = gate.sigmoid() * where(raw.ge(0), raw + 0.5, raw.sigmoid());
    }
}
