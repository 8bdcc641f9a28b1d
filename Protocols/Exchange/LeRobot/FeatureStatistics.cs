namespace Sim.Protocols.Exchange.LeRobot;

/// <summary>
/// What LeRobot keeps of a feature: least and greatest value, mean, standard deviation (of the population) and quantiles
/// of each of its numbers. An episode's quantiles are exact; those of several episodes are bounds, as LeRobot joins
/// them: the least of the lower ones and of the median, the greatest of the upper ones.
/// </summary>
internal sealed record FeatureStatistics(long Count, double[] Min, double[] Max, double[] Mean, double[] Std, double[][] Quantiles)
{
    /// <summary>The quantiles, and what LeRobot calls them.</summary>
    public static IReadOnlyList<(string Name, double Part)> Parts { get; }
        = [("q01", 0.01), ("q10", 0.10), ("q50", 0.50), ("q90", 0.90), ("q99", 0.99)];

    /// <summary>Of one episode.</summary>
    /// <param name="values">Numbers or flags <c>[rows, size]</c>.</param>
    /// <param name="size">Numbers in a row.</param>
    public static FeatureStatistics Of(Array values, int size)
    {
        int rows = values.Length / size;
        var statistics = new FeatureStatistics(rows, new double[size], new double[size], new double[size], new double[size],
            [.. Parts.Select(_ => new double[size])]);
        double[] sorted = new double[rows];
        for (int number = 0; number < size; number++)
        {
            for (int row = 0; row < rows; row++) sorted[row] = Value(values, (row * size) + number);
            Array.Sort(sorted);
            statistics.Fill(number, sorted);
        }
        return statistics;
    }

    /// <summary>Of these episodes and one more.</summary>
    public FeatureStatistics With(FeatureStatistics other)
    {
        long count = Count + other.Count;
        double[] mean = Join(Mean, other.Mean, (a, b) => ((a * Count) + (b * other.Count)) / count);
        double[] std = new double[mean.Length];
        for (int i = 0; i < std.Length; i++)
        {
            double here = (Std[i] * Std[i]) + Square(Mean[i] - mean[i]), there = (other.Std[i] * other.Std[i]) + Square(other.Mean[i] - mean[i]);
            std[i] = Math.Sqrt(((here * Count) + (there * other.Count)) / count);
        }
        var quantiles = Parts.Select((part, i) => Join(Quantiles[i], other.Quantiles[i], part.Part <= 0.5 ? Math.Min : Math.Max)).ToArray();
        return new(count, Join(Min, other.Min, Math.Min), Join(Max, other.Max, Math.Max), mean, std, quantiles);
    }

    private void Fill(int number, double[] sorted)
    {
        double sum = 0, squares = 0;
        foreach (double value in sorted) sum += value;
        double mean = sum / sorted.Length;
        foreach (double value in sorted) squares += Square(value - mean);
        (Min[number], Max[number], Mean[number], Std[number]) = (sorted[0], sorted[^1], mean, Math.Sqrt(squares / sorted.Length));
        for (int i = 0; i < Parts.Count; i++)
        {
            double place = Parts[i].Part * (sorted.Length - 1);
            int below = (int)place, above = Math.Min(below + 1, sorted.Length - 1);
            Quantiles[i][number] = sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
        }
    }

    private static double Value(Array values, int index) => values switch
    {
        float[] numbers => numbers[index],
        long[] numbers => numbers[index],
        byte[] numbers => numbers[index],
        bool[] flags => flags[index] ? 1 : 0,
        _ => throw new ArgumentException($"there are no statistics of {values.GetType().Name}"),
    };

    private static double Square(double value) => value * value;

    private static double[] Join(double[] a, double[] b, Func<double, double, double> join) => [.. a.Zip(b, join)];
}
