using Sim.Agents.Mixers;
using Sim.Agents.Networks.Torch;
using static TorchSharp.torch;

namespace Sim.Agents.Drama;

/// <summary>
/// Encoder and decoder: observations to logits of the categoricals, and samples of them back to observations. Convolutions for boards and pictures,
/// hidden layers for vectors.
/// </summary>
internal sealed class ObservationCoder : nn.Module
{
    private readonly DramaSettings _settings;
    private readonly int[] _heights, _widths;

    private readonly Convolution[] _encoder = [], _decoder = [];
    private readonly ChannelNorm[] _encoderNorms = [], _decoderNorms = [];
    private readonly Dense? _posterior, _unfold;
    private readonly DenseStack? _vectorEncoder, _vectorDecoder;
    private readonly Standardiser? _standardiser;

    public ObservationCoder(ObservationForm form, DramaSettings settings, WeightDraws draws)
        : base("coder")
    {
        _settings = settings;
        _heights = [form.Height];
        _widths = [form.Width];
        if (form.Kind == ObservationKind.Vector)
        {
            _vectorEncoder = new DenseStack(form.Size, settings.VectorHidden, settings.Latents, draws, WeightStart.TruncatedNormal, WeightStart.Uniform);
            _vectorDecoder = new DenseStack(settings.Latents, settings.VectorHidden, form.Size, draws, WeightStart.TruncatedNormal, WeightStart.TruncatedNormal);
            _standardiser = new Standardiser(form.Size);
            register_module("standardiser", _standardiser);
            register_module("vector_encoder", _vectorEncoder);
            register_module("vector_decoder", _vectorDecoder);
            return;
        }
        int count = settings.Channels.Length;
        var shapes = new ConvolutionShape[count];
        for (int layer = 0; layer < count; layer++)
        {
            shapes[layer] = new(layer == 0 ? form.Channels : settings.Channels[layer - 1], settings.Channels[layer], settings.Kernel, settings.Strides[layer]);
            _heights = [.. _heights, shapes[layer].SideAfter(_heights[^1])];
            _widths = [.. _widths, shapes[layer].SideAfter(_widths[^1])];
        }
        int features = settings.Channels[^1] * _heights[^1] * _widths[^1];
        _encoder = [.. shapes.Select(shape => new Convolution(shape, draws))];
        _encoderNorms = [.. shapes.Select(shape => new ChannelNorm(shape.Outputs, settings.Norm, draws))];
        _posterior = new Dense(features, settings.Latents, draws, WeightStart.Uniform);
        _unfold = new Dense(settings.Latents, features, draws, WeightStart.TruncatedNormal);
        // Each layer undoes one of the encoder's, the last first.
        _decoderNorms = [.. shapes.Reverse().Select(shape => new ChannelNorm(shape.Outputs, settings.Norm, draws))];
        _decoder = [.. shapes.Select((shape, layer) => Convolution.Transposed(shape with { Inputs = shape.Outputs, Outputs = shape.Inputs }, _heights[layer], _widths[layer], draws)).Reverse()];
        Register("encoder", _encoder);
        Register("encoder_norm", _encoderNorms);
        register_module("posterior", _posterior);
        register_module("unfold", _unfold);
        Register("decoder", _decoder);
        Register("decoder_norm", _decoderNorms);
    }

    /// <summary>Parameters of the encoder, of the posterior head, and of the decoder.</summary>
    public (long Encoder, long Posterior, long Decoder) Parameters
        => (Count([.. _encoder, .. _encoderNorms]), Count([_posterior ?? (nn.Module)_vectorEncoder!]), Count([.. _decoder, .. _decoderNorms, _unfold ?? (nn.Module)_vectorDecoder!]));

    /// <summary>Logits <c>[rows, categoricals, classes]</c> of what <see cref="ObservationForm.Read"/> gives.</summary>
    public Tensor Encode(Tensor observations)
    {
        using var scope = NewDisposeScope();
        var x = Target(observations);
        for (int layer = 0; layer < _encoder.Length; layer++) x = nn.functional.silu(_encoderNorms[layer].call(_encoder[layer].call(x)));
        var logits = _vectorEncoder is null ? _posterior!.call(x.flatten(1)) : _vectorEncoder.call(x);
        return logits.view(-1, _settings.Categoricals, _settings.Classes).MoveToOuterDisposeScope();
    }

    /// <summary>Takes what was seen into account: vectors are standardised by all that was ever learnt from.</summary>
    public void Observe(Tensor observations) => _standardiser?.Update(observations);

    /// <summary>What reconstructions are compared with, of what <see cref="ObservationForm.Read"/> gives.</summary>
    public Tensor Target(Tensor observations) => _standardiser is null ? observations.alias() : _standardiser.call(observations);

    /// <summary>What <see cref="ObservationForm.Loss"/> compares, of samples <c>[rows, latents]</c>.</summary>
    public Tensor Decode(Tensor latents)
    {
        if (_vectorDecoder is not null) return _vectorDecoder.call(latents);
        using var scope = NewDisposeScope();
        var x = _unfold!.call(latents).view(-1, _settings.Channels[^1], _heights[^1], _widths[^1]);
        for (int layer = 0; layer < _decoder.Length; layer++) x = _decoder[layer].call(nn.functional.silu(_decoderNorms[layer].call(x)));
        return x.MoveToOuterDisposeScope();
    }

    private void Register(string name, IReadOnlyList<nn.Module> modules)
    {
        for (int i = 0; i < modules.Count; i++) register_module($"{name}{i}", modules[i]);
    }

    private static long Count(IEnumerable<nn.Module> modules) => modules.Sum(module => module.parameters().Sum(parameter => parameter.numel()));
}
