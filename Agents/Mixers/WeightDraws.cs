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
    private ulong _number;

    /// <summary>Uniform in ±limit.</summary>
    public Parameter Uniform(float limit, params long[] shape) => Draw(shape, unit => limit * ((2 * unit) - 1));

    /// <summary>A function of numbers uniform in [0, 1).</summary>
    public Parameter Draw(long[] shape, Func<float, float> of)
    {
        ArgumentNullException.ThrowIfNull(of);
        float[] values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        CounterRandom.FillUniform(values, seed, RandomStream.Weights, _number++);
        for (int i = 0; i < values.Length; i++) values[i] = of(values[i]);
        return Of(values, shape);
    }

    /// <summary>The same number everywhere.</summary>
    public Parameter Constant(float value, params long[] shape)
    {
        float[] values = new float[shape.Aggregate(1L, (a, b) => a * b)];
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

    /// <summary>Step widths of Mamba: what softplus makes exp(uniform in log 0.001 … log 0.1) of, at least 1e-4.</summary>
    public Parameter StepBias(long count) => Draw([count], unit =>
    {
        double width = Math.Max(1e-4, Math.Exp(Math.Log(1e-3) + (unit * (Math.Log(0.1) - Math.Log(1e-3)))));
        return (float)(width + Math.Log(-double.ExpM1(-width)));
    });
}
