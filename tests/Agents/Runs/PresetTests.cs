using NUnit.Framework;
using Sim.Agents.Metrics;
using Sim.Agents.Networks;
using Sim.Agents.Ppo;
using Sim.Agents.Runs;
using Sim.Environments;
using Sim.Environments.Configuration;

namespace Sim.Tests.Agents.Runs;

public sealed class PresetTests
{
    /// <summary>The numbers of the source's configuration files.</summary>
    [TestCase("surgical-gym-psm-reach", 4096, 64, 8192)]
    [TestCase("surgical-gym-ecm-reach", 4096, 64, 8192)]
    [TestCase("surgical-gym-star-track", 2000, 100, 8000)]
    public void The_published_preset_is_the_sources(string id, int environments, int rollout, int minibatch)
    {
        var plan = RunConfiguration.Plan(id, 1, new RunChoices { Preset = "published" });
        var settings = (PpoSettings)plan.ReadAgentSettings();
        Assert.That((plan.Environments, settings.RolloutSteps, settings.Minibatch), Is.EqualTo((environments, rollout, minibatch)));
        Assert.That(plan.Steps, Is.EqualTo(1500L * environments * rollout));
        Assert.That(settings.Hidden, Is.EqualTo(new[] { 256, 128, 64 }));
        Assert.That((settings.Activation, settings.Epochs, settings.LearningRate, settings.ValueCoefficient), Is.EqualTo((Activation.Elu, 8, 1e-3f, 4f)));
        Assert.That((settings.RewardScale, settings.BoundsCoefficient, settings.MaxGradientNorm, settings.NormaliseValues), Is.EqualTo((0.1f, 1e-4f, 1f, true)));
    }

    [Test]
    public void An_assignment_overrides_a_named_preset()
    {
        var plan = RunConfiguration.Plan("surgical-gym-psm-reach", 1, new RunChoices { Preset = "published", Settings = ["epochs=2"], Steps = 1000 });
        Assert.That((((PpoSettings)plan.ReadAgentSettings()).Epochs, plan.Steps), Is.EqualTo((2, 1000)));
    }

    [TestCase("surgical-gym-psm-reach", "unknown preset 'publsihed': there is published")]
    [TestCase("cartpole", "unknown preset 'publsihed': ppo has one preset for cartpole, which needs no name: leave --preset out")]
    public void An_unknown_preset_is_refused(string id, string message)
        => Assert.That(() => RunConfiguration.Plan(id, 1, new RunChoices { Preset = "publsihed" }),
            Throws.TypeOf<SettingsException>().With.Message.EqualTo(message));

    /// <summary>
    /// Returns of pendulum are about −1000 without scaling: far beyond what a fresh critic says, unless they are normalised.
    /// </summary>
    [Test]
    public void Normalised_values_let_the_critic_explain_returns_of_any_size([Values] bool normalised)
    {
        using var environments = Registry.Make("pendulum", count: 32);
        using var learner = new Ppo(environments, new PpoSettings
        {
            RolloutSteps = 50,
            Minibatch = 400,
            Epochs = 10,
            LearningRate = 1e-3f,
            NormaliseValues = normalised,
            ClipValueLoss = true,
            Gamma = 0.99f,
        });
        learner.Begin();
        for (int i = 0; i < 20; i++) learner.Iterate();
        var metrics = new List<Metric>();
        learner.Report(metrics);
        double explained = metrics.Single(metric => metric.Name == MetricNames.ExplainedVariance).Value;
        if (normalised) Assert.That(explained, Is.GreaterThan(0.3));
        else Assert.That(explained, Is.LessThan(0.1), "a value that may move by 0.2 at a time does not get to −1000");
    }
}
