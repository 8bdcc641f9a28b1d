using NUnit.Framework;
using Sim.Protocols.Exchange.LeRobot;

namespace Sim.Tests.Protocols.Exchange;

public sealed class FeatureStatisticsTests
{
    /// <summary>Sums of a few dozen doubles in another order.</summary>
    private const double Rounding = 1e-12;

    [Test]
    public void Each_number_of_a_row_has_statistics_of_its_own()
    {
        // numpy: x = [[1, 10], [2, 30], [4, 20]]; x.mean(0), x.std(0), np.quantile(x, [.01, .1, .5, .9, .99], axis=0)
        var statistics = FeatureStatistics.Of(new float[] { 1, 10, 2, 30, 4, 20 }, 2);
        Assert.That(statistics.Count, Is.EqualTo(3));
        Assert.That(statistics.Min, Is.EqualTo(new double[] { 1, 10 }));
        Assert.That(statistics.Max, Is.EqualTo(new double[] { 4, 30 }));
        Assert.That(statistics.Mean, Is.EqualTo(new[] { 7 / 3.0, 20 }).Within(Rounding));
        Assert.That(statistics.Std, Is.EqualTo(new[] { Math.Sqrt(14 / 9.0), Math.Sqrt(200 / 3.0) }).Within(Rounding));
        Assert.That(statistics.Quantiles.Select(quantile => quantile[0]), Is.EqualTo(new[] { 1.02, 1.2, 2, 3.6, 3.96 }).Within(Rounding));
    }

    [Test]
    public void Episodes_joined_have_the_mean_and_deviation_of_all_frames()
    {
        long[] first = [3, 1, 4, 1, 5], second = [9, 2, 6];
        var joined = FeatureStatistics.Of(first, 1).With(FeatureStatistics.Of(second, 1));
        var whole = FeatureStatistics.Of(first.Concat(second).ToArray(), 1);
        Assert.That((joined.Count, joined.Min[0], joined.Max[0]), Is.EqualTo((whole.Count, whole.Min[0], whole.Max[0])));
        Assert.That(joined.Mean[0], Is.EqualTo(whole.Mean[0]).Within(Rounding));
        Assert.That(joined.Std[0], Is.EqualTo(whole.Std[0]).Within(Rounding));
    }

    [Test]
    public void Quantiles_joined_are_bounds_on_the_side_that_LeRobot_takes()
    {
        var (low, high) = (FeatureStatistics.Of(new float[] { 0, 1, 2 }, 1), FeatureStatistics.Of(new float[] { 10, 20, 30 }, 1));
        var joined = low.With(high);
        Assert.That(joined.Quantiles.Select(quantile => quantile[0]), Is.EqualTo(new[]
        {
            low.Quantiles[0][0], low.Quantiles[1][0], low.Quantiles[2][0], high.Quantiles[3][0], high.Quantiles[4][0],
        }));
    }

    [Test]
    public void One_frame_is_all_of_its_statistics_and_flags_count_as_0_and_1()
    {
        var statistics = FeatureStatistics.Of(new[] { true, false }, 2);
        Assert.That(new[] { statistics.Min, statistics.Max, statistics.Mean, statistics.Quantiles[2] }, Is.All.EqualTo(new double[] { 1, 0 }));
        Assert.That(statistics.Std, Is.All.Zero);
    }
}
