using NUnit.Framework;

namespace Sim.Tests.Physics.Batched.Analytic;

/// <summary>The yardstick itself: the discrete elastica against reference drops of a 0.4 m cable of 30 g/m.</summary>
public sealed class ElasticaTests
{
    private const double Length = 0.4, Weight = 0.03 * 9.81;

    [TestCase(1e-2, 10, 0.09117), TestCase(1e-2, 20, 0.09052), TestCase(1e-2, 40, 0.09036), TestCase(1e-2, 800, 0.09030)]
    [TestCase(1e-3, 10, 0.33127), TestCase(1e-3, 20, 0.32935), TestCase(1e-3, 40, 0.32887), TestCase(1e-3, 800, 0.32871)]
    [TestCase(3e-4, 10, 0.37214), TestCase(3e-4, 20, 0.36883), TestCase(3e-4, 40, 0.36798), TestCase(3e-4, 800, 0.36770)]
    [TestCase(1e-4, 10, 0.38882), TestCase(1e-4, 20, 0.38410), TestCase(1e-4, 40, 0.38264), TestCase(1e-4, 800, 0.38216)]
    public void The_discrete_elastica_drops_by_its_reference(double stiffness, int rods, double drop)
        // The references have five decimals.
        => Assert.That(Elastica.Drop(Elastica.Angles(rods, Length, stiffness, Weight), Length), Is.EqualTo(drop).Within(1e-5));

    [Test]
    public void A_stiff_cable_drops_by_the_formulas_of_beam_theory()
    {
        // Of second order in the rods' length: 800 rods are exact to six digits; the drop is so small that it stays linear.
        const double stiffness = 10;
        Assert.That(Elastica.Drop(Elastica.Angles(800, Length, stiffness, Weight), Length), Is.EqualTo(Weight * Math.Pow(Length, 4) / (8 * stiffness)).Within(0.01).Percent);
        Assert.That(Elastica.Drop(Elastica.Angles(800, Length, stiffness, 0, tipLoad: 0.5), Length), Is.EqualTo(0.5 * Math.Pow(Length, 3) / (3 * stiffness)).Within(0.01).Percent);
    }
}
