using NUnit.Framework;
using Sim.Physics.Scenes;

namespace Sim.Tests.Physics.Batched.Analytic;

/// <summary>Cables of several stiffnesses that fall onto a cylinder and swing: the same again, bit for bit.</summary>
public sealed class CableRepeatTests
{
    [Test]
    public void Two_runs_from_one_seed_give_the_same_bits()
    {
        double[] stiffness = Stiffness(seed: 3, count: 5);
        var first = Run(stiffness);
        Assert.That(Run(stiffness), Is.EqualTo(first));
    }

    [Test]
    public void A_batch_gives_the_bits_of_single_runs()
    {
        double[] stiffness = Stiffness(seed: 4, count: 11);
        Assert.That(Run(stiffness), Is.EqualTo(stiffness.SelectMany(one => Run(one)).ToArray()));
    }

    private static double[] Stiffness(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => 1e-5 * Math.Pow(50, random.NextDouble()))];
    }

    /// <summary>States of all rods after two seconds.</summary>
    private static BodyState[] Run(params double[] stiffness)
    {
        var cable = new Cable { Stiffness = 1e-4, Radius = 0.003f, Timestep = 1f / 120, Substeps = 16 };
        using var world = new CableWorld(cable, cable.Straight(), stiffness.Length, (builder, _)
            => builder.AddStatic("cylinder", Shape.Cylinder(0.03f, 0.2f), new System.Numerics.Vector3(0.15f, 0, -0.1f)));
        for (int environment = 0; environment < stiffness.Length; environment++) world.Bend(environment, stiffness[environment]);
        world.Run(2);
        return [.. from environment in Enumerable.Range(0, stiffness.Length) from rod in Enumerable.Range(0, cable.Rods) select world.State(environment, rod)];
    }
}
