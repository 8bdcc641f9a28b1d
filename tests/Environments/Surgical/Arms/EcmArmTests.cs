using NUnit.Framework;
using Sim.Environments.Surgical.Arms;
using Sim.Physics.Numerics;

namespace Sim.Tests.Environments.Surgical.Arms;

public sealed class EcmArmTests
{
    // Metres of float32 arithmetic on an arm of 0.25 m; orientations are of size one.
    private const double Rounding = 1e-6;

    [Test]
    public void At_rest_the_camera_is_almost_at_the_remote_centre()
        => Assert.That(ArmPose.Position(Forward(0, 0, 0, 0).Origin), Is.EqualTo(new[] { 0, 0, -0.0007 }).Within(Rounding));

    [Test]
    public void A_turned_pose_is_where_the_published_table_puts_it()
        => Assert.That(ArmPose.Position(Forward(0.3, 0.2, 0.1, 0.4).Origin), Is.EqualTo(new[] { 0.029166, -0.020006, -0.094285 }).Within(1.5e-6));

    [Test]
    public void In_the_world_the_camera_hangs_where_the_base_says()
    {
        var eef = Forward(0, 0, 0.05, 0);
        ArmMount.Ecm.ToWorld(in eef, 1, out var world);
        EcmArm.Camera(in world, 1, out var camera);
        Assert.That(ArmPose.Position(world.Origin), Is.EqualTo(new[] { 0.505977, 0, 0.740181 }).Within(1.5e-6));
        Assert.That(ArmPose.Position(camera.Origin), Is.EqualTo(new[] { 0.495977, 0, 0.722860 }).Within(1.5e-6));
    }

    [Test]
    public void Forward_kinematics_equal_the_table_in_double_precision()
    {
        var random = new Random(1);
        for (int i = 0; i < 2000; i++)
        {
            double[] q = Draw(random);
            Assert.That(ArmPose.Numbers(Forward(q)), Is.EqualTo(ReferenceChain.EcmEef(q)).Within(Rounding));
        }
    }

    [TestCase(1)]
    [TestCase(5)]
    public void The_inverse_returns_the_joints_of_any_position_within_the_limits(float scale)
    {
        var random = new Random(2);
        for (int i = 0; i < 5000; i++)
        {
            double[] q = Draw(random);
            EcmArm.Forward(ArmPose.Ecm(q), scale, out var eef);
            EcmArm.Inverse(in eef.Origin, scale, ArmPose.Of(q[3]), out var joints, out var reachable);
            Assert.That(ArmPose.Holds(reachable), $"position {i}");
            // At 1 cm from the remote centre an angle is worth a few roundings of that distance.
            Assert.That(ArmPose.Numbers(joints), Is.EqualTo(q).Within(1e-5), $"position {i}");
        }
    }

    [TestCase(0.1, 66.5, 0.1)]
    [TestCase(0.1, -45.1, 0.1)]
    [TestCase(90.1, 10, 0.1)]
    [TestCase(0.1, 10, 0.2541)]
    public void A_position_past_a_limit_is_not_reachable(double yaw, double pitch, double insertion)
    {
        var eef = Forward(yaw * Math.PI / 180, pitch * Math.PI / 180, insertion, 0);
        EcmArm.Inverse(in eef.Origin, 1, ArmPose.Of(0), out _, out var reachable);
        Assert.That(ArmPose.Holds(reachable), Is.False);
    }

    [Test]
    public void Camera_velocities_become_the_joint_rates_of_the_pseudoinverse()
    {
        var random = new Random(3);
        for (int i = 0; i < 200; i++)
        {
            double[] q = Draw(random);
            double[] velocity = [Within(random, 0.01), Within(random, 0.01), Within(random, 0.01)];
            double roll = Within(random, 20);
            EcmArm.FollowCamera(ArmPose.Ecm(q), new(ArmPose.Of(velocity[0]), ArmPose.Of(velocity[1]), ArmPose.Of(velocity[2])), ArmPose.Of(roll), out var rates);
            // Rates of up to 25 rad/s, divided by the cosine of a pitch of up to 66°.
            Assert.That(ArmPose.Numbers(rates), Is.EqualTo(PseudoinverseRates(q, velocity, roll)).Within(3e-5), $"velocity {i}");
        }
    }

