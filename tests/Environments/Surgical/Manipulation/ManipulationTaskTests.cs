using NUnit.Framework;
using Sim.Environments;
using Sim.Environments.Configuration;
using Sim.Environments.Spaces;
using Sim.Environments.Surgical.Manipulation;

namespace Sim.Tests.Environments.Surgical.Manipulation;

/// <summary>The manipulation tasks as their users see them.</summary>
public sealed class ManipulationTaskTests
{
    [TestCase("surgical-needle-reach", 7, 5)]
    [TestCase("surgical-gauze-retrieve", 19, 5)]
    [TestCase("surgical-needle-pick", 19, 5)]
    [TestCase("surgical-peg-transfer", 19, 5)]
    [TestCase("surgical-needle-regrasp", 35, 10)]
    [TestCase("surgical-bi-peg-transfer", 35, 10)]
    public void Spaces_are_those_of_the_source(string id, int observation, int action)
    {
        var spec = Registry.Find(id).Describe(Registry.Find(id).DefaultSettings);
        Assert.That(spec.ObservationBox.Size, Is.EqualTo(observation));
        Assert.That(spec.Action.Size, Is.EqualTo(action));
        Assert.That(((Dict)spec.Observation)["achieved_goal"].Size, Is.EqualTo(3));
        Assert.That(((Dict)spec.Observation)["desired_goal"].Size, Is.EqualTo(3));
        Assert.That(spec.TimeLimit, Is.EqualTo(50));
        Assert.That(spec.ControlPeriod, Is.EqualTo(0.2f).Within(1e-6f));
    }

    [TestCase("surgical-needle-pick", ExpectedResult = "approach descend grasp lift transfer done")]
    [TestCase("surgical-gauze-retrieve", ExpectedResult = "approach descend grasp transfer done")]
    [TestCase("surgical-peg-transfer", ExpectedResult = "approach descend grasp lift transfer release done")]
    [TestCase("surgical-needle-regrasp", ExpectedResult = "approach descend grasp hand_over transfer done")]
    [TestCase("surgical-bi-peg-transfer", ExpectedResult = "approach descend grasp lift transfer hand_over transfer release done")]
    public string An_expert_goes_through_the_phases_in_order(string id)
    {
        using var environments = Registry.Make(id, new EnvironmentOptions { Privileged = true });
        using var expert = Registry.Find(id).Expert!(environments);
        environments.Reset(1);
        var seen = new List<string>();
        for (int step = 0; step < 49; step++)
        {
            string phase = Phases.Names[(int)environments.Info!.Current.Row(0)[0]];
            if (seen.Count == 0 || seen[^1] != phase) seen.Add(phase);
            expert.Act(environments);
            environments.Step();
        }
        return string.Join(' ', seen);
    }

    [TestCase("surgical-gauze-retrieve")]
    [TestCase("surgical-needle-pick")]
    [TestCase("surgical-peg-transfer")]
    [TestCase("surgical-needle-regrasp")]
    [TestCase("surgical-bi-peg-transfer")]
    public void The_remaining_steps_say_how_long_the_expert_takes(string id)
    {
        using var environments = Registry.Make(id, new EnvironmentOptions { Count = 16, Privileged = true });
        using var expert = Registry.Find(id).Expert!(environments);
        environments.Reset(1);
        float[] told = [.. Enumerable.Range(0, 16).Select(lane => environments.Info!.Current.Row(lane)[1])];
        int[] taken = new int[16];
        for (int step = 1; step < 50; step++)
        {
            expert.Act(environments);
            environments.Step();
            for (int lane = 0; lane < 16; lane++)
            {
                if (environments.Info!.Current.Row(lane)[1] > 0) taken[lane] = step;
            }
        }
        double error = told.Zip(taken, (expected, steps) => Math.Abs(expected - steps - 1)).Average();
        // Ways are counted as if turns took no time, and arms as if they did not wait for each other.
        Assert.That(error, Is.LessThan(environments.Spec.Action.Size == 10 ? 6 : 4));
    }

