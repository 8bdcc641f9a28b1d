using NUnit.Framework;
using Sim.Environments;
using Sim.Environments.Classic;

namespace Sim.Tests.Environments.Contract;

/// <summary>Lanes whose episode has ended take no action, however bad.</summary>
public sealed class EndedLaneTests
{
    private static readonly PendulumSettings ThreeSteps = new() { EpisodeSteps = 3 };

    [TestCase(1)]
    [TestCase(8)]
    public void NextStep_ignores_the_action_of_its_reset_row_even_when_it_is_not_a_number(int lanes)
    {
        using var environments = Ended(AutoresetMode.NextStep, lanes);
        environments.Actions.Fill(float.NaN);
        environments.Step();
        Assert.That(environments.Faulted.ToArray(), Is.All.False);
        Assert.That(environments.Terminated.ToArray(), Is.All.False);
        Assert.That(environments.Rewards.ToArray(), Is.All.Zero);
        environments.Actions.Clear();
        for (int step = 1; step <= 3; step++)
        {
            Assert.That(environments.Truncated.ToArray(), Is.All.False, $"before step {step} of the second episode");
            environments.Step();
            Assert.That(environments.Observations.Floats.ToArray(), Is.All.Matches<float>(float.IsFinite));
        }
        Assert.That(environments.Truncated.ToArray(), Is.All.True);
        Assert.That(environments.EpisodeLengths.ToArray(), Is.All.EqualTo(3));
    }

    [TestCase(1)]
    [TestCase(8)]
    public void Disabled_ignores_the_actions_of_ended_lanes_even_when_they_are_not_numbers(int lanes)
    {
        using var environments = Ended(AutoresetMode.Disabled, lanes);
        float[] observations = environments.Observations.Floats.ToArray();
        float[] returns = environments.EpisodeReturns.ToArray();
        environments.Actions.Fill(float.NaN);
        for (int step = 0; step < 5; step++) environments.Step();
        Assert.That(environments.Faulted.ToArray(), Is.All.False);
        Assert.That(environments.Truncated.ToArray(), Is.All.True);
        Assert.That(environments.Observations.Floats.ToArray(), Is.EqualTo(observations));
        Assert.That(environments.EpisodeReturns.ToArray(), Is.EqualTo(returns));
    }

    /// <summary>Three pendulums at the end of their first episode.</summary>
    private static BatchEnvironment Ended(AutoresetMode mode, int lanes)
    {
        var environments = Registry.Make("pendulum", new EnvironmentOptions { Count = 3, Lanes = lanes, Autoreset = mode }, ThreeSteps);
        environments.Reset();
        for (int step = 0; step < 3; step++) environments.Step();
        Assert.That(environments.Truncated.ToArray(), Is.All.True);
        return environments;
    }
}
