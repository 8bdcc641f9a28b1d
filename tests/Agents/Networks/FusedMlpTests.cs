using NUnit.Framework;
using Sim.Agents.Networks;
using Sim.Agents.Networks.Fused;
using Sim.Physics.Threading;
using static Sim.Tests.Agents.Networks.NetworkSamples;

namespace Sim.Tests.Agents.Networks;

public sealed class FusedMlpTests
{
    [Test]
    public void Results_are_equal_bit_by_bit_at_any_number_of_threads()
    {
        var shape = new MlpShape(13, [48, 20], 5, Activation.Tanh);
        const int rows = 2700;
        using var inputs = RandomRows(rows, shape.Inputs, 1);
        using var outputGradients = RandomRows(rows, shape.Outputs, 2);
        float[]? expected = null;
        foreach (int threads in (int[])[0, 1, 2, 5])
        {
            using var pool = threads == 0 ? null : new WorkerPool(threads);
            using var network = new FusedMlp(shape, MlpInitialiser.Uniform(shape, 7, 0), Adam, rows, pool);
            using var inputGradients = new MatrixBuffer(rows, shape.Inputs);
            float[] outputs = [];
            for (int step = 0; step < 3; step++)
            {
                outputs = Flatten(network.Forward(inputs.Matrix));
                network.Backward(inputs.Matrix, outputGradients.Matrix, true, inputGradients.Matrix);
                network.Step(1e-3f);
            }
            float[] all = [.. outputs, .. Gradients(network), .. Parameters(network), .. Flatten(inputGradients.Matrix)];
            expected ??= all;
            Assert.That(all.AsSpan().SequenceEqual(expected), Is.True, $"{threads} threads");
        }
    }

    [Test]
    public void Gradients_over_several_chunks_are_the_sum_of_those_over_parts()
    {
        var shape = new MlpShape(4, [24], 3, Activation.Relu);
        using var whole = Create(shape, NetworkBackend.Fused, 1300);
        using var inputs = RandomRows(1300, 4, 1);
        using var outputGradients = RandomRows(1300, 3, 2);
        whole.Forward(inputs.Matrix);
        whole.Backward(inputs.Matrix, outputGradients.Matrix, true);
        float[] expected = Gradients(whole);

        var sum = new float[expected.Length];
        for (int row = 0; row < 1300; row += 100)
        {
            whole.Forward(inputs.Matrix.Slice(row, 100));
            whole.Backward(inputs.Matrix.Slice(row, 100), outputGradients.Matrix.Slice(row, 100), true);
            sum = [.. sum.Zip(Gradients(whole), (a, b) => a + b)];
        }
        // Float sums of 1300 terms in another order.
        Assert.That(Difference(expected, sum), Is.LessThan(1e-5));
    }

    [Test]
    public void An_update_allocates_nothing([Values(100, 1500)] int rows)
    {
        using var pool = new WorkerPool(2);
        var shape = new MlpShape(4, [64, 64], 1, Activation.FastTanh);
        using var network = new FusedMlp(shape, MlpInitialiser.Uniform(shape, 7, 0), Adam, rows, pool);
        using var target = new FusedMlp(shape, MlpInitialiser.Uniform(shape, 7, 0), Adam, rows, pool);
        using var inputs = RandomRows(rows, 4, 1);
        using var outputGradients = RandomRows(rows, 1, 2);
        using var inputGradients = new MatrixBuffer(rows, 4);
        void Update()
        {
            network.Forward(inputs.Matrix);
            network.Backward(inputs.Matrix, outputGradients.Matrix, true, inputGradients.Matrix);
            network.Step(1e-3f, (float)Math.Min(1, 1 / Math.Sqrt(network.GradientSquaredNorm())));
            target.BlendFrom(network, 0.005f);
        }
        for (int i = 0; i < 100; i++)
        {
            Update();
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            Update();
        }
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void Tanh_is_within_a_few_roundings_of_the_true_one_and_odd_and_bounded()
    {
        // A network that passes its input through: weight 1, bias 0, then tanh, then weight 1.
        var shape = new MlpShape(1, [1], 1, Activation.Tanh);
        const int rows = 40_000;
        using var network = new FusedMlp(shape, [1, 0, 1, 0], Adam, rows);
        using var inputs = new MatrixBuffer(rows, 1);
        for (int row = 0; row < rows; row++)
        {
            inputs.Matrix[row, 0] = (row - (rows / 2)) * 5e-4f;
        }
        var outputs = network.Forward(inputs.Matrix);
        for (int row = 0; row < rows; row++)
        {
            double expected = Math.Tanh(inputs.Matrix[row, 0]);
            // Ten half-ulps of the result.
            Assert.That(Math.Abs(outputs[row, 0] - expected), Is.LessThanOrEqualTo(6e-7 * Math.Abs(expected)));
            Assert.That(Math.Abs(outputs[row, 0]), Is.LessThanOrEqualTo(1));
        }
    }

    [Test]
    public void The_factory_takes_fused_networks_up_to_width_256_on_the_cpu()
    {
        var narrow = new MlpShape(4, [256, 64], 2, Activation.Relu);
        var wide = new MlpShape(4, [257], 2, Activation.Relu);
        Assert.That(NetworkFactory.Choose(narrow, "cpu"), Is.EqualTo(NetworkBackend.Fused));
        Assert.That(NetworkFactory.Choose(wide, "cpu"), Is.EqualTo(NetworkBackend.Torch));
        Assert.That(NetworkFactory.Choose(narrow, "cuda"), Is.EqualTo(NetworkBackend.Torch));
        Assert.That(
            () => NetworkFactory.Create(narrow, MlpInitialiser.Uniform(narrow, 1, 0), Adam, 4, NetworkBackend.Fused, "cuda"),
            Throws.ArgumentException.With.Message.Contains("cuda"));
        Assert.That(
            () => NetworkFactory.Create(narrow, MlpInitialiser.Uniform(narrow, 1, 0), Adam, 4, NetworkBackend.Torch, "tpu"),
            Throws.ArgumentException.With.Message.Contains("'tpu'"));
    }

    [Test]
    public void Buffers_are_aligned_and_zero()
    {
        using var buffer = new MatrixBuffer(3, 9);
        Assert.That(buffer.Matrix.Stride, Is.EqualTo(16));
        Assert.That(buffer.Floats.ToArray(), Is.All.Zero);
        unsafe
        {
            Assert.That((long)buffer.Matrix.Data % 64, Is.Zero);
        }
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _ = buffer.Matrix);
    }
}
