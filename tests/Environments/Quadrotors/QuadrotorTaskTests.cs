using NUnit.Framework;
using Sim.Environments;
using Sim.Environments.Quadrotors;
using Sim.Physics.Numerics;

namespace Sim.Tests.Environments.Quadrotors;

public class QuadrotorTaskTests
{
    private const int Rotors = 13, Mass = 23, ThrustToWeight = 24, TorqueConstant = 25;

    [TestCase("quadrotor-hover", 82)]
    [TestCase("quadrotor-track", 100)]
    [TestCase("quadrotor-waypoints", 86)]
    [TestCase("quadrotor-gates", 88)]
    public void Observations_have_the_specified_size_and_end_with_sixteen_actions(string id, int size)
    {
        using var environments = Registry.Make(id);
        var box = environments.Spec.ObservationBox;
        Assert.That(box.Size, Is.EqualTo(size));
        Assert.That(environments.Observations.Columns, Is.EqualTo(size));
        Assert.That(box.Labels![^64], Is.EqualTo("action[-16].0"));
        Assert.That(box.Labels[^1], Is.EqualTo("action[-1].3"));
    }

    [Test]
    public void The_action_history_is_oldest_first_and_begins_with_zeros([Values(3, 20)] int steps)
    {
        using var environments = Registry.Make("quadrotor-hover", new EnvironmentOptions { Count = 9 },
            new HoverSettings { GuidedStarts = 1, PositionLimit = 1000, SpeedLimit = 1000, SpinLimit = 1000 });
        environments.Reset();
        for (int step = 1; step <= steps; step++)
        {
            environments.Actions.Fill(step / 32f);
            environments.Actions[0] = 2f; // clipped to 1 before it is remembered
            environments.Step();
        }
        var row = environments.Observations.Row(8)[18..];
        for (int age = 16; age >= 1; age--)
        {
            float expected = Math.Max(0, steps - age + 1) / 32f;
            Assert.That(row.Slice((16 - age) * 4, 4).ToArray(), Is.All.EqualTo(expected), $"action {age} steps back");
        }
        Assert.That(environments.Observations.Row(0)[18 + 60], Is.EqualTo(1f));
    }

    [TestCase(0.1f, false)]
    [TestCase(0.5f, true)]
    public void A_hover_succeeds_at_its_end_by_the_mean_distance_of_its_last_second(float allowed, bool succeeds)
    {
        using var environments = Registry.Make("quadrotor-hover", new EnvironmentOptions { Autoreset = AutoresetMode.Disabled, Privileged = true },
            new HoverSettings { GuidedStarts = 1, SuccessDistance = allowed });
        environments.Reset();

        // 0.0028 above hover climbs at 0.03 m/s²: to 0.24 … 0.375 m in the last second.
        environments.Actions.Fill((2 * environments.Privileged!.Current.Row(0)[Rotors]) - 1 + 0.0028f);
        for (int step = 1; step <= 500; step++)
        {
            environments.Step();
            Assert.That(environments.IsSuccess[0], Is.EqualTo(succeeds && step == 500), $"step {step}");
        }
        Assert.That(environments.Truncated[0], Is.True);
        Assert.That(environments.Terminated[0], Is.False);
    }

    [Test]
    public void A_crash_is_a_termination_with_its_reward_and_no_success()
    {
        using var environments = Registry.Make("quadrotor-hover", new EnvironmentOptions { Autoreset = AutoresetMode.Disabled },
            new HoverSettings { GuidedStarts = 1 });
        environments.Reset();
        environments.Actions.Fill(-1);
        for (int step = 0; step < 100 && !environments.Terminated[0]; step++) environments.Step();
        Assert.That(environments.Terminated[0], Is.True);
        Assert.That(environments.IsSuccess[0], Is.False);
        Assert.That(environments.Rewards[0], Is.EqualTo(-100));
    }

