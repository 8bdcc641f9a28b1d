using Sim.Agents.Networks;
using Sim.Agents.Networks.Fused;
using Sim.Agents.Networks.Torch;
using Sim.Physics.Numerics;

namespace Sim.Tests.Agents.Networks;

/// <summary>Shapes, random rows and comparisons that the network tests share.</summary>
internal static class NetworkSamples
{
    public static readonly AdamSettings Adam = new();

    public static readonly NetworkBackend[] Backends = [NetworkBackend.Fused, NetworkBackend.Torch];

    /// <summary>All activations, one to three hidden layers, widths off and on the vector width.</summary>
    public static IEnumerable<MlpShape> Shapes()
    {
        foreach (var activation in Enum.GetValues<Activation>())
        {
            yield return new MlpShape(4, [64, 64], 2, activation);
            yield return new MlpShape(1, [5], 1, activation);
            yield return new MlpShape(3, [17, 40], 9, activation);
            yield return new MlpShape(82, [33, 24, 50], 18, activation);
        }
    }

    public static INetwork Create(MlpShape shape, NetworkBackend backend, int maxRows, ulong seed = 7, AdamSettings? adam = null)
    {
        float[] initial = MlpInitialiser.Uniform(shape, seed, 0);
        return backend == NetworkBackend.Fused
            ? new FusedMlp(shape, initial, adam ?? Adam, maxRows)
            : new TorchMlp(shape, initial, adam ?? Adam, maxRows);
    }

    /// <summary>Numbers uniform in ±1; the padding is set to NaN, which would show if anything read it.</summary>
    public static MatrixBuffer RandomRows(int rows, int columns, ulong seed)
    {
        var buffer = new MatrixBuffer(rows, columns);
        buffer.Floats.Fill(float.NaN);
        var draws = new LaneRandom<Lane1> { SeedLow = Lane1.OfBits((uint)seed) }.Stream(RandomStream.Sampling);
        for (int row = 0; row < rows; row++)
        {
            foreach (ref float value in buffer.Matrix.Row(row))
            {
                value = draws.Uniform(-1, 1).Value;
            }
        }
        return buffer;
    }

    public static float[] Parameters(INetwork network)
    {
        var values = new float[network.ParameterCount];
        network.CopyParameters(values);
        return values;
    }

    public static float[] Gradients(INetwork network)
    {
        var values = new float[network.ParameterCount];
        network.CopyGradients(values);
        return values;
    }

    public static float[] Flatten(Matrix matrix)
        => [.. Enumerable.Range(0, matrix.Rows).SelectMany(row => matrix.Row(row).ToArray())];

    /// <summary>Largest difference, relative to the largest magnitude: elements that cancel to near zero carry the rounding of the others.</summary>
    public static double Difference(float[] a, float[] b)
        => a.Zip(b, (x, y) => Math.Abs((double)x - y)).Max() / a.Max(x => Math.Abs((double)x));
}
