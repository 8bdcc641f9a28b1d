using NUnit.Framework;
using Sim.Environments;
using Sim.Environments.MinAtar;

namespace Sim.Tests.Environments.MinAtar;

/// <summary>The games under a random policy, against runs of the original.</summary>
public sealed class MinAtarStatisticsTests
{
    /// <summary>Means and standard errors measured on MinAtar 1.0.15: six actions, sticky 0.1, ramping.</summary>
    [TestCase("minatar-asterix", 4000, 0.507, 0.027, 69.4)]
    [TestCase("minatar-breakout", 4000, 0.532, 0.024, 11.4)]
    [TestCase("minatar-freeway", 200, 0.18, 0.061, 2501)]
    [TestCase("minatar-seaquest", 4000, 0.115, 0.013, 31.1)]
    [TestCase("minatar-space-invaders", 4000, 2.89, 0.073, 51.3)]
    public void A_random_policy_scores_as_on_the_original(string id, int episodes, double mean, double error, double length)
    {
        var (returns, lengths) = Play(id, episodes);
        double ours = returns.Average(), ourError = Error(returns);
        Assert.That(ours, Is.EqualTo(mean).Within(4 * Math.Sqrt((error * error) + (ourError * ourError))));
        // The source gives no error of its mean lengths; over a quarter as many episodes it is twice ours.
        Assert.That(lengths.Average(), Is.EqualTo(length).Within((4 * Math.Sqrt(5) * Error(lengths)) + 0.05));
    }

    [Test]
    public void An_action_sticks_with_its_probability()
    {
        using var environments = Registry.Make("minatar-freeway", new EnvironmentOptions { Count = 1000 });
        environments.Reset();
        // A chicken that may move: it goes up, unless the action before sticks, which was none.
        for (int step = 0; step < 4; step++)
        {
            environments.DiscreteActions.Fill(step == 3 ? MinAtarAction.Up : MinAtarAction.None);
            environments.Step();
        }
        int stuck = 0;
        for (int lane = 0; lane < 1000; lane++) stuck += environments.Observations.RowBytes(lane)[((9 * 10) + 4) * 7];
        Assert.That(stuck / 1000.0, Is.EqualTo(0.1).Within(4 * Math.Sqrt(0.1 * 0.9 / 1000)));
    }

    private static (double[] Returns, double[] Lengths) Play(string id, int episodes)
    {
        // The first episode of each lane, so that short ones do not count more often.
        using var environments = Registry.Make(id, new EnvironmentOptions { Count = episodes, Autoreset = AutoresetMode.Disabled });
        environments.Reset(seed: 1000);
        bool[] ended = new bool[episodes];
        double[] returns = new double[episodes], lengths = new double[episodes];
        int running = episodes;
        for (int step = 0; running > 0; step++)
        {
            RandomActions.Fill(environments, seed: 77, step);
            environments.Step();
            for (int lane = 0; lane < episodes; lane++)
            {
                if (ended[lane] || !environments.Terminated[lane]) continue;
                ended[lane] = true;
                running--;
                (returns[lane], lengths[lane]) = (environments.EpisodeReturns[lane], environments.EpisodeLengths[lane]);
            }
        }
        return (returns, lengths);
    }

    private static double Error(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1) / values.Length);
    }
}
