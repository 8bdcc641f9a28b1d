using NUnit.Framework;
using Sim.Environments.Surgical.Arms;
using Sim.Physics.Numerics;

namespace Sim.Tests.Environments.Surgical.Arms;

public sealed class PsmArmTests
{
    // Positions are metres of float32 arithmetic on an arm of 0.2 m; orientations are of size one.
    private const double Rounding = 1e-6;

    private static readonly double[] JointLimits = [91 * Math.PI / 180, 53 * Math.PI / 180, 0.24, Math.PI, 80 * Math.PI / 180, 80 * Math.PI / 180];

    [Test]
    public void At_rest_the_jaws_pivot_is_above_the_remote_centre()
    {
        var eef = Forward(ArmPose.Psm(0, 0, 0, 0, 0, 0));
        Assert.That(ArmPose.Position(eef.Origin), Is.EqualTo(new[] { 0, 0, 0.0065 }).Within(Rounding));
    }

    [Test]
    public void Inserted_it_points_down_and_the_tip_is_a_jaw_length_further()
    {
        var eef = Forward(ArmPose.Psm(0, 0, 0.1, 0, 0, 0));
        PsmArm.Tip(in eef, 1, out var tip);
        double[] expected = [-1, 0, 0, 0, 0, 0, -1, 0, 0, -1, 0, -0.0935];
        Assert.That(ArmPose.Numbers(eef), Is.EqualTo(expected).Within(Rounding));
        Assert.That(ArmPose.Position(tip.Origin), Is.EqualTo(new[] { 0, 0, -0.1037 }).Within(Rounding));
    }

    [Test]
    public void A_bent_pose_is_where_the_published_table_puts_it()
    {
        var eef = Forward(ArmPose.Psm(0.3, -0.2, 0.12, 0.5, -0.4, 0.6));
        double[] expected =
        [
            -0.475174, 0.840100, -0.261614, 0.034105,
            0.680240, 0.162151, -0.714829, 0.025454,
            -0.558107, -0.517629, -0.648519, -0.104504,
        ];
        // The vector is published with six digits.
        Assert.That(ArmPose.Numbers(eef), Is.EqualTo(expected).Within(1.5e-6));
    }

    [Test]
    public void The_first_arm_hangs_where_its_base_says()
    {
        var eef = Forward(ArmPose.Psm(0, 0, 0.1, 0, 0, 0));
        ArmMount.Psm1.ToWorld(in eef, 1, out var world);
        PsmArm.Tip(in world, 1, out var tip);
        Assert.That(ArmPose.Position(world.Origin), Is.EqualTo(new[] { 0.507066, 0.073641, 0.7589 }).Within(1.5e-6));
        Assert.That(tip.Origin.Z.Value, Is.EqualTo(0.7487).Within(Rounding));
    }

    [Test]
    public void The_second_arm_mirrors_the_first()
    {
        ArmMount.Psm1.Lanes<Lane1>(1, out var first);
        ArmMount.Psm2.Lanes<Lane1>(1, out var second);
        Assert.That(ArmPose.Position(second.Origin), Is.EqualTo(new[] { 0.507066, -0.073641, 0.8524 }).Within(1.5e-6));
        Assert.That(second.Axes.Y.X.Value, Is.EqualTo(first.Axes.Y.X.Value), "both reach forward");
        Assert.That(second.Axes.Y.Y.Value, Is.EqualTo(-first.Axes.Y.Y.Value), "and to opposite sides");
    }

    [TestCase(1)]
    [TestCase(5)]
    public void Forward_kinematics_equal_the_table_in_double_precision(float scale)
    {
        var random = new Random(1);
        for (int i = 0; i < 2000; i++)
        {
            double[] q = Draw(random, 0);
            double[] expected = ReferenceChain.PsmEef(q);
            for (int row = 0; row < 3; row++) expected[(row * 4) + 3] *= scale;
            PsmArm.Forward(ArmPose.Psm(q), scale, out var eef);
            Assert.That(ArmPose.Numbers(eef), Is.EqualTo(expected).Within(Rounding * scale));
        }
    }

