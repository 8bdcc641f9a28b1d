using NUnit.Framework;
using Sim.Agents.Ddpg;
using Sim.Agents.Hindsight;
using Sim.Agents.Training;
using Sim.Environments;

namespace Sim.Tests.Agents.Hindsight;

public sealed class HindsightReplayTests
{
    private const int Rows = 4000, Lanes = 3, Observed = 7, Goal = 3;

    [Test]
    public void Without_hindsight_drawn_transitions_are_as_they_were_stored([Values] bool byRatio)
    {
        var settings = byRatio ? new DdpgSettings { HindsightRatio = 0 } : new DdpgSettings { Hindsight = HindsightGoals.None };
        using var play = new Play(settings);
        using var batch = new ReplayBatch(play.Collector, Rows);
        ulong time = 0;
        batch.Draw(1, ref time);
        int[] chosen = new int[Rows];
        CounterRandom.FillIndices(chosen, play.Collector.Replay.Count, 1, Sim.Physics.Numerics.RandomStream.Sampling, 0);
        for (int i = 0; i < Rows; i++)
        {
            var stored = play.Collector.Replay[chosen[i]];
            Assert.That(batch.Inputs.Row(i).SequenceEqual(stored.Inputs), Is.True);
            Assert.That(batch.NextInputs.Row(i).SequenceEqual(stored.NextInputs), Is.True);
            Assert.That(batch.Rewards[i], Is.EqualTo(stored.Reward));
        }
    }

    [TestCase(4f)]
    [TestCase(1f)]
    public void One_of_k_plus_one_transitions_keeps_its_goal(float ratio)
    {
        using var play = new Play(new DdpgSettings { HindsightRatio = ratio });
        int changed = play.Draw(Rows, (_, drawn, stored) => !drawn.Goal.SequenceEqual(stored.Inputs[Observed..]));
        double share = ratio / (ratio + 1);
        // Four standard deviations of a binomial share.
        Assert.That((double)changed / Rows, Is.EqualTo(share).Within(4 * Math.Sqrt(share * (1 - share) / Rows)));
    }

    [TestCase(HindsightGoals.Future)]
    [TestCase(HindsightGoals.Final)]
    [TestCase(HindsightGoals.Episode)]
    public void Other_goals_are_what_the_same_episode_achieved_at_the_times_of_the_strategy(HindsightGoals goals)
    {
        using var play = new Play(new DdpgSettings { Hindsight = goals });
        var offsets = new HashSet<int>();
        play.Draw(Rows, (row, drawn, stored) =>
        {
            if (drawn.Goal.SequenceEqual(stored.Inputs[Observed..])) return false;
            // The hand's place is the achieved goal; every row of the test's play is known.
            var (lane, step) = (row % Lanes, row / Lanes);
            int first = step / 50 * 50, last = Math.Min(first + 49, (play.Collector.Replay.Count / Lanes) - 1);
            int found = -1;
            for (int at = first; at <= last; at++)
            {
                if (drawn.Goal.SequenceEqual(play.Collector.Replay[(at * Lanes) + lane].Achieved)) found = at;
            }
            Assert.That(found, Is.GreaterThanOrEqualTo(first), "a goal of the same episode");
            if (goals == HindsightGoals.Future) Assert.That(found, Is.GreaterThanOrEqualTo(step), "after the step");
            if (goals == HindsightGoals.Final) Assert.That(found, Is.EqualTo(last));
            offsets.Add(found - step);
            return true;
        });
        Assert.That(offsets.Count, Is.GreaterThan(40), "all times are drawn");
        if (goals == HindsightGoals.Episode) Assert.That(offsets.Min(), Is.LessThan(-40));
    }

    [Test]
    public void Goals_of_the_future_are_drawn_evenly_over_the_steps_that_are_left()
    {
        using var play = new Play(new DdpgSettings());
        int[] counts = new int[50];
        for (ulong time = 0; time < 20; time++)
        {
            play.Draw(Rows, (row, drawn, stored) =>
            {
                if (row / Lanes % 50 != 0 || drawn.Goal.SequenceEqual(stored.Inputs[Observed..])) return false;
                for (int later = 0; later < 50; later++)
                {
                    if (row + (later * Lanes) < play.Collector.Replay.Count && drawn.Goal.SequenceEqual(play.Collector.Replay[row + (later * Lanes)].Achieved)) counts[later]++;
                }
                return true;
            }, time * 100);
        }
        double mean = counts.Average();
        Assert.That(mean, Is.GreaterThan(20));
        // Five standard deviations of a count.
        Assert.That(counts, Has.All.EqualTo(mean).Within(5 * Math.Sqrt(mean)));
    }

