using System.Runtime.InteropServices;
using Sim.Agents.Torch;
using TorchSharp;

namespace Sim.Agents.Networks.Torch;

/// <summary>
/// The same network on libtorch: one flat parameter tensor, split into views inside the graph, differentiated by
/// autograd. For wide layers, and for CUDA devices.
/// </summary>
public sealed class TorchMlp : INetwork
{
    private readonly AdamSettings _adam;
    private readonly torch.Device _device;
    private readonly long[] _sizes;
    private readonly torch.Tensor _parameters, _gradients, _first, _second, _work;
    private readonly HostRows _inputRows, _gradientRows;
    private readonly MatrixBuffer _outputs;
    private torch.Tensor? _inputTensor, _outputTensor;
    private long _steps;
    private int _forwardRows;
    private bool _disposed;

    /// <param name="shape">Sizes.</param>
    /// <param name="initial">Parameters in the canonical layout (<see cref="NetworkState"/>).</param>
    /// <param name="adam">The optimiser's settings.</param>
    /// <param name="maxRows">Most rows of one call.</param>
    /// <param name="device">cpu, cuda, or cuda and a number as in cuda:1.</param>
    /// <exception cref="TorchUnavailableException">libtorch cannot be loaded, or the device is not there.</exception>
    /// <exception cref="ArgumentException">A size out of range, or another number of parameters than the shape has.</exception>
    public TorchMlp(MlpShape shape, ReadOnlySpan<float> initial, AdamSettings adam, int maxRows, string device = "cpu")
    {
        NetworkArguments.Check(shape, initial, adam, maxRows);
        _device = TorchRuntime.OpenDevice(device);
        Shape = shape;
        MaxRows = maxRows;
        ParameterCount = shape.ParameterCount;
        _adam = adam;
        _sizes = [.. Enumerable.Range(0, shape.Layers).SelectMany(
            layer => (long[])[(long)shape.LayerInputs(layer) * shape.LayerOutputs(layer), shape.LayerOutputs(layer)])];
        _inputRows = new HostRows(maxRows, shape.Inputs);
        _gradientRows = new HostRows(maxRows, shape.Outputs);
        _outputs = new MatrixBuffer(maxRows, shape.Outputs);

        using var scope = torch.NewDisposeScope();
        _parameters = Flat();
        _gradients = Flat();
        _first = Flat();
        _second = Flat();
        _work = Flat();
        Write(_parameters, initial);
        _parameters.requires_grad_(true);
    }

    public MlpShape Shape { get; }

    public int ParameterCount { get; }

    public int MaxRows { get; }

    public Matrix Forward(in Matrix inputs)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        NetworkArguments.CheckInputs(this, inputs);
        DropGraph();
        using var scope = torch.NewDisposeScope();
        var rows = _inputRows.Take(inputs, _device).requires_grad_(true);
        var outputs = Apply(rows);
        _inputTensor = rows.DetachFromDisposeScope();
        _outputTensor = outputs.DetachFromDisposeScope();
        _forwardRows = inputs.Rows;

