using Sim.Agents.Mixers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Sim.Agents.Networks.Torch;

/// <summary>Sizes of a convolution of square kernels.</summary>
/// <param name="Inputs">Channels in.</param>
/// <param name="Outputs">Channels out.</param>
/// <param name="Kernel">Side of the kernel.</param>
/// <param name="Stride">Step of the kernel.</param>
public readonly record struct ConvolutionShape(int Inputs, int Outputs, int Kernel, int Stride)
{
    /// <summary>Zeros around the picture.</summary>
    public int Padding => (Kernel - 1) / 2;

    /// <summary>Side of what comes out of a picture of a side.</summary>
    public int SideAfter(int side) => ((side + (2 * Padding) - Kernel) / Stride) + 1;
}

/// <summary>A convolution with weights from a seed, forwards or transposed.</summary>
public sealed class Convolution : nn.Module<Tensor, Tensor>
{
    private readonly Parameter _weight, _bias;
    private readonly ConvolutionShape _shape;
    private readonly ScalarType _products;
    private readonly (int Height, int Width)? _target;

    /// <summary>Forwards: <c>[N, inputs, height, width]</c> to the sides of <see cref="ConvolutionShape.SideAfter"/>.</summary>
    public Convolution(ConvolutionShape shape, WeightDraws draws)
        : this(shape, draws, null)
    {
    }

    private Convolution(ConvolutionShape shape, WeightDraws draws, (int Height, int Width)? target)
        : base(nameof(Convolution))
    {
        ArgumentNullException.ThrowIfNull(draws);
        (_shape, _target, _products) = (shape, target, draws.ProductType);
        int area = shape.Kernel * shape.Kernel;
        double deviation = Dense.Deviation(shape.Inputs * area, shape.Outputs * area);
        _weight = target is null
            ? draws.TruncatedNormal(deviation, shape.Outputs, shape.Inputs, shape.Kernel, shape.Kernel)
            : draws.TruncatedNormal(deviation, shape.Inputs, shape.Outputs, shape.Kernel, shape.Kernel);
        _bias = draws.Constant(0, shape.Outputs);
        register_parameter(nameof(_weight), _weight);
        register_parameter(nameof(_bias), _bias);
    }

    /// <summary>Backwards: from the sides that a convolution of this shape would leave to a target's.</summary>
    public static Convolution Transposed(ConvolutionShape shape, int height, int width, WeightDraws draws) => new(shape, draws, (height, width));

    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (_products == input.dtype) return Convolve(input, _weight, _bias);
        using var scope = NewDisposeScope();
        return Convolve(input.to(_products), _weight.to(_products), _bias.to(_products)).to(input.dtype).MoveToOuterDisposeScope();
    }

    private Tensor Convolve(Tensor input, Tensor weight, Tensor bias)
    {
        long[] stride = [_shape.Stride, _shape.Stride], padding = [_shape.Padding, _shape.Padding];
        if (_target is not { } target) return nn.functional.conv2d(input, weight, bias, stride, padding);
        long[] missing = [target.Height - Least(input.shape[2]), target.Width - Least(input.shape[3])];
        return nn.functional.conv_transpose2d(input, weight, bias, stride, padding, missing);
    }

    private long Least(long side) => ((side - 1) * _shape.Stride) - (2 * _shape.Padding) + _shape.Kernel;
}
