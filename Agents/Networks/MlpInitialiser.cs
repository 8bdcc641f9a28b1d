using Sim.Physics.Numerics;

namespace Sim.Agents.Networks;

/// <summary>
/// Initial parameters in the canonical layout, from the stream <see cref="RandomStream.Weights"/>: equal seed and
/// network number give equal parameters.
/// </summary>
public static class MlpInitialiser
{
    /// <summary>
    /// Orthogonal weights and zero biases, usual for PPO (Saxe, McClelland and Ganguli, "Exact solutions to the
    /// nonlinear dynamics of learning in deep linear neural networks", ICLR 2014).
    /// </summary>
    /// <param name="shape">The network's sizes.</param>
    /// <param name="seed">The agent's seed.</param>
    /// <param name="network">Number of the network within the agent.</param>
    /// <param name="headGain">Scale of the output layer: 0.01 for a policy, 1 for a value.</param>
    /// <param name="hiddenGain">Scale of the hidden layers: √2.</param>
    public static float[] Orthogonal(MlpShape shape, ulong seed, uint network, float headGain, float hiddenGain = 1.41421356f)
    {
        shape.Validate();
        var parameters = new float[shape.ParameterCount];
        int offset = 0;
        if (shape.Front is { } front)
        {
            var draws = Open(seed, network, shape.Layers);
            WriteOrthogonal(parameters.AsSpan(0, front.PatchSize * front.Filters), front.PatchSize, front.Filters, hiddenGain, ref draws);
            offset = front.ParameterCount;
        }
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            int inputs = shape.LayerInputs(layer), outputs = shape.LayerOutputs(layer);
            float gain = layer == shape.Layers - 1 ? headGain : hiddenGain;
            var draws = Open(seed, network, layer);
            WriteOrthogonal(parameters.AsSpan(offset, inputs * outputs), inputs, outputs, gain, ref draws);
            offset += (inputs + 1) * outputs;
        }
        return parameters;
    }

    /// <summary>Weights and biases uniform in ±1/√inputs of their layer, usual for off-policy algorithms.</summary>
    /// <param name="shape">The network's sizes.</param>
    /// <param name="seed">The agent's seed.</param>
    /// <param name="network">Number of the network within the agent.</param>
    public static float[] Uniform(MlpShape shape, ulong seed, uint network)
    {
        shape.Validate();
        var parameters = new float[shape.ParameterCount];
        int offset = 0;
        if (shape.Front is { } front)
        {
            // The front's draws are those of a layer that the network has not, so that all others stay as they are without it.
            WriteUniform(parameters.AsSpan(0, front.ParameterCount), front.PatchSize, Open(seed, network, shape.Layers));
            offset = front.ParameterCount;
        }
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            int count = (shape.LayerInputs(layer) + 1) * shape.LayerOutputs(layer);
            WriteUniform(parameters.AsSpan(offset, count), shape.LayerInputs(layer), Open(seed, network, layer));
            offset += count;
        }
        return parameters;
    }

    private static void WriteUniform(Span<float> parameters, int inputs, Draws<Lane1> draws)
    {
        float bound = 1 / MathF.Sqrt(inputs);
        foreach (ref float parameter in parameters) parameter = draws.Uniform(-bound, bound).Value;
    }

    private static Draws<Lane1> Open(ulong seed, uint network, int layer)
        => new LaneRandom<Lane1>
        {
            SeedLow = Lane1.OfBits((uint)seed),
            SeedHigh = Lane1.OfBits((uint)(seed >> 32)),
            Episode = Lane1.OfBits(network),
            Step = Lane1.Of(layer),
        }.Stream(RandomStream.Weights);

    private static void WriteOrthogonal(Span<float> weights, int inputs, int outputs, float gain, ref Draws<Lane1> draws)
    {
        // The shorter side counts the vectors: they are the orthonormal ones, each as long as the longer side.
        int vectors = Math.Min(inputs, outputs), length = Math.Max(inputs, outputs);
        var basis = new double[vectors][];
        for (int i = 0; i < vectors; i++)
        {
            basis[i] = Gaussians(length, ref draws);

            // Gram-Schmidt loses orthogonality by rounding; a second pass restores it.
            Orthonormalise(basis, i);
            Orthonormalise(basis, i);
            for (int j = 0; j < length; j++)
            {
                int row = inputs >= outputs ? j : i, column = inputs >= outputs ? i : j;
                weights[(row * outputs) + column] = (float)(gain * basis[i][j]);
            }
        }
    }

    private static void Orthonormalise(double[][] basis, int last)
    {
        double[] vector = basis[last];
        for (int i = 0; i < last; i++)
        {
            double[] other = basis[i];
            double projection = Dot(vector, other);
            for (int j = 0; j < vector.Length; j++)
            {
                vector[j] -= projection * other[j];
            }
        }
        double scale = 1 / Math.Sqrt(Dot(vector, vector));
        for (int j = 0; j < vector.Length; j++)
        {
            vector[j] *= scale;
        }
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double[] Gaussians(int count, ref Draws<Lane1> draws)
    {
        var values = new double[count];
        for (int i = 0; i < count; i++)
        {
            // Box and Muller; 1 - u keeps the logarithm finite.
            double radius = Math.Sqrt(-2 * Math.Log(1 - (double)draws.Unit().Value));
            values[i] = radius * Math.Cos(2 * Math.PI * draws.Unit().Value);
        }
        return values;
    }
}
