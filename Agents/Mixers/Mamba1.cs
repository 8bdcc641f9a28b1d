using Sim.Agents.Networks.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Sim.Agents.Mixers;

/// <summary>
/// The mixer of Mamba (Gu and Dao, "Mamba: Linear-Time Sequence Modeling with Selective State Spaces", 2023): every channel has a state of N
/// numbers with decays of their own, and widths, B and C follow from what is convolved. State: the convolution's history, and
/// <c>[B, Di, N]</c>.
/// </summary>
public sealed class Mamba1 : SequenceMixer
{
    /// <summary>Moments scanned at once: what is kept for them is N times as wide as the rest.</summary>
    private const int LongestScan = 32;

    private readonly MixerSettings _settings;
    private readonly int _inner, _rank;
    private readonly Parameter _in, _fromInner, _toStep, _stepBias, _logRates, _skip, _out;
    private readonly CausalConvolution _convolution;
    private readonly ScalarType _products;

    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public Mamba1(MixerSettings settings, WeightDraws draws)
        : base("mamba1", settings?.Width ?? 0)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(draws);
        settings.Validate();
        (_settings, _inner, _rank) = (settings, settings.Inner, settings.StepRank > 0 ? settings.StepRank : (settings.Width + 15) / 16);
        _in = draws.Uniform(1 / MathF.Sqrt(Width), 2 * _inner, Width);
        _products = settings.Products ?? settings.Type;
        _convolution = new CausalConvolution(_inner, settings.Convolution, draws);
        _fromInner = draws.Uniform(1 / MathF.Sqrt(_inner), _rank + (2 * settings.StateSize), _inner);
        _toStep = draws.Uniform(1 / MathF.Sqrt(_rank), _inner, _rank);
        _stepBias = draws.StepBias(_inner);
        _logRates = draws.Of([.. Enumerable.Range(0, _inner * settings.StateSize).Select(i => MathF.Log(1 + (i % settings.StateSize)))], _inner, settings.StateSize);
        _skip = draws.Constant(1, _inner);
        _out = draws.Uniform(1 / MathF.Sqrt(_inner * (float)settings.Layers), Width, _inner);
        register_parameter(nameof(_in), _in);
        register_module("convolution", _convolution);
        register_parameter(nameof(_fromInner), _fromInner);
        register_parameter(nameof(_toStep), _toStep);
        register_parameter(nameof(_stepBias), _stepBias);
        register_parameter(nameof(_logRates), _logRates);
        register_parameter(nameof(_skip), _skip);
        register_parameter(nameof(_out), _out);
    }

    public override MixerState InitialState(long batch, Device device)
        => new(("convolution", _convolution.InitialHistory(batch, device)), ("state", zeros([batch, _inner, _settings.StateSize], _out.dtype, device)));

    public override (Tensor Output, MixerState State) Forward(Tensor x, MixerState? state = null, Tensor? reset = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var scope = NewDisposeScope();
        state ??= InitialState(x.shape[0], x.device);
        var segments = reset is null ? null : EpisodeSegments.Count(reset);
        var projected = Products.Linear(x, _in, null, _products);
        var inner = functional.silu(_convolution.Forward(projected.narrow(-1, 0, _inner), state[0], segments, out var history));
        Select(inner, out var width, out var b, out var c);
        var rates = -_logRates.exp();
        var memory = state[1];
        List<Tensor> outputs = [];
        for (long start = 0; start < x.shape[1]; start += LongestScan)
        {
            long count = Math.Min(LongestScan, x.shape[1] - start);
            var step = width.narrow(1, start, count);
            var decays = (step.unsqueeze(-1) * rates).exp();
            if (reset is not null) decays = decays * reset.narrow(1, start, count).logical_not().unsqueeze(-1).unsqueeze(-1);
            var inputs = (step * inner.narrow(1, start, count)).unsqueeze(-1) * b.narrow(1, start, count).unsqueeze(2);
            var states = LinearScan.Run(decays, inputs, memory);
            outputs.Add(states.matmul(c.narrow(1, start, count).unsqueeze(-1)).squeeze(-1));
            memory = states.select(1, count - 1);
        }
        return Finish(cat(outputs, 1), inner, projected, history, memory);
    }

    public override (Tensor Output, MixerState State) Step(Tensor x, MixerState state, Tensor? reset = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(state);
        using var scope = NewDisposeScope();
        Tensor before = state[0], memory = state[1];
        if (reset is not null) (before, memory) = (before * GoesOn(reset, before), memory * GoesOn(reset, memory));
        var projected = Products.Linear(x, _in, null, _products);
        var inner = functional.silu(_convolution.Step(projected.narrow(-1, 0, _inner), before, out var history));
        Select(inner, out var width, out var b, out var c);
        memory = ((width.unsqueeze(-1) * -_logRates.exp()).exp() * memory) + ((width * inner).unsqueeze(-1) * b.unsqueeze(1));
        return Finish(memory.matmul(c.unsqueeze(-1)).squeeze(-1), inner, projected, history, memory);
    }

    /// <summary>Step widths, B and C, which follow from the convolved input.</summary>
    private void Select(Tensor inner, out Tensor width, out Tensor b, out Tensor c)
    {
        var selected = Products.Linear(inner, _fromInner, null, _products);
        width = functional.softplus(functional.linear(selected.narrow(-1, 0, _rank), _toStep) + _stepBias);
        b = selected.narrow(-1, _rank, _settings.StateSize);
        c = selected.narrow(-1, _rank + _settings.StateSize, _settings.StateSize);
    }

    private (Tensor, MixerState) Finish(Tensor y, Tensor inner, Tensor projected, Tensor history, Tensor memory)
    {
        var gated = (y + (inner * _skip)) * functional.silu(projected.narrow(-1, _inner, _inner));
        return (Products.Linear(gated, _out, null, _products).MoveToOuterDisposeScope(), new MixerState(("convolution", history), ("state", memory)).MoveToOuterScope());
    }
}