    [Test]
    public void Rewards_of_ten_thousand_goals_are_those_of_the_steps(
        [Values("surgical-needle-reach", "surgical-needle-pick", "surgical-peg-transfer", "surgical-needle-regrasp")] string id)
    {
        using var environments = Registry.Make(id, new EnvironmentOptions { Count = 200, Privileged = true });
        using var expert = Registry.Find(id).Expert!(environments);
        environments.Reset(3);
        var achieved = environments.Groups.First(group => group.Name == "achieved_goal");
        var desired = environments.Groups.First(group => group.Name == "desired_goal");
        float[] rewards = new float[200];
        int reached = 0;
        for (int step = 1; step <= 50; step++)
        {
            expert.Act(environments);
            environments.Step();
            bool last = step == 50;
            environments.ComputeRewards((last ? achieved.Final : achieved.Current).Floats, (last ? desired.Final : desired.Current).Floats, rewards);
            Assert.That(environments.Rewards.SequenceEqual(rewards), Is.True, $"step {step}");
            reached += rewards.Count(reward => reward == 0);
        }
        Assert.That(reached, Is.InRange(1000, 9000), "both rewards were seen");
    }

    [Test]
    public void A_block_rests_on_its_peg_a_quarter_of_a_millimetre_within_the_limit()
    {
        using var environments = Registry.Make("surgical-peg-transfer", new EnvironmentOptions { Count = 8, Privileged = true, Autoreset = AutoresetMode.Disabled });
        using var expert = Registry.Find("surgical-peg-transfer").Expert!(environments);
        environments.Reset(1);
        for (int step = 0; step < 50; step++)
        {
            expert.Act(environments);
            environments.Step();
        }
        for (int lane = 0; lane < 8; lane++)
        {
            float height = (environments.Groups[1].Current.Row(lane)[2] - environments.Groups[2].Current.Row(lane)[2]) / 5;
            // Soft contacts let it sink by some hundredths of a millimetre.
            Assert.That(height, Is.EqualTo(-3.75e-3f).Within(0.1e-3f));
        }
    }

    [Test]
    public void Friction_alone_lifts_the_needle_before_it_is_welded()
    {
        using var environments = Registry.Make("surgical-needle-pick", new EnvironmentOptions { Privileged = true });
        using var expert = Registry.Find("surgical-needle-pick").Expert!(environments);
        environments.Reset(1);
        float rest = environments.Observations.Row(0)[15], lifted = 0;
        for (int step = 0; step < 49; step++)
        {
            expert.Act(environments);
            environments.Step();
            if (environments.Info!.Current.Row(0)[0] == Phases.Lift) lifted = environments.Observations.Row(0)[15] - rest;
        }
        Assert.That(lifted, Is.InRange(0.005f, 0.025f), "world units, up to the five nominal millimetres at which a weld takes over");
    }

    [Test]
    public void A_jaw_that_opens_on_the_way_drops_the_needle()
    {
        using var environments = Registry.Make("surgical-needle-pick", new EnvironmentOptions { Privileged = true, Autoreset = AutoresetMode.Disabled });
        using var expert = Registry.Find("surgical-needle-pick").Expert!(environments);
        environments.Reset(1);
        float rest = environments.Observations.Row(0)[15];
        for (int step = 0; step < 40; step++)
        {
            expert.Act(environments);
            environments.Step();
        }
        Assert.That(environments.Observations.Row(0)[15], Is.GreaterThan(rest + 0.05f), "it has been carried");
        for (int step = 0; step < 8; step++)
        {
            environments.Actions.Clear();
            environments.Actions[4] = 1;
            environments.Step();
        }
        // It may come to lie on its neighbouring capsules, a wire's width higher.
        Assert.That(environments.Observations.Row(0)[15], Is.LessThan(rest + 0.02f));
        Assert.That(environments.Info!.Current.Row(0)[0], Is.Not.EqualTo(Phases.Transfer));
    }

