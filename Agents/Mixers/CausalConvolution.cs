using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Sim.Agents.Mixers;

/// <summary>
/// A convolution of each channel along time that sees K moments, the last of them the present; what came before the window is
/// the history, K − 1 inputs, oldest first. The last tap belongs to the present.
/// </summary>
internal sealed class CausalConvolution : nn.Module
{
    private readonly Parameter _weight, _bias;
    private readonly int _taps;

    public CausalConvolution(int channels, int taps, WeightDraws draws)
        : base(nameof(CausalConvolution))
    {
        _taps = taps;
        Channels = channels;
        float limit = 1 / MathF.Sqrt(taps);
        _weight = draws.Uniform(limit, channels, taps);
        _bias = draws.Uniform(limit, channels);
        register_parameter(nameof(_weight), _weight);
        register_parameter(nameof(_bias), _bias);
    }

    public int Channels { get; }

    /// <summary>No inputs yet <c>[B, K − 1, channels]</c>.</summary>
    public Tensor InitialHistory(long batch, Device device) => zeros([batch, _taps - 1, Channels], _weight.dtype, device);

    /// <summary>All moments at once.</summary>
    /// <param name="x"><c>[B, T, channels]</c>.</param>
    /// <param name="history"><c>[B, K − 1, channels]</c>.</param>
    /// <param name="segments">Episodes begun up to each moment <c>[B, T]</c>; null where none begins.</param>
    /// <param name="after">The history after.</param>
    public Tensor Forward(Tensor x, Tensor history, Tensor? segments, out Tensor after)
    {
        long length = x.shape[1];
        var padded = cat([history, x], 1);
        var padding = segments is null ? null : cat([zeros_like(segments.narrow(1, 0, 1)).expand(-1, _taps - 1), segments], 1);
        Tensor sum = _bias;
        for (int tap = 0; tap < _taps; tap++)
        {
            var part = padded.narrow(1, tap, length) * _weight.select(1, tap);
            // What belongs to an earlier episode is not seen.
            if (padding is not null) part *= padding.narrow(1, tap, length).eq(segments!).unsqueeze(-1);
            sum = part + sum;
        }
        after = padded.narrow(1, length, _taps - 1);
        if (padding is not null) after = after * padding.narrow(1, length, _taps - 1).eq(segments!.narrow(1, length - 1, 1)).unsqueeze(-1);
        return sum;
    }

    /// <summary>One moment <c>[B, channels]</c>.</summary>
    public Tensor Step(Tensor x, Tensor history, out Tensor after)
    {
        var window = cat([history, x.unsqueeze(1)], 1);
        after = window.narrow(1, 1, _taps - 1);
        return (window * _weight.t()).sum(1) + _bias;
    }
}