        var result = _outputs.First(inputs.Rows);
        HostRows.Put(outputs, result);
        return result;
    }

    public void Backward(in Matrix inputs, in Matrix outputGradients, bool parameterGradients, Matrix? inputGradients = null)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        NetworkArguments.CheckGradients(this, _forwardRows, inputs, outputGradients, inputGradients);
        if (!parameterGradients && inputGradients is null)
        {
            return;
        }
        using var scope = torch.NewDisposeScope();
        torch.Tensor[] wanted = (parameterGradients, inputGradients) switch
        {
            (true, null) => [_parameters],
            (false, _) => [_inputTensor!],
            _ => [_parameters, _inputTensor!],
        };
        var found = torch.autograd.grad(
            [_outputTensor!], wanted, [_gradientRows.Take(outputGradients, _device)], retain_graph: true);
        if (parameterGradients)
        {
            _gradients.copy_(found[0]);
        }
        if (inputGradients is { } target)
        {
            HostRows.Put(found[^1], target);
        }
    }

    public double GradientSquaredNorm()
    {
        using var scope = torch.NewDisposeScope();
        return _gradients.to(torch.float64).square().sum().item<double>();
    }

    public void Step(float learningRate, float gradientScale = 1)
    {
        using var scope = torch.NewDisposeScope();
        using var withoutGraph = torch.no_grad();
        _steps++;
        double correction1 = 1 - Math.Pow(_adam.Beta1, _steps), correction2 = 1 - Math.Pow(_adam.Beta2, _steps);
        var gradients = gradientScale == 1 ? _gradients : _gradients.mul(gradientScale);
        _first.lerp_(gradients, 1 - _adam.Beta1);
        _second.mul_(_adam.Beta2).addcmul_(gradients, gradients, 1 - _adam.Beta2);
        _work.copy_(_second).sqrt_().mul_((float)(1 / Math.Sqrt(correction2))).add_(_adam.Epsilon);
        if (_adam.WeightDecay != 0)
        {
            _parameters.mul_(1 - (learningRate * _adam.WeightDecay));
        }
        _parameters.addcdiv_(_first, _work, (float)(-learningRate / correction1));
        DropGraph();
    }

    public void BlendFrom(INetwork source, float tau)
    {
        NetworkArguments.CheckBlend(this, source, tau);
        using var scope = torch.NewDisposeScope();
        using var withoutGraph = torch.no_grad();
        var from = ((TorchMlp)source)._parameters;
        if (tau == 1)
        {
            _parameters.copy_(from);
        }
        else
        {
            _parameters.lerp_(from, tau);
        }
        DropGraph();
    }

    public NetworkState Save() => new(Shape, Read(_parameters), Read(_first), Read(_second), _steps);

    public void Load(NetworkState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.CheckFits(Shape);
        using var scope = torch.NewDisposeScope();
        Write(_parameters, state.Parameters);
        Write(_first, state.FirstMoments);
        Write(_second, state.SecondMoments);
        _steps = state.Steps;
        DropGraph();
    }

    public void CopyParameters(Span<float> target) => Read(_parameters, target);

    public void CopyGradients(Span<float> target) => Read(_gradients, target);

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }
        _disposed = true;
        DropGraph();
        foreach (var tensor in (torch.Tensor[])[_parameters, _gradients, _first, _second, _work])
        {
            tensor.Dispose();
        }
        _inputRows.Dispose();
        _gradientRows.Dispose();
        _outputs.Dispose();
    }

    private torch.Tensor Apply(torch.Tensor rows)
    {
        var parts = _parameters.split(_sizes);
        for (int layer = 0; layer < Shape.Layers; layer++)
        {
            var weights = parts[2 * layer].view(Shape.LayerInputs(layer), Shape.LayerOutputs(layer));
            rows = torch.addmm(parts[(2 * layer) + 1], rows, weights, 1f, 1f);
            if (layer < Shape.Hidden.Count)
            {
                rows = Activate(rows);
            }
        }
        return rows;
    }

    private torch.Tensor Activate(torch.Tensor sums)
    {
        switch (Shape.Activation)
        {
            case Activation.Relu:
                return sums.relu_();
            case Activation.Tanh:
                return sums.tanh_();
            case Activation.Elu:
                return torch.nn.functional.elu(sums, 1.0);
            default:
                var limited = sums.clamp(-3f, 3f);
                var square = limited * limited;
                return limited * (square + 27f) / (square * 9f + 27f);
        }
    }

    private void DropGraph()
    {
        _outputTensor?.Dispose();
        _inputTensor?.Dispose();
        _outputTensor = _inputTensor = null;
        _forwardRows = 0;
    }

    private torch.Tensor Flat()
        => torch.zeros(ParameterCount, dtype: torch.float32, device: _device).DetachFromDisposeScope();

    private static void Write(torch.Tensor tensor, ReadOnlySpan<float> values)
    {
        using var withoutGraph = torch.no_grad();
        using var host = torch.tensor(values.ToArray());
        tensor.copy_(host);
    }

    private float[] Read(torch.Tensor tensor)
    {
        var values = new float[ParameterCount];
        Read(tensor, values);
        return values;
    }

    private void Read(torch.Tensor tensor, Span<float> target)
    {
        if (target.Length != ParameterCount)
        {
            throw new ArgumentException($"The target holds {target.Length} floats; the network has {ParameterCount} parameters.");
        }
        using var scope = torch.NewDisposeScope();
        MemoryMarshal.Cast<byte, float>(tensor.detach().cpu().bytes).CopyTo(target);
    }
}
