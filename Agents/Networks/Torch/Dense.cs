using Sim.Agents.Mixers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Sim.Agents.Networks.Torch;

/// <summary>How the weights of a layer begin.</summary>
public enum WeightStart
{
    /// <summary>Uniform in ±1/√inputs, biases too, as torch's layers.</summary>
    Uniform,

    /// <summary>Normal of deviation √(2 / (fan in + fan out)) / 0.8796, cut off at twice that; biases 0.</summary>
    TruncatedNormal,

    /// <summary>Orthogonal of gain √2; biases 0.</summary>
    Orthogonal,

    /// <summary>Orthogonal of gain 0.001, so that what comes out is next to nothing; biases 0.</summary>
    NearZero,
}

/// <summary>y = x Wᵀ + b, with weights from a seed.</summary>
public sealed class Dense : nn.Module<Tensor, Tensor>
{
    private readonly Parameter _weight, _bias;
    private readonly ScalarType _products;

    public Dense(int inputs, int outputs, WeightDraws draws, WeightStart start)
        : base(nameof(Dense))
    {
        ArgumentNullException.ThrowIfNull(draws);
        _products = draws.ProductType;
        float limit = 1 / MathF.Sqrt(inputs);
        _weight = start switch
        {
            WeightStart.Uniform => draws.Uniform(limit, outputs, inputs),
            WeightStart.TruncatedNormal => draws.TruncatedNormal(Deviation(inputs, outputs), outputs, inputs),
            WeightStart.Orthogonal => draws.Orthogonal(Math.Sqrt(2), outputs, inputs),
            _ => draws.Orthogonal(0.001, outputs, inputs),
        };
        _bias = start == WeightStart.Uniform ? draws.Uniform(limit, outputs) : draws.Constant(0, outputs);
        register_parameter(nameof(_weight), _weight);
        register_parameter(nameof(_bias), _bias);
    }

    public override Tensor forward(Tensor input) => Products.Linear(input, _weight, _bias, _products);

    /// <summary>Deviation of <see cref="WeightStart.TruncatedNormal"/>; 0.8796 is what cutting leaves of a deviation of 1.</summary>
    internal static double Deviation(long fanIn, long fanOut) => Math.Sqrt(2.0 / (fanIn + fanOut)) / 0.8796;
}