    [Test]
    public void A_relabelled_reward_is_what_the_environment_would_have_given_had_it_asked_for_that_goal([Values] bool fetch)
    {
        using var play = new Play(new DdpgSettings(), new ErrandSettings { Fetch = fetch });
        int successes = 0;
        play.Draw(Rows, (_, drawn, stored) =>
        {
            double distance = 0;
            for (int i = 0; i < Goal; i++) distance += Math.Pow(drawn.NextInputs[fetch ? 3 + i : i] - drawn.Goal[i], 2);
            if (Math.Abs(Math.Sqrt(distance) - Errand.Reach) < 1e-6) return false;
            bool reached = Math.Sqrt(distance) < Errand.Reach;
            Assert.That(drawn.Reward, Is.EqualTo(reached ? 0 : -1));
            Assert.That(drawn.NextGoal.SequenceEqual(drawn.Goal), Is.True, "the successor has the same goal");
            Assert.That(drawn.Term, Is.Zero);
            if (reached) successes++;
            return true;
        });
        Assert.That(successes, Is.GreaterThan(Rows / 20), "hindsight makes successes");
    }

    /// <summary>Replayed in the environment itself: the same actions under the other goal earn the relabelled rewards.</summary>
    [Test]
    public void An_episode_replayed_under_its_final_goal_earns_the_relabelled_rewards()
    {
        using var play = new Play(new DdpgSettings { Hindsight = HindsightGoals.Final, HindsightRatio = 1000 });
        using var environments = Errand.Definition.Create(new EnvironmentOptions { Count = Lanes, Seed = 1 });
        environments.Reset();
        var replay = play.Collector.Replay;
        float[] own = new float[1];
        play.Draw(Rows, (row, drawn, stored) =>
        {
            if (drawn.Goal.SequenceEqual(stored.Inputs[Observed..])) return false;
            environments.ComputeRewards(stored.Achieved, drawn.Goal, own);
            Assert.That(drawn.Reward, Is.EqualTo(own[0]));
            int end = (Math.Min((row / Lanes / 50 * 50) + 49, (replay.Count / Lanes) - 1) * Lanes) + (row % Lanes);
            if (row == end) Assert.That(drawn.Reward, Is.Zero, "the last step achieves the final goal");
            return true;
        });
    }

    [Test]
    public void Where_success_ends_episodes_termination_follows_the_goal()
    {
        using var play = new Play(new DdpgSettings { Hindsight = HindsightGoals.Episode }, new ErrandSettings { EndsWithSuccess = true }, expert: true);
        int ended = 0, wentOn = 0;
        play.Draw(Rows, (_, drawn, stored) =>
        {
            bool changed = !drawn.Goal.SequenceEqual(stored.Inputs[Observed..]);
            Assert.That(drawn.Term, Is.EqualTo(drawn.Reward == 0 ? 1 : 0));
            if (changed && stored.Term == 0 && drawn.Term == 1) ended++;
            if (changed && stored.Term == 1 && drawn.Term == 0) wentOn++;
            return changed;
        });
        Assert.That(ended, Is.GreaterThan(10));
        Assert.That(wentOn, Is.GreaterThan(10));
    }

    [Test]
    public void Statistics_take_every_step_of_finished_episodes_in_once_with_the_goals_of_hindsight()
    {
        using var play = new Play(new DdpgSettings { NormaliseObservations = true, Hindsight = HindsightGoals.Final, HindsightRatio = 1000 });
        var statistics = play.Collector.Statistics!;
        Assert.That(statistics.Count, Is.EqualTo(100 * Lanes).Within(1e-3), "the start counts for 1e-4");
        for (int i = 0; i < Goal; i++)
        {
            double observed = 0, final = 0;
            for (int row = 0; row < 100 * Lanes; row++) observed += play.Collector.Replay[row].Inputs[i] / (100 * Lanes);
            for (int lane = 0; lane < Lanes; lane++) final += (play.Collector.Replay[(49 * Lanes) + lane].Achieved[i] + play.Collector.Replay[(99 * Lanes) + lane].Achieved[i]) / (2 * Lanes);
            Assert.That(statistics.Mean[i], Is.EqualTo(observed).Within(1e-6), "sums of float32 in another order");
            // One step in a thousand keeps its goal, which is up to 0.3 m away.
            Assert.That(statistics.Mean[Observed + i], Is.EqualTo(final).Within(2e-3));
        }
    }

