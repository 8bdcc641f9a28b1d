using Sim.Agents.Mixers;
using Sim.Agents.Networks.Torch;
using Sim.Agents.Torch;
using static TorchSharp.torch;

namespace Sim.Agents.Drama;

/// <summary>
/// The world model: what is seen becomes latents z, what is remembered d = f((z₀, a₀) … (z, a)); from d follow the next latents, the reward and the end of
/// the step, from z what was seen.
/// </summary>
public sealed class WorldModel : nn.Module
{
    private readonly DramaSettings _settings;
    private readonly ObservationCoder _coder;
    private readonly Dense _stem, _prior;
    private readonly RmsNorm _stemNorm;
    private readonly SequenceBackbone _backbone;
    private readonly DenseStack _reward, _end;

    /// <param name="form">What is seen.</param>
    /// <param name="actions">Numbers of an action: one for each choice, or for each component.</param>
    /// <param name="settings">Sizes.</param>
    /// <param name="seed">Of the initial parameters.</param>
    public WorldModel(ObservationForm form, int actions, DramaSettings settings, ulong seed)
        : base(TorchRuntime.Before("world_model"))
    {
        ArgumentNullException.ThrowIfNull(settings);
        (Form, Actions, _settings) = (form, actions, settings);
        // Parts draw from seeds of their own: another backbone leaves the coder's weights as they were.
        var draws = new WeightDraws(seed, ScalarType.Float32) { Products = settings.Products };
        _coder = new ObservationCoder(form, settings, draws);
        _stem = new Dense(settings.Latents + actions, settings.Width, draws, WeightStart.Uniform);
        _stemNorm = new RmsNorm(settings.Width, draws);
        _prior = new Dense(settings.Width, settings.Latents, draws, WeightStart.Uniform);
        _reward = new DenseStack(settings.Width, [settings.HeadHidden], TwoHot.Bins, draws, WeightStart.TruncatedNormal, WeightStart.TruncatedNormal);
        _end = new DenseStack(settings.Width, [settings.HeadHidden], 1, draws, WeightStart.TruncatedNormal, WeightStart.TruncatedNormal);
        _backbone = new SequenceBackbone(settings.Mixer, settings.MixerSettings, seed + BackboneSeed);
        register_module("coder", _coder);
        register_module("stem", _stem);
        register_module("stem_norm", _stemNorm);
        register_module("backbone", _backbone);
        register_module("prior", _prior);
        register_module("reward", _reward);
        register_module("end", _end);
    }

    private const ulong BackboneSeed = 1ul << 32;

    public ObservationForm Form { get; }

    /// <summary>Numbers of an action.</summary>
    public int Actions { get; }

    /// <summary>Numbers of a state that actor and critic see: latents and memory.</summary>
    public int StateSize => _settings.Latents + _settings.Width;

    /// <summary>Parameters by part.</summary>
    public IReadOnlyDictionary<string, long> ParameterCounts
    {
        get
        {
            var (encoder, posterior, decoder) = _coder.Parameters;
            return new Dictionary<string, long>
            {
                ["encoder"] = encoder,
                ["posterior"] = posterior,
                ["prior"] = Count(_prior),
                ["decoder"] = decoder,
                ["sequence"] = Count(_stem) + Count(_stemNorm) + Count(_backbone),
                ["reward"] = Count(_reward),
                ["end"] = Count(_end),
            };
        }
    }

    /// <summary>Memory of sequences that begin.</summary>
    public MixerState InitialState(long sequences, Device device) => _backbone.InitialState(sequences, device);

    /// <summary>Log-probabilities <c>[rows, categoricals, classes]</c> of the latents of observations.</summary>
    public Tensor Posterior(Tensor observations)
    {
        using var scope = NewDisposeScope();
        return Categoricals.LogProbabilities(_coder.Encode(observations)).MoveToOuterDisposeScope();
    }

    /// <summary>Latents <c>[B, T, latents]</c> drawn for all that windows show.</summary>
    /// <param name="windows">What happened.</param>
    /// <param name="uniform">A number in [0, 1) for each <c>[B, T, categoricals]</c>.</param>
    public Tensor Latents(SequenceWindows windows, Tensor uniform)
    {
        using var scope = NewDisposeScope();
        return Categoricals.Sample(Posterior(windows), uniform).flatten(2).MoveToOuterDisposeScope();
    }

    /// <summary>Log-probabilities <c>[…, categoricals, classes]</c> of the next latents after memories <c>[…, D]</c>.</summary>
    public Tensor Prior(Tensor memories)
    {
        ArgumentNullException.ThrowIfNull(memories);
        using var scope = NewDisposeScope();
        return Categoricals.LogProbabilities(_prior.call(memories).view([.. memories.shape[..^1], _settings.Categoricals, _settings.Classes])).MoveToOuterDisposeScope();
    }