    [Test]
    public void Rotors_start_alike_near_hover_and_each_on_its_own_in_the_source([Values] HoverStart start)
    {
        using var environments = Registry.Make("quadrotor-hover", new EnvironmentOptions { Count = 200, Privileged = true },
            new HoverSettings { GuidedStarts = 0, Start = start });
        environments.Reset();
        for (int lane = 0; lane < environments.Count; lane++)
        {
            var rotors = environments.Privileged!.Current.Row(lane).Slice(Rotors, 4);
            Assert.That(rotors[0] == rotors[1] && rotors[1] == rotors[2] && rotors[2] == rotors[3], Is.EqualTo(start == HoverStart.NearHover));
            if (start == HoverStart.NearHover) Assert.That(rotors[0], Is.EqualTo(0.8061f).Within(0.1001f), "hover ± 0.1");
        }
    }

    [TestCase("quadrotor-hover")]
    [TestCase("quadrotor-track")]
    [TestCase("quadrotor-waypoints")]
    [TestCase("quadrotor-gates")]
    public void Randomised_vehicles_keep_to_their_ranges_and_start_at_their_own_hover_speed(string id)
    {
        var randomisation = new RandomisationSettings
        {
            MassLow = 0.02f,
            MassHigh = 5f,
            ThrustToWeightLow = 1.5f,
            ThrustToWeightHigh = 5f,
            TorqueConstantLow = 0.005f,
            TorqueConstantHigh = 0.05f,
            DisturbanceForce = 0.1f,
        };
        object settings = id switch
        {
            "quadrotor-hover" => new HoverSettings { Randomisation = randomisation, GuidedStarts = 1 },
            "quadrotor-track" => new TrackSettings { Randomisation = randomisation },
            "quadrotor-waypoints" => new WaypointsSettings { Randomisation = randomisation },
            _ => new GatesSettings { Randomisation = randomisation },
        };
        using var environments = Registry.Make(id, new EnvironmentOptions { Count = 1000, Privileged = true }, settings);
        environments.Reset();
        var rows = Enumerable.Range(0, environments.Count).Select(lane => environments.Privileged!.Current.Row(lane).ToArray()).ToArray();
        AssertSpread(Mass, 0.02f, 5f);
        AssertSpread(ThrustToWeight, 1.5f, 5f);
        AssertSpread(TorqueConstant, 0.005f, 0.05f);
        for (int axis = 17; axis < 20; axis++) AssertSpread(axis, -0.981f, 0.981f);
        var vehicle = new VehicleSettings();
        foreach (float[] row in rows)
        {
            float u = row[Rotors], share = (vehicle.Thrust0 + (u * (vehicle.Thrust1 + (u * vehicle.Thrust2)))) / (vehicle.Thrust0 + vehicle.Thrust1 + vehicle.Thrust2);
            Assert.That(share * row[ThrustToWeight], Is.EqualTo(1).Within(1e-5), "thrust over weight; float32 rounding of a square root");
        }

        // A thousand uniform draws leave 1 % at either end empty once in 20,000 runs; the seed is fixed.
        void AssertSpread(int column, float low, float high)
        {
            float margin = 0.01f * (high - low);
            Assert.That(rows.Min(row => row[column]), Is.InRange(low, low + margin));
            Assert.That(rows.Max(row => row[column]), Is.InRange(high - margin, high));
        }
    }

    [TestCase("quadrotor-hover")]
    [TestCase("quadrotor-track")]
    [TestCase("quadrotor-waypoints")]
    [TestCase("quadrotor-gates")]
    public void Lane_width_and_threads_change_no_bit(string id)
    {
        using var reference = Registry.Make(id, new EnvironmentOptions { Count = 37, Lanes = 1, Seed = 5 });
        using var eight = Registry.Make(id, new EnvironmentOptions { Count = 37, Lanes = 8, Seed = 5 });
        using var sixteen = Registry.Make(id, new EnvironmentOptions { Count = 37, Lanes = 16, Threads = 2, Seed = 5 });
        BatchEnvironment[] all = [reference, eight, sixteen];
        foreach (var environments in all) environments.Reset();
        int ends = 0;
        for (int step = 0; step < 200; step++)
        {
            foreach (var environments in all)
            {
                RandomActions.Fill(environments, 9, step);
                environments.Step();
            }
            foreach (var environments in all)
            {
                Assert.That(environments.Observations.Bytes.SequenceEqual(reference.Observations.Bytes), Is.True, $"observations, step {step}, {environments.Lanes} lanes");
                Assert.That(environments.Rewards.SequenceEqual(reference.Rewards), Is.True, $"rewards, step {step}, {environments.Lanes} lanes");
                Assert.That(environments.Terminated.SequenceEqual(reference.Terminated), Is.True);
            }
            ends += reference.Terminated.ToArray().Count(end => end);
        }
        Assert.That(ends, Is.GreaterThan(37), "every lane has started anew");
    }

