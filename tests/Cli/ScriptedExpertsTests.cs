using NUnit.Framework;
using Sim.Cli;
using Sim.Cli.Actions;
using Sim.Environments;
using Sim.Tests.Environments.Contract;

namespace Sim.Tests.Cli;

public sealed class ScriptedExpertsTests
{
    [Test]
    public void Where_nobody_has_written_an_expert_the_refusal_says_where_somebody_has()
        => Assert.That(() => ScriptedExperts.Of(Rocket.Definition, "--random"), Throws.InstanceOf<BadInputException>().With.Message
            .StartsWith("nobody has written an expert for rocket: choose --random; experts exist for quadrotor-hover"));

    [Test]
    public void An_expert_that_there_is_is_found()
        => Assert.That(ScriptedExperts.Of(Registry.Find("cartpole")), Is.SameAs(Registry.Find("cartpole").Expert));
}
