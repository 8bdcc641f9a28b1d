using NUnit.Framework;
using Sim.Environments.Configuration;

namespace Sim.Tests.Environments.Configuration;

public sealed class NearestNameTests
{
    private static readonly string[] s_ids = ["cartpole", "pendulum", "quadrotor-hover", "quadrotor-gates", "minatar-breakout", "pixel-breakout"];

    [TestCase("pendulm", "pendulum")]
    [TestCase("cratpole", "cartpole")]
    [TestCase("CartPole", "cartpole")]
    [TestCase("hover", "quadrotor-hover")]
    [TestCase("quadrotor", "quadrotor-hover")]
    [TestCase("minatar-brekaout", "minatar-breakout")]
    public void A_mistyped_name_finds_what_was_meant(string typed, string meant)
        => Assert.That(NearestName.Of(typed, s_ids), Is.EqualTo(meant));

    [Test]
    public void Without_choices_there_is_no_nearest()
        => Assert.That(NearestName.Of("a", []), Is.Null);
}