    [Test]
    public void The_track_announces_where_its_reference_will_be()
    {
        using var environments = Registry.Make("quadrotor-track", new EnvironmentOptions { Privileged = true },
            new TrackSettings { StartPosition = 0, StartVelocity = 0 });
        environments.Reset();
        var seen = environments.Observations.Row(0);
        var truth = environments.Privileged!.Current.Row(0);
        Assert.That(seen[..3].ToArray(), Is.All.Zero.Within(1e-6), "it starts on the curve");
        float[] announced = [truth[0] + seen[18], truth[1] + seen[19], truth[2] + seen[20]];
        var velocity = seen.Slice(21, 3).ToArray();
        environments.Actions.Fill((2 * truth[Rotors]) - 1);
        for (int step = 0; step < 10; step++) environments.Step();
        for (int axis = 0; axis < 3; axis++)
            Assert.That(truth[axis] - seen[axis], Is.EqualTo(announced[axis]).Within(1e-6), "float32 rounding of two sines");
        environments.Step();
        for (int axis = 0; axis < 3; axis++)
            Assert.That((truth[axis] - seen[axis] - announced[axis]) / 0.01f, Is.EqualTo(velocity[axis]).Within(0.02), "half a step's acceleration of at most 1.3 m/s² per axis, and rounding");
    }

    [Test]
    public void Waypoints_lie_in_their_cube_and_apart()
    {
        var settings = new WaypointsSettings();
        int close = 0;
        const int draws = 2000;
        for (uint seed = 0; seed < draws; seed++)
        {
            WaypointsTask<Lane1>.Reset(out var state, Seeded(seed), in settings);
            Point<Lane1>[] points = [state.First, state.Second, state.Third, state.Fourth];
            for (int i = 0; i < 4; i++)
            {
                Assert.That(new[] { points[i].X.Value, points[i].Y.Value, points[i].Z.Value }, Is.All.InRange(-1f, 1f));
                for (int j = 0; j < i; j++)
                    if (points[i].SquaredDistance(in points[j]).Value < 0.7f * 0.7f) close++;
            }
        }
        Assert.That(close, Is.LessThan(12), "eight tries fail for one point in ten thousand, so about once in these 6000");
    }

    [Test]
    public void Waypoints_that_cannot_keep_their_distance_are_drawn_all_the_same()
    {
        WaypointsTask<Lane1>.Reset(out var state, Seeded(3), new WaypointsSettings { PointSpacing = 100 });
        Assert.That(state.Fourth.SquaredDistance(in state.First).Value, Is.GreaterThan(0.1f), "the try farthest from the others");
    }

    [TestCase(0f, 1f, true, false, TestName = "A gate counts when it is passed along its normal")]
    [TestCase(0f, -1f, false, false, TestName = "A gate does not count when it is passed backwards")]
    [TestCase(0.225f, 1f, false, true, TestName = "A flight into the frame ends the episode")]
    [TestCase(0.32f, 1f, false, false, TestName = "A flight past the frame neither counts nor ends the episode")]
    public void Gates_are_passed_through_their_inside(float beside, float direction, bool passes, bool touches)
    {
        var settings = new GatesSettings { StartPosition = 0, StartVelocity = 0 };
        var random = Seeded(1);
        GatesTask<Lane1>.Reset(out var state, in random, in settings);
        state.Body.PositionX = new(settings.Radius + beside);
        state.Body.PositionY = new(-0.005f * direction);
        state.Body.VelocityY = new(direction);
        random.Step = new(1f);
        GatesTask<Lane1>.Step(ref state, state.LastAction, in random, in settings, out var reward, out var end);
        Assert.That(reward.Gate.Value, Is.EqualTo(passes ? 10f : 0f));
        Assert.That(state.Gate.Value, Is.EqualTo(passes ? 1f : 0f));
        Assert.That(Lane1.Any(end.Terminated), Is.EqualTo(touches));
    }

    private static LaneRandom<Lane1> Seeded(uint seed) => new() { SeedLow = Lane1.OfBits(seed) };
}
