using NUnit.Framework;
using Sim.Protocols.Exchange.Robomimic;

namespace Sim.Tests.Protocols.Exchange;

public sealed class TrainValidSplitTests
{
    [TestCase(100, 0.1f, 10)]
    [TestCase(19, 0.1f, 1)]
    [TestCase(3, 0.1f, 1)]
    [TestCase(1, 0.5f, 0)]
    [TestCase(10, 0f, 0)]
    [TestCase(10, 0.99f, 9)]
    public void The_ratio_is_rounded_down_but_two_episodes_give_one(int count, float ratio, int valid)
        => Assert.That(TrainValidSplit.Of(count, ratio, seed: 3).Count(isValid => isValid), Is.EqualTo(valid));

    [Test]
    public void The_same_seed_chooses_the_same_and_another_others()
    {
        bool[] chosen = TrainValidSplit.Of(200, 0.2f, seed: 1);
        Assert.That(TrainValidSplit.Of(200, 0.2f, seed: 1), Is.EqualTo(chosen));
        Assert.That(TrainValidSplit.Of(200, 0.2f, seed: 2), Is.Not.EqualTo(chosen));
        Assert.That(TrainValidSplit.Of(200, 0.2f, seed: 1UL << 40), Is.Not.EqualTo(TrainValidSplit.Of(200, 0.2f, seed: 0)), "both words of the seed count");
    }

    [Test]
    public void Every_episode_is_chosen_about_as_often_as_the_others()
    {
        const int Seeds = 400, Episodes = 20;
        int[] times = new int[Episodes];
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            bool[] isValid = TrainValidSplit.Of(Episodes, 0.25f, seed);
            for (int i = 0; i < Episodes; i++) times[i] += isValid[i] ? 1 : 0;
        }
        // Binomial(400, 1/4): mean 100, standard deviation 8.7; five of them are seen by chance once in a million.
        Assert.That(times, Is.All.InRange(100 - 44, 100 + 44));
    }
}
