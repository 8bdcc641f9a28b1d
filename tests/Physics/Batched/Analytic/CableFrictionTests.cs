using System.Numerics;
using NUnit.Framework;
using Sim.Physics.Scenes;

namespace Sim.Tests.Physics.Batched.Analytic;

/// <summary>Limp cables that friction holds on a table and on a cylinder.</summary>
public sealed class CableFrictionTests
{
    private const float Friction = 0.3f, CableRadius = 0.001f;

    // Contacts of rods that weigh a quarter of a gram and carry the weight of a whole cable.
    private static readonly SpringSettings s_contact = new(240, 1);

    [Test]
    public void A_cable_slips_on_a_cylinder_when_its_ends_pull_in_a_ratio_above_e_to_the_friction_times_the_wrap()
    {
        const int turns = 16, leg = 4;
        const double cylinder = 0.03, reach = cylinder + CableRadius, turn = Math.PI / turns;
        // Rods touch the cylinder at their middles: the sides of a polygon about it. h is 0.2 radii.
        double pitch = 2 * reach * Math.Tan(turn / 2);
        // Contacts are found at four times the rate of their springs: normals that stay as they are while the cable
        // passes from side to side let go early, at 0.9 e^(μβ) with steps of 1/480 s and 0.8 with 1/240.
        var cable = Limp((2 * leg) + turns - 1, pitch) with { Gravity = 0, Timestep = 1f / 960, Substeps = 4 };
        double[] dips = [.. Enumerable.Range(0, cable.Rods).Select(rod => (-Math.PI / 2) + (turn * Math.Clamp(rod - leg + 1, 0, turns)))];
        var points = cable.Bent(dips, x: -reach, z: pitch * (0.5 - leg));
        double[] shares = [0.6, 0.75, 0.85, 0.93, 1, 1.07, 1.15, 1.3];
        using var world = new CableWorld(cable, points, shares.Length, (builder, _)
            => builder.AddStatic("cylinder", Shape.Cylinder((float)cylinder, 0.1f), Pose.Identity, cable.Material));
        double ratio = Math.Exp(Friction * Math.PI), hold = 0.05, ramp = 0;
        var start = world.End(0, cable.Rods - 1);
        world.Run(1, () =>
        {
            // Pulled gently at first, so that no wave runs along the cable.
            ramp = Math.Min(1, ramp + (2 * cable.Timestep));
            for (int environment = 0; environment < shares.Length; environment++)
            {
                world.World.ApplyWrench(environment, world.Rod(0), new Vector3(0, 0, (float)(-ramp * hold)), Vector3.Zero);
                world.World.ApplyWrench(environment, world.Rod(cable.Rods - 1), new Vector3(0, 0, (float)(-ramp * hold * ratio * shares[environment])), Vector3.Zero);
            }
        });
        for (int environment = 0; environment < shares.Length; environment++)
        {
            double moved = start.Z - world.End(environment, cable.Rods - 1).Z;
            TestContext.Out.WriteLine($"{shares[environment]} e^(μβ): moved by {moved * 1e3:f2} mm");
            // Asked for of cables: within 15 percent for rods up to 0.3 radii long.
            if (shares[environment] <= 0.85) Assert.That(Math.Abs(moved), Is.LessThan(pitch / 2), $"{shares[environment]}");
            if (shares[environment] >= 1.15) Assert.That(moved, Is.GreaterThan(3 * pitch), $"{shares[environment]}");
        }
    }

    [Test]
    public void A_cable_slides_off_a_table_when_it_hangs_lower_than_friction_times_what_lies_on_it()
    {
        const int turns = 4, rods = 40;
        const double edge = 0.02, reach = edge + CableRadius, turn = Math.PI / 2 / turns;
        double pitch = 2 * reach * Math.Tan(turn / 2);
        var cable = Limp(rods, pitch);
        int[] hanging = [2, 4, 5, 6, 8, 9, 10, 12];
        using var world = new CableWorld(cable, Over(cable, hanging[0]), hanging.Length, (builder, _) =>
        {
            // An edge without friction: tension passes it, and the weight of what bends over it counts by its height.
            builder.AddStatic("table", Shape.Box(1, 0.2f, 0.1f), new Vector3(-0.5f, 0, -0.05f), cable.Material);
            builder.AddStatic("edge", Shape.Cylinder((float)edge, 0.2f), new Vector3(0, 0, (float)-edge), cable.Material with { Friction = 0 });
        });
        for (int environment = 0; environment < hanging.Length; environment++) world.Put(environment, Over(cable, hanging[environment]));
        double[] start = [.. hanging.Select((_, environment) => (double)world.Tip(environment).Z)];
        world.Run(1);
        for (int environment = 0; environment < hanging.Length; environment++)
        {
            double lying = (rods - hanging[environment] - turns + 1 - 0.5) * pitch, low = reach + ((hanging[environment] - 0.5) * pitch);
            double moved = start[environment] - world.Tip(environment).Z;
            TestContext.Out.WriteLine($"hangs {low / lying / Friction:f2} of μ times what lies: moved by {moved * 1e3:f2} mm");
            if (low < 0.9 * Friction * lying) Assert.That(moved, Is.LessThan(2e-3), $"{hanging[environment]} rods hang");
            if (low > 1.1 * Friction * lying) Assert.That(moved, Is.GreaterThan(0.05), $"{hanging[environment]} rods hang");
        }

        Vector3[] Over(Cable cable, int below)
        {
            int lying = rods - below - turns + 1;
            double[] dips = [.. Enumerable.Range(0, rods).Select(rod => turn * Math.Clamp(rod - lying + 1, 0, turns))];
            return cable.Bent(dips, x: pitch * (0.5 - lying), z: CableRadius);
        }
    }

    [Test]
    public void A_cable_that_falls_over_a_cylinder_comes_to_rest()
    {
        var cable = new Cable { First = CableEnd.Free, Radius = 0.003f, Material = new Material(0.3f, s_contact, 1), Stiffness = 1e-4, Drag = 3, Timestep = 1f / 120, Substeps = 16 };
        using var world = new CableWorld(cable, cable.Bent(new double[cable.Rods], x: -0.2, z: 0.043), 1, (builder, _)
            => builder.AddStatic("cylinder", Shape.Cylinder(0.03f, 0.2f), Pose.Identity, cable.Material));
        world.Run(10);
        TestContext.Out.WriteLine($"{world.MeanSpeed(0) * 1e3:g3} mm/s, ends at {world.Begin(0, 0)} and {world.Tip(0)}");
        Assert.That(world.Tip(0).Z, Is.LessThan(-0.05f), "it hangs over");
        Assert.That(world.World.Body(0, world.Rod(cable.Rods / 2)).Pose.Position.Z, Is.GreaterThan(0.03f), "and has not fallen");
        // Asked for of cables.
        Assert.That(world.MeanSpeed(0), Is.LessThan(1e-3));
    }

    private static Cable Limp(int rods, double pitch) => new()
    {
        Rods = rods,
        Length = rods * pitch,
        First = CableEnd.Free,
        Radius = CableRadius,
        Material = new Material(Friction, s_contact, 1),
        Timestep = 1f / 240,
        Substeps = 16,
    };
}
