using Sim.Agents.Mixers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Sim.Agents.Networks.Torch;

/// <summary>What the channels of a convolution are normalised over.</summary>
public enum ChannelNormKind
{
    /// <summary>Over each picture, all of its channels together: a picture is treated alike whatever lies beside it in the batch.</summary>
    Picture,

    /// <summary>Each channel over the batch, running means when not learning (Ioffe and Szegedy 2015).</summary>
    Batch,
}

/// <summary>Mean 0 and variance 1, then a scale and a shift of each channel.</summary>
public sealed class ChannelNorm : nn.Module<Tensor, Tensor>
{
    private const double Epsilon = 1e-5, Momentum = 0.1;

    private readonly Parameter _weight, _bias;
    private readonly Tensor? _mean, _variance;

    public ChannelNorm(int channels, ChannelNormKind kind, WeightDraws draws)
        : base(nameof(ChannelNorm))
    {
        ArgumentNullException.ThrowIfNull(draws);
        _weight = draws.Constant(1, channels);
        _bias = draws.Constant(0, channels);
        register_parameter(nameof(_weight), _weight);
        register_parameter(nameof(_bias), _bias);
        if (kind != ChannelNormKind.Batch) return;
        _mean = zeros(channels).DetachFromDisposeScope();
        _variance = ones(channels).DetachFromDisposeScope();
        register_buffer(nameof(_mean), _mean);
        register_buffer(nameof(_variance), _variance);
    }

    public override Tensor forward(Tensor input)
        => _mean is null
            ? nn.functional.group_norm(input, 1, _weight, _bias, Epsilon)
            : nn.functional.batch_norm(input, _mean, _variance!, _weight, _bias, training, Momentum, Epsilon);
}
