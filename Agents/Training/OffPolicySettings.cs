using System.ComponentModel.DataAnnotations;
using Sim.Agents.Hindsight;
using Sim.Agents.Networks;

namespace Sim.Agents.Training;

/// <summary>What the settings of algorithms with a replay buffer have in common.</summary>
public abstract record OffPolicySettings : LearnerSettings
{
    /// <summary>Transitions kept; never more than the training has steps.</summary>
    [Range(1, 1 << 30)] public int ReplayCapacity { get; init; } = 1_000_000;

    /// <summary>Transitions of one update, drawn with replacement.</summary>
    [Range(1, 1 << 20)] public int Batch { get; init; } = 256;

    /// <summary>Environment steps, all environments together, with uniform random actions and without updates.</summary>
    [Range(0L, 1_000_000_000_000L)] public long LearningStarts { get; init; } = 100;

    /// <summary>Critic updates per environment step: N environments make N times as many per vector step. Fractions are paid when due.</summary>
    [Range(0.0001, 1000.0)] public double UpdatesPerStep { get; init; } = 1;

    /// <summary>Vector steps between two bursts of updates; it moves updates and does not change their number.</summary>
    [Range(1, 1 << 20)] public int UpdateInterval { get; init; } = 1;

    [Range(1e-9f, 10f)] public float ActorLearningRate { get; init; } = 1e-3f;

    [Range(1e-9f, 10f)] public float CriticLearningRate { get; init; } = 1e-3f;

    /// <summary>Decoupled weight decay of actor and critics (AdamW).</summary>
    [Range(0f, 1f)] public float WeightDecay { get; init; }

    /// <summary>Norm above which the gradients of the critics together, or of the actor, are scaled down; 0 for never.</summary>
    [Range(0f, 1e6f)] public float MaxGradientNorm { get; init; }

    /// <summary>Discount γ.</summary>
    [Range(0f, 1f)] public float Gamma { get; init; } = 0.99f;

    /// <summary>τ: the share by which target networks follow at each of their updates.</summary>
    [Range(0f, 1f)] public float Tau { get; init; } = 0.005f;

    /// <summary>
    /// Correlation of the exploration noise from one step to the next: 0 draws it anew, values near 1 keep pushing one
    /// way for some 1/(1 − value) steps. The noise of a single step stays the same.
    /// </summary>
    [Range(0f, 0.99999f)] public float NoiseCorrelation { get; init; }

    /// <summary>Whether networks read observations of mean 0 and deviation 1; the buffer keeps raw ones.</summary>
    public bool NormaliseObservations { get; init; }

    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>Which achieved goals replace the desired one in some of the drawn transitions; tasks without goals have none to replace.</summary>
    public HindsightGoals Hindsight { get; init; } = HindsightGoals.Future;

    /// <summary>k: transitions with a replaced goal per transition that keeps its own.</summary>
    [Range(0f, 1000f)] public float HindsightRatio { get; init; } = 4;

    /// <summary>Critic updates that <paramref name="steps"/> environment steps call for.</summary>
    public long UpdatesDue(long steps) => steps <= LearningStarts ? 0 : (long)((steps - LearningStarts) * UpdatesPerStep);

    /// <summary>The factor that brings gradients of this squared norm within <see cref="MaxGradientNorm"/>.</summary>
    internal float GradientScale(double squaredNorm) => (float)Math.Min(1, MaxGradientNorm / (Math.Sqrt(squaredNorm) + 1e-6));
}
