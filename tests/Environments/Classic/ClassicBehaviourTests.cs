using NUnit.Framework;
using Sim.Environments;
using Sim.Environments.Classic;
using Sim.Environments.Lanes;
using Sim.Physics.Numerics;

namespace Sim.Tests.Environments.Classic;

/// <summary>What the classic tasks do beyond single recorded steps.</summary>
public sealed class ClassicBehaviourTests
{
    [Test]
    public void A_mirrored_cart_pole_with_mirrored_action_gives_the_mirrored_state_bit_for_bit()
    {
        var starts = GoldenTransitions.Read("cartpole").Select(row => (State: row.Before.Select(value => (float)value).ToArray(), (float)row.Action)).ToArray();
        var mirrored = starts.Select(start => (start.State.Select(value => -value).ToArray(), 1 - start.Item2)).ToArray();
        var results = Step(starts);
        var reflections = Step(mirrored);
        for (int i = 0; i < starts.Length; i++)
        {
            Assert.That(reflections[i].State.Select(value => BitConverter.SingleToUInt32Bits(-value)), Is.EqualTo(results[i].State.Select(BitConverter.SingleToUInt32Bits)), $"row {i}");
            Assert.That(reflections[i].Terminated, Is.EqualTo(results[i].Terminated), $"row {i}");
        }

        static StepResult[] Step((float[], float)[] starts)
            => TaskStep.Run<Lane1, CartPoleTask<Lane1>, CartPoleState<Lane1>, Choice<Lane1>, CartPoleState<Lane1>, CartPoleRewardTerms<Lane1>, CartPoleSettings>(starts, new());
    }

    [Test]
    public void A_pendulum_left_alone_keeps_its_energy_within_bounds_for_ten_thousand_steps()
    {
        // From 2.5 rad at rest it swings about its lowest point and never meets the speed limit of 8 rad/s.
        float[] state = [2.5f, 0];
        double[] energies = new double[10_000];
        for (int step = 0; step < energies.Length; step++)
        {
            energies[step] = (0.5 / 3 * state[1] * state[1]) + (5 * Math.Cos(state[0]));
            state = TaskStep.Run<Lane1, PendulumTask<Lane1>, PendulumState<Lane1>, PendulumAction<Lane1>, PendulumObservation<Lane1>, PendulumReward<Lane1>, PendulumSettings>(
                [(state, 0f)], new())[0].State;
        }
        // Semi-implicit Euler keeps a nearby energy, H + (dt/2)·ω·dH/dθ + O(dt²), so H itself swings by
        // (dt/2)·max|ω·5 sin θ| = 0.025·5·0.8 = 0.1 and no more; an explicit step gains that much within 20 steps.
        Assert.That(energies, Is.All.EqualTo(energies[0]).Within(0.15));
        // The swing of the last thousand steps is that of the first: what is left is rounding, and where the samples fall.
        Assert.That(energies[^1000..].Max(), Is.EqualTo(energies[..1000].Max()).Within(0.005));
        Assert.That(energies[^1000..].Min(), Is.EqualTo(energies[..1000].Min()).Within(0.005));
    }

    [Test]
    public void A_cart_pole_that_falls_at_its_last_step_has_both_flags()
    {
        int fallsAt = StepsToFall(new CartPoleSettings());
        using var environment = CartPole.Definition.Create(new() { Seed = 3, Autoreset = AutoresetMode.Disabled }, new CartPoleSettings { EpisodeSteps = fallsAt });
        environment.Reset();
        for (int step = 1; step <= fallsAt; step++)
        {
            Assert.That((environment.Terminated[0], environment.Truncated[0]), Is.EqualTo((false, false)), $"before step {step}");
            environment.DiscreteActions[0] = 1;
            environment.Step();
        }
        Assert.That((environment.Terminated[0], environment.Truncated[0]), Is.EqualTo((true, true)));
        Assert.That(environment.EpisodeLengths[0], Is.EqualTo(fallsAt));
    }

