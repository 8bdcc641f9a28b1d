using NUnit.Framework;
using Sim.Agents.Evaluation;

namespace Sim.Tests.Agents.Evaluation;

public sealed class StatisticsTests
{
    private static readonly double[] s_samples = [2, 4, 4, 4, 5, 5, 7, 9];

    [Test]
    public void Mean_and_standard_deviation_of_a_known_sample()
    {
        Assert.That(Statistics.Mean(s_samples), Is.EqualTo(5));
        // 32 / 7 is exact; the tolerance is for the rounding of one square root.
        Assert.That(Statistics.StandardDeviation(s_samples), Is.EqualTo(Math.Sqrt(32.0 / 7)).Within(1e-15));
    }

    [Test]
    public void One_sample_has_no_spread()
    {
        Assert.That(Statistics.StandardDeviation([3]), Is.Zero);
        Assert.That(Statistics.BootstrapMean([3], 1), Is.EqualTo(new Interval(3, 3)));
    }

    [Test]
    public void Bootstrap_interval_nears_the_normal_one_for_many_samples()
    {
        double[] samples = [.. Enumerable.Range(0, 1000).Select(i => (double)(i % 10))];
        var interval = Statistics.BootstrapMean(samples, 1);
        // Uniform over 0 to 9: mean 4.5, standard error √(8.25 / 1000). With 2000 resamples the ends of the interval
        // scatter by about 4 % of its half width; three times that is allowed.
        double half = 1.96 * Math.Sqrt(8.25 / 1000);
        Assert.That(interval.Low, Is.EqualTo(4.5 - half).Within(0.12 * half));
        Assert.That(interval.High, Is.EqualTo(4.5 + half).Within(0.12 * half));
    }

    [Test]
    public void Equal_seeds_give_equal_intervals_and_others_do_not()
    {
        double[] samples = [.. Enumerable.Range(0, 50).Select(i => Math.Sin(i))];
        var interval = Statistics.BootstrapMean(samples, 5);
        Assert.That(Statistics.BootstrapMean(samples, 5), Is.EqualTo(interval));
        Assert.That(Statistics.BootstrapMean(samples, 6), Is.Not.EqualTo(interval));
        Assert.That(Statistics.BootstrapMean(samples, 5 + (1UL << 32)), Is.Not.EqualTo(interval));
    }

    /// <summary>At the ends the interval is 0 to z² / (n + z²), and its mirror; between, the solved quadratic.</summary>
    [TestCase(0, 10, 0, 0.2775328)]
    [TestCase(10, 10, 0.7224672, 1)]
    [TestCase(97, 100, 0.9154806, 0.9897455)]
    public void Proportion_interval_equals_the_score_interval(int successes, int trials, double low, double high)
    {
        var interval = Statistics.Proportion(successes, trials);
        // The expected values are given to seven digits.
        Assert.That(interval.Low, Is.EqualTo(low).Within(5e-8));
        Assert.That(interval.High, Is.EqualTo(high).Within(5e-8));
    }

    [Test]
    public void Nothing_to_count_is_an_error()
    {
        Assert.That(() => Statistics.Mean([]), Throws.ArgumentException);
        Assert.That(() => Statistics.Proportion(0, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Statistics.Proportion(4, 3), Throws.TypeOf<ArgumentOutOfRangeException>());
    }
}
