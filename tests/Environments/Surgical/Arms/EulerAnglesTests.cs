using NUnit.Framework;
using Sim.Environments.Surgical.Arms;
using Sim.Physics.Numerics;

namespace Sim.Tests.Environments.Surgical.Arms;

public sealed class EulerAnglesTests
{
    [Test]
    public void Angles_of_a_rotation_are_those_it_was_made_of()
    {
        var random = new Random(1);
        for (int i = 0; i < 2000; i++)
        {
            double[] angles = [Within(random, 3.14), Within(random, 1.5), Within(random, 3.14)];
            // Near the pole, at 1.5 rad, roll and yaw are worth 14 roundings of the entries that they are read from.
            Assert.That(Read(Make(angles)), Is.EqualTo(angles).Within(1e-5));
        }
    }

    [Test]
    public void A_rotation_turns_about_x_then_y_then_z_of_the_fixed_axes()
    {
        double[] angles = [0.3, -0.5, 0.9];
        double[] expected = ReferenceChain.Times(About(2, 0.9), ReferenceChain.Times(About(1, -0.5), About(0, 0.3)));
        Assert.That(ArmPose.Numbers(new Frame<Lane1> { Axes = Make(angles) }), Is.EqualTo(expected).Within(2e-7));
    }

    [TestCase(Math.PI / 2, 0.4, 0.9, 0.5)]
    [TestCase(-Math.PI / 2, 0.4, 0.9, 1.3)]
    public void Straight_up_and_down_the_yaw_takes_the_roll_with_it(double pitch, double roll, double yaw, double seen)
        => Assert.That(Read(Make([roll, pitch, yaw])), Is.EqualTo(new[] { 0, pitch, seen }).Within(1e-6));

    [Test]
    public void The_commanded_orientations_are_their_euler_angles([Values(-1.4, 0, 0.7)] double angle)
    {
        const double Quarter = Math.PI / 2;
        ToolOrientation.Yawed(ArmPose.Of(angle), out var yawed);
        ToolOrientation.PitchedFirst(ArmPose.Of(angle), out var first);
        ToolOrientation.PitchedSecond(ArmPose.Of(angle), out var second);
        AssertSame(yawed, Make([-Quarter, 0, angle]));
        AssertSame(first, Make([0, angle, -Quarter]));
        AssertSame(second, Make([-Math.PI, angle, Quarter]));

        static void AssertSame(in Rotation<Lane1> a, in Rotation<Lane1> b)
            => Assert.That(ArmPose.Numbers(new Frame<Lane1> { Axes = a }), Is.EqualTo(ArmPose.Numbers(new Frame<Lane1> { Axes = b })).Within(3e-7));
    }

    private static Rotation<Lane1> Make(double[] angles)
    {
        EulerAngles<Lane1> made;
        (made.Roll, made.Pitch, made.Yaw) = (ArmPose.Of(angles[0]), ArmPose.Of(angles[1]), ArmPose.Of(angles[2]));
        EulerAngles<Lane1>.ToRotation(in made, out var rotation);
        return rotation;
    }

    private static double[] Read(in Rotation<Lane1> rotation)
    {
        EulerAngles<Lane1>.Of(in rotation, out var angles);
        return [angles.Roll.Value, angles.Pitch.Value, angles.Yaw.Value];
    }

    private static double[] About(int axis, double angle)
    {
        var (s, c) = Math.SinCos(angle);
        return axis switch
        {
            0 => [1, 0, 0, 0, 0, c, -s, 0, 0, s, c, 0],
            1 => [c, 0, s, 0, 0, 1, 0, 0, -s, 0, c, 0],
            _ => [c, -s, 0, 0, s, c, 0, 0, 0, 0, 1, 0],
        };
    }

    private static double Within(Random random, double limit) => ((random.NextDouble() * 2) - 1) * limit;
}
