using Sim.Agents.Torch;
using static TorchSharp.torch;

namespace Sim.Agents.Mixers;

/// <summary>
/// Units one on another, r ← r + mixer(norm(r)), and a norm at the end: <c>[B, T, D]</c> to <c>[B, T, D]</c>. Its state is that of all its mixers.
/// </summary>
public sealed class SequenceBackbone : SequenceMixer
{
    private readonly SequenceMixer[] _mixers;
    private readonly RmsNorm[] _norms;

    /// <param name="mixer">Name of the mixer (<see cref="SequenceMixers"/>).</param>
    /// <param name="settings">Sizes of each mixer; <see cref="MixerSettings.Layers"/> of them stand one on another.</param>
    /// <param name="seed">Of the initial parameters.</param>
    /// <exception cref="Sim.Environments.Configuration.SettingsException">There is no mixer of that name.</exception>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    /// <exception cref="TorchUnavailableException">libtorch cannot be loaded.</exception>
    public SequenceBackbone(string mixer, MixerSettings settings, ulong seed)
        : base("backbone", settings?.Width ?? 0)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var kind = SequenceMixers.Find(mixer);
        var draws = new WeightDraws(seed, settings.Type);
        _mixers = new SequenceMixer[settings.Layers];
        _norms = new RmsNorm[settings.Layers + 1];
        for (int layer = 0; layer < _norms.Length; layer++)
        {
            _norms[layer] = new RmsNorm(Width, draws);
            register_module($"norm{layer}", _norms[layer]);
            if (layer == settings.Layers) break;
            _mixers[layer] = kind.Create(settings, draws);
            register_module($"mixer{layer}", _mixers[layer]);
        }
    }

    public override MixerState InitialState(long batch, Device device) => MixerState.Join([.. _mixers.Select(mixer => mixer.InitialState(batch, device))]);

    public override (Tensor Output, MixerState State) Forward(Tensor x, MixerState? state = null, Tensor? reset = null)
        => Run(x, state, (mixer, input, before) => mixer.Forward(input, before, reset));

    public override (Tensor Output, MixerState State) Step(Tensor x, MixerState state, Tensor? reset = null)
        => Run(x, state, (mixer, input, before) => mixer.Step(input, before!, reset));

    private (Tensor, MixerState) Run(Tensor x, MixerState? state, Func<SequenceMixer, Tensor, MixerState?, (Tensor, MixerState)> mix)
    {
        using var scope = NewDisposeScope();
        var states = new MixerState[_mixers.Length];
        var residual = x;
        int parts = state is null ? 0 : state.Count / _mixers.Length;
        for (int layer = 0; layer < _mixers.Length; layer++)
        {
            (var mixed, states[layer]) = mix(_mixers[layer], _norms[layer].call(residual), state?.Part(layer * parts, parts));
            residual = residual + mixed;
        }
        return (_norms[^1].call(residual).MoveToOuterDisposeScope(), MixerState.Join(states).MoveToOuterScope());
    }
}
