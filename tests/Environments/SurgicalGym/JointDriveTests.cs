using NUnit.Framework;
using Sim.Environments.SurgicalGym;
using Sim.Physics.Numerics;

namespace Sim.Tests.Environments.SurgicalGym;

/// <summary>The drives' closed form against double precision and against the equation that it solves.</summary>
public sealed class JointDriveTests
{
    private const double Stiffness = 1e4, Damping = 1e3;

    [Test]
    public void A_light_joint_takes_the_same_share_of_its_way_in_every_step()
    {
        const double period = 0.0025, share = period * Stiffness / (Damping + (period * Stiffness));
        var drive = JointDrive.Of(new DriveSettings { Stiffness = (float)Stiffness, Damping = (float)Damping }, (float)period);
        Lane1 position = new(0.2f), velocity = new(0);
        double way = 1 - 0.2;
        for (int step = 0; step < 400; step++)
        {
            double before = way;
            drive.Advance(ref position, ref velocity, new Lane1(1), -2, 2);
            way *= 1 - share;
            // Float32 rounding of positions near 1 is 6e-8 a step, and shrinks with the way: it cannot pile up past a few.
            Assert.That(position.Value, Is.EqualTo(1 - way).Within(2e-6));
            Assert.That(velocity.Value, Is.EqualTo((before - way) / period).Within(2e-6 / period * share));
        }
        Assert.That(Math.Log(1 / (1 - share)) / period, Is.EqualTo(Stiffness / Damping).Within(0.013 * Stiffness / Damping),
            "the share of one step belongs to a time constant of 0.1 s, but for the step's own length");
    }

    /// <summary>Of first order: at half the period half the error is left.</summary>
    [Test]
    public void A_heavy_joint_follows_its_equation_of_motion()
    {
        // Damped by 0.8 of the critical, with a period of 0.3 s: it swings past its target.
        const double inertia = 5, stiffness = 2000, damping = 160;
        double coarse = Error(1e-3), fine = Error(5e-4);
        Assert.That(coarse, Is.LessThan(2e-2), "against a way of 1");
        Assert.That(coarse / fine, Is.EqualTo(2).Within(0.1));

        static double Error(double period)
        {
            var drive = JointDrive.Of(new DriveSettings { Stiffness = (float)stiffness, Damping = (float)damping, Inertia = (float)inertia }, (float)period);
            Lane1 position = new(0), velocity = new(0);
            double angle = 0, speed = 0, worst = 0;
            for (int step = 0; step < 0.5 / period; step++)
            {
                drive.Advance(ref position, ref velocity, new Lane1(1), -2, 2);
                // Semi-implicit steps a thousandth as long, in double precision: their own error is lost beside the other.
                for (int part = 0; part < 1000; part++)
                {
                    speed += period / 1000 * ((stiffness * (1 - angle)) - (damping * speed)) / inertia;
                    angle += period / 1000 * speed;
                }
                worst = Math.Max(worst, Math.Abs(position.Value - angle));
            }
            return worst;
        }
    }

    [TestCase(1e9f, 0f)]
    [TestCase(1e9f, 1e-3f)]
    [TestCase(1e4f, 1e6f)]
    public void No_stiffness_or_load_makes_it_unstable(float stiffness, float inertia)
    {
        var drive = JointDrive.Of(new DriveSettings { Stiffness = stiffness, Damping = 1, Inertia = inertia }, 0.1f);
        Lane1 position = new(0), velocity = new(0);
        for (int step = 0; step < 1000; step++)
        {
            drive.Advance(ref position, ref velocity, new Lane1(1), -10, 10);
            Assert.That(position.Value, Is.InRange(-1.1f, 2.1f), "an undamped swing reaches twice its target");
        }
    }

    [Test]
    public void A_joint_stands_still_at_its_limit()
    {
        var drive = JointDrive.Of(new DriveSettings { Stiffness = 1e4f, Damping = 1e3f }, 0.0025f);
        Lane1 position = new(0), velocity = new(0);
        for (int step = 0; step < 100; step++) drive.Advance(ref position, ref velocity, new Lane1(1), -0.5f, 0.5f);
        Assert.That((position.Value, velocity.Value), Is.EqualTo((0.5f, 0f)));
    }
}
