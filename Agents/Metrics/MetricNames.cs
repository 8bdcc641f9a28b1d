namespace Sim.Agents.Metrics;

/// <summary>
/// The tags of CleanRL (Huang et al., JMLR 2022), so that its dashboards and comparison scripts read our runs
/// unchanged. Those that CleanRL lacks stand last in each group.
/// </summary>
public static class MetricNames
{
    /// <summary>Mean undiscounted return of the last 100 episodes that ended.</summary>
    public const string EpisodicReturn = "charts/episodic_return";

    /// <summary>Mean length, in steps, of the last 100 episodes that ended.</summary>
    public const string EpisodicLength = "charts/episodic_length";

    public const string LearningRate = "charts/learning_rate";

    /// <summary>Environment steps a second since the start of this process's training.</summary>
    public const string StepsPerSecond = "charts/SPS";

    /// <summary>Share, in [0, 1], of the last 100 episodes that reached their goal (not in CleanRL).</summary>
    public const string SuccessRate = "charts/success_rate";

    /// <summary>Mean return of an evaluation during training (not in CleanRL).</summary>
    public const string EvaluationReturn = "evaluation/episodic_return";

    /// <summary>Success rate of an evaluation during training (not in CleanRL).</summary>
    public const string EvaluationSuccessRate = "evaluation/success_rate";

    /// <summary>Passes over the demonstrations (not in CleanRL).</summary>
    public const string Epoch = "charts/epoch";

    /// <summary>
    /// How far the policy is from what it learns from, in the present pass: mean absolute error in units of the
    /// half-range, or share of wrong choices (not in CleanRL).
    /// </summary>
    public const string TrainingActionError = "charts/training_action_error";

    /// <summary>The same on the demonstrations that it does not learn from, after the last pass (not in CleanRL).</summary>
    public const string ValidationActionError = "charts/validation_action_error";

    public const string ValueLoss = "losses/value_loss";
    public const string PolicyLoss = "losses/policy_loss";
    public const string Entropy = "losses/entropy";
    public const string OldApproxKl = "losses/old_approx_kl";
    public const string ApproxKl = "losses/approx_kl";
    public const string ClipFraction = "losses/clipfrac";
    public const string ExplainedVariance = "losses/explained_variance";

    public const string TemporalDifferenceLoss = "losses/td_loss";
    public const string QValues = "losses/q_values";

    /// <summary>Share of random choices (not in CleanRL).</summary>
    public const string Epsilon = "charts/epsilon";

    public const string Critic1Values = "losses/qf1_values";
    public const string Critic2Values = "losses/qf2_values";
    public const string Critic1Loss = "losses/qf1_loss";
    public const string Critic2Loss = "losses/qf2_loss";
    public const string CriticLoss = "losses/qf_loss";
    public const string ActorLoss = "losses/actor_loss";
    public const string Alpha = "losses/alpha";
    public const string AlphaLoss = "losses/alpha_loss";

    /// <summary>The part of the actor's loss that draws it towards demonstrations (not in CleanRL).</summary>
    public const string CloningLoss = "losses/cloning_loss";

    /// <summary>Share of the demonstrated actions that the Q-filter lets through (not in CleanRL).</summary>
    public const string FilteredDemonstrations = "charts/q_filter";

    /// <summary>Mean loss of behaviour cloning in the present pass (not in CleanRL).</summary>
    public const string TrainingLoss = "losses/training_loss";

    /// <summary>Its loss on the demonstrations that it does not learn from, after the last pass (not in CleanRL).</summary>
    public const string ValidationLoss = "losses/validation_loss";

    /// <summary>The least of these: that of the weights that act (not in CleanRL).</summary>
    public const string BestValidationLoss = "losses/best_validation_loss";
}
