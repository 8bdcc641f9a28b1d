using Sim.Agents.Training;
using Sim.Physics.Numerics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Sim.Agents.Mixers;

/// <summary>
/// Initial parameters, each from its own place of the stream of weights: equal seeds give equal networks on any device.
/// </summary>
public sealed class WeightDraws(ulong seed, ScalarType type)
{
    /// <summary>Type in which modules multiply by their weights; null for that of the weights.</summary>
    public ScalarType? Products { get; init; }

    internal ScalarType ProductType => Products ?? type;

    private ulong _number;

    /// <summary>Uniform in ±limit.</summary>
    public Parameter Uniform(float limit, params long[] shape) => Draw(shape, unit => limit * ((2 * unit) - 1));

    /// <summary>A function of numbers uniform in [0, 1).</summary>
    public Parameter Draw(long[] shape, Func<float, float> of)
    {
        ArgumentNullException.ThrowIfNull(of);
        float[] values = Numbers(shape);
        CounterRandom.FillUniform(values, seed, RandomStream.Weights, _number++);
        for (int i = 0; i < values.Length; i++) values[i] = of(values[i]);
        return Of(values, shape);
    }

    /// <summary>Standard normal numbers beyond ±2 of which none are taken, times a deviation.</summary>
    public Parameter TruncatedNormal(double deviation, params long[] shape)
    {
        // Φ(2) − Φ(−2) = 0.9545: what lies between the limits, inverted.
        const double Between = 0.954499736103642;
        using var scope = NewDisposeScope();
        float[] uniform = Numbers(shape);
        CounterRandom.FillUniform(uniform, seed, RandomStream.Weights, _number++);
        var normal = ((tensor(uniform).to(ScalarType.Float64) - 0.5) * (2 * Between)).erfinv() * (Math.Sqrt(2) * deviation);
        return Of(normal.to(ScalarType.Float32).data<float>().ToArray(), shape);
    }

    /// <summary>Rows, or columns where there are fewer, that stand on each other at right angles and are as long as the gain (Saxe, McClelland and Ganguli 2014).</summary>
    public Parameter Orthogonal(double gain, long rows, long columns)
    {
        using var scope = NewDisposeScope();
        long longer = Math.Max(rows, columns), shorter = Math.Min(rows, columns);
        float[] normal = Numbers([longer, shorter]);
        CounterRandom.FillNormal(normal, seed, RandomStream.Weights, _number++);
        var (q, r) = linalg.qr(tensor(normal, [longer, shorter]));
        // With the signs of r's diagonal the result is uniform over all such matrices.
        var unit = q * r.diagonal().sign();
        var matrix = ((rows < columns ? unit.t() : unit) * gain).contiguous();
        return Of(matrix.data<float>().ToArray(), rows, columns);
    }

    /// <summary>The same number everywhere.</summary>
    public Parameter Constant(float value, params long[] shape)
    {
        float[] values = Numbers(shape);
        Array.Fill(values, value);
        return Of(values, shape);
    }

    /// <summary>Numbers that are given.</summary>
    public Parameter Of(float[] values, params long[] shape)
    {
        var parameter = nn.Parameter(tensor(values, shape, type));
        parameter.DetachFromDisposeScope();
        return parameter;
    }

    private static float[] Numbers(long[] shape) => new float[shape.Aggregate(1L, (a, b) => a * b)];

    /// <summary>Step widths of Mamba: what softplus makes exp(uniform in log 0.001 … log 0.1) of, at least 1e-4.</summary>
    public Parameter StepBias(long count) => Draw([count], unit =>
    {
        double width = Math.Max(1e-4, Math.Exp(Math.Log(1e-3) + (unit * (Math.Log(0.1) - Math.Log(1e-3)))));
        return (float)(width + Math.Log(-double.ExpM1(-width)));
    });
}
