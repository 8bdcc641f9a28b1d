using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sim.Physics.Threading;

namespace Sim.Agents.Networks.Fused;

/// <summary>
/// Forward and backward pass over the rows of a batch, with the memory that they need. A few rows at a time walk
/// through all layers, so that what one layer wrote is still in the first-level cache when the next one reads it.
/// </summary>
/// <remarks>
/// Rows are cut into chunks of a fixed size, each with its own partial gradient, and the partial gradients are added
/// in the order of the chunks. The sums therefore do not depend on the number of threads.
/// </remarks>
internal sealed unsafe class FusedPasses : IDisposable
{
    /// <summary>Rows of one chunk: the unit that threads share out.</summary>
    public const int ChunkRows = 512;

    /// <summary>Rows that walk through the layers together: four tiles of six.</summary>
    private const int WalkRows = 24;

    /// <summary>Rows whose weight gradient is added at once; several walks.</summary>
    private const int BlockRows = 4 * WalkRows;

    /// <summary>Floats of one part when partial gradients are added up.</summary>
    private const int SumFloats = 4096;

    private readonly FusedLayout _layout;
    private readonly Activation _activation;
    private readonly WorkerPool? _pool;
    private readonly MatrixBuffer[] _activations;
    private readonly MatrixBuffer?[] _derivatives;
    private readonly MatrixBuffer _outputs;
    private readonly MatrixBuffer[] _transposed;
    private readonly MatrixBuffer[,] _deltas;
    private readonly MatrixBuffer[] _inputDeltas;
    private readonly MatrixBuffer _partials;
    private readonly MatrixBuffer _zeros;
    private readonly PartitionedPass _forward, _backward, _sum;

    private Matrix _inputs, _outputGradients;
    private Matrix? _inputGradients;
    private bool _parameterGradients;
    private bool _transposedIsStale = true;
    private float* _parameters;
    private float* _gradients;

