using NUnit.Framework;
using Sim.Environments;
using Sim.Environments.Configuration;
using Sim.Environments.Spaces;
using Sim.Environments.Surgical.Camera;

namespace Sim.Tests.Environments.Surgical.Camera;

/// <summary>What the four camera tasks show, accept and refuse.</summary>
public sealed class CameraTaskTests
{
    private static readonly string[] GoalTasks = ["surgical-ecm-reach", "surgical-mis-orient", "surgical-static-track"];

    [TestCase("surgical-ecm-reach", "ECMReach-v0", 6, 3, 3, 50)]
    [TestCase("surgical-mis-orient", "MisOrient-v0", 9, 1, 1, 50)]
    [TestCase("surgical-static-track", "StaticTrack-v0", 10, 3, 3, 50)]
    [TestCase("surgical-active-track", "ActiveTrack-v0", 10, 3, 0, 500)]
    public void Sizes_limits_and_names_are_those_of_the_source(string id, string alias, int observation, int action, int goal, int steps)
    {
        var definition = Registry.Find(alias);
        var spec = definition.Describe(definition.DefaultSettings);
        Assert.That(definition.Id, Is.EqualTo(id));
        Assert.That(spec.ObservationBox.Size, Is.EqualTo(observation));
        Assert.That(spec.Action.Size, Is.EqualTo(action));
        Assert.That(spec.TimeLimit, Is.EqualTo(steps));
        if (goal == 0)
        {
            Assert.That(spec.Observation, Is.TypeOf<Box>());
            return;
        }
        var groups = (Dict)spec.Observation;
        Assert.That(groups["achieved_goal"].Size, Is.EqualTo(goal));
        Assert.That(groups["desired_goal"].Size, Is.EqualTo(goal));
    }

    /// <summary>Random actions fail and the controller succeeds, so that both rewards come up.</summary>
    [TestCaseSource(nameof(GoalTasks))]
    public void Rewards_recomputed_from_ten_thousand_goals_are_those_of_the_steps(string id)
    {
        const int Count = 200, Steps = 50;
        using var environments = Registry.Make(id, new EnvironmentOptions { Count = Count, Autoreset = AutoresetMode.Disabled });
        using var expert = Registry.Find(id).Expert!(environments);
        environments.Reset(seed: 5);
        float[] rewards = new float[Count];
        var seen = new HashSet<float>();
        for (int step = 0; step < Steps; step++)
        {
            expert.Act(environments);
            if (step % 3 == 0) RandomActions.Fill(environments, seed: 2, step);
            environments.Step();
            environments.ComputeRewards(Group(environments, "achieved_goal"), Group(environments, "desired_goal"), rewards);
            Assert.That(rewards, Is.EqualTo(environments.Rewards.ToArray()), $"step {step}");
            seen.UnionWith(rewards);
        }
        Assert.That(seen, Is.EquivalentTo(new[] { 0f, -1f }));
    }

    [TestCaseSource(nameof(GoalTasks))]
    public void A_goal_that_was_reached_is_worth_nothing_and_any_other_minus_one(string id)
    {
        using var environments = Registry.Make(id);
        int size = ((Dict)environments.Spec.Observation)["achieved_goal"].Size;
        float[] achieved = new float[2 * size], desired = new float[2 * size], rewards = new float[2];
        Array.Fill(achieved, 0.3f);
        Array.Fill(desired, 0.3f, 0, size);
        environments.ComputeRewards(achieved, desired, rewards);
        Assert.That(rewards, Is.EqualTo(new[] { 0f, -1f }));
    }

    [TestCase("surgical-ecm-reach")]
    [TestCase("surgical-mis-orient")]
    [TestCase("surgical-static-track")]
    [TestCase("surgical-active-track")]
    public void Clipped_actions_act_as_their_limits_and_are_counted(string id)
    {
        using var wild = Registry.Make(id, seed: 3);
        using var tame = Registry.Make(id, seed: 3);
        wild.Reset();
        tame.Reset();
        for (int step = 0; step < 3; step++)
        {
            wild.Actions.Fill(-1.5f);
            tame.Actions.Fill(-1);
            wild.Step();
            tame.Step();
            Assert.That(wild.Observations.Row(0).ToArray(), Is.EqualTo(tame.Observations.Row(0).ToArray()));
        }
        Assert.That(wild.Info!.Current.Row(0)[0], Is.EqualTo(3 * wild.Spec.Action.Size));
        Assert.That(tame.Info!.Current.Row(0)[0], Is.Zero);
        Assert.That(wild.Spec.Info!.Labels, Is.EqualTo(new[] { "clipped_actions" }));
    }

    [Test]
    public void A_goal_out_of_the_arms_reach_is_refused_with_what_it_would_need()
    {
        var settings = new EcmReachSettings { Goal = new() { XLow = 0.3f, XHigh = 0.3f, ZLow = 0.55f, ZHigh = 0.55f } };
        Assert.That(() => Registry.Make("surgical-ecm-reach", new EnvironmentOptions(), settings), Throws.TypeOf<SettingsException>().With.Message.Matches(
            @"^goal = \(0\.3, -0\.05, 0\.55\) is out of the arm's reach: it needs .* insertion 0\.3\d* m; expected .* insertion −0\.01 to 0\.254 m\.$"));
    }

    [Test]
    public void A_goal_given_at_a_reset_is_checked_too()
    {
        using var environments = Registry.Make("surgical-ecm-reach");
        Assert.That(() => environments.Reset(options: new Dictionary<string, string> { ["goal.z_low"] = "0.2" }),
            Throws.TypeOf<SettingsException>().With.Message.Contains("out of the arm's reach"));
        environments.Reset(options: new Dictionary<string, string>
        {
            ["goal.x_low"] = "0.5",
            ["goal.x_high"] = "0.5",
            ["goal.y_low"] = "0.01",
            ["goal.y_high"] = "0.01",
            ["goal.z_low"] = "0.65",
            ["goal.z_high"] = "0.65",
        });
        Assert.That(Group(environments, "desired_goal").ToArray(), Is.EqualTo(new[] { 0.5f, 0.01f, 0.65f }));
    }

    [TestCase("surgical-ecm-reach", "goal.x_low=0.6", "goal.x_low = 0.6 is above goal.x_high = 0.55: expected at most 0.55.")]
    [TestCase("surgical-static-track", "table.y_high=-0.5", "table.y_low = -0.4 is above table.y_high = -0.5: expected at most -0.5.")]
    [TestCase("surgical-mis-orient", "start_pitch_high=-0.5", "start_pitch_low = -0.3926991 is above start_pitch_high = -0.5: expected at most -0.5.")]
    [TestCase("surgical-active-track", "samples_per_step=2000", "samples_per_step")]
    [TestCase("surgical-mis-orient", "start_insertion=0.3", "start_insertion")]
    public void Settings_out_of_range_are_refused_by_name_value_and_range(string id, string change, string message)
    {
        var definition = Registry.Find(id);
        Assert.That(() =>
        {
            object settings = SettingsOverride.Apply(definition.DefaultSettings, [change]);
            definition.Create(new EnvironmentOptions(), settings).Dispose();
        }, Throws.TypeOf<SettingsException>().With.Message.Contains(message));
    }

    private static ReadOnlySpan<float> Group(BatchEnvironment environments, string name)
        => environments.Groups.Single(group => group.Name == name).Current.Floats;
}
