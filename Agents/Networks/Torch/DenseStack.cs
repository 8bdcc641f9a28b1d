using Sim.Agents.Mixers;
using static TorchSharp.torch;

namespace Sim.Agents.Networks.Torch;

/// <summary>Hidden layers of linear map, root-mean-square norm and SiLU, and a linear map behind them.</summary>
public sealed class DenseStack : nn.Module<Tensor, Tensor>
{
    private readonly Dense[] _layers;
    private readonly RmsNorm[] _norms;

    /// <param name="inputs">Numbers in.</param>
    /// <param name="hidden">Widths of the hidden layers; may be empty.</param>
    /// <param name="outputs">Numbers out.</param>
    /// <param name="draws">Where the weights come from.</param>
    /// <param name="start">How the hidden layers begin.</param>
    /// <param name="last">How the last layer begins.</param>
    public DenseStack(int inputs, IReadOnlyList<int> hidden, int outputs, WeightDraws draws, WeightStart start, WeightStart last)
        : base(nameof(DenseStack))
    {
        ArgumentNullException.ThrowIfNull(hidden);
        int[] widths = [inputs, .. hidden, outputs];
        _layers = new Dense[hidden.Count + 1];
        _norms = new RmsNorm[hidden.Count];
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            _layers[layer] = new Dense(widths[layer], widths[layer + 1], draws, layer < hidden.Count ? start : last);
            register_module($"layer{layer}", _layers[layer]);
            if (layer == hidden.Count) break;
            _norms[layer] = new RmsNorm(widths[layer + 1], draws);
            register_module($"norm{layer}", _norms[layer]);
        }
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input;
        for (int layer = 0; layer < _norms.Length; layer++) x = nn.functional.silu(_norms[layer].call(_layers[layer].call(x)));
        return _layers[^1].call(x).MoveToOuterDisposeScope();
    }
}
