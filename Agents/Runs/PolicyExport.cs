using System.Globalization;
using System.Text.Json;
using Sim.Agents.Networks;
using Sim.Agents.Policies;
using Sim.Environments.Spaces;

namespace Sim.Agents.Runs;

/// <summary>
/// A policy as tensors under the names of a PyTorch <c>Sequential</c> (layers at 0, 2, 4 …, an activation after each
/// but the last), weights <c>[out, in]</c>, and beside them the observation statistics and the action's limits.
/// </summary>
public static class PolicyExport
{
    /// <summary>Writes a run's policy as safetensors.</summary>
    /// <exception cref="RunFolderException">There is no checkpoint yet, or the policy is no perceptron.</exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged.</exception>
    public static void Write(RunFolder run, string path)
    {
        ArgumentNullException.ThrowIfNull(run);
        using var policy = run.LoadPerceptron();
        if (policy.Actor.Shape.Front is { } front)
            throw new RunFolderException($"{run.Path} holds a policy with a convolution{front} before its layers, which the format has no names for; sim serve-policy answers with it.");
        var tensors = new List<NamedTensor>();
        AddLayers(policy.Actor.Save(), tensors);
        var checkpoint = run.ReadCheckpoint();
        if (checkpoint.Has("log-std/values"))
            tensors.Add(Vector("log_std", checkpoint.Get<float>("log-std/values")));
        if (policy.Statistics is { } statistics)
        {
            tensors.Add(Vector("observation_mean", statistics.Mean));
            tensors.Add(Vector("observation_variance", statistics.Variance));
        }
        if (policy.Spec.Action is Box box)
        {
            tensors.Add(Vector("action_low", [.. box.Low]));
            tensors.Add(Vector("action_high", [.. box.High]));
        }
        SafetensorsFile.Write(path, tensors, Metadata(run.Configuration, policy));
    }

    private static void AddLayers(NetworkState state, List<NamedTensor> tensors)
    {
        var shape = state.Shape;
        var parameters = state.Parameters.AsSpan();
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            int inputs = shape.LayerInputs(layer), outputs = shape.LayerOutputs(layer);
            float[] weights = new float[outputs * inputs];
            for (int input = 0; input < inputs; input++)
            {
                for (int output = 0; output < outputs; output++)
                    weights[(output * inputs) + input] = parameters[(input * outputs) + output];
            }
            tensors.Add(new NamedTensor($"actor.{2 * layer}.weight", [outputs, inputs], weights));
            tensors.Add(Vector($"actor.{2 * layer}.bias", parameters.Slice(inputs * outputs, outputs).ToArray()));
            parameters = parameters[((inputs + 1) * outputs)..];
        }
    }

    private static Dictionary<string, string> Metadata(RunConfiguration configuration, Policy policy) => new()
    {
        ["inputs"] = policy.Spec.GoalBox is null ? "observation" : "observation,desired_goal",
        ["environment"] = configuration.Environment,
        ["agent"] = configuration.Agent,
        ["head"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(policy.Head.ToString()),
        ["activation"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(policy.Actor.Shape.Activation.ToString()),
        ["observation_clip"] = "10",
        ["observation_epsilon"] = 1e-8.ToString(CultureInfo.InvariantCulture),
    };

    private static NamedTensor Vector(string name, float[] values) => new(name, [values.Length], values);

    private static NamedTensor Vector(string name, ReadOnlySpan<double> values)
    {
        float[] singles = new float[values.Length];
        for (int i = 0; i < values.Length; i++)
            singles[i] = (float)values[i];
        return Vector(name, singles);
    }
}
