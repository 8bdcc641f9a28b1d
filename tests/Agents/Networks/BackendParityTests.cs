using NUnit.Framework;
using Sim.Agents.Networks;
using static Sim.Tests.Agents.Networks.NetworkSamples;

namespace Sim.Tests.Agents.Networks;

public sealed class BackendParityTests
{
    // float32 sums of at most a few hundred products in another order: some 10 ulp of 6e-8.
    private const double Tolerance = 1e-5;

    [TestCaseSource(typeof(NetworkSamples), nameof(Shapes))]
    public void Fused_outputs_and_gradients_equal_those_of_autograd(MlpShape shape)
    {
        foreach (int rows in (int[])[1, 23, 100])
        {
            using var fused = Create(shape, NetworkBackend.Fused, rows);
            using var torch = Create(shape, NetworkBackend.Torch, rows);
            using var inputs = RandomRows(rows, shape.Inputs, 1);
            using var outputGradients = RandomRows(rows, shape.Outputs, 2);
            using var fusedInputs = new MatrixBuffer(rows, shape.Inputs);
            using var torchInputs = new MatrixBuffer(rows, shape.Inputs);

            var fusedOutputs = fused.Forward(inputs.Matrix);
            var torchOutputs = torch.Forward(inputs.Matrix);
            fused.Backward(inputs.Matrix, outputGradients.Matrix, true, fusedInputs.Matrix);
            torch.Backward(inputs.Matrix, outputGradients.Matrix, true, torchInputs.Matrix);

            Assert.That(Difference(Flatten(torchOutputs), Flatten(fusedOutputs)), Is.LessThan(Tolerance), $"outputs of {rows} rows");
            Assert.That(Difference(Gradients(torch), Gradients(fused)), Is.LessThan(Tolerance), $"gradients of {rows} rows");
            Assert.That(Difference(Flatten(torchInputs.Matrix), Flatten(fusedInputs.Matrix)), Is.LessThan(Tolerance), $"input gradients of {rows} rows");
            Assert.That(fused.GradientSquaredNorm(), Is.EqualTo(torch.GradientSquaredNorm()).Within(0.002).Percent);
        }
    }

    [Test]
    public void Adam_steps_agree([Values(0f, 0.1f)] float weightDecay, [Values(1e-8f, 1e-5f)] float epsilon)
    {
        var shape = new MlpShape(6, [32, 32], 3, Activation.Tanh);
        var settings = new AdamSettings { WeightDecay = weightDecay, Epsilon = epsilon };
        using var fused = Create(shape, NetworkBackend.Fused, 50, adam: settings);
        using var torch = Create(shape, NetworkBackend.Torch, 50, adam: settings);
        using var inputs = RandomRows(50, shape.Inputs, 1);
        using var outputGradients = RandomRows(50, shape.Outputs, 2);
        for (int step = 0; step < 20; step++)
        {
            foreach (var network in (INetwork[])[fused, torch])
            {
                network.Forward(inputs.Matrix);
                network.Backward(inputs.Matrix, outputGradients.Matrix, true);
                network.Step(1e-3f, 0.5f);
            }
        }

        // 20 steps of 1e-3 move every parameter by up to 0.02; gradients near zero turn their rounding into direction.
        var start = MlpInitialiser.Uniform(shape, 7, 0);
        Assert.That(Difference(start, Parameters(fused)), Is.GreaterThan(0.01));
        Assert.That(Difference(Parameters(torch), Parameters(fused)), Is.LessThan(1e-4));
    }

    [Test]
    public void A_checkpoint_of_either_backend_continues_on_the_other(
        [Values(NetworkBackend.Fused, NetworkBackend.Torch)] NetworkBackend from)
    {
        var to = from == NetworkBackend.Fused ? NetworkBackend.Torch : NetworkBackend.Fused;
        var shape = new MlpShape(5, [20, 9], 3, Activation.FastTanh);
        using var source = Create(shape, from, 10);
        using var target = Create(shape, to, 10, seed: 99);
        using var inputs = RandomRows(10, shape.Inputs, 1);
        using var outputGradients = RandomRows(10, shape.Outputs, 2);
        Train(source, inputs, outputGradients);

        target.Load(source.Save());

        var saved = source.Save();
        var loaded = target.Save();
        Assert.That(loaded.Parameters, Is.EqualTo(saved.Parameters));
        Assert.That(loaded.FirstMoments, Is.EqualTo(saved.FirstMoments));
        Assert.That(loaded.SecondMoments, Is.EqualTo(saved.SecondMoments));
        Assert.That(loaded.Steps, Is.EqualTo(5));
        Train(source, inputs, outputGradients);
        Train(target, inputs, outputGradients);

        // As above: the rounding of near-zero gradients decides the direction of few parameters.
        Assert.That(Difference(Parameters(source), Parameters(target)), Is.LessThan(1e-4));
    }

    private static void Train(INetwork network, MatrixBuffer inputs, MatrixBuffer outputGradients)
    {
        for (int step = 0; step < 5; step++)
        {
            network.Forward(inputs.Matrix);
            network.Backward(inputs.Matrix, outputGradients.Matrix, true);
            network.Step(1e-3f);
        }
    }
}
