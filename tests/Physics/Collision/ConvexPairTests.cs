using NUnit.Framework;
using Sim.Physics.Collision;

namespace Sim.Tests.Physics.Collision;

/// <summary>Pairs of every kind in random poses against the double-precision reference, and against themselves.</summary>
public sealed class ConvexPairTests
{
    private static readonly ShapeKind[] Convex = [ShapeKind.Sphere, ShapeKind.Capsule, ShapeKind.Box, ShapeKind.Cylinder];

    private static IEnumerable<object[]> Kinds() => Convex.SelectMany(_ => Convex, (a, b) => new object[] { a, b });

    [TestCaseSource(nameof(Kinds))]
    public void The_deepest_contact_has_the_least_overlap_of_all_directions(ShapeKind a, ShapeKind b)
    {
        var source = new PairSource(1);
        using var scope = Assert.EnterMultipleScope();
        double worst = 0;
        for (int i = 0; i < 60; i++)
        {
            // From 5 cm apart to 10 cm deep along the line of centres.
            var pair = source.Touching(a, b, source.Uniform(-0.05, 0.1), 1);
            var manifold = pair.Collide();
            var contacts = Pair.Contacts(manifold);
            Assert.That(contacts, Is.Not.Empty, $"{i}: {pair}");
            if (contacts.Length == 0) continue;
            var reference = new SupportReference(pair);
            double least = reference.LeastOverlap([Vector.Of(manifold.Normal)]);
            double deepest = contacts.Max(c => c.Depth);
            // Box faces and edges part boxes that stand apart corner to corner by less than their distance, and the
            // contact between the faces lies further back: they may seem further apart than they are, never nearer.
            if (a == ShapeKind.Box && b == ShapeKind.Box && least < 0)
            {
                Assert.That(deepest, Is.LessThan(least + 5e-4), $"{i}: {pair}");
                continue;
            }
            worst = Math.Max(worst, Math.Abs(deepest - least));
            Assert.That(deepest, Is.EqualTo(least).Within(5e-4), $"{i}: {pair}");
        }
        TestContext.Out.WriteLine($"worst {worst:e2}");
    }

    [TestCaseSource(nameof(Kinds))]
    public void A_contact_stands_halfway_between_the_surfaces(ShapeKind a, ShapeKind b)
    {
        var source = new PairSource(2);
        using var scope = Assert.EnterMultipleScope();
        // A thousandth of two sizes up to 0.5 m: the slack with which corners count as inside a face. A cylinder's normal is
        // searched for, to some 1e-3 (its overlap, flat at the minimum, to 1e-5), and where a line leaves an edge at a small angle shifts by
        // ten times that on bodies of 0.5 m.
        double tolerance = a == ShapeKind.Cylinder || b == ShapeKind.Cylinder ? 1.5e-2 : 1.1e-3;
        for (int i = 0; i < 300; i++)
        {
            var pair = source.Touching(a, b, source.Uniform(-0.05, 0.1), 0.05f);
            var manifold = pair.Collide();
            var reference = new SupportReference(pair);
            foreach (var contact in Pair.Contacts(manifold))
            {
                // The corner that stands for boxes apart corner to corner lies over no face.
                if (a == ShapeKind.Box && b == ShapeKind.Box && contact.Depth < 0 && manifold.Count == 1) continue;
                var half = Vector.Of(manifold.Normal) * (0.5 * contact.Depth);
                Assert.That(reference.Holds(true, Vector.Of(contact.Offset) - half, tolerance), $"{i}: A's point of {contact.Feature}, {pair}");
                Assert.That(reference.Holds(false, Vector.Of(contact.Offset) + half, tolerance), $"{i}: B's point of {contact.Feature}, {pair}");
            }
        }
    }

    [TestCaseSource(nameof(Kinds))]
    public void The_order_of_the_bodies_does_not_matter(ShapeKind a, ShapeKind b)
    {
        var source = new PairSource(3);
        using var scope = Assert.EnterMultipleScope();
        for (int i = 0; i < 300; i++)
        {
            var pair = source.Touching(a, b, source.Uniform(-0.02, 0.1), 0.05f);
            var there = pair.Collide();
            var back = pair.Swapped().Collide();
            // Two capsules almost in one plane share a stretch that is measured along the first one's axis.
            Same(there, back, -1, v => v - Vector.Of(pair.Offset), $"{i}: {pair}", Tolerance(a, b), a == ShapeKind.Box && b == ShapeKind.Box);
        }
    }

    [TestCaseSource(nameof(Kinds))]
    public void Turning_both_bodies_turns_the_contacts(ShapeKind a, ShapeKind b)
    {
        var source = new PairSource(4);
        using var scope = Assert.EnterMultipleScope();
        for (int i = 0; i < 300; i++)
        {
            var pair = source.Touching(a, b, source.Uniform(-0.02, 0.1), 0.05f);
            var turn = source.Orientation();
            Same(pair.Collide(), pair.Turned(turn).Collide(), 1, v => Vector.Of(turn.Rotate(new((float)v.X, (float)v.Y, (float)v.Z))), $"{i}: {pair}", Tolerance(a, b), a == ShapeKind.Box && b == ShapeKind.Box);
        }
    }

    /// <summary>
    /// How far apart places of one contact may be. Two capsules almost in one plane: the stretch they share is measured along the
    /// first. Cylinders: the normal is searched for, to some 1e-3, and where a line leaves an edge at a small angle shifts by much more; which
    /// points of two caps stand for them is a choice.
    /// </summary>
    private static double Tolerance(ShapeKind a, ShapeKind b)
        => (a, b) is (ShapeKind.Cylinder, ShapeKind.Cylinder) ? double.PositiveInfinity
            : a == ShapeKind.Cylinder || b == ShapeKind.Cylinder ? 5e-2
            : (a, b) is (ShapeKind.Capsule, ShapeKind.Capsule) ? 1e-2 : 2e-3;

    /// <summary>
    /// The same normal and deepest depth, and every contact clearly within the margin has its partner. Boxes apart corner to corner
    /// are excused: which of their faces stands for a gap is not defined (see the depth test).
    /// </summary>
    private static void Same(in ConvexManifold first, in ConvexManifold second, double sign, Func<Vector, Vector> map, string pair, double tolerance, bool corners)
    {
        var ones = Pair.Contacts(first);
        var others = Pair.Contacts(second);
        if (ones.Length == 0 || others.Length == 0)
        {
            Assert.That(ones.Concat(others).All(c => c.Depth < -0.0499 || corners), $"one side finds nothing: {pair}");
            return;
        }
        if (corners && ones.Concat(others).All(c => c.Depth < 0)) return;
        Assert.That(ones.Max(c => c.Depth), Is.EqualTo(others.Max(c => c.Depth)).Within(1e-4), pair);
        var normal = map(Vector.Of(first.Normal)) - map(default);
        double degrees = Math.Acos(Math.Min(1, sign * Vector.Dot(normal, Vector.Of(second.Normal)))) * 180 / Math.PI;
        Assert.That(degrees, Is.LessThan(1), $"{pair}: {first.Normal} and {second.Normal}");
        foreach (var one in ones.Where(c => c.Depth > -0.0499))
        {
            var place = map(Vector.Of(one.Offset));
            double nearest = others.Min(c => (Vector.Of(c.Offset) - place).Length);
            Assert.That(nearest, Is.LessThan(tolerance), $"{pair}: contact {one.Feature}");
        }
    }
}