    public FusedPasses(MlpShape shape, FusedLayout layout, int maxRows, WorkerPool? pool)
    {
        _layout = layout;
        _activation = shape.Activation;
        _pool = pool;
        var layers = layout.Layers;
        int chunks = Chunks(maxRows), blockRows = Math.Min(BlockRows, maxRows);
        _activations = [.. layers[..^1].Select(layer => new MatrixBuffer(maxRows, layer.PaddedOutputs, 16))];
        _derivatives = [.. layers[..^1].Select(layer =>
            shape.Activation == Activation.FastTanh ? new MatrixBuffer(maxRows, layer.PaddedOutputs, 16) : null)];
        _outputs = new MatrixBuffer(maxRows, layers[^1].PaddedOutputs);
        _transposed = [.. layers.Select(layer => new MatrixBuffer(layer.Outputs, layer.PaddedInputs, 8))];
        _deltas = new MatrixBuffer[chunks, layers.Length];
        _inputDeltas = new MatrixBuffer[chunks];
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            for (int layer = 0; layer < layers.Length; layer++)
            {
                _deltas[chunk, layer] = new MatrixBuffer(blockRows, layers[layer].PaddedOutputs, 16);
            }
            _inputDeltas[chunk] = new MatrixBuffer(WalkRows, layers[0].PaddedInputs);
        }
        _partials = new MatrixBuffer(chunks - 1, layout.Count, 16);
        _zeros = new MatrixBuffer(1, layers.Max(layer => Math.Max(layer.PaddedInputs, layer.PaddedOutputs)), 16);
        _forward = new PartitionedPass(ForwardChunk);
        _backward = new PartitionedPass(BackwardChunk);
        _sum = new PartitionedPass(AddPartials);
    }

    /// <summary>Must follow every change of the parameters.</summary>
    public void ParametersChanged() => _transposedIsStale = true;

    public Matrix Forward(in Matrix inputs, float* parameters)
    {
        _inputs = inputs;
        _parameters = parameters;
        Run(_forward, Chunks(inputs.Rows));
        var outputs = _outputs.Matrix;
        return new Matrix(outputs.Data, inputs.Rows, _layout.Layers[^1].Outputs, outputs.Stride);
    }

    public void Backward(
        in Matrix inputs, in Matrix outputGradients, float* parameters, float* gradients,
        bool parameterGradients, Matrix? inputGradients)
    {
        _inputs = inputs;
        _outputGradients = outputGradients;
        _inputGradients = inputGradients;
        _parameters = parameters;
        _gradients = gradients;
        _parameterGradients = parameterGradients;
        if (_transposedIsStale)
        {
            for (int layer = 0; layer < _transposed.Length; layer++)
            {
                var (shape, target) = (_layout.Layers[layer], _transposed[layer].Matrix);
                WeightTranspose.Run(_parameters + shape.Weights, shape.PaddedOutputs, shape.Inputs, shape.Outputs, target);
            }
            _transposedIsStale = false;
        }
        int chunks = Chunks(inputs.Rows);
        Run(_backward, chunks);
        if (parameterGradients && chunks > 1)
        {
            Run(_sum, (_layout.Count + SumFloats - 1) / SumFloats);
        }
    }

    public void Dispose()
    {
        foreach (var buffer in _activations.Concat(_derivatives).Concat(_transposed).Concat(_inputDeltas)
            .Concat(_deltas.Cast<MatrixBuffer>()).Append(_outputs).Append(_partials).Append(_zeros))
        {
            buffer?.Dispose();
        }
    }

    private static int Chunks(int rows) => (rows + ChunkRows - 1) / ChunkRows;

    private void Run(PartitionedPass pass, int parts)
    {
        if (_pool is not null && parts > 1)
        {
            _pool.Run(pass, parts);
            return;
        }
        for (int part = 0; part < parts; part++)
        {
            pass.Execute(part);
        }
    }

    private void ForwardChunk(int chunk)
    {
        int end = Math.Min((chunk + 1) * ChunkRows, _inputs.Rows);
        for (int row = chunk * ChunkRows; row < end; row += WalkRows)
        {
            int rows = Math.Min(WalkRows, end - row);
            var rowsIn = _inputs.Slice(row, rows);
            for (int layer = 0; layer < _activations.Length; layer++)
            {
                var rowsOut = _activations[layer].Matrix.Slice(row, rows);
                ForwardHidden(layer, rowsIn, rowsOut, row);
                rowsIn = rowsOut;
            }
            var product = ForwardProduct(_layout.Layers[^1], rowsIn, _outputs.Matrix.Slice(row, rows));
            MatrixProduct.Run<AsIs>(product);
        }
    }

    private void ForwardHidden(int layer, in Matrix rowsIn, in Matrix rowsOut, int row)
    {
        var product = ForwardProduct(_layout.Layers[layer], rowsIn, rowsOut);
        nint floats = (nint)rowsOut.Rows * rowsOut.Stride;
        switch (_activation)
        {
            case Activation.Relu:
                MatrixProduct.Run<Rectified>(product);
                break;
            case Activation.Tanh:
                MatrixProduct.Run<AsIs>(product);
                ActivationPass.Tanh(rowsOut.Data, floats);
                break;
            case Activation.FastTanh:
                MatrixProduct.Run<AsIs>(product);
                ActivationPass.FastTanh(rowsOut.Data, _derivatives[layer]!.Matrix.Slice(row, rowsOut.Rows).Data, floats);
                break;
            case Activation.Elu:
                MatrixProduct.Run<AsIs>(product);
                ActivationPass.Elu(rowsOut.Data, floats);
                break;
        }
    }

    private TileProduct ForwardProduct(in FusedLayout.Layer layer, in Matrix rowsIn, in Matrix rowsOut)
        => new()
        {
            A = rowsIn.Data,
            ARow = rowsIn.Stride,
            AInner = 1,
            B = _parameters + layer.Weights,
            BRow = layer.PaddedOutputs,
            C = rowsOut.Data,
            CRow = rowsOut.Stride,
            Start = _parameters + layer.Biases,
            Rows = rowsOut.Rows,
            Columns = layer.PaddedOutputs,
            Inner = layer.Inputs,
        };

    private void BackwardChunk(int chunk)
    {
        int start = chunk * ChunkRows, end = Math.Min(start + ChunkRows, _inputs.Rows);
        for (int row = start; row < end; row += BlockRows)
        {
            int rows = Math.Min(BlockRows, end - row);
            TakeOutputGradients(chunk, row, rows);
            for (int walk = 0; walk < rows; walk += WalkRows)
            {
                BackwardWalk(chunk, row, walk, Math.Min(WalkRows, rows - walk));
            }
            if (_parameterGradients)
            {
                AddWeightGradients(chunk, row, rows, first: row == start);
            }
        }
    }

    /// <summary>Copies the given gradients next to zero padding, whatever their stride.</summary>
    private void TakeOutputGradients(int chunk, int row, int rows)
    {
        var delta = _deltas[chunk, _layout.Layers.Length - 1].Matrix;
        for (int i = 0; i < rows; i++)
        {
            _outputGradients.Row(row + i).CopyTo(delta.Row(i));
        }
    }

    /// <summary>From the outputs' gradient to that of the first layer's sums, and to the inputs' where asked for.</summary>
    private void BackwardWalk(int chunk, int blockRow, int walk, int rows)
    {
        for (int layer = _layout.Layers.Length - 1; layer > 0; layer--)
        {
            var product = BackwardProduct(
                layer, _deltas[chunk, layer].Matrix.Slice(walk, rows), _deltas[chunk, layer - 1].Matrix.Slice(walk, rows));
            var kept = (_derivatives[layer - 1] ?? _activations[layer - 1]).Matrix.Slice(blockRow + walk, rows);
            product.Other = kept.Data;
            switch (_activation)
            {
                case Activation.Relu:
                    MatrixProduct.Run<TimesReluDerivative>(product);
                    break;
                case Activation.Tanh:
                    MatrixProduct.Run<TimesTanhDerivative>(product);
                    break;
                case Activation.FastTanh:
                    MatrixProduct.Run<TimesOther>(product);
                    break;
                case Activation.Elu:
                    MatrixProduct.Run<TimesEluDerivative>(product);
                    break;
            }
        }

        if (_inputGradients is { } target)
        {
            // Through a buffer of our own: the target may have no padding to write into.
            var padded = _inputDeltas[chunk].Matrix;
            MatrixProduct.Run<AsIs>(BackwardProduct(0, _deltas[chunk, 0].Matrix.Slice(walk, rows), padded.Slice(0, rows)));
            for (int i = 0; i < rows; i++)
            {
                padded.Row(i)[..target.Columns].CopyTo(target.Row(blockRow + walk + i));
            }
        }
    }

    private TileProduct BackwardProduct(int layer, in Matrix delta, in Matrix deltaBefore)
    {
        var weights = _transposed[layer].Matrix;
        return new()
        {
            A = delta.Data,
            ARow = delta.Stride,
            AInner = 1,
            B = weights.Data,
            BRow = weights.Stride,
            C = deltaBefore.Data,
            CRow = deltaBefore.Stride,
            Start = _zeros.Matrix.Data,
            Rows = delta.Rows,
            Columns = _layout.Layers[layer].PaddedInputs,
            Inner = _layout.Layers[layer].Outputs,
        };
    }

    private void AddWeightGradients(int chunk, int row, int rows, bool first)
    {
        float* gradients = chunk == 0 ? _gradients : _partials.Matrix.Slice(chunk - 1, 1).Data;
        for (int i = 0; i < _layout.Layers.Length; i++)
        {
            var layer = _layout.Layers[i];
            var rowsIn = (i == 0 ? _inputs : _activations[i - 1].Matrix).Slice(row, rows);
            var delta = _deltas[chunk, i].Matrix;
            float* weights = gradients + layer.Weights;
            MatrixProduct.Run<AsIs>(new TileProduct
            {
                A = rowsIn.Data,
                ARow = 1,
                AInner = rowsIn.Stride,
                B = delta.Data,
                BRow = delta.Stride,
                C = weights,
                CRow = layer.PaddedOutputs,
                Start = first ? _zeros.Matrix.Data : weights,
                StartRow = first ? 0 : layer.PaddedOutputs,
                Rows = layer.Inputs,
                Columns = layer.PaddedOutputs,
                Inner = rows,
            });
            AddColumns(delta.Slice(0, rows), gradients + layer.Biases, layer.PaddedOutputs, first);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddColumns(in Matrix delta, float* sums, int columns, bool first)
    {
        nint stride = delta.Stride;
        for (nint column = 0; column < columns; column += 8)
        {
            var sum = first ? Vector256<float>.Zero : Vector256.Load(sums + column);
            float* element = delta.Data + column;
            for (int row = delta.Rows; row > 0; row--)
            {
                sum += Vector256.Load(element);
                element += stride;
            }
            sum.Store(sums + column);
        }
    }

    private void AddPartials(int part)
    {
        int from = part * SumFloats, count = Math.Min(SumFloats, _layout.Count - from);
        for (int chunk = 1; chunk < Chunks(_inputs.Rows); chunk++)
        {
            ParameterPass.Add(_gradients + from, _partials.Matrix.Slice(chunk - 1, 1).Data + from, count);
        }
    }

    private sealed class PartitionedPass(Action<int> execute) : IPartitionedWork
    {
        public void Execute(int part) => execute(part);
    }
}
