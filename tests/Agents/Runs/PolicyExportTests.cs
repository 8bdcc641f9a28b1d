using NUnit.Framework;
using Sim.Agents.Runs;

namespace Sim.Tests.Agents.Runs;

public sealed class PolicyExportTests
{
    [Test]
    public void The_exported_tensors_give_the_policys_actions()
    {
        using var folder = new TemporaryFolder();
        var run = RunFolder.Create(folder.File("run"), RunConfiguration.Plan("quadrotor-hover", 1, new RunChoices
        {
            Agent = "ppo",
            Environments = 16,
            Threads = 1,
            Steps = 512,
            Settings = ["rollout_steps=16", "minibatch=64", "hidden=24,16", "activation=tanh"],
        }));
        using (var trainer = new Trainer(run.Configuration))
            trainer.Run(run);
        PolicyExport.Write(run, run.Weights);
        var content = SafetensorsFile.Read(run.Weights);
        var tensors = content.Tensors.ToDictionary(tensor => tensor.Name);
        Assert.That(tensors["actor.0.weight"].Shape, Is.EqualTo(new[] { 24, 82 }));
        Assert.That(tensors["log_std"].Shape, Is.EqualTo(new[] { 4 }));
        Assert.That((content.Metadata["head"], content.Metadata["activation"]), Is.EqualTo(("gaussian", "tanh")));

        using var policy = run.LoadPerceptron();
        using var environments = run.Configuration.FindEnvironment().Create(new() { Count = 1, Seed = 9 });
        environments.Reset();
        policy.Act(environments);
        double[] values = [.. environments.Observations.Row(0).ToArray().Select((x, i) => Math.Clamp(
            (x - tensors["observation_mean"].Values.Span[i]) / Math.Sqrt(tensors["observation_variance"].Values.Span[i] + 1e-8), -10, 10))];
        foreach (int layer in new[] { 0, 2, 4 })
        {
            var outputs = Linear(values, tensors[$"actor.{layer}.weight"], tensors[$"actor.{layer}.bias"]);
            values = layer == 4 ? outputs : [.. outputs.Select(Math.Tanh)];
        }
        // Single precision through three layers.
        Assert.That(environments.Actions.ToArray(), Is.EqualTo(values.Select(value => Math.Clamp(value, -1, 1))).Within(1e-5));
    }

    private static double[] Linear(double[] inputs, NamedTensor weight, NamedTensor bias)
    {
        double[] outputs = new double[weight.Shape[0]];
        for (int output = 0; output < outputs.Length; output++)
        {
            outputs[output] = bias.Values.Span[output];
            for (int input = 0; input < inputs.Length; input++)
                outputs[output] += weight.Values.Span[(output * inputs.Length) + input] * inputs[input];
        }
        return outputs;
    }
}
