namespace Sim.Agents.Networks.Fused;

/// <summary>
/// Where each layer lies in the flat parameter array: weights <c>[inputs, padded outputs]</c>, then the padded biases.
/// Padding is zero and stays zero: padded outputs get no gradient.
/// </summary>
internal sealed class FusedLayout
{
    public FusedLayout(MlpShape shape)
    {
        Layers = new Layer[shape.Layers];
        int offset = 0;
        for (int i = 0; i < Layers.Length; i++)
        {
            int inputs = shape.LayerInputs(i), outputs = shape.LayerOutputs(i), padded = Pad(outputs);
            Layers[i] = new Layer(inputs, outputs, Pad(inputs), padded, offset, offset + (inputs * padded));
            offset += (inputs + 1) * padded;
        }
        Count = Round(offset, ParameterPass.Multiple);
        CanonicalCount = shape.ParameterCount;
    }

    public Layer[] Layers { get; }

    /// <summary>Floats of the flat array.</summary>
    public int Count { get; }

    /// <summary>Floats in the canonical layout.</summary>
    public int CanonicalCount { get; }

    /// <summary>8, or a multiple of 16: what the tiles cover.</summary>
    public static int Pad(int width) => width <= 8 ? 8 : Round(width, 16);

    /// <summary>Copies from the canonical layout, leaving the padding.</summary>
    public void FromCanonical(ReadOnlySpan<float> canonical, Span<float> flat)
    {
        foreach (var (layer, row) in Rows())
        {
            canonical[..layer.Outputs].CopyTo(flat[(layer.Weights + (row * layer.PaddedOutputs))..]);
            canonical = canonical[layer.Outputs..];
        }
    }

    /// <summary>Copies to the canonical layout.</summary>
    /// <exception cref="ArgumentException">The target has another length.</exception>
    public void ToCanonical(ReadOnlySpan<float> flat, Span<float> canonical)
    {
        if (canonical.Length != CanonicalCount)
        {
            throw new ArgumentException($"The target holds {canonical.Length} floats; the network has {CanonicalCount} parameters.");
        }
        foreach (var (layer, row) in Rows())
        {
            flat.Slice(layer.Weights + (row * layer.PaddedOutputs), layer.Outputs).CopyTo(canonical);
            canonical = canonical[layer.Outputs..];
        }
    }

    /// <summary>All rows of weights, the biases as the last row of their layer.</summary>
    private IEnumerable<(Layer Layer, int Row)> Rows()
        => Layers.SelectMany(layer => Enumerable.Range(0, layer.Inputs + 1).Select(row => (layer, row)));

    private static int Round(int value, int multiple) => (value + multiple - 1) / multiple * multiple;

    /// <param name="Inputs">Width of the layer's input.</param>
    /// <param name="Outputs">Width of its output.</param>
    /// <param name="PaddedInputs">Columns that the input gradient is computed in.</param>
    /// <param name="PaddedOutputs">Columns that the output is computed in.</param>
    /// <param name="Weights">Offset of the weights.</param>
    /// <param name="Biases">Offset of the biases.</param>
    internal readonly record struct Layer(int Inputs, int Outputs, int PaddedInputs, int PaddedOutputs, int Weights, int Biases);
}
