using System.ComponentModel.DataAnnotations;
using Sim.Agents.Networks;
using Sim.Agents.Training;

namespace Sim.Agents.Ppo;

/// <summary>How the learning rate moves during training.</summary>
public enum LearningRateSchedule
{
    Constant,

    /// <summary>Falls linearly to 0 at the end.</summary>
    Linear,

    /// <summary>Follows the divergence of the policy: down by 1.5 above twice the target, up by 1.5 below half of it.</summary>
    AdaptiveKl,
}

/// <summary>Proximal policy optimisation (Schulman et al., 2017) with the details of CleanRL's implementation.</summary>
public sealed record PpoSettings : LearnerSettings
{
    /// <summary>Steps of each environment between two updates.</summary>
    [Range(1, 1 << 20)] public int RolloutSteps { get; init; } = 128;

    /// <summary>Rows of a minibatch.</summary>
    [Range(2, 1 << 24)] public int Minibatch { get; init; } = 128;

    /// <summary>Passes over each rollout.</summary>
    [Range(1, 1000)] public int Epochs { get; init; } = 4;

    [Range(1e-9f, 10f)] public float LearningRate { get; init; } = 2.5e-4f;

    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Linear;

    /// <summary>Divergence per update that AdaptiveKl steers to.</summary>
    [Range(1e-6f, 10f)] public float TargetKl { get; init; } = 0.01f;

    /// <summary>Discount.</summary>
    [Range(0f, 1f)] public float Gamma { get; init; } = 0.99f;

    /// <summary>λ of generalised advantage estimation.</summary>
    [Range(0f, 1f)] public float Lambda { get; init; } = 0.95f;

    /// <summary>ε: the policy's ratio counts within 1 ± ε.</summary>
    [Range(0.001f, 10f)] public float ClipRange { get; init; } = 0.2f;

    /// <summary>Whether ε falls linearly to 0 at the end.</summary>
    public bool AnnealClipRange { get; init; }

    /// <summary>Whether the value loss is clipped too, in units of the (normalised) return.</summary>
    public bool ClipValueLoss { get; init; } = true;

    [Range(0f, 100f)] public float ValueCoefficient { get; init; } = 0.5f;

    [Range(0f, 10f)] public float EntropyCoefficient { get; init; } = 0.01f;

    /// <summary>Norm above which all gradients together are scaled down.</summary>
    [Range(1e-6f, 1e6f)] public float MaxGradientNorm { get; init; } = 0.5f;

    /// <summary>Whether each minibatch's advantages are brought to mean 0 and deviation 1.</summary>
    public bool NormaliseAdvantages { get; init; } = true;

    public bool NormaliseObservations { get; init; }

    /// <summary>Whether rewards are divided by the deviation of the discounted return.</summary>
    public bool NormaliseRewards { get; init; }

    /// <summary>Rewards are multiplied by this before anything else.</summary>
    [Range(1e-6f, 1e6f)] public float RewardScale { get; init; } = 1;

    /// <summary>Whether the critic learns returns brought to mean 0 and deviation 1, by their running statistics.</summary>
    public bool NormaliseValues { get; init; }

    /// <summary>Weight of the squared distance by which mean actions lie beyond <see cref="ActionBound"/>.</summary>
    [Range(0f, 100f)] public float BoundsCoefficient { get; init; }

    /// <summary>Size of a mean action up to which it costs nothing, in units of the half-range.</summary>
    [Range(0f, 10f)] public float ActionBound { get; init; } = 1.1f;

    /// <summary>Start of the logarithm of each action's deviation, in units of the half-range.</summary>
    [Range(-10f, 2f)] public float InitialLogStd { get; init; }

    /// <summary>Mean of every action component before learning, in units of the half-range: 0 is mid-range.</summary>
    [Range(-1f, 1f)] public float InitialAction { get; init; }

    public Activation Activation { get; init; } = Activation.Tanh;

    /// <summary>Filters of the convolution before the hidden layers, where observations are boards or pictures; 0 for none.</summary>
    [Range(0, 1024)] public int Filters { get; init; } = 16;
}
