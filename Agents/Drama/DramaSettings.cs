using System.ComponentModel.DataAnnotations;
using Sim.Agents.Mixers;
using Sim.Agents.Networks;
using Sim.Agents.Networks.Torch;
using Sim.Agents.Training;
using Sim.Environments.Configuration;
using static TorchSharp.torch;

namespace Sim.Agents.Drama;

/// <summary>Which latents of the newest observation the actor sees.</summary>
public enum ActingLatents
{
    /// <summary>Those that the encoder reads off it.</summary>
    Posterior,

    /// <summary>Those that the model expected, as published: the newest observation counts from the next step on.</summary>
    Prior,
}

/// <summary>Type in which the world model's convolutions and projections are computed.</summary>
public enum ProductPrecision
{
    Float32,

    /// <summary>Half the bytes, for GPUs; parameters, norms, decays, states and losses stay float32, and so do actor and critic.</summary>
    BFloat16,
}

/// <summary>Drama (Wang et al., ICLR 2025, arXiv 2410.08893): a world model, and an actor and a critic that learn in its imagination.</summary>
public sealed record DramaSettings : LearnerSettings
{
    /// <summary>Channels of the encoder's convolutions; the decoder has them in reverse. Pictures and boards only.</summary>
    public int[] Channels { get; init; } = [16, 32];

    /// <summary>Step of each convolution.</summary>
    public int[] Strides { get; init; } = [1, 2];

    /// <summary>Side of their kernels.</summary>
    [Range(2, 9)] public int Kernel { get; init; } = 3;

    /// <summary>What their channels are normalised over.</summary>
    public ChannelNormKind Norm { get; init; } = ChannelNormKind.Picture;

    /// <summary>Hidden layers of encoder and decoder where observations are vectors.</summary>
    public int[] VectorHidden { get; init; } = [128, 128];

    /// <summary>Categorical latents of an observation.</summary>
    [Range(1, 256)] public int Categoricals { get; init; } = 16;

    /// <summary>Classes of each.</summary>
    [Range(2, 256)] public int Classes { get; init; } = 16;

    /// <summary>Mixer of the sequence model, by name (docs/mixers.md).</summary>
    public string Mixer { get; init; } = "mamba2";

    /// <summary>Width D of the sequence model.</summary>
    [Range(8, 8192)] public int Width { get; init; } = 128;

    /// <summary>Units of the sequence model.</summary>
    [Range(1, 64)] public int Layers { get; init; } = 2;

    /// <summary>Numbers N of a row of a head's state.</summary>
    [Range(1, 256)] public int StateSize { get; init; } = 16;

    /// <summary>Numbers P of a head.</summary>
    [Range(1, 512)] public int HeadWidth { get; init; } = 32;

    /// <summary>Width of the hidden layer of the reward and the end head.</summary>
    [Range(8, 8192)] public int HeadHidden { get; init; } = 64;

    /// <summary>Hidden layers of the critic; the actor's are <see cref="LearnerSettings.Hidden"/>.</summary>
    public int[] CriticHidden { get; init; } = [128, 128];

    /// <summary>Windows that the world model learns from at a time.</summary>
    [Range(1, 4096)] public int Batch { get; init; } = 8;

    /// <summary>Steps of each.</summary>
    [Range(2, 4096)] public int Window { get; init; } = 64;

    /// <summary>Windows that imagination starts from at a time.</summary>
    [Range(1, 65536)] public int ImaginedBatch { get; init; } = 128;

    /// <summary>Steps of each that have happened.</summary>
    [Range(1, 1024)] public int Context { get; init; } = 4;

    /// <summary>Steps of each that are imagined.</summary>
    [Range(1, 1024)] public int Horizon { get; init; } = 12;

    /// <summary>Steps of every environment between two updates.</summary>
    [Range(1, 1024)] public int StepsPerUpdate { get; init; } = 1;

    /// <summary>Environment steps, of all environments together, that are taken at random before the first update.</summary>
    [Range(0, 1_000_000_000)] public int LearningStarts { get; init; } = 1000;

    /// <summary>Environment steps that are kept.</summary>
    [Range(16, 1_000_000_000)] public int ReplayCapacity { get; init; } = 100_000;

    /// <summary>Steps after which a running actor's memory is made anew from what is kept; 0 for never. Its weights have changed since.</summary>
    [Range(0, 1_000_000)] public int RefreshEvery { get; init; } = 16;

