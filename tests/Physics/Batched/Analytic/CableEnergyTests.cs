using System.Numerics;
using NUnit.Framework;
using Sim.Physics.Worlds;

namespace Sim.Tests.Physics.Batched.Analytic;

/// <summary>Nothing that hangs from springs may gain energy of its own.</summary>
public sealed class CableEnergyTests
{
    [Test]
    public void A_swinging_cable_never_has_more_energy_than_it_began_with([Values(16, 32)] int substeps, [Values(0, 1, 3)] int drag)
    {
        var cable = new Cable { Substeps = substeps, Drag = drag };
        double[] stiffness = [0.3e-4, 1e-4, 3e-4, 5e-4];
        using var world = CableWorld.WithStiffness(cable, cable.Straight(), stiffness);
        double unit = cable.Weight * cable.Length * cable.Length;
        List<double[]> history = [Energies(world)];
        double gain = double.NegativeInfinity, rise = double.NegativeInfinity;
        for (int tenth = 1; tenth <= 80; tenth++)
        {
            world.Run(0.1);
            double[] now = Energies(world);
            history.Add(now);
            for (int environment = 0; environment < world.Count; environment++)
            {
                gain = Math.Max(gain, (now[environment] - history[0][environment]) / unit);
                if (tenth < 10 || world.MeanSpeed(environment) <= 1e-3) continue;
                double change = (now[environment] - history[tenth - 10][environment]) / unit;
                rise = Math.Max(rise, change);
                Assert.That(change, Is.LessThan(0), $"EI {stiffness[environment]}, the second before {tenth / 10.0}");
            }
        }
        TestContext.Out.WriteLine($"{substeps} substeps, drag {drag}: at most {gain:g3} m·g·L gained, {rise:g3} in a second");
        // Asked for of cables, in units of m·g·L.
        Assert.That(gain, Is.LessThan(1e-3));
    }

    [TestCase(16), TestCase(32)]
    public void A_cable_comes_to_rest_within_ten_seconds(int substeps)
    {
        var cable = new Cable { Substeps = substeps, Drag = 3 };
        double[] stiffness = [1e-5, 3e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3];
        using var world = CableWorld.WithStiffness(cable, cable.Straight(), stiffness);
        world.Run(10);
        // Asked for of cables.
        for (int environment = 0; environment < world.Count; environment++)
            Assert.That(world.MeanSpeed(environment), Is.LessThan(1e-3), $"EI {stiffness[environment]}");
    }

    [TestCase(16), TestCase(32)]
    public void Bending_slower_than_a_radian_a_substep_settles_in_the_right_shape(int substeps)
    {
        var cable = new Cable { Substeps = substeps, Drag = 3 };
        double[] speeds = [0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 1.0];
        double[] stiffness = [.. speeds.Select(cable.StiffnessAt)];
        using var world = CableWorld.WithStiffness(cable, cable.Straight(), stiffness);
        world.Run(10);
        for (int environment = 0; environment < world.Count; environment++)
        {
            double drop = Elastica.Drop(Elastica.Angles(cable.Rods, cable.Length, stiffness[environment], cable.Weight), cable.Length);
            double error = Math.Abs(-world.Tip(environment).Z - drop) / cable.Length;
            TestContext.Out.WriteLine($"ω·h {speeds[environment]}: tip {error:p2} of the length off, {world.MeanSpeed(environment) * 1e3:g2} mm/s");
            // 1.8 percent was measured of the reference engine at the smaller of these substep rates.
            Assert.That(error, Is.LessThan(0.018), $"ω·h {speeds[environment]}");
            Assert.That(world.MeanSpeed(environment), Is.LessThan(1e-3), $"ω·h {speeds[environment]}");
        }
    }

    [Test]
    public void Bending_faster_than_that_misbehaves_with_finite_numbers_or_a_fault()
    {
        var cable = new Cable { Drag = 1 };
        double[] speeds = [1.7, 2, 2.5, 3, 4, 8, 30, 300];
        double[] stiffness = [.. speeds.Select(cable.StiffnessAt)];
        using var world = CableWorld.WithStiffness(cable, cable.Straight(), stiffness);
        world.Run(10);
        for (int environment = 0; environment < world.Count; environment++)
        {
            TestContext.Out.WriteLine($"ω·h {speeds[environment]}: {world.MeanSpeed(environment):g3} m/s, {world.World.Fault(environment)}");
            // A faulted environment is put back to its last finite state, so numbers are finite in any case.
            Assert.That(world.IsFinite(environment), $"ω·h {speeds[environment]}");
            Assert.That(world.World.Fault(environment) != EnvironmentFault.None || world.MeanSpeed(environment) > 1e-2, $"ω·h {speeds[environment]} cannot be at rest");
        }
    }

    [Test]
    public void A_straight_chain_stays_calm_with_sockets_up_to_a_fifth_of_the_substep_rate()
    {
        foreach (int rods in (int[])[8, 24, 40])
        {
            // No drag, and nothing but the sockets acts along a straight chain: a push on its end must die away.
            var cable = new Cable { Rods = rods, First = CableEnd.Pinned, Gravity = 0, Drag = 0 };
            using var world = new CableWorld(cable, cable.Straight());
            world.World.SetVelocity(0, world.Rod(rods - 1), new Vector3(0.01f, 0, 0), default);
            world.Run(5);
            TestContext.Out.WriteLine($"{rods} rods: {world.MeanSpeed(0):g3} m/s");
            // A mode that grew by only a thousandth a substep would have grown by e^9.6.
            Assert.That(world.MeanSpeed(0), Is.LessThan(0.01 / rods));
        }
    }

    private static double[] Energies(CableWorld world) => [.. Enumerable.Range(0, world.Count).Select(world.Energy)];
}
