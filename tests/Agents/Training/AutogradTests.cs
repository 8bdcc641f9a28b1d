using NUnit.Framework;
using Sim.Agents.Networks;
using Sim.Agents.Sac;
using Sim.Agents.Td3;
using Sim.Agents.Torch;
using Sim.Agents.Training;
using Sim.Physics.Numerics;
using static Sim.Tests.Agents.Networks.NetworkSamples;
using static TorchSharp.torch;

namespace Sim.Tests.Agents.Training;

/// <summary>
/// The actor's parameter gradients, chained by hand through critic, squashing and actor, against one graph that
/// autograd differentiates as a whole.
/// </summary>
public sealed class AutogradTests
{
    private const int Rows = 50, Observations = 5, Width = 2;
    private const float Alpha = 0.2f;

    // float32 sums of some hundred products in another order.
    private const double Tolerance = 1e-5;

    private static readonly MlpShape s_critic = new(Observations + Width, [32, 32], 1, Activation.Relu);

    [OneTimeSetUp]
    public void LoadTorch() => TorchRuntime.EnsureLoaded();

    [Test]
    public void Sacs_actor_gradient_equals_autograd([Values] bool fused)
    {
        var shape = new MlpShape(Observations, [32, 32], 2 * Width, Activation.Relu);
        var backend = fused ? NetworkBackend.Fused : NetworkBackend.Torch;
        using var actor = Create(shape, backend, Rows, seed: 1);
        using var critic1 = Create(s_critic, backend, Rows, seed: 2);
        using var critic2 = Create(s_critic, backend, Rows, seed: 3);
        using var pairs = RandomRows(Rows, Observations + Width, 4);
        using var samples = new SquashedSamples(Rows, Width);
        using var gradients1 = new MatrixBuffer(Rows, 1);
        using var gradients2 = new MatrixBuffer(Rows, 1);
        using var pairGradients1 = new MatrixBuffer(Rows, Observations + Width);
        using var pairGradients2 = new MatrixBuffer(Rows, Observations + Width);
        using var scratch = new MatrixBuffer(2 * Width, Rows);
        using var actorGradients = new MatrixBuffer(Rows, 2 * Width);
        var inputs = pairs.Matrix.SliceColumns(0, Observations);

        CounterRandom.FillNormal(samples.NoiseFloats, 1, RandomStream.Policy, 0);
        SacLoss.Sample(actor.Forward(inputs), samples, Actions(pairs));
        double loss = SacLoss.Actor(critic1.Forward(pairs.Matrix), critic2.Forward(pairs.Matrix), samples.LogProbability, Alpha,
            gradients1.Matrix, gradients2.Matrix, out _);
        critic1.Backward(pairs.Matrix, gradients1.Matrix, false, pairGradients1.Matrix);
        critic2.Backward(pairs.Matrix, gradients2.Matrix, false, pairGradients2.Matrix);
        SacLoss.ActorGradients(samples, Actions(pairGradients1), Actions(pairGradients2), Alpha, scratch.Matrix, actorGradients.Matrix);
        actor.Backward(inputs, actorGradients.Matrix, true);

        using var scope = NewDisposeScope();
        var parameters = tensor(Parameters(actor)).requires_grad_(true);
        var states = Rows2d(inputs);
        var noise = Rows2d(samples.Noise).t();
        var outputs = Mlp(shape, parameters, states);
        var logStd = outputs.narrow(1, Width, Width).clamp(-20, 2);
        var u = outputs.narrow(1, 0, Width) + (logStd.exp() * noise);
        var action = u.tanh();
        var logProbability = ((noise.square() * -0.5f) - logStd - (0.5f * MathF.Log(2 * MathF.PI)) - (1 - action.square()).log()).sum(1);
        var both = cat([states, action], 1);
        var values = minimum(Mlp(s_critic, tensor(Parameters(critic1)), both), Mlp(s_critic, tensor(Parameters(critic2)), both)).squeeze(1);
        var expected = ((logProbability * Alpha) - values).mean();

        Assert.That(loss, Is.EqualTo(expected.item<float>()).Within(1e-5));
        Assert.That(Difference(Gradient(expected, parameters), Gradients(actor)), Is.LessThan(Tolerance));
    }

