using System.Numerics;
using NUnit.Framework;
using Sim.Physics.Batched;
using Sim.Physics.Scenes;
using Sim.Tests.Physics.Golden;

namespace Sim.Tests.Physics.Batched.Analytic;

/// <summary>A box that spins near its middle axis and tumbles (Dzhanibekov), without forces.</summary>
public sealed class FreeRotationTests
{
    private static readonly BoxShape s_box = Shape.Box(1, 0.5f, 0.25f);

    private static readonly SymmetricMatrix s_inertia = s_box.Inertia(1);

    /// <summary>rad/s in the box's axes; each turns over within four seconds.</summary>
    private static readonly Vector3[] s_spins = [new(0.05f, 8, 0.02f), new(0.5f, 8, 0.1f), new(0.2f, 4, 0), new(0.3f, 6, 0.2f)];

    [TestCase(4), TestCase(64)]
    public void It_turns_over_when_Eulers_equation_says(int substeps)
    {
        using var world = Tumbling(AngularIntegrationMode.ConserveMomentumWithGyroscopicTorque, substeps);
        var flips = new List<double>[s_spins.Length];
        float[] before = [.. s_spins.Select(spin => spin.Y)];
        for (int environment = 0; environment < flips.Length; environment++) flips[environment] = [];
        Run(world, 4, (environment, step) =>
        {
            float now = LocalSpin(world, environment).Y;
            if (now * before[environment] < 0) flips[environment].Add((step + (before[environment] / (before[environment] - now))) * world.Scene.Settings.Timestep);
            before[environment] = now;
        });
        for (int environment = 0; environment < flips.Length; environment++)
        {
            var spin = s_spins[environment];
            var exact = new FreeRotation(s_inertia.XX, s_inertia.YY, s_inertia.ZZ).Flips((spin.X, spin.Y, spin.Z), 4);
            TestContext.Out.WriteLine($"{spin}: flips after {string.Join(", ", flips[environment].Select(time => time.ToString("f4", null)))} s, exact {string.Join(", ", exact.Select(time => time.ToString("f4", null)))}");
            Assert.That(exact, Is.Not.Empty);
            Assert.That(flips[environment], Has.Count.EqualTo(exact.Count));
            // Of first order in the substep: 0.3 percent at 1/960 s. Signs are read once a step and interpolated, to about a tenth of a millisecond.
            for (int i = 0; i < exact.Count; i++) Assert.That(flips[environment][i], Is.EqualTo(exact[i]).Within(substeps == 4 ? 0.4 : 0.1).Percent);
        }
    }

    [TestCase(4), TestCase(16), TestCase(64)]
    public void Its_angular_momentum_keeps_its_direction_and_nearly_its_size_and_energy_falls_slowly(int substeps)
    {
        using var world = Tumbling(AngularIntegrationMode.ConserveMomentumWithGyroscopicTorque, substeps);
        Vector3[] momenta = [.. s_spins.Select((_, environment) => Momentum(world, environment))];
        double[] energies = [.. s_spins.Select((_, environment) => Energy(world, environment))];
        double turned = 0, highest = 0, lowest = 1, shortest = 1, longest = 0;
        Run(world, 4, (environment, _) =>
        {
            var momentum = Momentum(world, environment);
            turned = Math.Max(turned, Angle(momentum, momenta[environment]));
            double size = momentum.Length() / momenta[environment].Length(), energy = Energy(world, environment) / energies[environment];
            (shortest, longest) = (Math.Min(shortest, size), Math.Max(longest, size));
            (lowest, highest) = (Math.Min(lowest, energy), Math.Max(highest, energy));
        });
        TestContext.Out.WriteLine($"{substeps} substeps: turned by {turned:g2} rad, momentum {shortest - 1:p2} to {longest - 1:p2}, energy {lowest - 1:p2} to {highest - 1:p2}");
        // All errors are of first order in the substep; at 1/960 s one flip costs 1 percent of momentum and 2 of energy.
        double share = 4.0 / substeps;
        // 40,000 float additions leave a thousandth in the direction.
        Assert.That(turned, Is.LessThan(0.001 + (0.006 * share)));
        Assert.That(shortest, Is.GreaterThan(1 - 0.0005 - (0.012 * share)));
        Assert.That(lowest, Is.GreaterThan(1 - 0.001 - (0.024 * share)));
        // The implicit step takes energy and never gives any; rounding may.
        Assert.That(highest, Is.LessThan(1.0003));
        Assert.That(longest, Is.LessThan(1.0003));
    }

    [Test]
    public void Conserving_momentum_alone_it_tumbles_as_recorded()
    {
        var golden = GoldenScene.Trajectory("spin_conserve_momentum");
        using var world = new BatchedWorld(golden.Scene, 1);
        var deviation = GoldenDeviation.Of(golden, world, seconds: golden.ComparableSeconds);
        TestContext.Out.WriteLine($"{deviation} in {golden.ComparableSeconds} s");
        Assert.That(deviation.Position, Is.LessThanOrEqualTo(golden.PositionTolerance));
        // Rounding grows e-fold every 0.3 s near the middle axis.
        Assert.That(deviation.Angle, Is.LessThan(1e-2f));
    }

    private static BatchedWorld Tumbling(AngularIntegrationMode mode, int substeps)
    {
        var builder = new SceneBuilder(new SceneSettings { Gravity = Vector3.Zero, AngularIntegration = mode, Substeps = substeps });
        var box = builder.AddDynamic("box", s_box, 1, Vector3.Zero);
        var world = new BatchedWorld(builder.Build(), s_spins.Length);
        for (int environment = 0; environment < s_spins.Length; environment++) world.SetVelocity(environment, box, Vector3.Zero, s_spins[environment]);
        return world;
    }

    /// <summary>Calls <paramref name="look"/> for every environment after each step, with the step's number.</summary>
    private static void Run(BatchedWorld world, float seconds, Action<int, int> look)
    {
        for (int step = 0; step < (int)MathF.Round(seconds / world.Scene.Settings.Timestep); step++)
        {
            world.Step();
            for (int environment = 0; environment < world.Count; environment++) look(environment, step);
        }
    }

    /// <summary>By the sine: the cosine of a small angle is rounded to nothing.</summary>
    private static double Angle(Vector3 a, Vector3 b) => Math.Asin(Math.Min(1, Vector3.Cross(Vector3.Normalize(a), Vector3.Normalize(b)).Length()));

    private static Vector3 LocalSpin(BatchedWorld world, int environment)
    {
        var state = world.Body(environment, new BodyId(0));
        return Vector3.Transform(state.AngularVelocity, Quaternion.Conjugate(state.Pose.Orientation));
    }

    private static Vector3 Momentum(BatchedWorld world, int environment)
        => Vector3.Transform(s_inertia * LocalSpin(world, environment), world.Body(environment, new BodyId(0)).Pose.Orientation);

    private static double Energy(BatchedWorld world, int environment)
    {
        var spin = LocalSpin(world, environment);
        return 0.5 * Vector3.Dot(spin, s_inertia * spin);
    }
}
