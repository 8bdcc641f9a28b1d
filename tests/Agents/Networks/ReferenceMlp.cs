using Sim.Agents.Networks;

namespace Sim.Tests.Agents.Networks;

/// <summary>The plainest multilayer perceptron, in double, on the canonical layout.</summary>
internal static class ReferenceMlp
{
    private const double Step = 1e-5;

    public static double[] Forward(MlpShape shape, double[] parameters, ReadOnlySpan<float> inputs)
        => Forward(shape, parameters, [.. inputs.ToArray().Select(value => (double)value)]);

    /// <summary>Sum over rows of outputs times their given gradients: its gradient is what Backward computes.</summary>
    public static double Loss(MlpShape shape, double[] parameters, Matrix inputs, Matrix outputGradients)
        => Enumerable.Range(0, inputs.Rows).Sum(
            row => Weigh(Forward(shape, parameters, inputs.Row(row)), outputGradients.Row(row)));

    /// <summary>Central difference of <paramref name="loss"/> by one value that it depends on.</summary>
    public static double Derivative(Func<double> loss, ref double value)
    {
        double start = value;
        value = start + Step;
        double above = loss();
        value = start - Step;
        double below = loss();
        value = start;
        return (above - below) / (2 * Step);
    }

    public static double InputDerivative(
        MlpShape shape, double[] parameters, Matrix inputs, Matrix outputGradients, int row, int column)
    {
        double[] rowInputs = [.. inputs.Row(row).ToArray().Select(value => (double)value)];
        float[] gradients = outputGradients.Row(row).ToArray();
        return Derivative(() => Weigh(Forward(shape, parameters, rowInputs), gradients), ref rowInputs[column]);
    }

    private static double Weigh(double[] outputs, ReadOnlySpan<float> gradients)
    {
        double sum = 0;
        for (int i = 0; i < outputs.Length; i++)
        {
            sum += outputs[i] * gradients[i];
        }
        return sum;
    }

    private static double[] Forward(MlpShape shape, double[] parameters, double[] values)
    {
        int offset = 0;
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            int inputs = shape.LayerInputs(layer), outputs = shape.LayerOutputs(layer);
            var next = new double[outputs];
            for (int output = 0; output < outputs; output++)
            {
                double sum = parameters[offset + (inputs * outputs) + output];
                for (int input = 0; input < inputs; input++)
                {
                    sum += values[input] * parameters[offset + (input * outputs) + output];
                }
                next[output] = layer == shape.Layers - 1 ? sum : Activate(shape.Activation, sum);
            }
            values = next;
            offset += (inputs + 1) * outputs;
        }
        return values;
    }

    private static double Activate(Activation activation, double x)
    {
        double limited = Math.Clamp(x, -3, 3);
        return activation switch
        {
            Activation.Relu => Math.Max(x, 0),
            Activation.Tanh => Math.Tanh(x),
            Activation.Elu => x > 0 ? x : Math.Exp(x) - 1,
            _ => limited * (27 + (limited * limited)) / (27 + (9 * limited * limited)),
        };
    }
}
