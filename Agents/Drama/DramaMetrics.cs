namespace Sim.Agents.Drama;

/// <summary>Names of what Drama measures.</summary>
public static class DramaMetrics
{
    /// <summary>Mean error of an observation, as <see cref="ObservationForm.Loss"/> has it, when latents are sampled one step ahead by the model, over that of the mean observation.</summary>
    public const string OneStepError = "world_model/one_step_error";

    /// <summary>The same ten steps ahead.</summary>
    public const string TenStepError = "world_model/ten_step_error";

    /// <summary>The same of observations that the encoder has seen.</summary>
    public const string ReconstructionError = "world_model/reconstruction_error";

    /// <summary>Correlation of the sum of ten imagined rewards with the sum that came of the same actions.</summary>
    public const string RewardCorrelation = "world_model/reward_correlation";

    /// <summary>Index of the first loss of actor and critic in <see cref="Losses"/>.</summary>
    internal const int AgentLosses = 6;

    /// <summary>What the last update measured, in this order.</summary>
    public static IReadOnlyList<string> Losses { get; } =
    [
        "world_model/reconstruction_loss", "world_model/reward_loss", "world_model/end_loss", "world_model/dynamics_loss", "world_model/representation_loss",
        "world_model/gradient_norm", "losses/policy_loss", "losses/value_loss", "losses/entropy", "imagination/return", "losses/gradient_norm",
    ];
}
