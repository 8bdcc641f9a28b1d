using Sim.Agents.Networks.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Sim.Agents.Mixers;

/// <summary>
/// The mixer of Mamba-2 (Dao and Gu, "Transformers are SSMs: Generalized Models and Efficient Algorithms Through Structured State Space
/// Duality", 2024): one projection to gate, x, B, C and step widths, a short convolution over the middle three, the recurrence, the gate,
/// a norm by groups, and a projection back. State: the convolution's history, and <c>[B, H, P, N]</c>.
/// </summary>
public sealed class Mamba2 : SequenceMixer
{
    private readonly MixerSettings _settings;
    private readonly int _inner, _heads;
    private readonly Parameter _in, _stepBias, _logRates, _skip, _norm, _out;
    private readonly CausalConvolution _convolution;
    private readonly ScalarType _products;

    /// <exception cref="ArgumentException">The inner width is no multiple of the head's, or heads of groups.</exception>
    public Mamba2(MixerSettings settings, WeightDraws draws)
        : base("mamba2", settings?.Width ?? 0)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(draws);
        settings.Validate();
        (_settings, _inner) = (settings, settings.Inner);
        if (_inner % settings.HeadWidth != 0 || _inner / settings.HeadWidth % settings.Groups != 0)
            throw new ArgumentException($"mamba2: an inner width of {_inner} does not make heads of {settings.HeadWidth} in {settings.Groups} groups");
        _heads = _inner / settings.HeadWidth;
        int convolved = _inner + (2 * settings.Groups * settings.StateSize);
        _in = draws.Uniform(1 / MathF.Sqrt(Width), _inner + convolved + _heads, Width);
        _products = settings.Products ?? settings.Type;
        _convolution = new CausalConvolution(convolved, settings.Convolution, draws);
        _stepBias = draws.StepBias(_heads);
        _logRates = draws.Draw([_heads], unit => MathF.Log(1 + (15 * unit)));
        _skip = draws.Constant(1, _heads);
        _norm = draws.Constant(1, _inner);
        _out = draws.Uniform(1 / MathF.Sqrt(_inner * (float)settings.Layers), Width, _inner);
        register_parameter(nameof(_in), _in);
        register_module("convolution", _convolution);
        register_parameter(nameof(_stepBias), _stepBias);
        register_parameter(nameof(_logRates), _logRates);
        register_parameter(nameof(_skip), _skip);
        register_parameter(nameof(_norm), _norm);
        register_parameter(nameof(_out), _out);
    }

    public override MixerState InitialState(long batch, Device device)
        => new(("convolution", _convolution.InitialHistory(batch, device)),
            ("state", zeros([batch, _heads, _settings.HeadWidth, _settings.StateSize], _out.dtype, device)));

    public override (Tensor Output, MixerState State) Forward(Tensor x, MixerState? state = null, Tensor? reset = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var scope = NewDisposeScope();
        long batch = x.shape[0], length = x.shape[1];
        state ??= InitialState(batch, x.device);
        var segments = reset is null ? null : EpisodeSegments.Count(reset);
        Split(Products.Linear(x, _in, null, _products), out var gate, out var raw, out var width);
        var (inner, b, c) = Parts(functional.silu(_convolution.Forward(raw, state[0], segments, out var history)));
        var y = StateSpaceDuality.Forward(inner.view(batch, length, _heads, -1), width, -_logRates.exp(),
            b.view(batch, length, _settings.Groups, -1), c.view(batch, length, _settings.Groups, -1), state[1], segments, _settings.Chunk, out var after);
        return Finish(y.reshape(batch, length, _inner), inner, gate, history, after);
    }

    public override (Tensor Output, MixerState State) Step(Tensor x, MixerState state, Tensor? reset = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(state);
        using var scope = NewDisposeScope();
        long batch = x.shape[0];
        Tensor before = state[0], memory = state[1];
        if (reset is not null) (before, memory) = (before * GoesOn(reset, before), memory * GoesOn(reset, memory));
        Split(Products.Linear(x, _in, null, _products), out var gate, out var raw, out var width);
        var (inner, b, c) = Parts(functional.silu(_convolution.Step(raw, before, out var history)));
        var y = StateSpaceDuality.Step(inner.view(batch, _heads, -1), width, -_logRates.exp(),
            b.view(batch, _settings.Groups, -1), c.view(batch, _settings.Groups, -1), memory, out var after);
        return Finish(y.reshape(batch, _inner), inner, gate, history, after);
    }

    /// <summary>Gate, what is convolved, and step widths.</summary>
    private void Split(Tensor projected, out Tensor gate, out Tensor convolved, out Tensor width)
    {
        gate = projected.narrow(-1, 0, _inner);
        convolved = projected.narrow(-1, _inner, _convolution.Channels);
        width = functional.softplus(projected.narrow(-1, _inner + _convolution.Channels, _heads) + _stepBias);
    }

    private (Tensor X, Tensor B, Tensor C) Parts(Tensor convolved)
    {
        int shared = _settings.Groups * _settings.StateSize;
        return (convolved.narrow(-1, 0, _inner), convolved.narrow(-1, _inner, shared), convolved.narrow(-1, _inner + shared, shared));
    }

    private (Tensor, MixerState) Finish(Tensor y, Tensor x, Tensor gate, Tensor history, Tensor memory)
    {
        y = y + (x * _skip.repeat_interleave(_settings.HeadWidth));
        var gated = y * functional.silu(gate);
        long[] grouped = [.. gated.shape[..^1], _settings.Groups, -1];
        var output = Products.Linear(RmsNorm.Unit(gated.view(grouped)).view(gated.shape) * _norm, _out, null, _products);
        return (output.MoveToOuterDisposeScope(), new MixerState(("convolution", history), ("state", memory)).MoveToOuterScope());
    }
}
