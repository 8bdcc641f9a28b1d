using NUnit.Framework;
using Sim.Agents.Cloning;
using Sim.Agents.Networks;
using static Sim.Tests.Agents.Networks.NetworkSamples;

namespace Sim.Tests.Agents.Cloning;

public sealed class CloningLossTests
{
    private const int Rows = 11, Width = 3;

    /// <summary>Central differences in double are good to 1e-9; the gradients themselves are float32.</summary>
    private const double Tolerance = 1e-6, Step = 1e-5;

    [Test]
    public void The_gradient_of_the_squared_error_equals_finite_differences()
    {
        using var outputs = RandomRows(Rows, Width, 1);
        using var actions = RandomRows(Rows, Width, 2);
        using var gradients = new MatrixBuffer(Rows, Width);
        var sums = new CloningSums();
        CloningLoss.Squared(outputs.Matrix, actions.Matrix, gradients.Matrix, ref sums);
        Assert.That(sums.MeanLoss, Is.EqualTo(Loss(-1, -1, 0)).Within(Tolerance));
        AssertGradients(gradients, Loss);

        double Loss(int row, int column, double change)
        {
            double sum = 0;
            for (int r = 0; r < Rows; r++)
            {
                for (int i = 0; i < Width; i++)
                    sum += Math.Pow(Math.Tanh(outputs.Matrix[r, i] + (r == row && i == column ? change : 0)) - actions.Matrix[r, i], 2);
            }
            return sum / (Rows * Width);
        }
    }

    [Test]
    public void The_gradient_of_the_cross_entropy_equals_finite_differences()
    {
        using var logits = RandomRows(Rows, Width, 3);
        using var choices = Choices();
        using var gradients = new MatrixBuffer(Rows, Width);
        var sums = new CloningSums();
        CloningLoss.CrossEntropy(logits.Matrix, choices.Matrix, gradients.Matrix, ref sums);
        Assert.That(sums.MeanLoss, Is.EqualTo(Loss(-1, -1, 0)).Within(Tolerance));
        AssertGradients(gradients, Loss);

        double Loss(int row, int column, double change)
        {
            double sum = 0;
            for (int r = 0; r < Rows; r++)
            {
                double[] values = [.. Enumerable.Range(0, Width).Select(i => logits.Matrix[r, i] + (r == row && i == column ? change : 0))];
                sum += Math.Log(values.Sum(Math.Exp)) - values[(int)choices.Matrix[r, 0]];
            }
            return sum / Rows;
        }
    }

    [Test]
    public void Errors_are_mean_distances_of_actions_and_shares_of_wrong_choices()
    {
        using var outputs = new MatrixBuffer(2, 2);
        using var actions = new MatrixBuffer(2, 2);
        using var gradients = new MatrixBuffer(2, 2);
        (actions.Matrix[0, 0], actions.Matrix[1, 1]) = (0.5f, -1);
        var sums = new CloningSums();
        CloningLoss.Squared(outputs.Matrix, actions.Matrix, gradients.Matrix, ref sums);
        Assert.That(sums.MeanError, Is.EqualTo((0.5 + 1) / 4));

        (outputs.Matrix[0, 1], outputs.Matrix[1, 0]) = (1, 1);
        (actions.Matrix[0, 0], actions.Matrix[1, 0]) = (1, 1);
        sums = default;
        CloningLoss.CrossEntropy(outputs.Matrix, actions.Matrix.SliceColumns(0, 1), gradients.Matrix, ref sums);
        Assert.That(sums.MeanError, Is.EqualTo(0.5), "the first row is right, the second wrong");
    }

    private static MatrixBuffer Choices()
    {
        var choices = new MatrixBuffer(Rows, 1);
        for (int row = 0; row < Rows; row++) choices.Matrix[row, 0] = row % Width;
        return choices;
    }

    private static void AssertGradients(MatrixBuffer gradients, Func<int, int, double, double> loss)
    {
        for (int row = 0; row < Rows; row++)
        {
            for (int i = 0; i < Width; i++)
            {
                double expected = (loss(row, i, Step) - loss(row, i, -Step)) / (2 * Step);
                Assert.That(gradients.Matrix[row, i], Is.EqualTo(expected).Within(Tolerance), $"row {row}, column {i}");
            }
        }
    }
}
