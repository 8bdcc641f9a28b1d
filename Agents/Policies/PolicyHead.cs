namespace Sim.Agents.Policies;

/// <summary>What the outputs of an actor network mean.</summary>
public enum PolicyHead
{
    /// <summary>Mean of each action, clipped to the limits on its way out.</summary>
    Gaussian,

    /// <summary>Mean and logarithm of the deviation of each action before a tanh.</summary>
    SquashedGaussian,

    /// <summary>Each action before a tanh.</summary>
    Deterministic,

    /// <summary>One logit a choice.</summary>
    Categorical,
}
