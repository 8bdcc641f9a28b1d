using NUnit.Framework;
using Sim.Agents.Ddpg;
using Sim.Agents.Networks;
using Sim.Agents.Td3;
using static Sim.Tests.Agents.Networks.NetworkSamples;

namespace Sim.Tests.Agents.Ddpg;

public sealed class DdpgLossTests
{
    private const int Own = 9, Demonstrated = 4, Rows = Own + Demonstrated, Width = 2;
    private const float Weight = 0.7f, Penalty = 1.3f;

    /// <summary>w Σ over parts of mean(−Q + c a²), a = tanh(o), by central differences in double with a quadratic critic.</summary>
    [Test]
    public void The_actors_gradient_equals_finite_differences()
    {
        using var outputs = RandomRows(Rows, Width, 1);
        using var fields = new MatrixBuffer(Width, Rows);
        using var actions = new MatrixBuffer(Rows, Width);
        using var values = new MatrixBuffer(Rows, 1);
        using var byValue = new MatrixBuffer(Rows, 1);
        using var byAction = new MatrixBuffer(Rows, Width);
        using var gradients = new MatrixBuffer(Rows, Width);
        Td3Loss.Actions(outputs.Matrix, fields.Matrix, actions.Matrix);
        for (int row = 0; row < Rows; row++) values.Matrix[row, 0] = (float)Enumerable.Range(0, Width).Sum(i => Value(row, i, actions.Matrix[row, i]));
        double loss = DdpgLoss.Actor(values.Matrix, Own, Weight, byValue.Matrix);
        for (int row = 0; row < Rows; row++)
        {
            for (int i = 0; i < Width; i++) byAction.Matrix[row, i] = (float)(byValue.Matrix[row, 0] * (Math.Cos(row + i) - (0.6 * actions.Matrix[row, i])));
        }
        loss += DdpgLoss.Penalty(actions.Matrix, Own, Weight * Penalty, byAction.Matrix);
        Td3Loss.ActorGradients(fields.Matrix, byAction.Matrix, gradients.Matrix);

        Assert.That(loss, Is.EqualTo(Enumerable.Range(0, Rows).Sum(row => Enumerable.Range(0, Width).Sum(i => Loss(outputs.Matrix[row, i], row, i)))).Within(1e-5));
        for (int row = 0; row < Rows; row++)
        {
            for (int i = 0; i < Width; i++)
            {
                const double step = 1e-5;
                double at = outputs.Matrix[row, i];
                double expected = (Loss(at + step, row, i) - Loss(at - step, row, i)) / (2 * step);
                // float32 against double; the differences are good to 1e-9.
                Assert.That(gradients.Matrix[row, i], Is.EqualTo(expected).Within(1e-6), $"row {row}, column {i}");
            }
        }

        static double Value(int row, int i, double action) => (Math.Cos(row + i) * action) - (0.3 * action * action);

        static double Loss(double output, int row, int i)
        {
            double action = Math.Tanh(output), rows = row < Own ? Own : Demonstrated;
            return Weight * (-Value(row, i, action) + (Penalty * action * action / Width)) / rows;
        }
    }

    [Test]
    public void Targets_stay_within_the_returns_that_can_be()
    {
        using var values = new MatrixBuffer(4, 1);
        (values.Matrix[0, 0], values.Matrix[1, 0], values.Matrix[2, 0], values.Matrix[3, 0]) = (-20, -70, 3, -20);
        float[] targets = new float[4];
        DdpgLoss.Targets([-1, -1, 0, -1], [0, 0, 0, 1], values.Matrix, 0.98f, (-50, 0), targets);
        Assert.That(targets, Is.EqualTo(new[] { -20.6f, -50f, 0f, -1f }).Within(1e-5f));
    }
}
