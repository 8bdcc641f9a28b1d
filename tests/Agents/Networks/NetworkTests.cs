using NUnit.Framework;
using Sim.Agents.Networks;
using static Sim.Tests.Agents.Networks.NetworkSamples;

namespace Sim.Tests.Agents.Networks;

/// <summary>What every backend does.</summary>
[TestFixture(NetworkBackend.Fused)]
[TestFixture(NetworkBackend.Torch)]
public sealed class NetworkTests(NetworkBackend backend)
{
    [TestCaseSource(typeof(NetworkSamples), nameof(Shapes))]
    public void Outputs_equal_a_reference_in_double(MlpShape shape)
    {
        using var network = Create(shape, backend, 30);
        using var inputs = RandomRows(30, shape.Inputs, 3);
        var outputs = network.Forward(inputs.Matrix);
        double[] parameters = [.. Parameters(network).Select(value => (double)value)];
        for (int row = 0; row < 30; row++)
        {
            double[] expected = ReferenceMlp.Forward(shape, parameters, inputs.Matrix.Row(row));
            for (int column = 0; column < shape.Outputs; column++)
            {
                // Outputs are of order one; float sums of up to 82 products and a tanh of a few ulp.
                Assert.That(outputs[row, column], Is.EqualTo(expected[column]).Within(2e-6));
            }
        }
    }

    [TestCaseSource(typeof(NetworkSamples), nameof(Shapes))]
    public void Gradients_equal_finite_differences_in_double(MlpShape shape)
    {
        const int rows = 7;
        using var network = Create(shape, backend, rows);
        using var inputs = RandomRows(rows, shape.Inputs, 3);
        using var outputGradients = RandomRows(rows, shape.Outputs, 4);
        using var inputGradients = new MatrixBuffer(rows, shape.Inputs);
        network.Forward(inputs.Matrix);
        network.Backward(inputs.Matrix, outputGradients.Matrix, true, inputGradients.Matrix);

        double[] parameters = [.. Parameters(network).Select(value => (double)value)];
        double Loss() => ReferenceMlp.Loss(shape, parameters, inputs.Matrix, outputGradients.Matrix);
        float[] gradients = Gradients(network);
        for (int i = 0; i < parameters.Length; i += 1 + (parameters.Length / 60))
        {
            double expected = ReferenceMlp.Derivative(Loss, ref parameters[i]);
            // Truncation of the difference is below 1e-8; the rest is float rounding of sums of order one.
            Assert.That(gradients[i], Is.EqualTo(expected).Within(1e-5), $"parameter {i}");
        }
        for (int i = 0; i < rows; i++)
        {
            double expected = ReferenceMlp.InputDerivative(shape, parameters, inputs.Matrix, outputGradients.Matrix, i, i % shape.Inputs);
            Assert.That(inputGradients.Matrix[i, i % shape.Inputs], Is.EqualTo(expected).Within(1e-5), $"input of row {i}");
        }
    }

    [Test]
    public void Matrices_may_be_columns_of_wider_ones_and_nothing_beside_them_is_written()
    {
        var shape = new MlpShape(3, [16], 2, Activation.Relu);
        using var network = Create(shape, backend, 10);
        using var inputs = RandomRows(10, shape.Inputs, 1);
        using var outputGradients = RandomRows(10, shape.Outputs, 2);
        using var wide = new MatrixBuffer(10, 11);
        using var plain = new MatrixBuffer(10, shape.Inputs);
        network.Forward(inputs.Matrix);
        network.Backward(inputs.Matrix, outputGradients.Matrix, true, plain.Matrix);
        var (outputs, gradients) = (Flatten(network.Forward(inputs.Matrix)), Gradients(network));

        wide.Floats.Fill(float.NaN);
        var part = wide.Matrix.SliceColumns(4, 3);
        for (int row = 0; row < 10; row++)
        {
            inputs.Matrix.Row(row).CopyTo(part.Row(row));
        }
        Assert.That(Flatten(network.Forward(part)), Is.EqualTo(outputs));
        using var target = new MatrixBuffer(10, 11);
        target.Floats.Fill(5);
        network.Backward(part, outputGradients.Matrix, true, target.Matrix.SliceColumns(4, 3));

        Assert.That(Gradients(network), Is.EqualTo(gradients));
        Assert.That(Flatten(target.Matrix.SliceColumns(4, 3)), Is.EqualTo(Flatten(plain.Matrix)));
        Assert.That(Flatten(target.Matrix.SliceColumns(0, 4)).Concat(Flatten(target.Matrix.SliceColumns(7, 4))), Is.All.EqualTo(5));
    }

