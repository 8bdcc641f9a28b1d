using System.Numerics;
using NUnit.Framework;

namespace Sim.Tests.Physics.Batched.Analytic;

/// <summary>How far the soft sockets of a loaded chain stand open.</summary>
public sealed class CableStretchTests
{
    [Test]
    public void A_hanging_cable_stretches_by_less_than_a_hundredth_and_a_half_of_its_length()
    {
        // The coarsest stepping for which this is asked.
        var cable = new Cable { First = CableEnd.Pinned, Substeps = 16, Drag = 3 };
        using var world = new CableWorld(cable, Hanging(cable));
        world.Run(10);
        // Σ 2T/(m ω²) over the joints; the uppermost is held by one body and half as soft.
        double expected = Enumerable.Range(0, cable.Rods).Sum(joint => (joint == 0 ? 1 : 2) * (cable.Rods - joint) * cable.Gravity / SquaredSocketFrequency(cable));
        TestContext.Out.WriteLine($"{world.TotalGap(0) / cable.Length:p3} of the length, formula {expected / cable.Length:p3}");
        Assert.That(world.TotalGap(0), Is.LessThan(0.015 * cable.Length));
        Assert.That(world.TotalGap(0), Is.EqualTo(expected).Within(1).Percent);
    }

    [Test]
    public void A_socket_under_tension_along_the_rods_opens_by_2T_over_m_omega_squared([Values(1, 10, 30)] int boost)
    {
        var cable = new Cable { First = CableEnd.Pinned, InertiaBoost = boost, Drag = 3 };
        using var world = new CableWorld(cable, Hanging(cable));
        world.Run(10);
        foreach (int joint in (int[])[1, cable.Rods / 2])
        {
            double tension = (cable.Rods - joint) * cable.RodMass * cable.Gravity;
            Assert.That(world.Tension(0, joint), Is.EqualTo(tension).Within(1).Percent);
            // Gaps are some 10 µm, which rounding at half a metre resolves to 0.3 percent.
            Assert.That(world.Gap(0, joint), Is.EqualTo(2 * tension / (cable.RodMass * SquaredSocketFrequency(cable))).Within(1).Percent);
        }
    }

    [Test]
    public void A_socket_under_a_force_across_the_rods_opens_wider_by_1_plus_3_over_beta([Values(1, 10, 30)] int boost)
    {
        // A stiff, short cantilever: its rods stay within 6 degrees of level, so that their weight acts across them.
        var cable = new Cable { Rods = 8, Length = 0.2, Stiffness = 4e-3, InertiaBoost = boost, Substeps = 64, Drag = 3 };
        using var world = new CableWorld(cable, cable.Straight());
        world.Run(10);
        foreach (int joint in (int[])[1, 4])
        {
            double across = (cable.Rods - joint) * cable.RodMass * cable.Gravity;
            double expected = 2 * across * (1 + (3.0 / boost)) / (cable.RodMass * SquaredSocketFrequency(cable));
            TestContext.Out.WriteLine($"β {boost}, joint {joint}: {world.Gap(0, joint) * 1e6:f2} µm, formula {expected * 1e6:f2}");
            // Rods turned by 6 degrees, and gaps of 4 to 22 µm at a rounding of 0.02.
            Assert.That(world.Gap(0, joint), Is.EqualTo(expected).Within(3).Percent);
        }
    }

    private static double SquaredSocketFrequency(Cable cable) => Math.Pow(Math.Tau * cable.SocketFrequency, 2);

    private static Vector3[] Hanging(Cable cable) => cable.Bent([.. Enumerable.Repeat(Math.PI / 2, cable.Rods)]);
}
