using NUnit.Framework;
using Sim.Agents.Networks;
using Sim.Agents.Td3;
using static Sim.Tests.Agents.Networks.NetworkSamples;

namespace Sim.Tests.Agents.Td3;

public sealed class Td3LossTests
{
    private const int Rows = 13, Width = 2;

    /// <summary>−mean Q₁(tanh(o)) by central differences in double, with a quadratic critic.</summary>
    [Test]
    public void The_actors_gradient_equals_finite_differences()
    {
        using var outputs = RandomRows(Rows, Width, 1);
        using var fields = new MatrixBuffer(Width, Rows);
        using var actions = new MatrixBuffer(Rows, Width);
        using var slopes = new MatrixBuffer(Rows, Width);
        using var gradients = new MatrixBuffer(Rows, Width);
        Td3Loss.Actions(outputs.Matrix, fields.Matrix, actions.Matrix);
        for (int row = 0; row < Rows; row++)
        {
            for (int i = 0; i < Width; i++) slopes.Matrix[row, i] = (float)(-(Math.Cos(row + i) - (0.6 * actions.Matrix[row, i])) / Rows);
        }
        Td3Loss.ActorGradients(fields.Matrix, slopes.Matrix, gradients.Matrix);
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

        static double Loss(double output, int row, int i)
        {
            double action = Math.Tanh(output);
            return -((Math.Cos(row + i) * action) - (0.3 * action * action)) / Rows;
        }
    }

    [Test]
    public void Smoothed_actions_carry_clipped_noise_and_stay_in_range()
    {
        using var outputs = new MatrixBuffer(4, 1);
        using var noise = new MatrixBuffer(1, 4);
        using var fields = new MatrixBuffer(1, 4);
        using var actions = new MatrixBuffer(4, 1);
        float[] means = [0, 0, 0, 3], draws = [1, 10, -10, 1];
        for (int row = 0; row < 4; row++) (outputs.Matrix[row, 0], noise.Matrix[0, row]) = (means[row], draws[row]);
        Td3Loss.SmoothedActions(outputs.Matrix, noise.Matrix, 0.2f, 0.5f, fields.Matrix, actions.Matrix);
        Assert.That(Flatten(actions.Matrix), Is.EqualTo(new[] { 0.2f, 0.5f, -0.5f, 1f }).Within(1e-6f));
    }

    [Test]
    public void Targets_take_the_lesser_critic_and_nothing_after_a_termination()
    {
        using var values1 = new MatrixBuffer(2, 1);
        using var values2 = new MatrixBuffer(2, 1);
        (values1.Matrix[0, 0], values1.Matrix[1, 0], values2.Matrix[0, 0], values2.Matrix[1, 0]) = (3, 1, 2, 5);
        float[] targets = new float[2];
        Td3Loss.Targets([10, 20], [0, 1], values1.Matrix, values2.Matrix, 0.9f, targets);
        Assert.That(targets, Is.EqualTo(new[] { 11.8f, 20f }).Within(1e-5f));
    }
}