    [Test]
    public void A_cart_pole_set_to_fall_at_step_500_ends_there_with_both_flags()
    {
        // A pole that falls after k steps is put into the place of one that has stood for 500 − k.
        var settings = new CartPoleSettings();
        int fallsAfter = StepsToFall(settings);
        using var standing = CartPole.Definition.Create(new() { Count = 2, Seed = 3, Autoreset = AutoresetMode.Disabled }, settings with { Force = 0, Gravity = 0, Low = 0, High = 0 });
        standing.Reset();
        for (int step = 0; step < 500 - fallsAfter; step++) standing.Step();
        using var environment = CartPole.Definition.Create(new() { Count = 2, Seed = 3, Autoreset = AutoresetMode.Disabled }, settings);
        environment.Reset();
        byte[] falling = environment.Snapshot(0).Data.ToArray(), stood = standing.Snapshot(0).Data.ToArray();
        // The four state variables lead a snapshot; the episode's clock and sums follow.
        falling.AsSpan(0, 4 * sizeof(float)).CopyTo(stood);
        environment.Restore(0, new LaneSnapshot("cartpole v1", stood));
        for (int step = 0; step < fallsAfter; step++)
        {
            Assert.That(environment.Terminated[0] || environment.Truncated[0], Is.False, $"{step} steps after the pole was set");
            environment.DiscreteActions.Fill(1);
            environment.Step();
        }
        Assert.That((environment.Terminated[0], environment.Truncated[0], environment.EpisodeLengths[0]), Is.EqualTo((true, true, 500)));
        Assert.That(environment.Truncated[1], Is.False);
    }

    [Test]
    public void The_reward_of_Sutton_and_Barto_is_minus_one_for_the_fall_alone()
    {
        var settings = new CartPoleSettings { Reward = CartPoleReward.SuttonBarto };
        using var environment = CartPole.Definition.Create(new() { Seed = 3 }, settings);
        environment.Reset();
        int steps = 0;
        do
        {
            environment.DiscreteActions[0] = 1;
            environment.Step();
            steps++;
            Assert.That(environment.Rewards[0], Is.EqualTo(environment.Terminated[0] ? -1 : 0));
        }
        while (!environment.Terminated[0] && steps < 500);
        Assert.That(environment.Terminated[0], Is.True);
        Assert.That(environment.Spec.RewardRange, Is.EqualTo((-1f, 0f)));
    }

    [TestCase("cartpole", "CartPole-v1", 500, 475f)]
    [TestCase("pendulum", "Pendulum-v1", 200, null)]
    [TestCase("acrobot", "Acrobot-v1", 500, -100f)]
    [TestCase("mountain-car", "MountainCar-v0", 200, -110f)]
    [TestCase("mountain-car-continuous", "MountainCarContinuous-v0", 999, 90f)]
    public void Gymnasium_names_find_the_environment_with_its_limit_and_threshold(string id, string alias, int limit, float? solvedAt)
    {
        using var environment = Registry.Make(alias);
        Assert.That((environment.Spec.Id, environment.Spec.TimeLimit, environment.Spec.SolvedAt), Is.EqualTo((id, limit, solvedAt)));
    }

    // Bounds are those of the first observed number: a position, or the cosine of an angle.
    [TestCase("cartpole", "low", "0.2", "high", "0.3", 0.2f, 0.3f)]
    [TestCase("acrobot", "low", "0.2", "high", "0.3", 0.9553f, 0.9801f)]
    [TestCase("mountain-car", "low", "-1.0", "high", "-0.9", -1f, -0.9f)]
    [TestCase("mountain-car-continuous", "low", "-1.0", "high", "-0.9", -1f, -0.9f)]
    [TestCase("pendulum", "x_init", "0", "y_init", "0", 1f, 1f)]
    public void Reset_takes_the_start_range_by_Gymnasiums_name_for_that_reset_alone(string id, string key1, string value1, string key2, string value2, float least, float greatest)
    {
        using var environment = Registry.Make(id, new EnvironmentOptions { Count = 20 });
        environment.Reset(seed: 1, options: new Dictionary<string, string> { [key1] = value1, [key2] = value2 });
        Assert.That(FirstNumbers(environment), Is.All.InRange(least, greatest));
        environment.Reset(seed: 1);
        Assert.That(FirstNumbers(environment), Has.None.InRange(least, greatest));
    }

    private static float[] FirstNumbers(BatchEnvironment environment)
        => [.. Enumerable.Range(0, environment.Count).Select(lane => environment.Observations.Row(lane)[0])];

    /// <summary>Steps that the pole of seed 3 takes to fall when the cart is pushed right all the time.</summary>
    private static int StepsToFall(CartPoleSettings settings)
    {
        using var environment = CartPole.Definition.Create(new() { Seed = 3 }, settings);
        environment.Reset();
        int steps = 0;
        do
        {
            environment.DiscreteActions[0] = 1;
            environment.Step();
            steps++;
        }
        while (!environment.Terminated[0] && steps < 500);
        Assert.That(environment.Terminated[0], Is.True);
        return steps;
    }
}
