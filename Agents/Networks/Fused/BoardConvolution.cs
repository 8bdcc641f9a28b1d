using Sim.Physics.Threading;

namespace Sim.Agents.Networks.Fused;

/// <summary>
/// The two passes of a <see cref="ConvolutionFront"/> as matrix products over patches: what lies under the kernel at each place is written into a row, for
/// a few pictures at a time, so that it is still in the cache when it is multiplied.
/// </summary>
/// <remarks>
/// Pictures are cut into chunks of a fixed size whose weight gradients are added in the order of the chunks: the sums do not depend on the number of threads.
/// </remarks>
internal sealed unsafe class BoardConvolution : IDisposable
{
    /// <summary>Pictures of a chunk.</summary>
    private const int ChunkRows = 64;

    /// <summary>Patches that are multiplied at once, about.</summary>
    private const int Patches = 512;

    private readonly ConvolutionFront _shape;
    private readonly WorkerPool? _pool;
    private readonly int _paddedFilters, _pictures;
    private readonly MatrixBuffer _features, _partials, _zeros;
    private readonly MatrixBuffer[] _patches, _outputs;
    private readonly ChunkWork _forward, _backward;
    private Matrix _inputs, _deltas;
    private float* _weights;

    /// <param name="shape">Sizes.</param>
    /// <param name="maxRows">Most pictures of one call.</param>
    /// <param name="pool">Shares out chunks; null for the calling thread alone.</param>
    public BoardConvolution(ConvolutionFront shape, int maxRows, WorkerPool? pool)
    {
        (_shape, _pool) = (shape, pool);
        _paddedFilters = (shape.Filters + 7) / 8 * 8;
        _pictures = Math.Max(1, Patches / shape.Places);
        int chunks = (maxRows + ChunkRows - 1) / ChunkRows;
        _features = new MatrixBuffer(maxRows, shape.Features);
        _patches = [.. Enumerable.Range(0, chunks).Select(_ => new MatrixBuffer(_pictures * shape.Places, shape.PatchSize))];
        _outputs = [.. Enumerable.Range(0, chunks).Select(_ => new MatrixBuffer(_pictures * shape.Places, _paddedFilters))];
        _partials = new MatrixBuffer(chunks, GradientFloats, 16);
        _zeros = new MatrixBuffer(1, _paddedFilters, 16);
        _forward = new ChunkWork(ForwardChunk);
        _backward = new ChunkWork(BackwardChunk);
    }

    /// <summary>Floats of weights <c>[patch, padded filters]</c> and biases <c>[padded filters]</c>.</summary>
    public int GradientFloats => (_shape.PatchSize + 1) * _paddedFilters;

    /// <summary>Copies weights and biases without padding to where the products read them, padded.</summary>
    public void Pad(ReadOnlySpan<float> canonical, Span<float> padded)
    {
        for (int row = 0; row <= _shape.PatchSize; row++)
            canonical.Slice(row * _shape.Filters, _shape.Filters).CopyTo(padded[(row * _paddedFilters)..]);
    }

    /// <summary>The other way.</summary>
    public void Unpad(ReadOnlySpan<float> padded, Span<float> canonical)
    {
        for (int row = 0; row <= _shape.PatchSize; row++)
            padded.Slice(row * _paddedFilters, _shape.Filters).CopyTo(canonical[(row * _shape.Filters)..]);
    }

    /// <summary>Features <c>[rows, Features]</c> of pictures; a view that the next call overwrites.</summary>
    /// <param name="inputs">Pictures, one a row.</param>
    /// <param name="parameters">Padded weights and biases.</param>
    public Matrix Forward(in Matrix inputs, float* parameters)
    {
        _inputs = inputs;
        _weights = parameters;
        Run(_forward);
        return _features.First(inputs.Rows);
    }

    /// <summary>Gradients of weights and biases.</summary>
    /// <param name="inputs">As in the last <see cref="Forward"/>.</param>
    /// <param name="featureGradients">Derivatives by the features <c>[rows, Features]</c>; overwritten.</param>
    /// <param name="gradients">Takes <see cref="GradientFloats"/>.</param>
    public void Backward(in Matrix inputs, in Matrix featureGradients, Span<float> gradients)
    {
        (_inputs, _deltas) = (inputs, featureGradients);
        Run(_backward);
        gradients.Clear();
        fixed (float* target = gradients)
        {
            for (int chunk = 0; chunk < Chunks; chunk++) ParameterPass.Add(target, _partials.Matrix.Slice(chunk, 1).Data, GradientFloats);
        }
    }