    [Test]
    public void Td3s_actor_gradient_equals_autograd([Values] bool fused)
    {
        var shape = new MlpShape(Observations, [32, 32], Width, Activation.Relu);
        var backend = fused ? NetworkBackend.Fused : NetworkBackend.Torch;
        using var actor = Create(shape, backend, Rows, seed: 1);
        using var critic = Create(s_critic, backend, Rows, seed: 2);
        using var pairs = RandomRows(Rows, Observations + Width, 4);
        using var fields = new MatrixBuffer(Width, Rows);
        using var gradients = new MatrixBuffer(Rows, 1);
        using var pairGradients = new MatrixBuffer(Rows, Observations + Width);
        using var actorGradients = new MatrixBuffer(Rows, Width);
        var inputs = pairs.Matrix.SliceColumns(0, Observations);

        Td3Loss.Actions(actor.Forward(inputs), fields.Matrix, Actions(pairs));
        double loss = Td3Loss.Actor(critic.Forward(pairs.Matrix));
        gradients.Floats.Fill(-1f / Rows);
        critic.Backward(pairs.Matrix, gradients.Matrix, false, pairGradients.Matrix);
        Td3Loss.ActorGradients(fields.Matrix, Actions(pairGradients), actorGradients.Matrix);
        actor.Backward(inputs, actorGradients.Matrix, true);

        using var scope = NewDisposeScope();
        var parameters = tensor(Parameters(actor)).requires_grad_(true);
        var states = Rows2d(inputs);
        var both = cat([states, Mlp(shape, parameters, states).tanh()], 1);
        var expected = -Mlp(s_critic, tensor(Parameters(critic)), both).mean();

        Assert.That(loss, Is.EqualTo(expected.item<float>()).Within(1e-5));
        Assert.That(Difference(Gradient(expected, parameters), Gradients(actor)), Is.LessThan(Tolerance));
    }

    [Test]
    public void The_critics_gradient_equals_autograd()
    {
        using var critic = Create(s_critic, NetworkBackend.Fused, Rows, seed: 2);
        using var pairs = RandomRows(Rows, Observations + Width, 4);
        using var targets = RandomRows(Rows, 1, 5);
        using var gradients = new MatrixBuffer(Rows, 1);
        double loss = CriticLoss.MeanSquare(critic.Forward(pairs.Matrix), Flatten(targets.Matrix), gradients.Matrix, out _);
        critic.Backward(pairs.Matrix, gradients.Matrix, true);

        using var scope = NewDisposeScope();
        var parameters = tensor(Parameters(critic)).requires_grad_(true);
        var expected = (Mlp(s_critic, parameters, Rows2d(pairs.Matrix)) - Rows2d(targets.Matrix)).square().mean();
        Assert.That(loss, Is.EqualTo(expected.item<float>()).Within(1e-5));
        Assert.That(Difference(Gradient(expected, parameters), Gradients(critic)), Is.LessThan(Tolerance));
    }

    private static Matrix Actions(MatrixBuffer pairs) => pairs.Matrix.SliceColumns(Observations, Width);

    private static Tensor Rows2d(in Matrix matrix) => tensor(Flatten(matrix)).reshape(matrix.Rows, matrix.Columns);

    private static float[] Gradient(Tensor loss, Tensor parameters) => autograd.grad([loss], [parameters])[0].data<float>().ToArray();

    /// <summary>The network of the canonical layout, ReLU after each hidden layer.</summary>
    private static Tensor Mlp(MlpShape shape, Tensor parameters, Tensor rows)
    {
        long offset = 0;
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            int inputs = shape.LayerInputs(layer), outputs = shape.LayerOutputs(layer);
            var weights = parameters.narrow(0, offset, inputs * outputs).view(inputs, outputs);
            rows = rows.mm(weights) + parameters.narrow(0, offset + (inputs * outputs), outputs);
            if (layer < shape.Layers - 1) rows = rows.relu();
            offset += (inputs + 1) * outputs;
        }
        return rows;
    }
}
