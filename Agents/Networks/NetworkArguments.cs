namespace Sim.Agents.Networks;

/// <summary>The checks that every backend makes of what it is given.</summary>
internal static class NetworkArguments
{
    public static void Check(MlpShape shape, ReadOnlySpan<float> initial, AdamSettings adam, int maxRows)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(adam);
        shape.Validate();
        adam.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
        if (initial.Length != shape.ParameterCount)
        {
            throw new ArgumentException($"{initial.Length} initial parameters were given; a network {shape} has {shape.ParameterCount}.");
        }
    }

    public static void CheckInputs(INetwork network, in Matrix inputs)
    {
        if (inputs.Columns != network.Shape.Inputs || inputs.Rows < 1 || inputs.Rows > network.MaxRows)
        {
            throw new ArgumentException(
                $"The inputs are {inputs.Rows} x {inputs.Columns}; this network {network.Shape} takes 1 to {network.MaxRows} rows of {network.Shape.Inputs}.");
        }
    }

    public static void CheckGradients(
        INetwork network, int forwardRows, in Matrix inputs, in Matrix outputGradients, Matrix? inputGradients)
    {
        if (forwardRows == 0)
        {
            throw new InvalidOperationException("Backward needs a forward pass with the present parameters before it.");
        }
        CheckSize("inputs", inputs, forwardRows, network.Shape.Inputs);
        CheckSize("output gradients", outputGradients, forwardRows, network.Shape.Outputs);
        if (inputGradients is { } target)
        {
            CheckSize("input gradients", target, forwardRows, network.Shape.Inputs);
        }
    }

    public static void CheckBlend(INetwork network, INetwork source, float tau)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.GetType() != network.GetType() || !source.Shape.Equals(network.Shape))
        {
            throw new ArgumentException(
                $"A {source.GetType().Name} {source.Shape} cannot be blended into a {network.GetType().Name} {network.Shape}.");
        }
        if (tau is not (>= 0 and <= 1))
        {
            throw new ArgumentException($"tau is {tau}; it must lie in [0, 1].");
        }
    }

    private static void CheckSize(string what, in Matrix matrix, int rows, int columns)
    {
        if (matrix.Rows != rows || matrix.Columns != columns)
        {
            throw new ArgumentException($"The {what} are {matrix.Rows} x {matrix.Columns}; the last forward pass had {rows} x {columns}.");
        }
    }
}
