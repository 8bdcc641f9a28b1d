using NUnit.Framework;
using Sim.Environments;
using Sim.Environments.Surgical;
using Sim.Environments.Surgical.Arms;
using Sim.Environments.Surgical.Camera;
using Sim.Physics.Numerics;
using Sim.Tests.Environments.Surgical.Arms;

namespace Sim.Tests.Environments.Surgical.Camera;

public sealed class MisOrientTests
{
    [Test]
    public void The_angle_is_that_of_pictures_drawn_in_double_precision()
    {
        var random = new Random(1);
        for (int i = 0; i < 500; i++)
        {
            double[] q = [Within(random, 0.785), -0.39 + (random.NextDouble() * 0.97), random.NextDouble() * 0.24, Within(random, 0.785)];
            // Axes of 10 cm seen from up to 3 m: entries of 0.03, with roundings of 1e-8.
            Assert.That(AngleAt(q), Is.EqualTo(DrawnAngle(q)).Within(5e-6), $"pose {i}");
        }
    }

    [Test]
    public void At_joints_zero_the_picture_is_upright() => Assert.That(AngleAt([0, 0, 0, 0]), Is.Zero.Within(1e-6));

    [Test]
    public void A_roll_of_the_line_of_sight_turns_the_picture_by_as_much([Values(-0.7, 0.2)] double roll)
        => Assert.That(AngleAt([0, 0, 0, roll]), Is.EqualTo(-roll).Within(2e-6));

    [Test]
    public void A_full_action_turns_three_degrees_but_for_the_motors_lag_and_stops_at_a_quarter_turn()
    {
        using var environments = Registry.Make("surgical-mis-orient", new EnvironmentOptions { Autoreset = AutoresetMode.Disabled },
            new MisOrientSettings { StartYaw = 0, StartPitchLow = 0, StartPitchHigh = 0, StartInsertion = 0, StartRoll = 0 });
        environments.Reset();
        environments.Actions[0] = 1;
        float start = environments.Observations.Row(0)[5];
        environments.Step();
        double turn = Math.Abs(environments.Observations.Row(0)[5] - start);
        Assert.That(turn, Is.EqualTo(3 * Math.PI / 180 * (1 - Math.Pow(0.9, 24))).Within(1e-6));
        for (int step = 1; step < 50; step++) environments.Step();
        // 90° of roll about an axis that looks straight down the RCM frame's z axis: its yaw.
        Assert.That(Math.Abs(environments.Observations.Row(0)[5] - start), Is.EqualTo(Math.PI / 2).Within(1e-5));
    }

    [Test]
    public void In_parity_angles_past_a_right_angle_fold_back()
    {
        // A start turned by 90° and yawed: about 115°.
        var settings = new MisOrientSettings { StartYaw = 0.785f, StartRoll = 1.57f };
        int folded = 0;
        using var corrected = Registry.Make("surgical-mis-orient", new EnvironmentOptions { Count = 2000 }, settings);
        using var source = Registry.Make("surgical-mis-orient", new EnvironmentOptions { Count = 2000 }, settings with { Parity = Parity.Source });
        corrected.Reset();
        source.Reset();
        for (int lane = 0; lane < 2000; lane++)
        {
            float whole = corrected.Groups[1].Current.Row(lane)[0], arcSine = source.Groups[1].Current.Row(lane)[0];
            if (MathF.Abs(whole) > MathF.PI / 2) folded++;
            Assert.That(arcSine, Is.EqualTo(Math.Asin(Math.Sin(whole))).Within(1e-6));
        }
        Assert.That(folded, Is.GreaterThan(10), "the starts must include such angles");
    }

    private static float AngleAt(double[] q)
    {
        CameraArm<Lane1>.RestAt(ArmPose.Ecm(q), out var arm);
        ArmMount.Ecm.ToWorld(in arm.Eef, 1, out var eef);
        EcmArm.Camera(in eef, 1, out var camera);
        return Misorientation.Angle(in camera).Value;
    }

    /// <summary>
    /// The published definition: pixels of 512×512 at 60° against 1920×1080 at 120°, the affine map between both, its
    /// singular value decomposition by Jacobi, and the rotation U·Vᵀ.
    /// </summary>
    private static double DrawnAngle(double[] q)
    {
        double[] now = WorldCamera(q), reference = WorldCamera([0, 0, 0, 0]);
        double t = -now[11] / now[10];
        double[] look = [now[3] + (t * now[2]), now[7] + (t * now[6]), 0];
        var (ax, ay) = Axes(now, 512, 60, look);
        var (bx, by) = Axes(reference, 1920, 120, look);
        double det = (ax[0] * ay[1]) - (ay[0] * ax[1]);
        double[] m =
        [
            ((bx[0] * ay[1]) - (by[0] * ax[1])) / det, ((by[0] * ax[0]) - (bx[0] * ay[0])) / det,
            ((bx[1] * ay[1]) - (by[1] * ax[1])) / det, ((by[1] * ax[0]) - (bx[1] * ay[0])) / det,
        ];
        // Right singular vectors diagonalise MᵀM; M carries them to the left ones.
        double p = (m[0] * m[0]) + (m[2] * m[2]), r = (m[1] * m[1]) + (m[3] * m[3]), s = (m[0] * m[1]) + (m[2] * m[3]);
        double phi = 0.5 * Math.Atan2(2 * s, p - r), c = Math.Cos(phi), d = Math.Sin(phi);
        double[] u1 = Unit((m[0] * c) + (m[1] * d), (m[2] * c) + (m[3] * d)), u2 = Unit((m[1] * c) - (m[0] * d), (m[3] * c) - (m[2] * d));
        return -Math.Asin((u1[1] * c) - (u2[1] * d));
    }

    private static (double[] X, double[] Y) Axes(double[] camera, double width, double degrees, double[] look)
    {
        double[] origin = Pixel(camera, width, degrees, look[0], look[1]);
        double[] x = Pixel(camera, width, degrees, look[0] + 0.1, look[1]), y = Pixel(camera, width, degrees, look[0], look[1] + 0.1);
        return ([origin[0] - x[0], origin[1] - x[1]], [origin[0] - y[0], origin[1] - y[1]]);
    }

    private static double[] Pixel(double[] camera, double width, double degrees, double x, double y)
    {
        double[] d = [x - camera[3], y - camera[7], -camera[11]];
        double Along(int axis) => (camera[axis] * d[0]) + (camera[4 + axis] * d[1]) + (camera[8 + axis] * d[2]);
        double focal = width / 2 / Math.Tan(degrees * Math.PI / 360);
        return [focal * Along(0) / Along(2), focal * Along(1) / Along(2)];
    }

    private static double[] WorldCamera(double[] q)
    {
        double c = Math.Cos(Math.PI / 6);
        double[] rcm = [0, c, 0.5, -0.05 + (0.6126 * c) + (0.1016 * 0.5), -1, 0, 0, 0, 0, -0.5, c, 1.0024 - (0.6126 * 0.5) + (0.1016 * c)];
        return ReferenceChain.Times(ReferenceChain.Times(rcm, ReferenceChain.EcmEef(q)), [0, 1, 0, 0, -1, 0, 0, 0, 0, 0, 1, 0.02]);
    }

    private static double[] Unit(double x, double y) => [x / Math.Sqrt((x * x) + (y * y)), y / Math.Sqrt((x * x) + (y * y))];

    private static double Within(Random random, double limit) => ((random.NextDouble() * 2) - 1) * limit;
}
