using NUnit.Framework;
using Sim.Environments;
using Sim.Environments.Checking;
using Sim.Environments.Classic;
using Sim.Environments.Configuration;
using Sim.Environments.Quadrotors;

namespace Sim.Tests.Environments.Contract;

/// <summary>Bad input is refused with a message that names the value and what would be valid, and changes nothing.</summary>
public sealed class RefusalTests
{
    [TestCase("cartpol", "'cartpole'")]
    [TestCase("Pendulum-v0", "'Pendulum-v1'")]
    [TestCase("mountain-car-continous", "'mountain-car-continuous'")]
    public void An_unknown_id_is_refused_with_the_nearest_one(string id, string nearest)
        => Assert.That(() => Registry.Find(id), Throws.ArgumentException.With.Message.Contains(id).And.Message.Contains(nearest));

    [Test]
    public void A_setting_out_of_range_is_refused_by_name_value_and_range()
        => Assert.That(() => Registry.Make("pendulum", new EnvironmentOptions(), new PendulumSettings { Mass = -2 }),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("mass = -2").And.Message.Contains("0.01 to 100"));

    [Test]
    public void A_setting_of_a_nested_record_is_refused_too()
        => Assert.That(() => Registry.Make("quadrotor-hover", new EnvironmentOptions(), new HoverSettings { Vehicle = new VehicleSettings { Dt = 0.5f } }),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("vehicle.dt = 0.5").And.Message.Contains("0.0001 to 0.1"));

    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    public void A_setting_that_is_not_finite_is_refused_even_without_a_range(float value)
        => Assert.That(() => Registry.Make("quadrotor-hover", new EnvironmentOptions(), new HoverSettings { AliveReward = value }),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("alive_reward").And.Message.Contains("finite"));

    [Test]
    public void Settings_of_another_environment_are_refused()
        => Assert.That(() => Registry.Make("pendulum", new EnvironmentOptions(), new CartPoleSettings()),
            Throws.ArgumentException.With.Message.Contains("PendulumSettings").And.Message.Contains("CartPoleSettings"));

    [Test]
    public void Contradictory_settings_are_refused_at_creation_and_at_reset()
    {
        Assert.That(() => Registry.Make("cartpole", new EnvironmentOptions(), new CartPoleSettings { Low = 1 }),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("low = 1").And.Message.Contains("high = 0.05"));
        using var environments = Registry.Make("cartpole");
        Assert.That(() => environments.Reset(options: new Dictionary<string, string> { ["high"] = "-1" }),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("low = -0.05").And.Message.Contains("high = -1"));
    }

    [TestCase("low", "-11", "-10 to 10")]
    [TestCase("low", "little", "a finite number")]
    [TestCase("hihg", "1", "'high'")]
    [TestCase("reward", "sutton", "sutton_barto")]
    public void A_refused_reset_option_names_key_and_choice_and_leaves_the_batch_as_it_was(string key, string value, string valid)
    {
        using var environments = Registry.Make("cartpole", new EnvironmentOptions { Count = 5 });
        environments.Reset(seed: 3);
        environments.Step();
        using var before = environments.Clone();
        var outputs = new LaneOutputs(environments);
        Assert.That(() => environments.Reset(seed: 8, options: new Dictionary<string, string> { ["high"] = "0.1", [key] = value }),
            Throws.InstanceOf<SettingsException>().With.Message.Contains(key).And.Message.Contains(valid));
        for (int step = 0; step < 30; step++)
        {
            for (int lane = 0; lane < 5; lane++) Assert.That(outputs.Difference(environments, lane, before, lane), Is.Null);
            environments.Step();
            before.Step();
        }
    }

    [TestCase(4)]
    [TestCase(6)]
    public void A_mask_of_another_length_is_refused_by_both_lengths(int length)
    {
        using var environments = Registry.Make("cartpole", new EnvironmentOptions { Count = 5 });
        environments.Reset();
        Assert.That(() => environments.Reset(mask: new bool[length]), Throws.ArgumentException.With.Message.Contains($"{length} entries").And.Message.Contains("5 environments"));
    }

    [Test]
    public void A_first_reset_that_leaves_lanes_out_is_refused()
    {
        using var environments = Registry.Make("cartpole", new EnvironmentOptions { Count = 2 });
        Assert.That(() => environments.Reset(mask: [true, false]), Throws.InvalidOperationException);
        Assert.That(() => environments.Reset(mask: [true, true]), Throws.Nothing);
    }

    [TestCase(0, 1, 0, "1 to")]
    [TestCase(-3, 1, 0, "1 to")]
    [TestCase(1, -1, 0, "0 (automatic) to 1024")]
    [TestCase(1, 1, 4, "1, 8 or 16")]
    public void Impossible_batches_are_refused_with_the_valid_range(int count, int threads, int lanes, string valid)
        => Assert.That(() => Registry.Make("cartpole", new EnvironmentOptions { Count = count, Threads = threads, Lanes = lanes }),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains(valid));

    [Test]
    public void Snapshots_of_other_environments_and_of_missing_lanes_are_refused()
    {
        using var cartpole = Registry.Make("cartpole");
        using var pendulum = Registry.Make("pendulum");
        Assert.That(() => cartpole.Snapshot(0), Throws.InvalidOperationException);
        cartpole.Reset();
        pendulum.Reset();
        Assert.That(() => pendulum.Restore(0, cartpole.Snapshot(0)), Throws.ArgumentException.With.Message.Contains("cartpole v1").And.Message.Contains("pendulum v1"));
        Assert.That(() => cartpole.Snapshot(1), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("lanes 0 to 0"));
    }

    [TestCase("cartpole", 2)]
    [TestCase("acrobot", -1)]
    [TestCase("mountain-car", int.MinValue)]
    public void A_discrete_action_out_of_range_ends_the_episode_of_its_lane_alone(string id, int action)
    {
        using var environments = Registry.Make(id, new EnvironmentOptions { Count = 10 });
        environments.Reset();
        environments.DiscreteActions[6] = action;
        environments.Step();
        bool[] expected = new bool[10];
        expected[6] = true;
        Assert.That(environments.Faulted.ToArray(), Is.EqualTo(expected));
        Assert.That(environments.Terminated.ToArray(), Is.EqualTo(expected));
        Assert.That(environments.FinalObservations.Row(6).ToArray(), Is.All.Zero);
        Assert.That(environments.EpisodeLengths[6], Is.EqualTo(1));
    }
}
