using NUnit.Framework;
using Sim.Agents.Training;
using Sim.Environments;

namespace Sim.Tests.Agents.Training;

public sealed class ExplorationNoiseTests
{
    [TestCase(0f)]
    [TestCase(0.9f)]
    public void Every_steps_noise_has_variance_one_and_neighbours_correlate_as_asked(float correlation)
    {
        using var environments = Walk.Definition.Create(new EnvironmentOptions { Count = 400 }, new WalkSettings { EpisodeSteps = 100_000, End = 1e9f });
        environments.Reset();
        var noise = new ExplorationNoise(400, 1, correlation, seed: 1);
        float[] before = new float[400];
        double squares = 0, products = 0;
        for (int step = 0; step < 200; step++)
        {
            noise.Values.CopyTo(before);
            noise.Advance(environments, (ulong)step);
            for (int i = 0; i < 400; i++)
            {
                squares += noise.Values[i] * noise.Values[i];
                products += noise.Values[i] * before[i];
            }
        }
        // 80 000 draws, of which correlation leaves some 4000 independent: 4 standard errors of a variance.
        Assert.That(squares / 80_000, Is.EqualTo(1).Within(0.09));
        Assert.That(products / squares, Is.EqualTo(correlation).Within(0.02));
    }

    [Test]
    public void The_noise_of_a_new_episode_knows_nothing_of_the_last_one()
    {
        using var environments = Walk.Definition.Create(new EnvironmentOptions { Count = 2000 }, new WalkSettings { EpisodeSteps = 1, End = 1e9f });
        environments.Reset();
        environments.Step();
        var noise = new ExplorationNoise(2000, 1, 0.999f, seed: 1);
        noise.Advance(environments, 0);
        float[] first = noise.Values.ToArray();
        noise.Advance(environments, 1);
        double product = 0;
        for (int i = 0; i < 2000; i++) product += first[i] * noise.Values[i];
        // 4 standard errors of a correlation that is zero.
        Assert.That(product / 2000, Is.EqualTo(0).Within(0.09));
    }
}
