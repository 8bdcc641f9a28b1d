using NUnit.Framework;
using Sim.Environments;
using Sim.Environments.Surgical;
using Sim.Environments.SurgicalGym;

namespace Sim.Tests.Environments.SurgicalGym;

/// <summary>Spaces, rewards, drift and parity of the six tasks, through the public environment.</summary>
public sealed class GymTaskTests
{
    private static readonly string[] Ids =
    [
        "surgical-gym-psm-reach", "surgical-gym-psm-track", "surgical-gym-ecm-reach", "surgical-gym-ecm-track", "surgical-gym-star-reach", "surgical-gym-star-track",
    ];

    [TestCase("psm", 37, 9)]
    [TestCase("ecm", 24, 6)]
    [TestCase("star", 27, 8)]
    public void Spaces_have_the_sources_sizes(string robot, int observation, int action)
    {
        foreach (string mode in (string[])["reach", "track"])
        {
            using var environments = Registry.Make($"surgical-gym-{robot}-{mode}");
            Assert.That((environments.Spec.ObservationBox.Size, environments.Spec.Action.Size, environments.Spec.TimeLimit), Is.EqualTo((observation, action, 400)));
        }
    }

    /// <summary>The columns are the source's order: positions, velocities, tip, targets, error.</summary>
    [TestCase("surgical-gym-psm-reach", 11, 34, 1e-4f, 0.01f)]
    [TestCase("surgical-gym-ecm-reach", 6, 21, 0f, 0f)]
    [TestCase("surgical-gym-star-track", 8, 24, 1e-3f, 0f)]
    public void The_reward_is_what_distance_speed_and_posture_cost(string id, int joints, int error, float speed, float posture)
    {
        using var environments = Registry.Make(id, count: 16, seed: 5);
        environments.Reset();
        for (int step = 0; step < 50; step++)
        {
            RandomActions.Fill(environments, seed: 2, step);
            environments.Step();
            for (int lane = 0; lane < 16; lane++)
            {
                var seen = environments.Observations.Row(lane);
                double expected = -Size(seen[error..(error + 3)]) - (posture * Size(seen[..joints])) - (speed * Size(seen[joints..(2 * joints)]));
                Assert.That(environments.Rewards[lane], Is.EqualTo(expected).Within(1e-5), "float32 sums of up to 25 numbers");
            }
        }
    }

    [Test]
    public void A_target_moves_by_its_increment_and_stops_at_one([ValueSource(nameof(Ids))] string id)
    {
        using var environments = Registry.Make(id);
        environments.Reset();
        int target = environments.Spec.ObservationBox.Labels.ToList().FindIndex(label => label.StartsWith("target.", StringComparison.Ordinal));
        float increment = id.Contains("ecm", StringComparison.Ordinal) ? 0.02f : 0.01f;
        environments.Actions.Fill(5);
        environments.Step();
        Assert.That(environments.Observations.Row(0)[target], Is.EqualTo(increment).Within(1e-7));
        for (int step = 0; step < 150; step++) environments.Step();
        Assert.That(environments.Observations.Row(0)[target], Is.EqualTo(1));
        Assert.That(environments.Info!.Current.Row(0)[0], Is.EqualTo(151 * environments.Spec.Action.Size), "every component of every action was clipped");
    }

    [Test]
    public void A_still_ball_stays_and_a_drifting_one_does_not([Values("psm", "ecm", "star")] string robot)
    {
        Assert.That(Way("reach"), Is.Zero.Within(1e-6));
        Assert.That(Way("track"), Is.GreaterThan(1e-3));

        double Way(string mode)
        {
            using var environments = Registry.Make($"surgical-gym-{robot}-{mode}");
            environments.Reset();
            var before = BallOf(environments, 0);
            // Over the first steps: the ball does not know what the arm does.
            for (int step = 0; step < 100; step++) environments.Step();
            var after = BallOf(environments, 0);
            return Math.Abs(after.X - before.X) + Math.Abs(after.Y - before.Y) + Math.Abs(after.Z - before.Z);
        }
    }

