namespace Sim.Agents.Networks;

/// <summary>The sizes of a multilayer perceptron: fully connected layers, the last one linear.</summary>
/// <param name="Inputs">Width of an input row, 1 or more.</param>
/// <param name="Hidden">Widths of the hidden layers, 1 or more each; at least one layer.</param>
/// <param name="Outputs">Width of an output row, 1 or more.</param>
/// <param name="Activation">After each hidden layer.</param>
public sealed record MlpShape(int Inputs, IReadOnlyList<int> Hidden, int Outputs, Activation Activation)
{
    /// <summary>A convolution before the layers, for inputs that are boards or pictures; null for none.</summary>
    public ConvolutionFront? Front { get; init; }

    /// <summary>Number of fully connected layers.</summary>
    public int Layers => Hidden.Count + 1;

    /// <summary>Number of weights and biases, the front's included.</summary>
    public int ParameterCount => (Front?.ParameterCount ?? 0) + Enumerable.Range(0, Layers).Sum(layer => (LayerInputs(layer) + 1) * LayerOutputs(layer));

    /// <summary>Width of the widest hidden layer.</summary>
    public int WidestHidden => Hidden.Max();

    public int LayerInputs(int layer) => layer == 0 ? Front?.Features ?? Inputs : Hidden[layer - 1];

    public int LayerOutputs(int layer) => layer == Hidden.Count ? Outputs : Hidden[layer];

    /// <summary>Throws when a size is out of range.</summary>
    /// <exception cref="ArgumentException">A width below 1, or no hidden layer.</exception>
    public void Validate()
    {
        if (Inputs < 1 || Outputs < 1 || Hidden.Count < 1 || Hidden.Any(width => width < 1))
        {
            throw new ArgumentException($"The network {this} needs at least one hidden layer, and every width must be 1 or more.");
        }
        Front?.Validate(Inputs);
        if (!Enum.IsDefined(Activation))
        {
            throw new ArgumentException($"The activation {Activation} is not one of {string.Join(", ", Enum.GetNames<Activation>())}.");
        }
    }

    /// <summary>Equal sizes and activation; the hidden widths are compared one by one.</summary>
    public bool Equals(MlpShape? other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }
        if (other is null || Inputs != other.Inputs || Outputs != other.Outputs || Activation != other.Activation
            || Hidden.Count != other.Hidden.Count || Front != other.Front)
        {
            return false;
        }

        // By index: it runs at every blend of a target network, and enumerating an interface allocates.
        for (int i = 0; i < Hidden.Count; i++)
        {
            if (Hidden[i] != other.Hidden[i])
            {
                return false;
            }
        }
        return true;
    }

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Inputs);
        hash.Add(Outputs);
        hash.Add(Activation);
        hash.Add(Front);
        foreach (int width in Hidden)
        {
            hash.Add(width);
        }
        return hash.ToHashCode();
    }

    /// <summary>For example <c>4-64-64-2 Tanh</c>.</summary>
    public override string ToString() => $"{Inputs}{Front}-{string.Join('-', Hidden)}-{Outputs} {Activation}";
}