    [Test]
    public void A_full_ring_gives_goals_of_what_it_still_holds()
    {
        using var play = new Play(new DdpgSettings { ReplayCapacity = 200, Hindsight = HindsightGoals.Episode });
        var (replay, spans) = (play.Collector.Replay, play.Collector.Hindsight!.Spans);
        Assert.That(replay.Count, Is.EqualTo(200));
        for (int row = 0; row < 200; row++)
        {
            int before = spans.Before(row), after = spans.After(row);
            Assert.That(before + after, Is.LessThan(50));
            for (int i = -before; i < after; i++)
            {
                var here = replay[spans.Row(row, i)];
                var next = replay[spans.Row(row, i + 1)];
                Assert.That(next.Inputs.SequenceEqual(here.NextInputs), Is.True, "rows of one episode follow one another");
            }
        }
    }

    [Test]
    public void A_task_without_a_reward_for_other_goals_is_refused()
    {
        using var environments = new Sim.Tests.Environments.Checking.BrokenEnvironment(Errand.Definition.Create(new EnvironmentOptions { Count = 2 }), new());
        environments.Reset();
        Assert.That(() => new OffPolicyCollector(new LearnerContext(environments, 1, 1000), new DdpgSettings(), new EpisodeTracker(true)),
            Throws.ArgumentException.With.Message.Contains("errand has goals, but no reward for other goals than its own: set hindsight=none"));
    }

    private readonly ref struct Drawn(ReplayBatch batch, int row)
    {
        public ReadOnlySpan<float> Goal => batch.Inputs.Row(row)[Observed..];
        public ReadOnlySpan<float> NextInputs => batch.NextInputs.Row(row);
        public ReadOnlySpan<float> NextGoal => NextInputs[Observed..];
        public float Reward => batch.Rewards[row];
        public float Term => batch.Terms[row];
    }

    /// <summary>Uniform actions, or the expert's, for 130 steps of three lanes: two whole episodes each and part of a third.</summary>
    private sealed class Play : IDisposable
    {
        public const int Steps = 130;

        private readonly BatchEnvironment _environments;

        public Play(DdpgSettings settings, ErrandSettings? task = null, bool expert = false)
        {
            _environments = Errand.Definition.Create(new EnvironmentOptions { Count = Lanes, Seed = 1 }, task ?? new ErrandSettings());
            _environments.Reset();
            Collector = new OffPolicyCollector(new LearnerContext(_environments, 5, 10_000), settings, new EpisodeTracker(true));
            using var actor = new ErrandExpert(_environments);
            for (int step = 0; step < Steps; step++)
            {
                Collector.Observe();
                Collector.ChooseUniform((ulong)step);
                if (expert)
                {
                    actor.Act(_environments);
                    _environments.Actions.CopyTo(Collector.Actions);
                }
                Collector.Step();
            }
        }

        public OffPolicyCollector Collector { get; }

        /// <summary>Draws a batch; counts the rows of which <paramref name="holds"/> is true.</summary>
        public int Draw(int rows, Check holds, ulong time = 0)
        {
            using var batch = new ReplayBatch(Collector, rows);
            int[] chosen = new int[rows];
            CounterRandom.FillIndices(chosen, Collector.Replay.Count, 1, Sim.Physics.Numerics.RandomStream.Sampling, time);
            batch.Draw(1, ref time);
            int count = 0;
            for (int i = 0; i < rows; i++)
            {
                if (holds(chosen[i], new Drawn(batch, i), Collector.Replay[chosen[i]])) count++;
            }
            return count;
        }

        public void Dispose()
        {
            Collector.Dispose();
            _environments.Dispose();
        }
    }

    private delegate bool Check(int row, Drawn drawn, Transition stored);
}
