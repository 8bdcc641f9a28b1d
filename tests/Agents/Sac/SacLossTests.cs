using NUnit.Framework;
using Sim.Agents.Networks;
using Sim.Agents.Sac;
using static Sim.Tests.Agents.Networks.NetworkSamples;

namespace Sim.Tests.Agents.Sac;

public sealed class SacLossTests
{
    private const int Rows = 21, Width = 3;
    private const float Alpha = 0.3f;

    [Test]
    public void Drawn_actions_and_their_log_probabilities_equal_double_precision()
    {
        using var outputs = Outputs();
        using var samples = Draw(outputs.Matrix, out var actions);
        using (actions)
        {
            for (int row = 0; row < Rows; row++)
            {
                double expected = 0;
                for (int i = 0; i < Width; i++)
                {
                    double logStd = Limit(outputs.Matrix[row, Width + i]), e = samples.Noise[i, row];
                    double u = outputs.Matrix[row, i] + (Math.Exp(logStd) * e);
                    expected += LogProbability(u, logStd, e);
                    // Some ten roundings of float32.
                    Assert.That(actions.Matrix[row, i], Is.EqualTo(Math.Tanh(u)).Within(3e-7));
                    Assert.That(samples.Slope[i, row], Is.EqualTo(1 / Math.Pow(Math.Cosh(u), 2)).Within(0.0005).Percent);
                }
                // Some ten float32 operations on numbers up to 40.
                Assert.That(samples.LogProbability[0, row], Is.EqualTo(expected).Within(3e-5), $"row {row}");
            }
        }
    }

    [Test]
    public void Far_out_actions_keep_a_finite_log_probability()
    {
        using var outputs = new MatrixBuffer(2, 2);
        outputs.Matrix[0, 0] = 30;
        outputs.Matrix[1, 0] = -30;
        outputs.Matrix[0, 1] = outputs.Matrix[1, 1] = -50;
        using var samples = new SquashedSamples(2, 1);
        using var actions = new MatrixBuffer(2, 1);
        SacLoss.Sample(outputs.Matrix, samples, actions.Matrix);
        // log σ counts as −20; log(1 − tanh² 30) = 2 log 2 − 60, where 1 − tanh² itself is zero in float32.
        double expected = 20 - (0.5 * Math.Log(2 * Math.PI)) - ((2 * Math.Log(2)) - 60);
        Assert.That(samples.LogProbability[0, 0], Is.EqualTo(expected).Within(1e-4));
        Assert.That(samples.LogProbability[0, 1], Is.EqualTo(expected).Within(1e-4));
        Assert.That(actions.Matrix[1, 0], Is.EqualTo(-1));
    }

