using NUnit.Framework;
using Sim.Agents.Networks;

namespace Sim.Tests.Agents.Networks;

public sealed class AdamVectorTests
{
    [Test]
    public void Steps_follow_the_formula_of_the_paper()
    {
        var settings = new AdamSettings { WeightDecay = 0.01f };
        var vector = new AdamVector([1f, -2f, 0.5f], settings);
        double[] values = [1, -2, 0.5], first = new double[3], second = new double[3];
        for (int step = 1; step <= 50; step++)
        {
            for (int i = 0; i < 3; i++)
            {
                double gradient = Math.Sin(step + i);
                vector.Gradients[i] = (float)gradient;
                gradient *= 0.5;
                first[i] = (0.9 * first[i]) + (0.1 * gradient);
                second[i] = (0.999 * second[i]) + (0.001 * gradient * gradient);
                double mean = first[i] / (1 - Math.Pow(0.9, step)), square = second[i] / (1 - Math.Pow(0.999, step));
                values[i] -= (0.01 * 0.01 * values[i]) + (0.01 * mean / (Math.Sqrt(square) + 1e-8));
            }
            vector.Step(0.01f, 0.5f);
        }
        for (int i = 0; i < 3; i++)
        {
            // Float rounding over fifty steps of 0.01.
            Assert.That(vector.Values[i], Is.EqualTo(values[i]).Within(5e-6));
        }
        Assert.That(vector.Steps, Is.EqualTo(50));
    }

    [TestCase(1f, 0.999f, 1e-8f, 0f)]
    [TestCase(0.9f, -0.1f, 1e-8f, 0f)]
    [TestCase(0.9f, 0.999f, 0f, 0f)]
    [TestCase(0.9f, 0.999f, 1e-8f, float.NaN)]
    public void Settings_out_of_range_are_refused(float beta1, float beta2, float epsilon, float decay)
    {
        var settings = new AdamSettings { Beta1 = beta1, Beta2 = beta2, Epsilon = epsilon, WeightDecay = decay };
        Assert.That(() => new AdamVector([0f], settings), Throws.ArgumentException);
    }
}
