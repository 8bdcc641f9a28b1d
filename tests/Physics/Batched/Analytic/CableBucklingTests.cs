using System.Numerics;
using NUnit.Framework;
using Sim.Physics.Scenes;

namespace Sim.Tests.Physics.Batched.Analytic;

/// <summary>A weightless cable between two pins, one of which a force pushes towards the other.</summary>
public sealed class CableBucklingTests
{
    /// <summary>Of the nudge, m/s.</summary>
    private const double Speed = 1e-3;

    [Test]
    public void A_column_buckles_at_pi_squared_EI_over_L_squared()
    {
        var cable = new Cable { First = CableEnd.Pinned, Gravity = 0, Stiffness = 1e-3, Drag = 0.3 };
        double critical = Math.PI * Math.PI * cable.Stiffness / (cable.Length * cable.Length);
        double[] loads = [0.5, 0.8, 0.9, 0.95, 1.05, 1.1, 1.2, 1.5];
        using var world = new CableWorld(cable, cable.Straight(), loads.Length, (builder, rods) => GuideTheEnd(cable, builder, rods[^1]));
        Nudge(world);
        // An unloaded column swings as far as v/ω.
        double unloaded = Speed / (Math.PI * Math.PI * Math.Sqrt(cable.Stiffness / (cable.Density * Math.Pow(cable.Length, 4))));
        double[] largest = new double[loads.Length];
        // At 1.1 P_cr a nudge grows by √0.1·π²√(EI/μL⁴) = 3.6 a second; at 0.9 it swings to and fro in 1.8 s.
        world.Run(1.8, () =>
        {
            for (int environment = 0; environment < loads.Length; environment++)
            {
                world.Push(environment, cable.Rods - 1, new Vector3((float)(-loads[environment] * critical), 0, 0), new Vector3(0, (float)(cable.Pitch / 2), 0));
                largest[environment] = Math.Max(largest[environment], Deflection(world, environment));
            }
        });
        for (int environment = 0; environment < loads.Length; environment++)
        {
            TestContext.Out.WriteLine($"{loads[environment]} P_cr: deflection {largest[environment] / unloaded:f1} times that of the unloaded column");
            // Below, the swing is 1/√(1 − P/P_cr) times the unloaded one: 3.2 at 0.9, less a tenth for drag. Above, e^(3.6·1.8)/(2√0.1) = 1000 at 1.1.
            if (loads[environment] <= 0.9) Assert.That(largest[environment] / unloaded, Is.EqualTo(1 / Math.Sqrt(1 - loads[environment])).Within(15).Percent);
            if (loads[environment] >= 1.1) Assert.That(largest[environment] / unloaded, Is.GreaterThan(50));
        }
    }

    /// <summary>The far end slides along X alone.</summary>
    private static void GuideTheEnd(Cable cable, SceneBuilder builder, BodyId last)
    {
        var guide = builder.AddKinematic("guide", null, Pose.Identity);
        builder.Join("guide", guide, last, new PointOnLineServo
        {
            LocalDirection = Vector3.UnitX,
            LocalOffsetB = new Vector3(0, (float)(cable.Pitch / 2), 0),
            Spring = new SpringSettings((float)cable.SocketFrequency, 1),
        });
    }

    /// <summary>A sideways speed in the shape of the first mode.</summary>
    private static void Nudge(CableWorld world)
    {
        var cable = world.Cable;
        for (int environment = 0; environment < world.Count; environment++)
        {
            for (int rod = 0; rod < cable.Rods; rod++)
            {
                double phase = Math.PI * (rod + 0.5) / cable.Rods;
                var velocity = new Vector3(0, 0, (float)(Speed * Math.Sin(phase)));
                // Turning with it: the slope of the speed, about −Y.
                var spin = new Vector3(0, (float)(-Speed * Math.PI / cable.Length * Math.Cos(phase)), 0);
                world.World.SetVelocity(environment, world.Rod(rod), velocity, spin);
            }
        }
    }

    private static double Deflection(CableWorld world, int environment) => Math.Abs(world.End(environment, (world.Cable.Rods / 2) - 1).Z);
}