    /// <summary>mean (α log π − min(Q₁, Q₂)) by central differences in double, with quadratic critics.</summary>
    [Test]
    public void The_actors_gradient_equals_finite_differences()
    {
        using var outputs = Outputs();
        using var samples = Draw(outputs.Matrix, out var actions);
        using var first = new MatrixBuffer(Rows, Width);
        using var second = new MatrixBuffer(Rows, Width);
        using var scratch = new MatrixBuffer(2 * Width, Rows);
        using var gradients = new MatrixBuffer(Rows, 2 * Width);
        using (actions)
        {
            for (int row = 0; row < Rows; row++)
            {
                double[] action = [.. actions.Matrix.Row(row).ToArray().Select(a => (double)a)];
                bool one = Critic(1, row, action) < Critic(2, row, action);
                for (int i = 0; i < Width; i++)
                {
                    float slope = (float)(-CriticSlope(one ? 1 : 2, row, i, action[i]) / Rows);
                    (one ? first : second).Matrix[row, i] = slope;
                }
            }
        }
        SacLoss.ActorGradients(samples, first.Matrix, second.Matrix, Alpha, scratch.Matrix, gradients.Matrix);

        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < 2 * Width; column++)
            {
                const double step = 1e-5;
                double[] at = [.. outputs.Matrix.Row(row).ToArray().Select(value => (double)value)];
                double Shifted(double by)
                {
                    double[] moved = [.. at];
                    moved[column] += by;
                    return RowLoss(moved, row, samples);
                }
                double expected = (Shifted(step) - Shifted(-step)) / (2 * step) / Rows;
                // float32 against double; the differences are good to 1e-9.
                Assert.That(gradients.Matrix[row, column], Is.EqualTo(expected).Within(1e-6), $"row {row}, column {column}");
            }
        }
    }

    [Test]
    public void Outside_its_limits_the_log_deviation_has_no_gradient()
    {
        using var outputs = Outputs();
        outputs.Matrix[0, Width] = -20.5f;
        outputs.Matrix[1, Width] = 2.5f;
        using var samples = Draw(outputs.Matrix, out var actions);
        using var zero = new MatrixBuffer(Rows, Width);
        using var scratch = new MatrixBuffer(2 * Width, Rows);
        using var gradients = new MatrixBuffer(Rows, 2 * Width);
        SacLoss.ActorGradients(samples, zero.Matrix, zero.Matrix, Alpha, scratch.Matrix, gradients.Matrix);
        actions.Dispose();
        Assert.That(gradients.Matrix[0, Width], Is.Zero);
        Assert.That(gradients.Matrix[1, Width], Is.Zero);
        Assert.That(Enumerable.Range(2, Rows - 2).Select(row => gradients.Matrix[row, Width]), Has.None.EqualTo(0));
    }

    [Test]
    public void Targets_take_the_lesser_critic_less_the_price_of_entropy_and_nothing_after_a_termination()
    {
        using var values1 = Column(3, 1);
        using var values2 = Column(2, 5);
        using var logProbabilities = new MatrixBuffer(1, 2);
        logProbabilities.Floats.Fill(-1);
        float[] targets = new float[2];
        SacLoss.Targets([10, 20], [0, 1], values1.Matrix, values2.Matrix, logProbabilities.Matrix, 0.5f, 0.9f, targets);
        Assert.That(targets[0], Is.EqualTo(10 + (0.9f * (2 + 0.5f))).Within(1e-5));
        Assert.That(targets[1], Is.EqualTo(20));
    }

    [Test]
    public void The_temperature_rises_while_the_entropy_is_below_its_target()
    {
        // Entropy 0.5 against a target of 1: the gradient is negative, and a step against it raises α.
        Assert.That(SacLoss.TemperatureGradient(meanLogProbability: -0.5, targetEntropy: 1), Is.EqualTo(-0.5f));
        Assert.That(SacLoss.TemperatureGradient(meanLogProbability: -2, targetEntropy: 1), Is.EqualTo(1f));
    }

    private static double RowLoss(double[] outputs, int row, SquashedSamples samples)
    {
        double logProbability = 0;
        double[] action = new double[Width];
        for (int i = 0; i < Width; i++)
        {
            double logStd = Limit(outputs[Width + i]), e = samples.Noise[i, row];
            double u = outputs[i] + (Math.Exp(logStd) * e);
            action[i] = Math.Tanh(u);
            logProbability += LogProbability(u, logStd, e);
        }
        return (Alpha * logProbability) - Math.Min(Critic(1, row, action), Critic(2, row, action));
    }

    private static double LogProbability(double u, double logStd, double e)
        => (-0.5 * e * e) - logStd - (0.5 * Math.Log(2 * Math.PI)) + (2 * Math.Log(Math.Cosh(u)));

    private static double Limit(double logStd) => Math.Clamp(logStd, SacLoss.LowestLogStd, SacLoss.HighestLogStd);

    private static double Critic(int number, int row, double[] action)
    {
        double sum = Math.Sin(3 * row * number);
        for (int i = 0; i < Width; i++) sum += (Math.Cos(row + (number * i)) * action[i]) - (0.3 * number * action[i] * action[i]);
        return sum;
    }

    private static double CriticSlope(int number, int row, int i, double action) => Math.Cos(row + (number * i)) - (0.6 * number * action);

    private static MatrixBuffer Outputs() => RandomRows(Rows, 2 * Width, 4);

    private static MatrixBuffer Column(params float[] values)
    {
        var buffer = new MatrixBuffer(values.Length, 1);
        for (int row = 0; row < values.Length; row++) buffer.Matrix[row, 0] = values[row];
        return buffer;
    }

    private static SquashedSamples Draw(in Matrix outputs, out MatrixBuffer actions)
    {
        var samples = new SquashedSamples(Rows, Width);
        Sim.Agents.Training.CounterRandom.FillNormal(samples.NoiseFloats, 1, Sim.Physics.Numerics.RandomStream.Policy, 0);
        actions = new MatrixBuffer(Rows, Width);
        SacLoss.Sample(outputs, samples, actions.Matrix);
        return samples;
    }
}
