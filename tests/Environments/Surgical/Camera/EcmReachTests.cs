using NUnit.Framework;
using Sim.Environments;
using Sim.Environments.Surgical.Arms;
using Sim.Physics.Numerics;

namespace Sim.Tests.Environments.Surgical.Camera;

public sealed class EcmReachTests
{
    [Test]
    public void An_episode_starts_at_the_same_place_with_a_goal_from_the_box()
    {
        using var environments = Registry.Make("surgical-ecm-reach", count: 500);
        environments.Reset();
        for (int lane = 0; lane < 500; lane++)
        {
            Assert.That(environments.Groups[1].Current.Row(lane).ToArray(), Is.EqualTo(new[] { 0.5f, 0, 0.7f }).Within(1e-6));
            var goal = environments.Groups[2].Current.Row(lane);
            Assert.That(goal[0], Is.InRange(0.45f, 0.55f));
            Assert.That(goal[1], Is.InRange(-0.05f, 0.05f));
            Assert.That(goal[2], Is.InRange(0.60f, 0.70f));
        }
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public void A_full_action_moves_one_centimetre_along_its_axis_of_the_remote_centre_but_for_the_motors_lag(int axis)
    {
        using var environments = Registry.Make("surgical-ecm-reach");
        environments.Reset();
        float[] before = environments.Observations.Row(0)[..3].ToArray();
        environments.Actions[axis] = axis == 2 ? -1 : 1;
        environments.Step();
        double[] way = [.. environments.Observations.Row(0)[..3].ToArray().Zip(before, (after, start) => (double)(after - start))];
        // A tenth of the error a motor step leaves 0.9²⁴ of it. The joints run straight, the EEF on a curve: 0.1 mm.
        double expected = 0.01 * (1 - Math.Pow(0.9, 24));
        for (int i = 0; i < 3; i++) Assert.That(way[i], Is.EqualTo(i == axis ? (axis == 2 ? -expected : expected) : 0).Within(1e-4));
    }

    [Test]
    public void A_command_out_of_reach_is_dropped_and_the_arm_stays()
    {
        using var environments = Registry.Make("surgical-ecm-reach", new EnvironmentOptions { Autoreset = AutoresetMode.Disabled });
        environments.Reset();
        // Outward along the shaft: 25 cm of insertion are reached after some 17 steps.
        float depth = 0;
        for (int step = 0; step < 40; step++)
        {
            var place = environments.Observations.Row(0);
            float length = MathF.Sqrt((place[0] * place[0]) + (place[1] * place[1]) + (place[2] * place[2]));
            Assert.That(length, Is.GreaterThanOrEqualTo(depth - 1e-6f), "it does not come back");
            depth = length;
            for (int i = 0; i < 3; i++) environments.Actions[i] = place[i] / length;
            environments.Step();
        }
        Assert.That(depth, Is.InRange(0.2447f, 0.2547f), "within a step of the end of the insertion");
    }

    [Test]
    public void Goals_are_reached_within_five_millimetres()
    {
        using var environments = Registry.Make("surgical-ecm-reach", count: 64);
        using var expert = Registry.Find("surgical-ecm-reach").Expert!(environments);
        environments.Reset();
        for (int step = 0; step < 49; step++)
        {
            expert.Act(environments);
            environments.Step();
            for (int lane = 0; lane < 64; lane++)
            {
                double distance = Math.Sqrt(environments.Groups[1].Current.Row(lane).ToArray().Zip(environments.Groups[2].Current.Row(lane).ToArray(), (a, b) => Math.Pow(a - b, 2)).Sum());
                // Closer to the bound than the rounding of the places nothing is asked.
                if (Math.Abs(distance - 0.005) > 1e-6) Assert.That(environments.IsSuccess[lane], Is.EqualTo(distance < 0.005));
            }
        }
    }

    [Test]
    public void The_achieved_goal_is_the_observed_place_in_the_world()
    {
        using var environments = Registry.Make("surgical-ecm-reach", seed: 4);
        environments.Reset();
        RandomActions.Fill(environments, seed: 1);
        environments.Step();
        var local = environments.Observations.Row(0);
        var world = ArmMount.Ecm.PointToWorld(new Vec3<Lane1>(new(local[0]), new(local[1]), new(local[2])), 1);
        Assert.That(environments.Groups[1].Current.Row(0).ToArray(), Is.EqualTo(new[] { world.X.Value, world.Y.Value, world.Z.Value }));
    }
}
