using Sim.Agents.Networks;

namespace Sim.Agents.Sac;

/// <summary>
/// A draw from a tanh-squashed Gaussian for every row of a batch, and what its gradient needs. Everything is
/// field-major, one row of the buffers for an action component, so that eight rows of the batch fill a register.
/// </summary>
public sealed class SquashedSamples : IDisposable
{
    private readonly MatrixBuffer _noise, _mean, _logStd, _deviation, _action, _slope, _logProbability;

    /// <param name="rows">Rows of the batch, 1 or more.</param>
    /// <param name="width">Numbers of an action.</param>
    public SquashedSamples(int rows, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        (Rows, Width) = (rows, width);
        _noise = new MatrixBuffer(width, rows);
        _mean = new MatrixBuffer(width, rows);
        _logStd = new MatrixBuffer(width, rows);
        _deviation = new MatrixBuffer(width, rows);
        _action = new MatrixBuffer(width, rows);
        _slope = new MatrixBuffer(width, rows);
        _logProbability = new MatrixBuffer(1, rows);
    }

    public int Rows { get; }

    public int Width { get; }

    /// <summary>Standard normal ε, padding included; to be written before a draw.</summary>
    public Span<float> NoiseFloats => _noise.Floats;

    /// <summary>Standard normal ε <c>[width, rows]</c>.</summary>
    public Matrix Noise => _noise.Matrix;

    /// <summary>μ, as the actor gave it.</summary>
    public Matrix Mean => _mean.Matrix;

    /// <summary>log σ, as the actor gave it.</summary>
    public Matrix LogStd => _logStd.Matrix;

    /// <summary>σ ε with the limited σ: the derivative of u by log σ.</summary>
    public Matrix Deviation => _deviation.Matrix;

    /// <summary>a = tanh(u).</summary>
    public Matrix Action => _action.Matrix;

    /// <summary>1 − a²: the derivative of a by u.</summary>
    public Matrix Slope => _slope.Matrix;

    /// <summary>log π(a|s), <c>[1, rows]</c>.</summary>
    public Matrix LogProbability => _logProbability.Matrix;

    public void Dispose()
    {
        _noise.Dispose();
        _mean.Dispose();
        _logStd.Dispose();
        _deviation.Dispose();
        _action.Dispose();
        _slope.Dispose();
        _logProbability.Dispose();
    }
}
