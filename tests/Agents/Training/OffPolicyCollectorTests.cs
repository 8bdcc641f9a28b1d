using NUnit.Framework;
using Sim.Agents.Sac;
using Sim.Agents.Training;
using Sim.Environments;
using Sim.Tests.Environments.Checking;

namespace Sim.Tests.Agents.Training;

public sealed class OffPolicyCollectorTests
{
    /// <summary>Fails where the next episode's first observation is stored, or truncation as termination.</summary>
    [Test]
    public void The_successor_of_a_truncated_step_is_its_final_observation_and_only_termination_stops_bootstrapping()
    {
        using var environments = Walk.Definition.Create(new EnvironmentOptions { Count = 3, Seed = 1 });
        using var collector = Collector(environments, new SacSettings());
        int truncated = 0, terminated = 0;
        for (int step = 0; step < 60; step++)
        {
            collector.Observe();
            collector.ChooseUniform((ulong)step);
            collector.Step();
            truncated += Enumerable.Range(0, 3).Count(lane => environments.Truncated[lane] && !environments.Terminated[lane]);
            terminated += environments.Terminated.ToArray().Count(flag => flag);
        }
        Assert.That(truncated, Is.GreaterThan(5));
        Assert.That(terminated, Is.GreaterThan(5));
        Assert.That(collector.Replay.Count, Is.EqualTo(180));
        int stored = 0;
        for (int row = 0; row < collector.Replay.Count; row++)
        {
            var transition = collector.Replay[row];
            Assert.That(transition.NextInputs[0], Is.EqualTo(transition.Inputs[0] + 1), $"row {row}");
            Assert.That(transition.NextInputs[1], Is.EqualTo(transition.Inputs[1]), "the start belongs to the same episode");
            Assert.That(transition.Term, Is.EqualTo(transition.NextInputs[0] >= 12 ? 1 : 0), $"row {row}");
            Assert.That(transition.Reward, Is.EqualTo(0.5f + (0.1f * transition.Inputs[0])).Within(1e-6f), "one rounding of float32");
            Assert.That(Math.Abs(transition.Action[0]), Is.LessThanOrEqualTo(1));
            if (transition.Term == 1) stored++;
        }
        Assert.That(stored, Is.EqualTo(terminated));
    }

    [Test]
    public void Privileged_parts_are_stored_beside_the_observations()
    {
        using var environments = Registry.Make("quadrotor-hover", new EnvironmentOptions { Count = 2, Privileged = true });
        using var collector = Collector(environments, new SacSettings { PrivilegedCritic = true });
        int observations = environments.Observations.Columns, all = observations + environments.Privileged!.Current.Columns;
        Assert.That(collector.CriticInputs, Is.EqualTo(all));
        float[][] before = [.. Enumerable.Range(0, 2).Select(lane => Row(environments, lane))];
        collector.ChooseUniform(0);
        collector.Step();
        for (int lane = 0; lane < 2; lane++)
        {
            Assert.That(collector.Replay[lane].Inputs.ToArray(), Is.EqualTo(before[lane]));
            Assert.That(collector.Replay[lane].NextInputs.ToArray(), Is.EqualTo(Row(environments, lane)));
        }

        static float[] Row(BatchEnvironment environments, int lane)
            => [.. environments.Observations.Row(lane), .. environments.Privileged!.Current.Row(lane)];
    }

    [Test]
    public void Normalisation_reaches_what_is_sampled_and_leaves_what_is_stored()
    {
        using var environments = Walk.Definition.Create(new EnvironmentOptions { Count = 4, Seed = 1 });
        using var collector = Collector(environments, new SacSettings { NormaliseObservations = true });
        using var batch = new ReplayBatch(collector, 64);
        for (int step = 0; step < 100; step++)
        {
            collector.Observe();
            collector.Step();
        }
        ulong time = 0;
        batch.Draw(1, ref time);
        var statistics = collector.Statistics!;
        Assert.That(statistics.Count, Is.EqualTo(400).Within(1e-3), "the start counts for 1e-4");
        for (int row = 0; row < 64; row++)
        {
            double position = (batch.Pairs[row, 0] * Math.Sqrt(statistics.Variance[0])) + statistics.Mean[0];
            double next = (batch.NextPairs[row, 0] * Math.Sqrt(statistics.Variance[0])) + statistics.Mean[0];
            // Positions are whole numbers below 13, normalised in float32.
            Assert.That(position, Is.EqualTo(Math.Round(position)).Within(1e-4));
            Assert.That(next, Is.EqualTo(position + 1).Within(1e-4));
        }
        Assert.That(Enumerable.Range(0, 400).All(row => collector.Replay[row].Inputs[0] % 1 == 0), Is.True, "raw positions");
    }

    [Test]
    public void A_reward_that_is_not_finite_stops_with_its_lane()
    {
        using var environments = Broken(inner => inner.Rewards[1] = float.NaN);
        using var collector = Collector(environments, new SacSettings());
        Assert.That(collector.Step, Throws.TypeOf<NonFiniteException>().With.Message.EqualTo("walk: the reward of lane 1 is NaN"));
        Assert.That(collector.Replay.Count, Is.Zero);
    }

    [Test]
    public void An_observation_that_is_not_finite_stops_with_its_lane_and_number()
    {
        using var environments = Broken(inner => inner.Observations.Row(2)[1] = float.PositiveInfinity);
        using var collector = Collector(environments, new SacSettings());
        Assert.That(collector.Step, Throws.TypeOf<NonFiniteException>().With.Message.EqualTo("walk: number 1 of the observation of lane 2 is Infinity"));
    }

    [Test]
    public void Choices_are_refused()
    {
        using var environments = Registry.Make("cartpole");
        Assert.That(() => Collector(environments, new SacSettings()), Throws.ArgumentException.With.Message.Contains("cartpole has actions of type Discrete"));
    }

    private static BrokenEnvironment Broken(Action<BatchEnvironment> spoil)
        => new(Walk.Definition.Create(new EnvironmentOptions { Count = 4, Seed = 1 }), new Breakage { AfterStep = spoil });

    private static OffPolicyCollector Collector(BatchEnvironment environments, SacSettings settings)
    {
        environments.Reset();
        return new OffPolicyCollector(new LearnerContext(environments, 5, 10_000), settings, new EpisodeTracker(false));
    }
}