    /// <summary>Steps of the past that it is made from.</summary>
    [Range(1, 4096)] public int ActingContext { get; init; } = 16;

    public ActingLatents ActOn { get; init; } = ActingLatents.Posterior;

    [Range(1e-9f, 1f)] public float ModelLearningRate { get; init; } = 2e-4f;

    [Range(1e-9f, 1f)] public float AgentLearningRate { get; init; } = 2e-4f;

    /// <summary>Updates over which both learning rates rise to their values.</summary>
    [Range(1, 1_000_000)] public int RateWarmup { get; init; } = 1000;

    /// <summary>Longest gradient of the world model.</summary>
    [Range(1e-3f, 1e9f)] public float ModelGradientNorm { get; init; } = 1000;

    /// <summary>Longest gradient of actor and critic.</summary>
    [Range(1e-3f, 1e9f)] public float AgentGradientNorm { get; init; } = 100;

    /// <summary>γ: discount of a step.</summary>
    [Range(0f, 1f)] public float Gamma { get; init; } = 0.985f;

    /// <summary>λ: weight of longer returns.</summary>
    [Range(0f, 1f)] public float Lambda { get; init; } = 0.95f;

    /// <summary>Price of the actor's entropy.</summary>
    [Range(0f, 1f)] public float Entropy { get; init; } = 3e-4f;

    /// <summary>What remains of the slow critic at an update.</summary>
    [Range(0f, 1f)] public float SlowDecay { get; init; } = 0.98f;

    /// <summary>Whether windows are drawn by how often they were learnt and imagined from (docs/agents/drama.md); uniformly otherwise.</summary>
    public bool FrequencySampling { get; init; } = true;

    /// <summary>τ of those draws.</summary>
    [Range(1e-3f, 1e6f)] public float SamplingTemperature { get; init; } = 10;

    /// <summary>Whether an episode that begins within a window knows nothing of the one before it; the published code lets it.</summary>
    public bool ResetOnEpisodeStart { get; init; } = true;

    /// <summary>
    /// What the published code does other than its paper, for comparison: returns that bootstrap from the state before the step, rewards and ends of
    /// imagined steps read before their actions, and no weight on whether an imagined episode has ended.
    /// </summary>
    public bool ReferenceQuirks { get; init; }

    public ProductPrecision Precision { get; init; } = ProductPrecision.Float32;

    /// <summary>Type of the world model's products.</summary>
    internal ScalarType Products => Precision == ProductPrecision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;

    /// <summary>Sizes of the mixer.</summary>
    internal MixerSettings MixerSettings => new() { Width = Width, Layers = Layers, StateSize = StateSize, HeadWidth = HeadWidth, Chunk = Math.Min(64, Window), Products = Products };

    /// <summary>Numbers of a latent state.</summary>
    internal int Latents => Categoricals * Classes;

    /// <exception cref="SettingsException">Settings contradict each other.</exception>
    internal void Check(int environments)
    {
        if (Channels.Length == 0 || Channels.Length != Strides.Length)
            throw new SettingsException($"channels has {Channels.Length} entries and strides {Strides.Length}: they need as many, at least one");
        if (Channels.Concat(Strides).Concat(CriticHidden).Concat(VectorHidden).Concat(Hidden).Any(size => size < 1))
            throw new SettingsException("channels, strides and hidden layers must be 1 or more each");
        if (Backend == NetworkBackend.Fused) throw new SettingsException("backend=fused: drama's networks are torch's; leave backend=auto");
        if (PrivilegedCritic) throw new SettingsException("privileged_critic=true: drama's critic reads the world model's state and nothing else");
        SequenceMixers.Find(Mixer);
        int needed = Math.Max(Window, Context + 1);
        if (ReplayCapacity / environments < 2 * needed)
            throw new SettingsException($"replay_capacity = {ReplayCapacity} leaves each of {environments} environments {ReplayCapacity / environments} steps: windows of {needed} need {2 * needed} at least");
        try
        {
            MixerSettings.Validate();
            if (Mixer is "aaren" or "deltaproduct" or "mamba2" && MixerSettings.Inner % HeadWidth != 0)
                throw new ArgumentException($"an inner width of {MixerSettings.Inner} does not make heads of {HeadWidth}");
        }
        catch (ArgumentException error)
        {
            throw new SettingsException($"mixer={Mixer}, width={Width}: {error.Message}");
        }
    }
}
