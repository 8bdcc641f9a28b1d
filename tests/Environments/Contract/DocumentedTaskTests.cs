using NUnit.Framework;
using Sim.Environments.Checking;

namespace Sim.Tests.Environments.Contract;

/// <summary>The task that docs/environments.md writes out, word for word, is a good environment.</summary>
public sealed class DocumentedTaskTests
{
    [Test]
    public void The_documented_rocket_passes_the_checker()
    {
        var problems = EnvironmentChecker.Check(Rocket.Definition);
        Assert.That(problems, Is.Empty, string.Join("\n", problems));
    }

    [Test]
    public void Its_structs_name_observations_and_reward_terms()
    {
        var spec = Rocket.Definition.Describe(new RocketSettings());
        Assert.That(spec.ObservationBox.Labels, Is.EqualTo(new[] { "height", "velocity" }));
        Assert.That(spec.RewardTerms, Is.EqualTo(new[] { "height", "crash" }));
    }
}
