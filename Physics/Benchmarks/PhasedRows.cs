namespace Sim.Physics.Benchmarks;

/// <summary>
/// The rows of a track for a batch at any step, environment i lagging i × stride steps behind, without copying: lagging
/// by whole strides makes the batch a window that slides backwards over the track's rows taken stride by stride, so
/// one such table for each remainder of the step holds all batches there are.
/// </summary>
internal sealed class PhasedRows
{
    private const int Width = 6;

    private readonly int _environments, _stride, _phases;
    private readonly float[][] _tables;
    private readonly float[] _beginning;
    private readonly ReadOnlyMemory<float> _rest;

    /// <param name="track">Its period is a multiple of <paramref name="stride"/>.</param>
    /// <param name="environments">Rows of a batch.</param>
    /// <param name="stride">Steps from one environment to the next.</param>
    public PhasedRows(DriveTrack track, int environments, int stride)
    {
        _environments = environments;
        _stride = stride;
        _phases = track.Period / stride;
        _rest = track.Rest;
        _tables = new float[stride][];
        _beginning = new float[environments * Width];
        for (int remainder = 0; remainder < stride; remainder++)
        {
            float[] table = _tables[remainder] = new float[(environments + _phases) * Width];
            for (int row = 0; row < environments + _phases; row++)
            {
                int step = remainder + (stride * ((_phases - (row % _phases)) % _phases));
                track.Rows.Span.Slice(step * Width, Width).CopyTo(table.AsSpan(row * Width));
            }
        }
    }

    /// <summary>float32 <c>[environment, 6]</c>, valid until the next call. In the first period environments rest until their turn comes.</summary>
    public ReadOnlySpan<float> At(long step)
    {
        long strides = step / _stride;
        int first = (int)((_phases - (strides % _phases)) % _phases);
        var rows = _tables[step % _stride].AsSpan(first * Width, _environments * Width);
        return strides < _phases - 1 ? Beginning(rows, (int)strides) : rows;
    }

    private Span<float> Beginning(ReadOnlySpan<float> rows, int begun)
    {
        rows.CopyTo(_beginning);
        for (int environment = 0; environment < _environments; environment++)
        {
            if (environment % _phases > begun) _rest.Span.CopyTo(_beginning.AsSpan(environment * Width));
        }
        return _beginning;
    }
}
