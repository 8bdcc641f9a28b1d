using System.Runtime.Intrinsics;
using Sim.Agents.Networks;

namespace Sim.Agents.Training;

/// <summary>
/// Running mean and variance of each column of a stream of rows, in double precision, merged batch by batch (Chan,
/// Golub and LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances", 1979).
/// </summary>
public sealed unsafe class RunningMoments
{
    /// <summary>Rows summed in single precision before they go to the double sums.</summary>
    private const int BlockRows = 64;

    private readonly double[] _mean, _variance, _sum, _squares;
    private readonly float[] _shift, _blockSum, _blockSquares, _scale;

    /// <param name="columns">Numbers a row, 1 or more.</param>
    public RunningMoments(int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        Columns = columns;
        _mean = new double[columns];
        _variance = new double[columns];
        _sum = new double[columns];
        _squares = new double[columns];
        _shift = new float[columns];
        _blockSum = new float[columns];
        _blockSquares = new float[columns];
        _scale = new float[columns];
        Array.Fill(_variance, 1);
        Refresh();
    }

    public int Columns { get; }

    /// <summary>Rows seen, with the 1e-4 that the start counts for.</summary>
    public double Count { get; private set; } = 1e-4;

    public ReadOnlySpan<double> Mean => _mean;

    public ReadOnlySpan<double> Variance => _variance;

    /// <summary>Merges rows <c>[rows, columns]</c>.</summary>
    public void Update(in Matrix rows)
    {
        if (rows.Rows == 0) return;
        Array.Clear(_sum);
        Array.Clear(_squares);
        for (int start = 0; start < rows.Rows; start += BlockRows) AddBlock(rows.Slice(start, Math.Min(BlockRows, rows.Rows - start)));
        double n = rows.Rows, total = Count + n;
        for (int i = 0; i < Columns; i++)
        {
            // The sums are of differences from the float copy of the old mean, which keeps them small.
            double shifted = _sum[i] / n;
            double batchMean = _shift[i] + shifted;
            double batchVariance = Math.Max(0, (_squares[i] / n) - (shifted * shifted));
            double delta = batchMean - _mean[i];
            _mean[i] += delta * n / total;
            _variance[i] = ((_variance[i] * Count) + (batchVariance * n) + (delta * delta * Count * n / total)) / total;
        }
        Count = total;
        Refresh();
    }

    /// <summary>Writes (x − mean)/√(variance + 1e-8), clipped to ±<paramref name="clip"/>, row by row.</summary>
    public void Normalise(in Matrix source, in Matrix target, float clip = 10)
    {
        var high = Vector256.Create(clip);
        var low = Vector256.Create(-clip);
        fixed (float* shift = _shift, scale = _scale)
        {
            for (int row = 0; row < source.Rows; row++)
            {
                float* from = source.Data + ((nint)row * source.Stride), to = target.Data + ((nint)row * target.Stride);
                int i = 0;
                for (; i + 8 <= Columns; i += 8)
                {
                    var value = (Vector256.Load(from + i) - Vector256.Load(shift + i)) * Vector256.Load(scale + i);
                    Vector256.Max(Vector256.Min(value, high), low).Store(to + i);
                }
                for (; i < Columns; i++) to[i] = Math.Max(Math.Min((from[i] - shift[i]) * scale[i], clip), -clip);
            }
        }
    }

    /// <summary>Puts saved statistics in place: count, then means, then variances.</summary>
    /// <exception cref="ArgumentException">They are of another width.</exception>
    public void Load(ReadOnlySpan<double> saved)
    {
        if (saved.Length != 1 + (2 * Columns))
            throw new ArgumentException($"saved statistics hold {saved.Length} numbers; {Columns} columns need {1 + (2 * Columns)}", nameof(saved));
        Count = saved[0];
        saved.Slice(1, Columns).CopyTo(_mean);
        saved[(1 + Columns)..].CopyTo(_variance);
        Refresh();
    }

    /// <summary>Count, means, variances: what <see cref="Load"/> takes.</summary>
    public double[] Save() => [Count, .. _mean, .. _variance];

    private void AddBlock(in Matrix rows)
    {
        Array.Clear(_blockSum);
        Array.Clear(_blockSquares);
        fixed (float* shift = _shift, sum = _blockSum, squares = _blockSquares)
        {
            for (int row = 0; row < rows.Rows; row++)
            {
                float* from = rows.Data + ((nint)row * rows.Stride);
                int i = 0;
                for (; i + 8 <= Columns; i += 8)
                {
                    var d = Vector256.Load(from + i) - Vector256.Load(shift + i);
                    (Vector256.Load(sum + i) + d).Store(sum + i);
                    Vector256.FusedMultiplyAdd(d, d, Vector256.Load(squares + i)).Store(squares + i);
                }
                for (; i < Columns; i++)
                {
                    float d = from[i] - shift[i];
                    sum[i] += d;
                    squares[i] = MathF.FusedMultiplyAdd(d, d, squares[i]);
                }
            }
        }
        for (int i = 0; i < Columns; i++)
        {
            _sum[i] += _blockSum[i];
            _squares[i] += _blockSquares[i];
        }
    }

    private void Refresh()
    {
        for (int i = 0; i < Columns; i++)
        {
            _shift[i] = (float)_mean[i];
            _scale[i] = (float)(1 / Math.Sqrt(_variance[i] + 1e-8));
        }
    }
}
