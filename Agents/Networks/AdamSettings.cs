namespace Sim.Agents.Networks;

/// <summary>
/// Adam (Kingma and Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, algorithm 1); with decay it is AdamW
/// (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", ICLR 2019, algorithm 2).
/// </summary>
public sealed record AdamSettings
{
    /// <summary>Decay of the first moment, in [0, 1).</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>Decay of the second moment, in [0, 1).</summary>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>Added to the root of the second moment; 1e-8 is usual, PPO uses 1e-5.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>Decoupled decay: each step first scales the parameters by 1 - learning rate · this.</summary>
    public float WeightDecay { get; init; }

    /// <summary>Throws when a value is out of range.</summary>
    /// <exception cref="ArgumentException">A beta outside [0, 1), an epsilon of 0 or less, or a negative decay.</exception>
    public void Validate()
    {
        if (Beta1 is not (>= 0 and < 1) || Beta2 is not (>= 0 and < 1) || !(Epsilon > 0) || !(WeightDecay >= 0))
        {
            throw new ArgumentException($"{this}: the betas must lie in [0, 1), epsilon must be above 0 and the weight decay not below 0.");
        }
    }
}
