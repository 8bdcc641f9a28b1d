using static TorchSharp.torch;

namespace Sim.Agents.Networks.Torch;

/// <summary>Products with weights in a type of their own: bfloat16 halves what a GPU has to move; sums, norms and decays keep theirs.</summary>
internal static class Products
{
    /// <summary>x Wᵀ + b in a type, given back in that of x.</summary>
    public static Tensor Linear(Tensor x, Tensor weight, Tensor? bias, ScalarType type)
    {
        if (type == x.dtype) return nn.functional.linear(x, weight, bias);
        using var scope = NewDisposeScope();
        return nn.functional.linear(x.to(type), weight.to(type), bias?.to(type)).to(x.dtype).MoveToOuterDisposeScope();
    }
}
