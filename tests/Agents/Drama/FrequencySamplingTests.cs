using NUnit.Framework;
using Sim.Agents.Drama;

namespace Sim.Tests.Agents.Drama;

/// <summary>Which windows are learnt and imagined from.</summary>
public sealed class FrequencySamplingTests
{
    [Test]
    public void Probabilities_are_those_recorded()
    {
        var golden = new TensorGolden("wm_heads");
        int[] trained = Counts(golden, "train_counts"), imagined = Counts(golden, "imagined_counts");
        float[] exponents = new float[6];
        FrequencySampling.ForModel(trained, 10, exponents);
        Assert.That(Softmax(exponents), Is.EqualTo(golden.Numbers("dfs", "p_world_model")).Within(1e-6));
        FrequencySampling.ForPolicy(trained, imagined, 64, 1, 1, 10, exponents);
        Assert.That(Softmax(exponents), Is.EqualTo(golden.Numbers("dfs", "p_behaviour_alpha1_beta1")).Within(1e-6));
        FrequencySampling.ForPolicy(trained, imagined, 64, 0.5f, 1, 10, exponents);
        Assert.That(Softmax(exponents), Is.EqualTo(golden.Numbers("dfs", "p_behaviour_alpha0_5_beta1")).Within(1e-6));
    }

    [Test]
    public void A_hundred_thousand_draws_of_two_have_the_frequencies_of_the_formula()
    {
        const int draws = 100_000;
        float[] exponents = [-1, 0.5f, 0, float.NegativeInfinity, -2, 1], noise = new float[6];
        double[] p = Softmax(exponents);
        int[] firsts = new int[6], drawn = new int[2];
        double[] pairs = new double[36];
        for (ulong time = 0; time < draws; time++)
        {
            FrequencySampling.Draw(exponents, drawn, noise, seed: 7, time);
            firsts[drawn[0]]++;
            pairs[(drawn[0] * 6) + drawn[1]]++;
        }
        Assert.That(firsts[3], Is.Zero, "what must not be drawn");
        double first = 0, both = 0;
        for (int i = 0; i < 6; i++)
        {
            if (p[i] == 0) continue;
            first += Math.Pow(firsts[i] - (draws * p[i]), 2) / (draws * p[i]);
            for (int j = 0; j < 6; j++)
            {
                double expected = draws * p[i] * p[j] / (1 - p[i]);
                if (i == j) Assert.That(pairs[(i * 6) + j], Is.Zero, "without replacement");
                else if (expected > 0) both += Math.Pow(pairs[(i * 6) + j] - expected, 2) / expected;
            }
        }
        // Chance of more in a thousand cases once: χ² of 4 and of 19 degrees of freedom.
        Assert.That(first, Is.LessThan(18.5));
        Assert.That(both, Is.LessThan(43.8));
    }

    [Test]
    public void More_than_there_is_cannot_be_drawn()
    {
        float[] exponents = [0, float.NegativeInfinity, 0], noise = new float[3];
        int[] drawn = new int[2];
        FrequencySampling.Draw(exponents, drawn, noise, 1, 1);
        Assert.That(drawn.Order(), Is.EqualTo(new[] { 0, 2 }));
        Assert.That(() => FrequencySampling.Draw(exponents, new int[3], noise, 1, 1), Throws.ArgumentException.With.Message.Contains("3 windows cannot be drawn from 2"));
    }

    private static int[] Counts(TensorGolden golden, string name) => [.. golden.Numbers("dfs", name).Select(count => (int)count)];

    private static double[] Softmax(float[] exponents)
    {
        double[] weights = [.. exponents.Select(exponent => Math.Exp(exponent))];
        return [.. weights.Select(weight => weight / weights.Sum())];
    }
}
