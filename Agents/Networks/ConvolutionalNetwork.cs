using Sim.Agents.Networks.Fused;
using Sim.Physics.Threading;

namespace Sim.Agents.Networks;

/// <summary>
/// A convolution in managed SIMD code on the CPU, and fully connected layers of either backend behind it. One optimiser's settings hold for both.
/// </summary>
public sealed unsafe class ConvolutionalNetwork : INetwork
{
    private readonly BoardConvolution _convolution;
    private readonly INetwork _layers;
    private readonly AdamVector _front;
    private readonly MatrixBuffer _featureGradients;
    private readonly float[] _canonical;
    private Matrix _features;
    private int _forwardRows;

    /// <inheritdoc cref="NetworkFactory.Create"/>
    public ConvolutionalNetwork(MlpShape shape, ReadOnlySpan<float> initial, AdamSettings adam, int maxRows, NetworkBackend backend, string device, WorkerPool? pool)
    {
        NetworkArguments.Check(shape, initial, adam, maxRows);
        var front = shape.Front ?? throw new ArgumentException($"The network {shape} has no convolution.");
        Shape = shape;
        MaxRows = maxRows;
        _convolution = new BoardConvolution(front, maxRows, pool);
        _canonical = new float[front.ParameterCount];
        _front = new AdamVector(new float[_convolution.GradientFloats], adam);
        _convolution.Pad(initial[..front.ParameterCount], _front.Values);
        _layers = NetworkFactory.Create(shape with { Front = null, Inputs = front.Features }, initial[front.ParameterCount..], adam, maxRows, backend, device, pool);
        _featureGradients = new MatrixBuffer(maxRows, front.Features);
    }

    public MlpShape Shape { get; }

    public int ParameterCount => Shape.ParameterCount;

    public int MaxRows { get; }

    public Matrix Forward(in Matrix inputs)
    {
        NetworkArguments.CheckInputs(this, inputs);
        _forwardRows = inputs.Rows;
        fixed (float* parameters = _front.Values) _features = _convolution.Forward(inputs, parameters);
        return _layers.Forward(_features);
    }

    /// <exception cref="NotSupportedException">Derivatives by the inputs are asked for.</exception>
    public void Backward(in Matrix inputs, in Matrix outputGradients, bool parameterGradients, Matrix? inputGradients = null)
    {
        NetworkArguments.CheckGradients(this, _forwardRows, inputs, outputGradients, inputGradients);
        if (inputGradients is not null) throw new NotSupportedException("A convolution gives no derivatives by its inputs: nothing learns from a board's cells.");
        if (!parameterGradients) return;
        var deltas = _featureGradients.First(_forwardRows);
        _layers.Backward(_features, outputGradients, parameterGradients: true, deltas);
        _convolution.Backward(inputs, deltas, _front.Gradients);
    }

    public double GradientSquaredNorm() => _front.GradientSquaredNorm() + _layers.GradientSquaredNorm();

    public void Step(float learningRate, float gradientScale = 1)
    {
        _front.Step(learningRate, gradientScale);
        _layers.Step(learningRate, gradientScale);
        _forwardRows = 0;
    }

    public void BlendFrom(INetwork source, float tau)
    {
        NetworkArguments.CheckBlend(this, source, tau);
        var from = (ConvolutionalNetwork)source;
        Span<float> mine = _front.Values, its = from._front.Values;
        for (int i = 0; i < mine.Length; i++) mine[i] = tau == 1 ? its[i] : mine[i] + (tau * (its[i] - mine[i]));
        _layers.BlendFrom(from._layers, tau);
        _forwardRows = 0;
    }

    public NetworkState Save()
    {
        var layers = _layers.Save();
        return new(Shape, [.. Canonical(_front.Values), .. layers.Parameters], [.. Canonical(_front.FirstMoments), .. layers.FirstMoments],
            [.. Canonical(_front.SecondMoments), .. layers.SecondMoments], layers.Steps);
    }

    public void Load(NetworkState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.CheckFits(Shape);
        int count = _canonical.Length;
        _convolution.Pad(state.Parameters.AsSpan(0, count), _front.Values);
        _convolution.Pad(state.FirstMoments.AsSpan(0, count), _front.FirstMoments);
        _convolution.Pad(state.SecondMoments.AsSpan(0, count), _front.SecondMoments);
        _front.Steps = state.Steps;
        _layers.Load(new(_layers.Shape, state.Parameters[count..], state.FirstMoments[count..], state.SecondMoments[count..], state.Steps));
        _forwardRows = 0;
    }

    public void CopyParameters(Span<float> target) => Copy(_front.Values, target, _layers.CopyParameters);

    public void CopyGradients(Span<float> target) => Copy(_front.Gradients, target, _layers.CopyGradients);

    public void Dispose()
    {
        _layers.Dispose();
        _convolution.Dispose();
        _featureGradients.Dispose();
    }

    private delegate void CopyLayers(Span<float> target);

    private void Copy(ReadOnlySpan<float> front, Span<float> target, CopyLayers layers)
    {
        if (target.Length != ParameterCount)
            throw new ArgumentException($"The target holds {target.Length} floats; the network has {ParameterCount} parameters.");
        _convolution.Unpad(front, target[.._canonical.Length]);
        layers(target[_canonical.Length..]);
    }

    private float[] Canonical(ReadOnlySpan<float> padded)
    {
        _convolution.Unpad(padded, _canonical);
        return [.. _canonical];
    }
}