    public void Dispose()
    {
        foreach (var buffer in _patches.Concat(_outputs).Append(_features).Append(_partials).Append(_zeros)) buffer.Dispose();
    }

    private int Chunks => (_inputs.Rows + ChunkRows - 1) / ChunkRows;

    private void Run(ChunkWork work)
    {
        if (_pool is not null && Chunks > 1)
        {
            _pool.Run(work, Chunks);
            return;
        }
        for (int chunk = 0; chunk < Chunks; chunk++) work.Execute(chunk);
    }

    private void ForwardChunk(int chunk)
    {
        int end = Math.Min((chunk + 1) * ChunkRows, _inputs.Rows);
        for (int row = chunk * ChunkRows; row < end; row += _pictures)
        {
            int count = Math.Min(_pictures, end - row);
            var patches = WritePatches(chunk, row, count);
            var target = _outputs[chunk].First(patches.Rows);
            MatrixProduct.Run<Rectified>(new TileProduct
            {
                A = patches.Data,
                ARow = patches.Stride,
                AInner = 1,
                B = _weights,
                BRow = _paddedFilters,
                C = target.Data,
                CRow = target.Stride,
                Start = _weights + (_shape.PatchSize * _paddedFilters),
                Rows = patches.Rows,
                Columns = _paddedFilters,
                Inner = _shape.PatchSize,
            });
            for (int place = 0; place < patches.Rows; place++)
                target.Row(place)[.._shape.Filters].CopyTo(Feature(_features.Matrix, row, place));
        }
    }

    private void BackwardChunk(int chunk)
    {
        int end = Math.Min((chunk + 1) * ChunkRows, _inputs.Rows);
        float* gradients = _partials.Matrix.Slice(chunk, 1).Data, biases = gradients + (_shape.PatchSize * _paddedFilters);
        new Span<float>(gradients, GradientFloats).Clear();
        for (int row = chunk * ChunkRows; row < end; row += _pictures)
        {
            int count = Math.Min(_pictures, end - row);
            var patches = WritePatches(chunk, row, count);
            var delta = _outputs[chunk].First(patches.Rows);
            for (int place = 0; place < patches.Rows; place++)
            {
                var source = Feature(_deltas, row, place);
                var feature = Feature(_features.Matrix, row, place);
                var target = delta.Row(place);
                for (int filter = 0; filter < source.Length; filter++)
                {
                    target[filter] = feature[filter] > 0 ? source[filter] : 0;
                    biases[filter] += target[filter];
                }
            }
            MatrixProduct.Run<AsIs>(new TileProduct
            {
                A = patches.Data,
                ARow = 1,
                AInner = patches.Stride,
                B = delta.Data,
                BRow = delta.Stride,
                C = gradients,
                CRow = _paddedFilters,
                Start = gradients,
                StartRow = _paddedFilters,
                Rows = _shape.PatchSize,
                Columns = _paddedFilters,
                Inner = patches.Rows,
            });
        }
    }

    /// <summary>The filters' numbers at a place of one of the pictures that begin with a row.</summary>
    private Span<float> Feature(in Matrix matrix, int row, int place)
        => matrix.Row(row + (place / _shape.Places)).Slice(place % _shape.Places * _shape.Filters, _shape.Filters);

    /// <summary>What lies under the kernel, place after place of picture after picture.</summary>
    private Matrix WritePatches(int chunk, int row, int count)
    {
        var patches = _patches[chunk].First(count * _shape.Places);
        int stretch = _shape.Kernel * _shape.Channels, line = _shape.Width * _shape.Channels, at = 0;
        for (int picture = row; picture < row + count; picture++)
        {
            var cells = _inputs.Row(picture);
            for (int y = 0; y < _shape.OutRows; y++)
            {
                for (int x = 0; x < _shape.OutColumns; x++)
                {
                    var patch = patches.Row(at++);
                    int corner = (y * _shape.Stride * line) + (x * _shape.Stride * _shape.Channels);
                    for (int k = 0; k < _shape.Kernel; k++) cells.Slice(corner + (k * line), stretch).CopyTo(patch[(k * stretch)..]);
                }
            }
        }
        return patches;
    }

    private sealed class ChunkWork(Action<int> execute) : IPartitionedWork
    {
        public void Execute(int part) => execute(part);
    }
}