    [TestCase("surgical-needle-pick", "world.grasp=proximity_weld")]
    [TestCase("surgical-peg-transfer", "world.grasp=proximity_weld")]
    [TestCase("surgical-bi-peg-transfer", "world.grasp=proximity_weld")]
    [TestCase("surgical-gauze-retrieve", "world.detections=48")]
    [TestCase("surgical-needle-pick", "world.detections=24")]
    public void Experts_do_it_under_other_settings_too(string id, string setting)
    {
        var definition = Registry.Find(id);
        object settings = SettingsOverride.Apply([new SettingsGroup("environment", definition.DefaultSettings)], setting)[0].Settings;
        using var environments = definition.Create(new EnvironmentOptions { Count = 32, Privileged = true }, settings);
        using var expert = definition.Expert!(environments);
        environments.Reset(1);
        for (int step = 0; step < 50; step++)
        {
            expert.Act(environments);
            environments.Step();
        }
        Assert.That(environments.IsSuccess.ToArray().Count(success => success), Is.GreaterThanOrEqualTo(30));
    }

    [Test]
    public void Blocks_stand_on_different_pegs_and_goals_are_all_six()
    {
        using var environments = Registry.Make("surgical-bi-peg-transfer", 64);
        environments.Reset(1);
        var goals = new HashSet<(float, float)>();
        var blocks = new HashSet<(float, float)>();
        for (int lane = 0; lane < 64; lane++)
        {
            var goal = environments.Groups[2].Current.Row(lane);
            var block = environments.Groups[1].Current.Row(lane);
            goals.Add((goal[0], goal[1]));
            blocks.Add((block[0], block[1]));
        }
        Assert.That(goals, Has.Count.EqualTo(6));
        Assert.That(blocks, Has.Count.EqualTo(6));
    }

    [TestCase("surgical-needle-pick", "goal.x=0.8", "goal.x 0.8 m is outside the arm's workspace, [0.5, 0.6]")]
    [TestCase("surgical-gauze-retrieve", "goal.z=0.9", "goal.z 0.9 m is outside the arm's workspace, [0.675, 0.7552]")]
    [TestCase("surgical-needle-reach", "place.y=-0.2", "place.y -0.2 m is outside the arm's workspace, [-0.05, 0.05]")]
    [TestCase("surgical-needle-pick", "needle.wire=0.01", "needle.wire")]
    [TestCase("surgical-peg-transfer", "pegs.peg_radius=0.02", "pegs.peg_radius")]
    [TestCase("surgical-needle-pick", "world.detections=7", "world.detections 7 does not divide the 48 substeps")]
    public void Impossible_settings_are_refused_by_name_and_value(string id, string setting, string message)
    {
        var definition = Registry.Find(id);
        Assert.That(() =>
        {
            object settings = SettingsOverride.Apply([new SettingsGroup("environment", definition.DefaultSettings)], setting)[0].Settings;
            definition.Create(new EnvironmentOptions(), settings).Dispose();
        }, Throws.TypeOf<SettingsException>().With.Message.Contains(message));
    }

    [Test]
    public void Clipped_numbers_are_counted_and_what_is_not_finite_ends_the_episode()
    {
        using var environments = Registry.Make("surgical-needle-pick", new EnvironmentOptions { Count = 3, Autoreset = AutoresetMode.Disabled });
        using var twin = Registry.Make("surgical-needle-pick", new EnvironmentOptions { Count = 3, Autoreset = AutoresetMode.Disabled });
        environments.Reset(1);
        twin.Reset(1);
        environments.Actions.Clear();
        twin.Actions.Clear();
        (environments.Actions[0], environments.Actions[3]) = (7, -2);
        (twin.Actions[0], twin.Actions[3]) = (1, -1);
        environments.Actions[5] = float.NaN;
        environments.Step();
        twin.Step();
        Assert.That(environments.Info!.Current.Row(0)[2], Is.EqualTo(2));
        Assert.That(environments.Observations.Row(0).SequenceEqual(twin.Observations.Row(0)), Is.True, "clipped is what it would have been within its limits");
        Assert.That(environments.Faulted.ToArray(), Is.EqualTo(new[] { false, true, false }));
        Assert.That(environments.Terminated.ToArray(), Is.EqualTo(new[] { false, true, false }));
        Assert.That(environments.Observations.Row(2).SequenceEqual(twin.Observations.Row(2)), Is.True, "the neighbour is not touched");
    }
}