    [TestCase(1)]
    [TestCase(5)]
    public void The_inverse_returns_the_joints_of_any_pose_within_the_limits(float scale)
    {
        var random = new Random(2);
        for (int i = 0; i < 5000; i++)
        {
            double[] q = Draw(random, 0.0156 + 0.01);
            PsmArm.Forward(ArmPose.Psm(q), scale, out var eef);
            PsmArm.Inverse(in eef, scale, out var joints, out var reachable);
            Assert.That(ArmPose.Holds(reachable), $"pose {i} is within the limits");
            PsmArm.Forward(in joints, scale, out var again);
            Assert.That(ArmPose.Numbers(again), Is.EqualTo(ArmPose.Numbers(eef)).Within(1e-5 * scale), $"pose {i}");
            // Angles of a wrist near the remote centre or folded along the shaft are worth a few roundings of 1 cm.
            Assert.That(Apart(ArmPose.Numbers(joints), q), Is.LessThan(1e-4), $"pose {i}");
        }
    }

    [Test]
    public void Of_both_bends_of_the_wrist_only_the_one_found_is_within_the_limits()
    {
        var random = new Random(3);
        for (int i = 0; i < 2000; i++)
        {
            double[] q = Draw(random, 0.0156 + 0.01);
            double[] pose = ReferenceChain.PsmEef(q);
            double[] other = OtherBend(pose);
            Assert.That(Apart(ReferenceChain.PsmEef(other), pose), Is.LessThan(1e-9), "the other bend reaches the same pose");
            Assert.That(Math.Abs(other[5]), Is.GreaterThan(JointLimits[5]), "but turns the wrist too far");
        }
    }

    [TestCase(0.25053, -0.00778, 0.10681, -0.33879, -0.07755, -0.23859, 0.05, 0.7552)]
    [TestCase(0.18550, -0.00716, 0.14100, -0.34340, -0.05638, -0.17696, 0.05, 0.7202)]
    public void Start_poses_of_the_first_arm_have_the_published_joints(double q1, double q2, double q3, double q4, double q5, double q6, double y, double z)
        => Assert.That(StartJoints(ArmMount.Psm1, 0.5, y, z), Is.EqualTo(new[] { q1, q2, q3, q4, q5, q6 }).Within(1.5e-5));

    [Test]
    public void The_second_arms_start_has_the_published_joints()
        => Assert.That(StartJoints(ArmMount.Psm2, 0.5, -0.05, 0.7552), Is.EqualTo(new[] { -0.25053, -0.00778, 0.10681, 0.33879, -0.07755, 0.23859 }).Within(1.5e-5));

    [TestCase(true, 0.04541, -0.54592, 0.14941, 1.29058, 0.21571, -1.06342)]
    [TestCase(false, -0.04541, -0.54592, 0.14941, 1.85102, -0.21571, -1.06342)]
    public void Pitched_starts_have_the_published_joints(bool first, double q1, double q2, double q3, double q4, double q5, double q6)
    {
        Frame<Lane1> world;
        world.Origin = new(ArmPose.Of(0.575 * 5), ArmPose.Of((first ? 0.045 : -0.045) * 5), ArmPose.Of((0.72 + 0.0102) * 5));
        EulerAngles<Lane1> angles;
        (angles.Roll, angles.Pitch, angles.Yaw) = (ArmPose.Of(0), ArmPose.Of(-Math.PI / 2), ArmPose.Of(-Math.PI / 2));
        EulerAngles<Lane1>.ToRotation(in angles, out world.Axes);
        Assert.That(Inverse(first ? ArmMount.Psm1 : ArmMount.Psm2, in world), Is.EqualTo(new[] { q1, q2, q3, q4, q5, q6 }).Within(1.5e-5));
    }

    [TestCase(0, 91.1)]
    [TestCase(1, -53.1)]
    [TestCase(4, 80.1)]
    [TestCase(5, -80.1)]
    public void A_pose_past_one_joints_limit_is_not_reachable(int joint, double degrees)
    {
        double[] q = [0.1, 0.1, 0.12, 0.2, 0.3, 0.2];
        Assert.That(Reachable(ReferenceChain.PsmEef(q)), "the pose it is moved from");
        q[joint] = degrees * Math.PI / 180;
        Assert.That(Reachable(ReferenceChain.PsmEef(q)), Is.False);
    }

    [TestCase(0.2401)]
    [TestCase(0.0150)]
    public void An_insertion_out_of_reach_is_not_reachable(double insertion)
        => Assert.That(Reachable(ReferenceChain.PsmEef([0.1, 0.1, insertion, 0.2, 0.3, 0.2])), Is.False);

