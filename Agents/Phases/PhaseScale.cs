using Sim.Agents.Evaluation;

namespace Sim.Agents.Phases;

/// <summary>Mean and deviation of every observed number and of the steps to go, over the episodes that are learnt from.</summary>
internal sealed class PhaseScale
{
    /// <summary>A number that moves less than this is taken as constant: only its mean is taken off.</summary>
    private const double LeastDeviation = 1e-6;

    private readonly float[] _means, _inverseDeviations;
    private readonly float _meanRemaining, _deviationRemaining;

    public PhaseScale(int inputs, IReadOnlyList<PhaseSequence> training)
    {
        Inputs = inputs;
        double[] sums = new double[inputs], squares = new double[inputs];
        long moments = 0;
        foreach (var sequence in training)
        {
            for (int i = 0; i < sequence.Observations.Length; i++)
            {
                double value = sequence.Observations[i];
                sums[i % inputs] += value;
                squares[i % inputs] += value * value;
            }
            moments += sequence.Length;
        }
        _means = [.. sums.Select(sum => (float)(sum / moments))];
        _inverseDeviations = [.. sums.Select((sum, i) =>
        {
            double deviation = Math.Sqrt(Math.Max(0, (squares[i] / moments) - (sum / moments * (sum / moments))));
            return deviation > LeastDeviation ? (float)(1 / deviation) : 1;
        })];
        double[] remaining = [.. training.SelectMany(sequence => sequence.Remaining.Select(steps => (double)steps))];
        _meanRemaining = (float)Statistics.Mean(remaining);
        _deviationRemaining = (float)Math.Max(LeastDeviation, Statistics.StandardDeviation(remaining));
    }

    /// <summary>Observed numbers of a moment.</summary>
    public int Inputs { get; }

    public void Standardise(ReadOnlySpan<float> rows, Span<float> target)
    {
        for (int i = 0; i < rows.Length; i++) target[i] = (rows[i] - _means[i % Inputs]) * _inverseDeviations[i % Inputs];
    }

    public float StandardiseRemaining(float steps) => (steps - _meanRemaining) / _deviationRemaining;

    public float StepsOf(float standardised) => (standardised * _deviationRemaining) + _meanRemaining;
}
