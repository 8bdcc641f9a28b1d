using NUnit.Framework;
using Sim.Agents.Ppo;
using static Sim.Tests.Agents.Networks.NetworkSamples;

namespace Sim.Tests.Agents.Training;

public sealed class PpoLossTests
{
    [Test]
    public void Bounds_cost_nothing_inside_and_pull_back_from_outside()
    {
        const int rows = 7, width = 3;
        const float coefficient = 0.4f, bound = 0.6f;
        using var means = RandomRows(rows, width, 1);
        using var gradients = RandomRows(rows, width, 2);
        using var before = RandomRows(rows, width, 2);
        PpoLoss.Bounds(means.Matrix, coefficient, bound, gradients.Matrix);
        int outside = 0;
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < width; i++)
            {
                // The loss is quadratic on each side, so a central difference is its derivative but for rounding.
                const double step = 1e-4;
                double mean = means.Matrix[row, i], expected = (Cost(mean + step) - Cost(mean - step)) / (2 * step);
                if (Math.Abs(Math.Abs(mean) - bound) < step) continue;
                if (Math.Abs(mean) > bound) outside++;
                Assert.That(gradients.Matrix[row, i] - before.Matrix[row, i], Is.EqualTo(expected).Within(1e-6));
            }
        }
        Assert.That(outside, Is.InRange(3, (rows * width) - 3), "both kinds were seen");

        static double Cost(double mean) => coefficient * Math.Pow(Math.Max(Math.Abs(mean) - bound, 0), 2) / rows;
    }
}