    [Test]
    public void A_jaw_axis_through_the_remote_centre_is_singular_and_finite()
    {
        // EEF z along the position: every pitch axis across it would do.
        double[] pose = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, -0.1];
        var eef = ArmPose.Frame(pose);
        PsmArm.Inverse(in eef, 1, out var joints, out var reachable);
        Assert.That(ArmPose.Holds(reachable), Is.False);
        Assert.That(ArmPose.Numbers(joints), Is.All.Matches<double>(double.IsFinite));
    }

    [Test]
    public void The_tips_frame_and_the_eefs_are_each_others_inverse()
    {
        var eef = Forward(ArmPose.Psm(0.3, -0.2, 0.12, 0.5, -0.4, 0.6));
        PsmArm.Tip(in eef, 5, out var tip);
        PsmArm.EefOfTip(in tip, 5, out var again);
        Assert.That(ArmPose.Numbers(again), Is.EqualTo(ArmPose.Numbers(eef)).Within(Rounding));
    }

    private static double[] StartJoints(ArmMount mount, double x, double y, double z)
    {
        Frame<Lane1> world;
        world.Origin = new(ArmPose.Of(x * 5), ArmPose.Of(y * 5), ArmPose.Of(z * 5));
        Rotation<Lane1>.FromQuaternion(new(ArmPose.Of(0.5), ArmPose.Of(0.5), ArmPose.Of(-0.5), ArmPose.Of(-0.5)), out world.Axes);
        return Inverse(mount, in world);
    }

    private static double[] Inverse(ArmMount mount, in Frame<Lane1> world)
    {
        mount.FromWorld(in world, 5, out var eef);
        PsmArm.Inverse(in eef, 5, out var joints, out var reachable);
        Assert.That(ArmPose.Holds(reachable));
        return ArmPose.Numbers(joints);
    }

    private static Frame<Lane1> Forward(in PsmJoints<Lane1> joints)
    {
        PsmArm.Forward(in joints, 1, out var eef);
        return eef;
    }

    private static bool Reachable(double[] pose)
    {
        var eef = ArmPose.Frame(pose);
        PsmArm.Inverse(in eef, 1, out _, out var reachable);
        return ArmPose.Holds(reachable);
    }

    private static double[] Draw(Random random, double leastInsertion)
    {
        // A hair inside the limits, so that rounding does not carry a pose out.
        double[] q = [.. JointLimits.Select(limit => ((random.NextDouble() * 2) - 1) * limit * 0.999)];
        q[2] = leastInsertion + (random.NextDouble() * (0.2399 - leastInsertion));
        return q;
    }

    /// <summary>The joints of the same pose with the wrist's pitch axis turned over, by the closed form in double precision.</summary>
    private static double[] OtherBend(double[] pose)
    {
        double[] o6 = Column(pose, 3), x6 = Column(pose, 0), z6 = Column(pose, 2);
        double[] z5 = Unit(Cross(o6, z6));
        if (Dot(z5, x6) > 0) z5 = [.. z5.Select(v => -v)];
        double[] x5 = Cross(z6, z5);
        double[] o5 = [.. o6.Zip(x5, (o, x) => o - (0.0091 * x))];
        double length = Math.Sqrt(Dot(o5, o5));
        double[] u = [.. o5.Select(v => v / length)];
        double q1 = Math.Atan2(u[0], -u[2]), q2 = Math.Asin(-u[1]);
        double[] x3 = [-Math.Sin(q1) * Math.Sin(q2), -Math.Cos(q2), Math.Cos(q1) * Math.Sin(q2)], y3 = [-Math.Cos(q1), 0, -Math.Sin(q1)];
        double q4 = Math.Atan2(-Dot(x3, z5), Dot(y3, z5));
        double[] x4 = Cross(z5, u);
        double q5 = Math.Atan2(Dot(x4, x5), Dot(u, x5)), q6 = Math.Atan2(Dot(x5, x6), Dot(z5, x6));
        return [q1, q2, length + 0.0156, q4, q5, q6];
    }

    private static double[] Column(double[] pose, int column) => [pose[column], pose[4 + column], pose[8 + column]];

    private static double Dot(double[] a, double[] b) => (a[0] * b[0]) + (a[1] * b[1]) + (a[2] * b[2]);

    private static double[] Cross(double[] a, double[] b) => [(a[1] * b[2]) - (a[2] * b[1]), (a[2] * b[0]) - (a[0] * b[2]), (a[0] * b[1]) - (a[1] * b[0])];

    private static double[] Unit(double[] a) => [.. a.Select(v => v / Math.Sqrt(Dot(a, a)))];

    private static double Apart(double[] a, double[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max();
}
