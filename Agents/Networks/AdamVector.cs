using Sim.Agents.Networks.Fused;

namespace Sim.Agents.Networks;

/// <summary>
/// Adam over a small vector of free parameters, such as the logarithms of a policy's deviations or of a temperature.
/// </summary>
public sealed unsafe class AdamVector
{
    private readonly AdamSettings _settings;
    private readonly int _count;
    private readonly float[] _values, _gradients, _first, _second;

    /// <param name="initial">Start values.</param>
    /// <param name="settings">The optimiser's settings.</param>
    /// <exception cref="ArgumentException">A setting out of range.</exception>
    public AdamVector(ReadOnlySpan<float> initial, AdamSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate();
        _settings = settings;
        _count = initial.Length;
        int padded = (_count + ParameterPass.Multiple - 1) / ParameterPass.Multiple * ParameterPass.Multiple;
        _values = new float[padded];
        _gradients = new float[padded];
        _first = new float[padded];
        _second = new float[padded];
        initial.CopyTo(_values);
    }

    public Span<float> Values => _values.AsSpan(0, _count);

    /// <summary>To be written before <see cref="Step"/>.</summary>
    public Span<float> Gradients => _gradients.AsSpan(0, _count);

    /// <summary>Running mean of each gradient, for checkpoints.</summary>
    public Span<float> FirstMoments => _first.AsSpan(0, _count);

    /// <summary>Running mean of each squared gradient, for checkpoints.</summary>
    public Span<float> SecondMoments => _second.AsSpan(0, _count);

    /// <summary>Steps taken, for checkpoints.</summary>
    public long Steps { get; set; }

    /// <summary>Sum of the squared gradients, for clipping by the norm.</summary>
    public double GradientSquaredNorm()
    {
        fixed (float* gradients = _gradients)
        {
            return ParameterPass.SquaredNorm(gradients, _gradients.Length);
        }
    }

    /// <summary>One Adam step with the present gradients times <paramref name="gradientScale"/>.</summary>
    public void Step(float learningRate, float gradientScale = 1)
    {
        Steps++;
        fixed (float* values = _values, gradients = _gradients, first = _first, second = _second)
        {
            ParameterPass.Adam(_settings, Steps, learningRate, gradientScale, values, gradients, first, second, _values.Length);
        }
    }
}
