using NUnit.Framework;
using Sim.Agents;
using Sim.Agents.Ppo;
using Sim.Agents.Runs;
using Sim.Environments;

namespace Sim.Tests.Agents;

public sealed class InProcessTests
{
    /// <summary>The lines of the README, with a smaller agent.</summary>
    [Test]
    public void Six_lines_train_evaluate_and_save_an_agent()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("hover");
        using var text = new StringWriter();

        using var environments = Registry.Make("quadrotor-hover", count: 16);
        using var agent = new Ppo(environments, PpoPresets.SettingsFor(environments.Spec) with { RolloutSteps = 16, Steps = 1000 });
        agent.Train(progress => text.WriteLine(progress));
        double success = agent.Evaluate(episodes: 10).SuccessRate!.Value;
        agent.Save(path);

        Assert.That(agent.Steps, Is.EqualTo(1024), "whole rounds of 16 × 16 steps");
        Assert.That(text.ToString(), Does.Contain("1.02 k of 1 k steps"));
        var run = RunFolder.Open(path);
        using var policy = run.LoadPerceptron();
        var again = Sim.Agents.Evaluation.Evaluator.Evaluate(run.Configuration.FindEnvironment(), null, policy, episodes: 10);
        Assert.That(again.SuccessRate, Is.EqualTo(success));
        Assert.That(again.Returns, Is.EqualTo(agent.Evaluate(episodes: 10).Returns));
    }

    [Test]
    public void Training_that_was_cancelled_goes_on_where_it_stood()
    {
        using var environments = Registry.Make("quadrotor-hover", count: 16);
        using var agent = new Ppo(environments, new PpoSettings { RolloutSteps = 16, Minibatch = 64, Steps = 1024 });
        agent.Train(cancellation: new CancellationToken(canceled: true));
        Assert.That(agent.Steps, Is.Zero);
        agent.Train();
        Assert.That(agent.Steps, Is.EqualTo(1024));
    }
}
