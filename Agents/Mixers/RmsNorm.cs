using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Sim.Agents.Mixers;

/// <summary>x / √(mean of x² over the last dimension + 1e-5) · w (Zhang and Sennrich, "Root Mean Square Layer Normalization", 2019).</summary>
public sealed class RmsNorm : nn.Module<Tensor, Tensor>
{
    /// <summary>What keeps the root from 0.</summary>
    public const double Epsilon = 1e-5;

    private readonly Parameter _weight;

    public RmsNorm(int width, WeightDraws draws)
        : base(nameof(RmsNorm))
    {
        ArgumentNullException.ThrowIfNull(draws);
        _weight = draws.Constant(1, width);
        register_parameter(nameof(_weight), _weight);
    }

    /// <summary>The root mean square is 1 after it; rows stay rows.</summary>
    public static Tensor Unit(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x * (x.pow(2).mean([-1], keepdim: true) + Epsilon).rsqrt();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return (Unit(input) * _weight).MoveToOuterDisposeScope();
    }
}