    /// <summary>Memories after windows of steps.</summary>
    /// <param name="latents"><c>[B, T, latents]</c>.</param>
    /// <param name="actions"><c>[B, T, actions]</c>.</param>
    /// <param name="state">Before them; null for the beginning.</param>
    /// <param name="first"><c>[B, T]</c> of bool: where an episode begins; null for nowhere.</param>
    /// <returns>d <c>[B, T, D]</c>, and the state after.</returns>
    public (Tensor Memories, MixerState State) Remember(Tensor latents, Tensor actions, MixerState? state, Tensor? first)
    {
        using var scope = NewDisposeScope();
        var (memories, after) = _backbone.Forward(Join(latents, actions), state, _settings.ResetOnEpisodeStart ? first : null);
        return (memories.MoveToOuterDisposeScope(), after.MoveToOuterScope());
    }

    /// <summary>Memories after one step of each sequence: latents <c>[B, latents]</c>, actions <c>[B, actions]</c>, d <c>[B, D]</c>.</summary>
    public (Tensor Memories, MixerState State) RememberStep(Tensor latents, Tensor actions, MixerState state, Tensor? first = null)
    {
        using var scope = NewDisposeScope();
        var (memories, after) = _backbone.Step(Join(latents, actions), state, _settings.ResetOnEpisodeStart ? first : null);
        return (memories.MoveToOuterDisposeScope(), after.MoveToOuterScope());
    }

    /// <summary>Logits <c>[…, 255]</c> of the reward of the step that a memory ends with.</summary>
    public Tensor RewardLogits(Tensor memories) => _reward.call(memories);

    /// <summary>Logits <c>[…]</c> of whether that step ended the episode.</summary>
    public Tensor EndLogits(Tensor memories)
    {
        using var scope = NewDisposeScope();
        return _end.call(memories).squeeze(-1).MoveToOuterDisposeScope();
    }

    /// <summary>What reconstructions of observations are compared with: vectors are standardised.</summary>
    public Tensor Target(Tensor observations) => _coder.Target(observations);

    /// <summary>What <see cref="ObservationForm.Loss"/> compares, of latents <c>[rows, latents]</c>.</summary>
    public Tensor Decode(Tensor latents) => _coder.Decode(latents);

    /// <summary>
    /// Everything that the model gets wrong about windows of what happened, with the graph: section 3 of the paper's method, all means over windows and steps.
    /// </summary>
    /// <param name="windows">What happened.</param>
    /// <param name="uniform">A number in [0, 1) for each latent that is sampled <c>[B, T, categoricals]</c>.</param>
    public ModelLosses Losses(SequenceWindows windows, Tensor uniform)
    {
        ArgumentNullException.ThrowIfNull(windows);
        using var scope = NewDisposeScope();
        _coder.Observe(windows.Observations);
        var posterior = Posterior(windows);
        var latents = Categoricals.Sample(posterior, uniform).flatten(2);
        var reconstruction = Form.Loss(Decode(latents.flatten(0, 1)), Target(windows.Observations)).mean();
        var (memories, _) = Remember(latents, windows.Actions, null, windows.First);
        var reward = TwoHot.CrossEntropy(RewardLogits(memories), windows.Rewards).mean();
        var end = nn.functional.binary_cross_entropy_with_logits(EndLogits(memories), windows.Ends);
        // How an episode ends says nothing about how the next one begins.
        var (dynamics, representation) = Categoricals.DivergenceLosses(posterior, Prior(memories), _settings.ResetOnEpisodeStart ? windows.First : null);
        var total = reconstruction + reward + end + dynamics + (0.1 * representation);
        return new(Out(total), Out(reconstruction), Out(reward), Out(end), Out(dynamics), Out(representation));

        static Tensor Out(Tensor value) => value.MoveToOuterDisposeScope();
    }

    /// <summary>Log-probabilities <c>[B, T, categoricals, classes]</c> of the latents of windows.</summary>
    private Tensor Posterior(SequenceWindows windows)
    {
        ArgumentNullException.ThrowIfNull(windows);
        return Posterior(windows.Observations).view([.. windows.Actions.shape[..2], _settings.Categoricals, _settings.Classes]);
    }

    private Tensor Join(Tensor latents, Tensor actions) => nn.functional.silu(_stemNorm.call(_stem.call(cat([latents, actions], -1))));

    private static long Count(nn.Module module) => module.parameters().Sum(parameter => parameter.numel());
}

/// <summary>What a world model gets wrong, each a number on the device; <paramref name="Total"/> is what is learnt from.</summary>
public sealed record ModelLosses(Tensor Total, Tensor Reconstruction, Tensor Reward, Tensor End, Tensor Dynamics, Tensor Representation);
