using NUnit.Framework;
using Sim.Physics.Collision;

namespace Sim.Tests.Physics.Collision;

/// <summary>Accumulated impulses follow features from step to step: a body at rest keeps its contacts through jitter.</summary>
public sealed class FeatureStabilityTests
{
    private static readonly ConvexShape
        Block = ConvexShape.Box(0.3f, 0.2f, 0.4f), Slab = ConvexShape.Box(2, 0.5f, 2), Rod = ConvexShape.Capsule(0.1f, 0.4f), Drum = ConvexShape.Cylinder(0.3f, 0.2f);

    private static readonly float Half = MathF.Sqrt(0.5f);

    private static readonly Orientation Up = new(-Half, 0, 0, Half), Lying = new(0, 0, Half, Half), Turned = new(0, 0.15f, 0, MathF.Sqrt(1 - 0.15f * 0.15f));

    private static IEnumerable<TestCaseData> Resting()
    {
        var i = Orientation.Identity;
        yield return Case("a box on a plane", Block, i, ConvexShape.Plane(), Up, new(0, -0.199f, 0), 4);
        yield return Case("a box on a slab", Block, i, Slab, i, new(0.3f, -0.699f, 0.2f), 4);
        yield return Case("a slab on a box", Slab, i, Block, i, new(0.3f, -0.699f, 0.2f), 4);
        yield return Case("a box on its twin", Block, i, Block, i, new(0, -0.399f, 0), 4);
        yield return Case("a box on its shifted twin", Block, i, Block, i, new(0.02f, -0.399f, 0.03f), 4);
        yield return Case("a box on its turned twin", Block, Turned, Block, i, new(0.013f, -0.399f, 0.02f), 4);
        yield return Case("a box over the edge of a slab", Block, Turned, Slab, i, new(-2.1f, -0.699f, 0.2f), 4);
        yield return Case("a capsule lying on a plane", Rod, Lying, ConvexShape.Plane(), Up, new(0, -0.099f, 0), 2);
        yield return Case("a capsule lying on a slab", Rod, Lying, Slab, i, new(0.1f, -0.599f, 0.2f), 2);
        yield return Case("a capsule lying over the edge of a slab", Rod, Lying, Slab, i, new(1.9f, -0.599f, 0.2f), 2);
        yield return Case("a capsule lying on its parallel twin", Rod, Lying, Rod, Lying, new(0.1f, -0.199f, 0), 2);
        yield return Case("a capsule across another", Rod, Lying, Rod, new(Half, 0, 0, Half), new(0.1f, -0.199f, 0.1f), 1);
        yield return Case("a capsule standing on a slab", Rod, i, Slab, i, new(0, -0.999f, 0), 1);
        yield return Case("a cylinder standing on a plane", Drum, i, ConvexShape.Plane(), Up, new(0, -0.199f, 0), 4);
        yield return Case("a cylinder lying on a plane", Drum, Lying, ConvexShape.Plane(), Up, new(0, -0.299f, 0), 2);
    }

    private static TestCaseData Case(string name, ConvexShape a, Orientation orientationA, ConvexShape b, Orientation orientationB, Float3 offset, int count)
        => new TestCaseData(new Pair(a, orientationA, b, orientationB, offset, 0.02f), count).SetArgDisplayNames(name);

    [TestCaseSource(nameof(Resting))]
    public void Jitter_of_a_hundredth_of_a_millimetre_changes_no_feature_count_or_order(object resting, int count)
    {
        var pair = (Pair)resting;
        var source = new PairSource(1);
        var still = Pair.Contacts(pair.Collide());
        Assert.That(still, Has.Length.EqualTo(count));
        Assert.That(still.Select(c => c.Feature).Distinct().Count(), Is.EqualTo(count));
        for (int i = 0; i < 500; i++)
        {
            var moved = pair with
            {
                Offset = pair.Offset + source.Direction() * 1e-5f,
                OrientationA = Jitter(source, pair.OrientationA),
                OrientationB = Jitter(source, pair.OrientationB),
            };
            Assert.That(Pair.Contacts(moved.Collide()).Select(c => c.Feature), Is.EqualTo(still.Select(c => c.Feature)), $"{i}: {moved}");
        }
    }

    private static Orientation Jitter(PairSource source, Orientation q)
    {
        Float3 turn = source.Direction() * 0.5e-5f;
        return Pair.Normalised(new Orientation(turn.X, turn.Y, turn.Z, 1) * q);
    }
}
