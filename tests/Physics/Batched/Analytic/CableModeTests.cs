using NUnit.Framework;

namespace Sim.Tests.Physics.Batched.Analytic;

/// <summary>Slow vibrations of cables without drag against theory.</summary>
public sealed class CableModeTests
{
    [Test]
    public void A_hanging_chain_swings_in_its_first_mode()
    {
        var cable = new Cable { First = CableEnd.Pinned, Drag = 0 };
        // x = A·J₀(2.4048·√ξ), ξ the distance from the free end over L, A = 1 cm: a 40th of the length, so 0.03 percent of nonlinearity.
        double[] shape = [.. Enumerable.Range(0, cable.Rods + 1).Select(i => 0.01 * Bessel0(2.4048 * Math.Sqrt(1 - ((double)i / cable.Rods))))];
        double[] dips = [.. Enumerable.Range(0, cable.Rods).Select(i => (Math.PI / 2) - Math.Asin((shape[i + 1] - shape[i]) / cable.Pitch))];
        using var world = new CableWorld(cable, cable.Bent(dips));
        double frequency = Frequency(world, 12, () => Enumerable.Range(0, cable.Rods).Sum(i => world.State(0, i).Pose.Position.X * (shape[i] + shape[i + 1])));
        double expected = 2.4048 / (4 * Math.PI) * Math.Sqrt(cable.Gravity / cable.Length);
        TestContext.Out.WriteLine($"{frequency:f4} Hz, theory {expected:f4}");
        // The stretch under its weight, the boosted inertia and 24 rods for a chain take a few thousandths each.
        Assert.That(frequency, Is.EqualTo(expected).Within(1).Percent);
    }

    [TestCase(2.5e-4), TestCase(1e-3), TestCase(2e-3)]
    public void A_weightless_cantilever_vibrates_in_its_first_mode(double stiffness)
    {
        var cable = new Cable { Gravity = 0, Stiffness = stiffness, Drag = 0 };
        // Let go from under a load on its tip, which is the first mode to 97 percent; the projection takes out the rest.
        double load = 0.05 * 3 * stiffness / (cable.Length * cable.Length);
        using var world = new CableWorld(cable, cable.Bent(Elastica.Angles(cable.Rods, cable.Length, stiffness, 0, load)));
        double frequency = Frequency(world, 12, () => Enumerable.Range(0, cable.Rods).Sum(i => world.State(0, i).Pose.Position.Z * (i + 0.5) * (i + 0.5)));
        double expected = 1.8751 * 1.8751 / Math.Tau * Math.Sqrt(stiffness / (cable.Density * Math.Pow(cable.Length, 4)));
        TestContext.Out.WriteLine($"EI {stiffness}: {frequency:f4} Hz, theory {expected:f4}");
        // 24 rods for a beam: 0.2 percent; boosted inertia: 0.3.
        Assert.That(frequency, Is.EqualTo(expected).Within(1).Percent);
    }

    /// <summary>Hertz: from the first zero crossing of a signal to the last.</summary>
    private static double Frequency(CableWorld world, double seconds, Func<double> signal)
    {
        double before = signal(), first = double.NaN, last = double.NaN;
        int crossings = 0, steps = (int)(seconds / world.Cable.Timestep);
        for (int step = 1; step <= steps; step++)
        {
            world.World.Step();
            double now = signal();
            if (now * before < 0)
            {
                last = step - (now / (now - before));
                if (crossings++ == 0) first = last;
            }
            before = now;
        }
        return (crossings - 1) / (2 * (last - first) * world.Cable.Timestep);
    }

    /// <summary>J₀ by its power series, good for small arguments.</summary>
    private static double Bessel0(double x)
    {
        double term = 1, sum = 1;
        for (int k = 1; k < 20; k++)
        {
            term *= -x * x / (4 * k * k);
            sum += term;
        }
        return sum;
    }
}
