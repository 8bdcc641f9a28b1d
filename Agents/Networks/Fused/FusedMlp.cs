using Sim.Physics.Threading;

namespace Sim.Agents.Networks.Fused;

/// <summary>
/// A multilayer perceptron in managed SIMD code: one micro-kernel for all products, bias, activation and its
/// derivative fused into the stores, Adam in one pass. Nothing allocates after construction. Made for small networks,
/// where the cost per operation of a tensor library exceeds the arithmetic.
/// </summary>
/// <remarks>Results do not depend on the number of threads, bit for bit.</remarks>
public sealed unsafe class FusedMlp : INetwork
{
    private readonly FusedLayout _layout;
    private readonly FusedPasses _passes;
    private readonly AdamSettings _adam;
    private readonly MatrixBuffer _parameters, _gradients, _first, _second;
    private long _steps;
    private int _forwardRows;
    private bool _disposed;

    /// <param name="shape">Sizes; one to three hidden layers are usual, any width.</param>
    /// <param name="initial">Parameters in the canonical layout (<see cref="NetworkState"/>).</param>
    /// <param name="adam">The optimiser's settings.</param>
    /// <param name="maxRows">Most rows of one call.</param>
    /// <param name="pool">Shares out batches of more than 512 rows; null for the calling thread alone. Not disposed.</param>
    /// <exception cref="ArgumentException">A size out of range, or another number of parameters than the shape has.</exception>
    public FusedMlp(MlpShape shape, ReadOnlySpan<float> initial, AdamSettings adam, int maxRows, WorkerPool? pool = null)
    {
        NetworkArguments.Check(shape, initial, adam, maxRows);
        Shape = shape;
        MaxRows = maxRows;
        ParameterCount = shape.ParameterCount;
        _adam = adam;
        _layout = new FusedLayout(shape);
        _passes = new FusedPasses(shape, _layout, maxRows, pool);
        _parameters = new MatrixBuffer(1, _layout.Count, ParameterPass.Multiple);
        _gradients = new MatrixBuffer(1, _layout.Count, ParameterPass.Multiple);
        _first = new MatrixBuffer(1, _layout.Count, ParameterPass.Multiple);
        _second = new MatrixBuffer(1, _layout.Count, ParameterPass.Multiple);
        _layout.FromCanonical(initial, _parameters.Floats);
    }

    public MlpShape Shape { get; }

    public int ParameterCount { get; }

    public int MaxRows { get; }

    public Matrix Forward(in Matrix inputs)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        NetworkArguments.CheckInputs(this, inputs);
        _forwardRows = inputs.Rows;
        return _passes.Forward(inputs, Data(_parameters));
    }

    public void Backward(in Matrix inputs, in Matrix outputGradients, bool parameterGradients, Matrix? inputGradients = null)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        NetworkArguments.CheckGradients(this, _forwardRows, inputs, outputGradients, inputGradients);
        _passes.Backward(inputs, outputGradients, Data(_parameters), Data(_gradients), parameterGradients, inputGradients);
    }

    public double GradientSquaredNorm() => ParameterPass.SquaredNorm(Data(_gradients), _layout.Count);

    public void Step(float learningRate, float gradientScale = 1)
    {
        _steps++;
        ParameterPass.Adam(
            _adam, _steps, learningRate, gradientScale,
            Data(_parameters), Data(_gradients), Data(_first), Data(_second), _layout.Count);
        ParametersChanged();
    }

    public void BlendFrom(INetwork source, float tau)
    {
        NetworkArguments.CheckBlend(this, source, tau);
        var from = ((FusedMlp)source)._parameters;
        if (tau == 1)
        {
            from.Floats.CopyTo(_parameters.Floats);
        }
        else
        {
            ParameterPass.Blend(Data(_parameters), Data(from), tau, _layout.Count);
        }
        ParametersChanged();
    }

    public NetworkState Save() => new(Shape, Canonical(_parameters), Canonical(_first), Canonical(_second), _steps);

    public void Load(NetworkState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.CheckFits(Shape);
        _layout.FromCanonical(state.Parameters, _parameters.Floats);
        _layout.FromCanonical(state.FirstMoments, _first.Floats);
        _layout.FromCanonical(state.SecondMoments, _second.Floats);
        _steps = state.Steps;
        ParametersChanged();
    }

    public void CopyParameters(Span<float> target) => _layout.ToCanonical(_parameters.Floats, target);

    public void CopyGradients(Span<float> target) => _layout.ToCanonical(_gradients.Floats, target);

    public void Dispose()
    {
        _disposed = true;
        _passes.Dispose();
        _parameters.Dispose();
        _gradients.Dispose();
        _first.Dispose();
        _second.Dispose();
    }

    private static float* Data(MatrixBuffer buffer) => buffer.Matrix.Data;

    /// <summary>The activations kept by the last forward pass no longer belong to the parameters.</summary>
    private void ParametersChanged()
    {
        _forwardRows = 0;
        _passes.ParametersChanged();
    }

    private float[] Canonical(MatrixBuffer buffer)
    {
        var canonical = new float[ParameterCount];
        _layout.ToCanonical(buffer.Floats, canonical);
        return canonical;
    }
}
