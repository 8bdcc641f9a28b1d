using NUnit.Framework;
using Sim.Agents.Networks;

namespace Sim.Tests.Agents.Networks;

public sealed class MlpInitialiserTests
{
    private static readonly MlpShape Shape = new(9, [32, 12], 3, Activation.Tanh);

    [Test]
    public void Orthogonal_layers_have_orthogonal_vectors_of_the_gain_and_zero_biases()
    {
        float[] parameters = MlpInitialiser.Orthogonal(Shape, 5, 0, headGain: 0.01f);
        int offset = 0;
        for (int layer = 0; layer < Shape.Layers; layer++)
        {
            int inputs = Shape.LayerInputs(layer), outputs = Shape.LayerOutputs(layer);
            double gain = layer == Shape.Layers - 1 ? 0.01 : Math.Sqrt(2);
            int vectors = Math.Min(inputs, outputs), length = Math.Max(inputs, outputs);
            double Element(int vector, int i) => parameters[offset + (inputs >= outputs ? (i * outputs) + vector : (vector * outputs) + i)];
            for (int a = 0; a < vectors; a++)
            {
                for (int b = 0; b <= a; b++)
                {
                    double product = Enumerable.Range(0, length).Sum(i => Element(a, i) * Element(b, i));
                    // Rounding of the elements to float.
                    Assert.That(product, Is.EqualTo(a == b ? gain * gain : 0).Within(1e-6 * gain * gain));
                }
            }
            Assert.That(parameters.AsSpan(offset + (inputs * outputs), outputs).ToArray(), Is.All.Zero);
            offset += (inputs + 1) * outputs;
        }
    }

    [Test]
    public void Uniform_parameters_fill_the_range_of_their_layer()
    {
        float[] parameters = MlpInitialiser.Uniform(Shape, 5, 0);
        int offset = 0;
        for (int layer = 0; layer < Shape.Layers; layer++)
        {
            double bound = 1 / Math.Sqrt(Shape.LayerInputs(layer));
            int count = (Shape.LayerInputs(layer) + 1) * Shape.LayerOutputs(layer);
            var part = parameters.AsSpan(offset, count).ToArray();
            Assert.That(part.Max(Math.Abs), Is.InRange(0.8 * bound, bound));
            // Five standard errors of the mean.
            Assert.That(part.Average(), Is.EqualTo(0).Within(5 * bound / Math.Sqrt(3 * count)));
            offset += count;
        }
    }

    [Test]
    public void Parameters_depend_on_the_seed_and_the_number_of_the_network_only()
    {
        float[] first = MlpInitialiser.Orthogonal(Shape, 5, 0, 1);
        Assert.That(MlpInitialiser.Orthogonal(Shape, 5, 0, 1), Is.EqualTo(first));
        Assert.That(MlpInitialiser.Orthogonal(Shape, 6, 0, 1), Is.Not.EqualTo(first));
        Assert.That(MlpInitialiser.Orthogonal(Shape, 5, 1, 1), Is.Not.EqualTo(first));
        Assert.That(MlpInitialiser.Uniform(Shape, 5ul << 32, 0), Is.Not.EqualTo(MlpInitialiser.Uniform(Shape, 0, 0)));
    }

    [Test]
    public void Impossible_shapes_are_refused()
    {
        Assert.That(() => MlpInitialiser.Uniform(new MlpShape(3, [], 1, Activation.Relu), 1, 0), Throws.ArgumentException);
        Assert.That(() => MlpInitialiser.Uniform(new MlpShape(3, [4, 0], 1, Activation.Relu), 1, 0),
            Throws.ArgumentException.With.Message.Contains("3-4-0-1"));
    }
}
