using NUnit.Framework;
using Sim.Agents.Hindsight;
using Sim.Agents.Networks;
using static Sim.Tests.Agents.Networks.NetworkSamples;

namespace Sim.Tests.Agents.Hindsight;

public sealed class ImitationLossTests
{
    private const int Rows = 13, Width = 3;

    [Test]
    public void The_gradient_equals_finite_differences_and_is_added_to_what_is_there()
    {
        using var actions = RandomRows(Rows, Width, 1);
        using var demonstrated = RandomRows(Rows, Width, 2);
        using var gradients = new MatrixBuffer(Rows, Width);
        float[] mask = [.. Enumerable.Range(0, Rows).Select(row => row % 3 == 0 ? 0f : 1f)];
        for (int row = 0; row < Rows; row++) gradients.Matrix.Row(row).Fill(0.5f);
        double loss = ImitationLoss.Squared(actions.Matrix, demonstrated.Matrix, mask, 5, gradients.Matrix);
        Assert.That(loss, Is.EqualTo(Loss()).Within(1e-5));
        for (int row = 0; row < Rows; row++)
        {
            for (int i = 0; i < Width; i++)
            {
                float at = actions.Matrix[row, i];
                const float step = 1f / 256;
                actions.Matrix[row, i] = at + step;
                double up = Loss();
                actions.Matrix[row, i] = at - step;
                double down = Loss();
                actions.Matrix[row, i] = at;
                // The loss is quadratic, so central differences are exact but for the rounding of a ± 1/256 in float32.
                Assert.That(gradients.Matrix[row, i], Is.EqualTo(0.5 + ((up - down) / (2 * step))).Within(1e-4), $"row {row}, column {i}");
            }
        }

        double Loss()
        {
            double sum = 0;
            for (int row = 0; row < Rows; row++)
            {
                for (int i = 0; i < Width; i++) sum += mask[row] * Math.Pow((double)actions.Matrix[row, i] - demonstrated.Matrix[row, i], 2);
            }
            return 5 * sum / (Rows * Width);
        }
    }

    /// <summary>Q(a) = −‖a − d‖²: the demonstrated action is the best there is.</summary>
    [Test]
    public void Optimal_demonstrations_all_pass_the_filter_and_the_worst_do_not()
    {
        using var own = new MatrixBuffer(Rows, 1);
        using var actions = RandomRows(Rows, Width, 1);
        float[] best = new float[Rows], mask = new float[Rows];
        for (int row = 0; row < Rows; row++) own.Matrix[row, 0] = -actions.Matrix.Row(row).ToArray().Sum(a => a * a);
        Assert.That(ImitationLoss.Filter(best, own.Matrix, mask), Is.EqualTo(1));
        Assert.That(mask, Has.All.EqualTo(1));
        Array.Fill(best, -1000);
        Assert.That(ImitationLoss.Filter(best, own.Matrix, mask), Is.Zero);
        Assert.That(mask, Has.All.EqualTo(0));
    }

    [Test]
    public void An_action_that_is_no_better_does_not_pass_the_filter()
    {
        using var own = new MatrixBuffer(3, 1);
        (own.Matrix[0, 0], own.Matrix[1, 0], own.Matrix[2, 0]) = (1, 1, 1);
        float[] mask = new float[3];
        Assert.That(ImitationLoss.Filter([2, 1, 0], own.Matrix, mask), Is.EqualTo(1 / 3.0).Within(1e-12));
        Assert.That(mask, Is.EqualTo(new[] { 1f, 0f, 0f }));
    }
}
