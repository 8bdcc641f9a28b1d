using NUnit.Framework;
using Sim.Environments;
using Sim.Environments.Configuration;
using Sim.Environments.Surgical;
using Sim.Environments.SurgicalGym;

namespace Sim.Tests.Environments.SurgicalGym;

/// <summary>Where the balls are, and whether the tips can be brought there.</summary>
public sealed class GymWorkspaceTests
{
    [Test]
    public void The_sources_ball_of_the_PSM_is_a_decimetre_above_a_remote_centre_that_no_shaft_points_up_from()
    {
        var (yaw, _, insertion) = GymWorkspace.JointsAt(RemoteCentreArm.Psm, 1, -0.5, 0.6);
        Assert.That(Math.Abs(yaw), Is.EqualTo(Math.PI).Within(1e-6), "straight up; the arm yaws by 1 rad");
        Assert.That(insertion, Is.EqualTo(Math.Sqrt((0.1 * 0.1) + (0.0136 * 0.0136)) - 0.0094).Within(1e-6));
        Assert.That(Highest(RemoteCentreArm.Psm), Is.LessThan(0.5), "the highest tip over all joints, and the ball's mean is at 0.6");
    }

    [Test]
    public void The_sources_ball_of_the_ECM_is_beyond_a_metre_from_the_highest_tip()
        => Assert.That(1 - Highest(RemoteCentreArm.Ecm), Is.GreaterThan(1));

    /// <summary>One deviation in every direction can be reached about our mean, and about none a millimetre nearer to the source's.</summary>
    [TestCase(true)]
    [TestCase(false)]
    public void The_balls_mean_is_moved_as_little_as_lets_one_deviation_be_reached(bool isPsm)
    {
        var arm = isPsm ? RemoteCentreArm.Psm : RemoteCentreArm.Ecm;
        var ball = isPsm ? new GymPsmSettings().Ball : new GymEcmSettings().Ball;
        (double X, double Y, double Z) source = isPsm ? (1, -0.5, 0.6) : (0.2, 0, 1);
        double ours = Distance(ball.X, ball.Y, ball.Z);
        Assert.That(IsReachableAbout(ball.X, ball.Y, ball.Z), Is.True);

        // Every point of a fine grid about ours that is nearer to the source's mean.
        int nearer = 0;
        for (double x = -0.03; x <= 0.03; x += 0.003)
        {
            for (double y = -0.03; y <= 0.03; y += 0.003)
            {
                for (double z = -0.03; z <= 0.03; z += 0.003)
                {
                    if (Distance(ball.X + x, ball.Y + y, ball.Z + z) > ours - 1e-3) continue;
                    nearer++;
                    Assert.That(IsReachableAbout(ball.X + x, ball.Y + y, ball.Z + z), Is.False, $"{ball.X + x} {ball.Y + y} {ball.Z + z}");
                }
            }
        }
        Assert.That(nearer, Is.GreaterThan(1000), "or the search has seen nothing");

        double Distance(double x, double y, double z)
            => Math.Sqrt(((x - source.X) * (x - source.X)) + ((y - source.Y) * (y - source.Y)) + ((z - source.Z) * (z - source.Z)));

        bool IsReachableAbout(double x, double y, double z)
        {
            for (int i = 0; i < 2000; i++)
            {
                // A spiral of even density over the sphere.
                double height = 1 - ((2 * i + 1) / 2000.0), round = Math.Sqrt(1 - (height * height)), turn = 2.399963229728653 * i;
                if (!IsReachable(arm, x + (ball.Deviation * round * Math.Cos(turn)), y + (ball.Deviation * round * Math.Sin(turn)), z + (ball.Deviation * height)))
                    return false;
            }
            return true;
        }
    }

    [Test]
    public void One_deviation_about_the_STAR_ball_can_be_reached_where_the_source_has_it()
    {
        var ball = new GymStarSettings().Ball;
        Assert.That((ball.X, ball.Y, ball.Z), Is.EqualTo((0f, 0f, 0.8f)));
        for (int i = 0; i < 100; i++)
        {
            double height = 1 - ((2 * i + 1) / 100.0), round = Math.Sqrt(1 - (height * height)), turn = 2.399963229728653 * i;
            var moved = ball with
            {
                X = (float)(ball.X + (ball.Deviation * round * Math.Cos(turn))),
                Y = (float)(ball.Y + (ball.Deviation * round * Math.Sin(turn))),
                Z = (float)(ball.Z + (ball.Deviation * height)),
            };
            Assert.That(() => GymWorkspace.CheckStar(moved), Throws.Nothing);
        }
    }

    [TestCase("surgical-gym-psm-reach", "ball.z=0.6", "ball.x, ball.y, ball.z = 1, -0.4864, 0.6 is outside the arm's workspace: it takes yaw 3.1416 rad; expected -1 to 1 rad.")]
    [TestCase("surgical-gym-psm-track", "ball.z=0.2", "it takes insertion 0.2906 m; expected 0 to 0.24 m.")]
    [TestCase("surgical-gym-ecm-reach", "ball.x=0.1", "it takes pitch -1.1")]
    [TestCase("surgical-gym-star-reach", "ball.x=-0.5", "1.5012 m from the shoulder at (1, 0, 0.86); expected at most 1.196 m")]
    public void A_ball_out_of_reach_is_refused_with_its_value_and_the_range(string id, string assignment, string message)
    {
        var definition = Registry.Find(id);
        object settings = SettingsOverride.Apply(definition.DefaultSettings, assignment);
        Assert.That(() => definition.Create(new EnvironmentOptions(), settings), Throws.TypeOf<SettingsException>().With.Message.Contains(message));
    }

    [Test]
    public void With_parity_the_balls_mean_is_the_sources_and_no_other()
    {
        var settings = new GymPsmSettings { Parity = Parity.Source };
        Assert.That(() => GymPsm.Reach.Create(new EnvironmentOptions(), settings).Dispose(), Throws.Nothing);
        settings = settings with { Ball = settings.Ball with { X = 0.9f } };
        Assert.That(() => GymPsm.Reach.Create(new EnvironmentOptions(), settings), Throws.TypeOf<SettingsException>().With.Message.StartsWith(
            "ball.x, ball.y, ball.z = 0.9, -0.4864, 0.4373 cannot be chosen with parity=source"));
    }

    private static bool IsReachable(in RemoteCentreArm arm, double x, double y, double z)
    {
        var (yaw, pitch, insertion) = GymWorkspace.JointsAt(in arm, x, y, z);
        var limits = GymWorkspace.Limits(in arm);
        return Math.Abs(yaw) <= limits.Yaw && pitch >= limits.PitchLow && pitch <= limits.PitchHigh
            && insertion >= limits.InsertionLow && insertion <= limits.InsertionHigh;
    }

    /// <summary>The greatest height of the tip over a grid of all that the joints can be driven to.</summary>
    private static double Highest(RemoteCentreArm arm)
    {
        var limits = GymWorkspace.Limits(in arm);
        double highest = double.NegativeInfinity;
        for (double yaw = -limits.Yaw; yaw <= limits.Yaw; yaw += 0.05)
        {
            for (double pitch = limits.PitchLow; pitch <= limits.PitchHigh; pitch += 0.05)
            {
                for (double insertion = limits.InsertionLow; insertion <= limits.InsertionHigh; insertion += 0.01)
                    highest = Math.Max(highest, arm.Z - ((insertion + arm.Tip) * Math.Cos(yaw) * Math.Cos(pitch)));
            }
        }
        return highest;
    }
}
