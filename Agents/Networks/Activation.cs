namespace Sim.Agents.Networks;

/// <summary>The non-linearity after each hidden layer. The output layer has none.</summary>
public enum Activation
{
    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,

    /// <summary>x (27 + x²) / (27 + 9 x²) with x limited to ±3: close to tanh, without its cost.</summary>
    FastTanh,

    /// <summary>x where positive, exp(x) − 1 elsewhere (Clevert, Unterthiner and Hochreiter, 2016).</summary>
    Elu,
}
