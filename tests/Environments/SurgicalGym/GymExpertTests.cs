using NUnit.Framework;
using Sim.Environments;

namespace Sim.Tests.Environments.SurgicalGym;

/// <summary>How near the scripted controller brings the tips, over the 100 episodes of seeds from 0.</summary>
public sealed class GymExpertTests
{
    /// <summary>
    /// The median at the end of an episode. Balls that stand still and can be reached are reached; drifting ones may leave
    /// the workspace, and are faster than the arms.
    /// </summary>
    [TestCase("surgical-gym-psm-reach", 0.001)]
    [TestCase("surgical-gym-ecm-reach", 0.04)]
    [TestCase("surgical-gym-star-reach", 0.001)]
    [TestCase("surgical-gym-psm-track", 0.15)]
    [TestCase("surgical-gym-ecm-track", 0.17)]
    [TestCase("surgical-gym-star-track", 0.05)]
    public void The_controller_brings_the_tip_to_the_ball(string id, double median)
    {
        const int episodes = 100;
        using var environments = Registry.Make(id, new EnvironmentOptions { Count = episodes, Autoreset = AutoresetMode.Disabled });
        using var expert = Registry.Find(id).Expert!(environments);
        environments.Reset();
        for (int step = 0; step < environments.Spec.TimeLimit; step++)
        {
            expert.Act(environments);
            environments.Step();
        }
        var distances = Enumerable.Range(0, episodes).Select(lane => environments.Info!.Current.Row(lane)[1]).Order().ToArray();
        int within = distances.Count(distance => distance < 0.005f);
        TestContext.Out.WriteLine($"{id}: median {distances[episodes / 2] * 1000:0.0} mm, mean {distances.Average() * 1000:0.0} mm, within 5 mm {within} of {episodes}, return {environments.EpisodeReturns.ToArray().Average():0.0}");
        Assert.That(distances[episodes / 2], Is.LessThan(median));
    }
}
