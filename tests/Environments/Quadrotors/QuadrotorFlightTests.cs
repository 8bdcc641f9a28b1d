using NUnit.Framework;
using Sim.Environments;
using Sim.Environments.Quadrotors;

namespace Sim.Tests.Environments.Quadrotors;

/// <summary>One simple controller solves every quadrotor task, so a learner can.</summary>
public class QuadrotorFlightTests
{
    private const int Episodes = 256;

    [TestCase("quadrotor-hover", TestName = "A_geometric_controller_hovers_from_the_default_start")]
    [TestCase("quadrotor-track", TestName = "A_geometric_controller_tracks_the_figure_of_eight")]
    [TestCase("quadrotor-waypoints", TestName = "A_geometric_controller_reaches_all_waypoints")]
    [TestCase("quadrotor-gates", TestName = "A_geometric_controller_flies_two_laps_through_the_gates")]
    public void A_geometric_controller_solves(string id)
    {
        using var environments = Registry.Make(id,
            new EnvironmentOptions { Count = Episodes, Privileged = true, Seed = 100, Autoreset = AutoresetMode.Disabled });
        using var expert = Registry.Find(id).Expert!(environments);
        environments.Reset();
        for (int step = 0; step < environments.Spec.TimeLimit; step++)
        {
            expert.Act(environments);
            environments.Step();
        }
        Assert.That(environments.IsSuccess.ToArray().Count(success => success) / (double)Episodes, Is.GreaterThanOrEqualTo(0.95));
    }

    [Test]
    public void Without_the_privileged_group_the_controller_says_what_it_needs()
    {
        using var environments = Registry.Make("quadrotor-track", count: 2);
        Assert.That(() => Track.Definition.Expert!(environments), Throws.ArgumentException.With.Message.Contains(
            "quadrotor-track was made without its privileged group, which its scripted expert steers by: set EnvironmentOptions.Privileged"));
    }
}
