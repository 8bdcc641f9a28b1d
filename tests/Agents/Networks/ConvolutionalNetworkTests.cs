using NUnit.Framework;
using Sim.Agents.Networks;
using Sim.Agents.Torch;
using Sim.Environments.Scalar;
using Sim.Physics.Threading;
using static Sim.Tests.Agents.Networks.NetworkSamples;
using static TorchSharp.torch;

namespace Sim.Tests.Agents.Networks;

/// <summary>The convolution before a network's layers, against torch's.</summary>
public sealed class ConvolutionalNetworkTests
{
    private static IEnumerable<ConvolutionFront> Fronts =>
    [
        new(10, 10, 4, 16, 3, 1),
        new(10, 10, 7, 5, 3, 1),
        new(20, 16, 3, 8, 8, 4),
        new(4, 5, 1, 1, 4, 1),
    ];

    [SetUp]
    public void Load() => TorchRuntime.EnsureLoaded();

    [Test]
    public void Outputs_and_gradients_are_those_of_torch([ValueSource(nameof(Fronts))] ConvolutionFront front, [Values(1, 7, 150)] int rows)
    {
        using var scope = NewDisposeScope();
        var shape = new MlpShape(front.Height * front.Width * front.Channels, [12], 3, Activation.Relu) { Front = front };
        float[] initial = MlpInitialiser.Uniform(shape, 5, 0);
        using var network = NetworkFactory.Create(shape, initial, Adam, rows);
        using var inputs = RandomRows(rows, shape.Inputs, 1);
        using var outputGradients = RandomRows(rows, 3, 2);
        float[] outputs = Flatten(network.Forward(inputs.Matrix));
        network.Backward(inputs.Matrix, outputGradients.Matrix, parameterGradients: true);

        var flat = tensor(initial).requires_grad_();
        int patch = front.PatchSize, at = 0;
        Tensor Take(params long[] sizes)
        {
            long count = sizes.Aggregate(1L, (a, b) => a * b);
            var part = flat.narrow(0, at, count).view(sizes);
            at += (int)count;
            return part;
        }
        var kernel = Take(front.Kernel, front.Kernel, front.Channels, front.Filters).permute(3, 2, 0, 1);
        var bias = Take(front.Filters);
        var pictures = tensor(Flatten(inputs.Matrix), [rows, front.Height, front.Width, front.Channels]).permute(0, 3, 1, 2);
        var x = nn.functional.conv2d(pictures, kernel, bias, [front.Stride, front.Stride]).relu().permute(0, 2, 3, 1).reshape(rows, front.Features);
        x = (x.matmul(Take(front.Features, 12)) + Take(12)).relu();
        x = x.matmul(Take(12, 3)) + Take(3);
        (x * tensor(Flatten(outputGradients.Matrix), [rows, 3])).sum().backward();

        // Sums of up to 150 times 64 products in another order.
        Assert.That(Difference(outputs, x.data<float>().ToArray()), Is.LessThan(1e-5));
        float[] gradients = flat.grad!.data<float>().ToArray();
        Assert.That(Difference(Gradients(network), gradients) / gradients.Max(Math.Abs), Is.LessThan(1e-5));
    }

    [Test]
    public void Results_are_equal_bit_by_bit_at_any_number_of_threads()
    {
        var front = new ConvolutionFront(10, 10, 4, 16, 3, 1);
        var shape = new MlpShape(400, [16], 3, Activation.Relu) { Front = front };
        using var inputs = RandomRows(700, 400, 1);
        using var outputGradients = RandomRows(700, 3, 2);
        float[]? expected = null;
        foreach (int threads in (int[])[0, 2, 3])
        {
            using var pool = threads == 0 ? null : new WorkerPool(threads);
            using var network = NetworkFactory.Create(shape, MlpInitialiser.Uniform(shape, 7, 0), Adam, 700, pool: pool);
            for (int step = 0; step < 3; step++)
            {
                network.Forward(inputs.Matrix);
                network.Backward(inputs.Matrix, outputGradients.Matrix, true);
                network.Step(1e-3f);
            }
            float[] all = Parameters(network);
            expected ??= all;
            Assert.That(all.AsSpan().SequenceEqual(expected), Is.True, $"{threads} threads");
        }
    }

    [Test]
    public void A_saved_network_goes_on_like_the_one_that_was_saved()
    {
        var shape = new MlpShape(400, [16], 3, Activation.Relu) { Front = new(10, 10, 4, 6, 3, 1) };
        using var inputs = RandomRows(20, 400, 1);
        using var outputGradients = RandomRows(20, 3, 2);
        using var network = NetworkFactory.Create(shape, MlpInitialiser.Orthogonal(shape, 7, 0, 0.01f), Adam, 20);
        using var other = NetworkFactory.Create(shape, MlpInitialiser.Orthogonal(shape, 8, 0, 0.01f), Adam, 20);
        Learn(network);
        other.Load(network.Save());
        Learn(network);
        Learn(other);
        Assert.That(Parameters(other), Is.EqualTo(Parameters(network)));
        using var blended = NetworkFactory.Create(shape, MlpInitialiser.Orthogonal(shape, 8, 0, 0.01f), Adam, 20);
        blended.BlendFrom(network, 1);
        Assert.That(Parameters(blended), Is.EqualTo(Parameters(network)));

        void Learn(INetwork one)
        {
            one.Forward(inputs.Matrix);
            one.Backward(inputs.Matrix, outputGradients.Matrix, true);
            one.Step(1e-2f);
        }
    }

    [Test]
    public void An_update_allocates_nothing()
    {
        var shape = new MlpShape(400, [16], 3, Activation.Relu) { Front = new(10, 10, 4, 16, 3, 1) };
        using var inputs = RandomRows(40, 400, 1);
        using var outputGradients = RandomRows(40, 3, 2);
        using var network = NetworkFactory.Create(shape, MlpInitialiser.Uniform(shape, 7, 0), Adam, 40);
        Update();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Update();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Update()
        {
            network.Forward(inputs.Matrix);
            network.Backward(inputs.Matrix, outputGradients.Matrix, true);
            network.Step(1e-3f);
        }
    }

    [Test]
    public void Boards_get_a_kernel_of_three_pictures_one_of_eight_and_vectors_none()
    {
        Assert.That(ConvolutionFront.For(BoardBox.Of(10, 10, 4), 16), Is.EqualTo(new ConvolutionFront(10, 10, 4, 16, 3, 1)));
        Assert.That(ConvolutionFront.For(BoardBox.Of(64, 64, 3, 255), 16), Is.EqualTo(new ConvolutionFront(64, 64, 3, 16, 8, 4)));
        Assert.That(ConvolutionFront.For(BoardBox.Of(10, 10, 4), 0), Is.Null);
        Assert.That(ConvolutionFront.For(Sim.Environments.Spaces.Box.Symmetric(5), 16), Is.Null);
        Assert.That(() => new MlpShape(401, [16], 3, Activation.Relu) { Front = new(10, 10, 4, 16, 3, 1) }.Validate(), Throws.ArgumentException.With.Message.Contains("401"));
    }
}