    [Test]
    public void Input_gradients_alone_leave_the_parameter_gradients()
    {
        var shape = new MlpShape(3, [16], 1, Activation.Tanh);
        using var network = Create(shape, backend, 10);
        using var inputs = RandomRows(10, 3, 1);
        using var ones = RandomRows(10, 1, 2);
        using var twos = RandomRows(10, 1, 3);
        using var target = new MatrixBuffer(10, 3);
        network.Forward(inputs.Matrix);
        network.Backward(inputs.Matrix, ones.Matrix, true);
        float[] before = Gradients(network);
        network.Forward(inputs.Matrix);
        network.Backward(inputs.Matrix, twos.Matrix, false, target.Matrix);
        Assert.That(Gradients(network), Is.EqualTo(before));
        Assert.That(Flatten(target.Matrix), Has.Some.Not.Zero);
    }

    [Test]
    public void Gradient_steps_fit_a_function()
    {
        var shape = new MlpShape(2, [32, 32], 1, Activation.Tanh);
        using var network = Create(shape, backend, 64);
        using var inputs = RandomRows(64, 2, 1);
        using var gradients = new MatrixBuffer(64, 1);
        double loss = 0;
        for (int step = 0; step < 2000; step++)
        {
            var outputs = network.Forward(inputs.Matrix);
            loss = 0;
            for (int row = 0; row < 64; row++)
            {
                float error = outputs[row, 0] - (inputs.Matrix[row, 0] * inputs.Matrix[row, 1]);
                gradients.Matrix[row, 0] = error / 32;
                loss += error * error / 64;
            }
            network.Backward(inputs.Matrix, gradients.Matrix, true);
            network.Step(3e-3f);
        }
        // The product of two numbers in ±1 has variance 1/9; a thousandth of it is a good fit.
        Assert.That(loss, Is.LessThan(1e-4));
    }

    [Test]
    public void Blending_moves_parameters_and_tau_1_copies_them()
    {
        var shape = new MlpShape(3, [16, 8], 2, Activation.Relu);
        using var source = Create(shape, backend, 4, seed: 1);
        using var target = Create(shape, backend, 4, seed: 2);
        float[] from = Parameters(source), old = Parameters(target);
        target.BlendFrom(source, 0.25f);
        float[] blended = Parameters(target);
        for (int i = 0; i < old.Length; i++)
        {
            // One rounding of numbers below 1.
            Assert.That(blended[i], Is.EqualTo(old[i] + (0.25f * (from[i] - old[i]))).Within(1e-7));
        }
        target.BlendFrom(source, 1);
        Assert.That(Parameters(target), Is.EqualTo(from));
    }

    [Test]
    public void Changed_parameters_ask_for_a_new_forward_pass()
    {
        var shape = new MlpShape(3, [8], 1, Activation.Relu);
        using var network = Create(shape, backend, 4);
        using var inputs = RandomRows(4, 3, 1);
        using var gradients = RandomRows(4, 1, 2);
        Assert.Throws<InvalidOperationException>(() => network.Backward(inputs.Matrix, gradients.Matrix, true));
        network.Forward(inputs.Matrix);
        network.Backward(inputs.Matrix, gradients.Matrix, true);
        network.Step(1e-3f);
        Assert.Throws<InvalidOperationException>(() => network.Backward(inputs.Matrix, gradients.Matrix, true));
    }

    [Test]
    public void Wrong_sizes_are_named()
    {
        var shape = new MlpShape(3, [8], 1, Activation.Relu);
        using var network = Create(shape, backend, 4);
        using var other = Create(new MlpShape(3, [9], 1, Activation.Relu), backend, 4);
        using var three = RandomRows(4, 3, 1);
        using var two = RandomRows(4, 2, 1);
        using var many = RandomRows(5, 3, 1);
        Assert.That(() => network.Forward(two.Matrix), Throws.ArgumentException.With.Message.Contains("4 x 2"));
        Assert.That(() => network.Forward(many.Matrix), Throws.ArgumentException.With.Message.Contains("1 to 4 rows"));
        network.Forward(three.Matrix);
        Assert.That(() => network.Backward(three.Matrix, three.Matrix, true), Throws.ArgumentException.With.Message.Contains("output gradients are 4 x 3"));
        Assert.That(() => network.BlendFrom(other, 0.5f), Throws.ArgumentException.With.Message.Contains("3-9-1"));
        Assert.That(() => network.BlendFrom(network, 1.5f), Throws.ArgumentException.With.Message.Contains("tau is 1.5"));
        Assert.That(() => network.Load(other.Save()), Throws.ArgumentException.With.Message.Contains("3-9-1"));
        Assert.That(() => network.CopyParameters(new float[3]), Throws.ArgumentException);
    }
}