    /// <summary>
    /// Momentum after n steps has the deviation 1e-4·√n; the ball, a sum of momenta, stays within its limit. Where the
    /// ball lies is told by tip and error, which the PSM shows both.
    /// </summary>
    [Test]
    public void A_drifting_ball_gathers_momentum_and_stays_within_its_reach()
    {
        const int count = 2048, steps = 100;
        using var environments = Registry.Make("surgical-gym-psm-track", new EnvironmentOptions { Count = count, Seed = 9 },
            (GymPsmSettings)GymPsm.Track.DefaultSettings with { Ball = ((GymPsmSettings)GymPsm.Track.DefaultSettings).Ball with { Deviation = 0 } });
        environments.Reset();
        for (int step = 1; step < steps; step++) environments.Step();
        var before = Enumerable.Range(0, count).Select(lane => BallOf(environments, lane).X).ToArray();
        environments.Step();
        double square = Enumerable.Range(0, count).Average(lane => Math.Pow(BallOf(environments, lane).X - before[lane], 2));
        // A variance over 2048 draws is off by 3 % (one deviation); four of them.
        Assert.That(square, Is.EqualTo(1e-8 * steps).Within(0.13e-8 * steps));

        double mean = new GymPsmSettings().Ball.X, farthest = 0;
        for (int step = steps; step < 399; step++)
        {
            environments.Step();
            farthest = Math.Max(farthest, Enumerable.Range(0, count).Max(lane => Math.Abs(BallOf(environments, lane).X - mean)));
        }
        Assert.That(farthest, Is.EqualTo(0.2).Within(1e-6), "some balls get to the limit and none beyond");
        environments.Step();
        Assert.That(Enumerable.Range(0, count).Max(lane => Math.Abs(BallOf(environments, lane).X - mean)), Is.Zero.Within(1e-6), "the next episode's ball is drawn anew");
        environments.Step();
        Assert.That(Enumerable.Range(0, count).Max(lane => Math.Abs(BallOf(environments, lane).X - mean)), Is.LessThan(6e-4), "and starts without momentum");
    }

    [Test]
    public void With_parity_a_tip_is_seen_where_its_environment_stands_in_the_grid()
    {
        var source = new GymPsmSettings { Parity = Parity.Source };
        using var environments = Registry.Make("surgical-gym-psm-reach", new EnvironmentOptions { Count = 130 }, source);
        environments.Reset();
        var first = environments.Observations.Row(0).ToArray();
        Assert.That(environments.Observations.Row(1)[23] - first[23], Is.EqualTo(1.5).Within(1e-5), "one column on");
        Assert.That(environments.Observations.Row(129)[22] - first[22], Is.EqualTo(3).Within(1e-5), "two rows on");
        Assert.That(environments.Observations.Row(129)[23] - first[23], Is.EqualTo(1.5).Within(1e-5));
        double mean = Enumerable.Range(0, 130).Average(lane => environments.Observations.Row(lane)[36]);
        // The tip starts 9.4 mm below the remote centre; 130 draws of 0.05 m leave the mean to 4 mm.
        Assert.That(mean, Is.EqualTo(0.5 - 0.0094 - 0.6).Within(4 * 0.0044), "the ball is about the source's mean");
    }

    [Test]
    public void With_parity_the_parallelograms_joints_go_apart_and_the_tip_gets_above_the_remote_centre()
    {
        var source = new GymPsmSettings { Parity = Parity.Source };
        using var environments = Registry.Make("surgical-gym-psm-reach", new EnvironmentOptions(), source);
        environments.Reset();
        for (int step = 0; step < 399; step++)
        {
            environments.Actions.Clear();
            environments.Actions[2] = -1;
            environments.Step();
        }
        var seen = environments.Observations.Row(0);
        Assert.That((seen[1], seen[3]), Is.EqualTo((0f, 0f)));
        Assert.That(seen[2], Is.LessThan(-0.9f));
        Assert.That(seen[24], Is.GreaterThan(0.6f), "the bottom link lifts the whole tool");
    }

    [Test]
    public void An_action_that_is_no_number_ends_its_episode_with_a_flag([ValueSource(nameof(Ids))] string id)
    {
        using var environments = Registry.Make(id, count: 2);
        environments.Reset();
        environments.Actions.Clear();
        environments.Actions[0] = float.NaN;
        environments.Step();
        Assert.That(environments.Faulted.ToArray(), Is.EqualTo(new[] { true, false }));
    }

    private static (double X, double Y, double Z) BallOf(BatchEnvironment environments, int lane)
    {
        var seen = environments.Observations.Row(lane);
        int error = environments.Observations.Columns - 3;
        var labels = environments.Spec.ObservationBox.Labels.ToList();
        int tip = labels.IndexOf("tip.x");
        // Without actions the STAR arm, which shows no tip, stays where it is.
        return tip < 0
            ? (-seen[error], -seen[error + 1], -seen[error + 2])
            : (seen[tip] - seen[error], seen[tip + 1] - seen[error + 1], seen[tip + 2] - seen[error + 2]);
    }

    private static double Size(ReadOnlySpan<float> numbers)
    {
        double sum = 0;
        foreach (float number in numbers) sum += Math.Abs(number);
        return sum;
    }
}