    [Test]
    public void The_upright_rate_is_25_times_the_angle_seen_from_above()
    {
        double angle = 0.3;
        Rotation<Lane1> upright = ArmPose.Frame([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]).Axes;
        Rotation<Lane1> turned = upright;
        Rotation<Lane1>.TurnZ(ref turned, ArmPose.Of(Math.Sin(angle)), ArmPose.Of(Math.Cos(angle)));
        Assert.That(EcmArm.UprightRate(in turned, in upright).Value, Is.EqualTo(25 * angle).Within(1e-5));
    }

    private static Frame<Lane1> Forward(params ReadOnlySpan<double> q)
    {
        EcmArm.Forward(ArmPose.Ecm(q), 1, out var eef);
        return eef;
    }

    private static double[] Draw(Random random) =>
    [
        Within(random, 1.57), -0.78 + (random.NextDouble() * (0.78 + 1.158)), 0.01 + (random.NextDouble() * 0.2439), Within(random, 1.57),
    ];

    private static double Within(Random random, double limit) => ((random.NextDouble() * 2) - 1) * limit;

    /// <summary>The source's mapping with the numerical Jacobian of the table and the normal equations, in double precision.</summary>
    private static double[] PseudoinverseRates(double[] q, double[] velocity, double roll)
    {
        double[] pose = ReferenceChain.EcmEef(q);
        double[] eef = [velocity[2], -velocity[0] / 0.02, -velocity[1] / 0.02, roll];
        var twist = new double[6];
        for (int row = 0; row < 3; row++)
        {
            twist[row] = -pose[(row * 4) + 2] * eef[0];
            twist[3 + row] = -((pose[row * 4] * eef[1]) + (pose[(row * 4) + 1] * eef[2]) + (pose[(row * 4) + 2] * eef[3]));
        }
        return LeastSquares(Jacobian(q, pose), twist);
    }

    /// <summary>Columns of the base-frame Jacobian [joint][6], by central differences of the table.</summary>
    private static double[][] Jacobian(double[] q, double[] pose)
    {
        const double Step = 1e-5;
        return [.. Enumerable.Range(0, 4).Select(joint =>
        {
            double[] ahead = [.. q], behind = [.. q];
            ahead[joint] += Step;
            behind[joint] -= Step;
            double[] slope = [.. ReferenceChain.EcmEef(ahead).Zip(ReferenceChain.EcmEef(behind), (a, b) => (a - b) / (2 * Step))];
            // Ṙ·Rᵀ is the matrix of the angular velocity's cross product.
            double Spin(int row, int column) => Enumerable.Range(0, 3).Sum(i => slope[(row * 4) + i] * pose[(column * 4) + i]);
            return new[] { slope[3], slope[7], slope[11], Spin(2, 1), Spin(0, 2), Spin(1, 0) };
        })];
    }

    private static double[] LeastSquares(double[][] columns, double[] target)
    {
        int n = columns.Length;
        var rows = new double[n][];
        for (int i = 0; i < n; i++)
            rows[i] = [.. columns.Select(column => column.Zip(columns[i], (a, b) => a * b).Sum()), columns[i].Zip(target, (a, b) => a * b).Sum()];
        for (int pivot = 0; pivot < n; pivot++)
        {
            for (int row = 0; row < n; row++)
            {
                if (row == pivot) continue;
                double factor = rows[row][pivot] / rows[pivot][pivot];
                for (int i = pivot; i <= n; i++) rows[row][i] -= factor * rows[pivot][i];
            }
        }
        return [.. rows.Select((row, i) => row[n] / row[i])];
    }
}
