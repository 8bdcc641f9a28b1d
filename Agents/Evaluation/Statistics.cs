using Sim.Physics.Numerics;

namespace Sim.Agents.Evaluation;

/// <summary>What an evaluation reports of its episodes: means, spreads and 95 % confidence intervals.</summary>
public static class Statistics
{
    private const int Resamples = 2000;

    /// <summary>Standard normal quantile of 0.975.</summary>
    private const double Normal95 = 1.959963984540054;

    /// <exception cref="ArgumentException">No samples.</exception>
    public static double Mean(ReadOnlySpan<double> samples)
    {
        RequireSamples(samples);
        double sum = 0;
        foreach (double sample in samples)
            sum += sample;
        return sum / samples.Length;
    }

    /// <summary>Standard deviation of the population the samples stand for (n − 1 below); 0 of one sample.</summary>
    /// <exception cref="ArgumentException">No samples.</exception>
    public static double StandardDeviation(ReadOnlySpan<double> samples)
    {
        double mean = Mean(samples), sum = 0;
        if (samples.Length == 1)
            return 0;
        foreach (double sample in samples)
            sum += (sample - mean) * (sample - mean);
        return Math.Sqrt(sum / (samples.Length - 1));
    }

    /// <summary>
    /// 95 % interval of the mean by the percentile bootstrap (Efron, "Bootstrap Methods: Another Look at the
    /// Jackknife", 1979) with 2000 resamples; equal seeds give equal intervals.
    /// </summary>
    /// <exception cref="ArgumentException">No samples.</exception>
    public static Interval BootstrapMean(ReadOnlySpan<double> samples, ulong seed)
    {
        RequireSamples(samples);
        var draws = new LaneRandom<Lane1>
        {
            SeedLow = Lane1.OfBits((uint)seed),
            SeedHigh = Lane1.OfBits((uint)(seed >> 32)),
        }.Stream(RandomStream.Statistics);

        var means = new double[Resamples];
        foreach (ref double mean in means.AsSpan())
        {
            double sum = 0;
            for (int i = 0; i < samples.Length; i++)
            {
                ulong word = BitConverter.SingleToUInt32Bits(draws.Bits().Value);
                sum += samples[(int)((word * (ulong)samples.Length) >> 32)];
            }
            mean = sum / samples.Length;
        }
        Array.Sort(means);
        return new Interval(Quantile(means, 0.025), Quantile(means, 0.975));
    }

    /// <summary>
    /// 95 % score interval of a proportion (Wilson, "Probable Inference, the Law of Succession, and Statistical
    /// Inference", 1927): sound at 0 and 1, where the normal interval has no width.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">No trials, or successes outside 0 to <paramref name="trials"/>.</exception>
    public static Interval Proportion(int successes, int trials)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(trials);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        double z2 = Normal95 * Normal95, n = trials, p = successes / n;
        double centre = (p + (z2 / (2 * n))) / (1 + (z2 / n));
        double half = Normal95 / (1 + (z2 / n)) * Math.Sqrt((p * (1 - p) / n) + (z2 / (4 * n * n)));
        return new Interval(Math.Max(0, centre - half), Math.Min(1, centre + half));
    }

    /// <summary>Quantile between order statistics, linearly (Hyndman and Fan's type 7, as in numpy).</summary>
    private static double Quantile(double[] sorted, double share)
    {
        double at = share * (sorted.Length - 1);
        int below = (int)at;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((at - below) * (sorted[above] - sorted[below]));
    }

    private static void RequireSamples(ReadOnlySpan<double> samples)
    {
        if (samples.IsEmpty)
            throw new ArgumentException("Statistics need at least one sample.", nameof(samples));
    }
}
