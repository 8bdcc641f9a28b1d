using NUnit.Framework;
using Sim.Physics.Collision;

namespace Sim.Tests.Physics.Collision;

/// <summary>Bodies of several convex children, and the choice of four among all their contacts.</summary>
public sealed unsafe class CompoundPairTests
{
    private static readonly float Half = MathF.Sqrt(0.5f);

    private static readonly Orientation Up = new(-Half, 0, 0, Half);

    [Test]
    public void Two_single_shapes_have_the_contacts_of_their_convex_pair()
    {
        var source = new PairSource(1);
        for (int i = 0; i < 400; i++)
        {
            var pair = source.Touching((ShapeKind)(i % 4), (ShapeKind)(i / 4 % 4), source.Uniform(-0.02, 0.05), 0.03f);
            var convex = pair.Collide();
            var expected = Pair.Contacts(convex);
            var general = Collide([Alone(pair.A)], pair.OrientationA, [Alone(pair.B)], pair.OrientationB, pair.Offset, pair.Margin);
            Assert.That(general.Select(c => c.Feature), Is.EquivalentTo(expected.Select(c => c.Feature)).Or.Matches<IEnumerable<int>>(kept => kept.All(expected.Select(c => c.Feature).Contains)));
            if (expected.Length == 0) continue;
            // The deepest first, to a thousandth of the smaller body's size.
            Assert.That(general[0].Depth, Is.EqualTo(expected.Max(c => c.Depth)).Within(1e-3));
            foreach (var contact in general)
            {
                var twin = expected.Single(c => c.Feature == contact.Feature);
                Assert.That((contact.Depth, contact.Offset, contact.Normal), Is.EqualTo((twin.Depth, twin.Offset, convex.Normal)));
            }
        }
    }

    [Test]
    public void A_table_stands_on_its_four_legs()
    {
        // Four thin boxes as legs at the corners of 1 m by 0.6 m, a slab on top.
        CompoundChild[] table =
        [
            Child(ConvexShape.Box(0.5f, 0.02f, 0.3f), 0, 0.3f, 0),
            Child(ConvexShape.Box(0.02f, 0.3f, 0.02f), -0.48f, 0, -0.28f), Child(ConvexShape.Box(0.02f, 0.3f, 0.02f), 0.48f, 0, -0.28f),
            Child(ConvexShape.Box(0.02f, 0.3f, 0.02f), -0.48f, 0, 0.28f), Child(ConvexShape.Box(0.02f, 0.3f, 0.02f), 0.48f, 0, 0.28f),
        ];
        var contacts = Collide(table, Orientation.Identity, [Alone(ConvexShape.Plane())], Up, new(0, -0.299f, 0), 0.02f);
        Assert.That(contacts, Has.Length.EqualTo(4));
        Assert.That(contacts.Select(c => c.Depth), Is.All.EqualTo(0.001f).Within(1e-6));
        Assert.That(contacts.Select(c => (c.Offset.X > 0, c.Offset.Z > 0)).Distinct().Count(), Is.EqualTo(4), "one at each corner");
        Assert.That(contacts.Select(c => c.Offset).All(o => MathF.Abs(o.X) > 0.45f && MathF.Abs(o.Z) > 0.25f));
    }

    [Test]
    public void Children_in_a_corner_keep_a_contact_on_each_wall()
    {
        // A bar of spheres lies in the edge between floor and wall; both halves-spaces are children of one body.
        CompoundChild[] bar = [.. Enumerable.Range(-3, 7).Select(i => Child(ConvexShape.Sphere(0.05f), 0.1f * i, 0, 0))];
        CompoundChild[] corner = [CompoundChild.Of(ConvexShape.Plane(), default, Up), CompoundChild.Of(ConvexShape.Plane(), default, Orientation.Identity)];
        var contacts = Collide(bar, Orientation.Identity, corner, Orientation.Identity, new(0, -0.049f, -0.0495f), 0.02f);
        Assert.That(contacts, Has.Length.EqualTo(4));
        Assert.That(contacts[0].Depth, Is.EqualTo(0.001f).Within(1e-6));
        Assert.That(contacts.Count(c => c.Normal.Y > 0.9f), Is.EqualTo(2));
        Assert.That(contacts.Count(c => c.Normal.Z > 0.9f), Is.EqualTo(2));
        Assert.That(contacts.Max(c => c.Offset.X) - contacts.Min(c => c.Offset.X), Is.EqualTo(0.6f).Within(1e-5));
    }

    [Test]
    public void The_deepest_of_any_number_of_contacts_is_kept_and_no_more_than_four()
    {
        var source = new PairSource(2);
        for (int round = 0; round < 200; round++)
        {
            int count = 1 + round;
            ManifoldReducer.Start(0.05f, 0.5f, out var reducer);
            var all = new List<ConvexManifold>();
            for (int i = 0; i < count; i++)
            {
                var manifold = One(new(source.Uniform(-0.5, 0.5), 0, source.Uniform(-0.5, 0.5)), source.Uniform(-0.05, 0.05), new(0, 1, 0));
                all.Add(manifold);
                reducer.Add(manifold, default, i);
            }
            reducer.Finish(out var kept);
            var contacts = List(kept);
            Assert.That(contacts, Has.Length.InRange(Math.Min(count, 2), 4));
            // A thousandth of the length of 0.5 m for each of the reductions on the way counts as a tie.
            Assert.That(contacts[0].Depth, Is.EqualTo(all.Max(m => m.C0.Depth)).Within(5e-4 * (1 + count / 28)));
            Assert.That(contacts.Skip(1).Select(c => c.Feature), Is.Ordered);
            Assert.That(contacts.Select(c => c.Feature).Distinct().Count(), Is.EqualTo(contacts.Length));
        }
    }

    [Test]
    public void The_four_kept_of_a_grid_are_spread_over_it()
    {
        ManifoldReducer.Start(0.05f, 1, out var reducer);
        for (int i = 0; i < 25; i++)
            reducer.Add(One(new(i % 5 * 0.25f - 0.5f, 0, i / 5 * 0.25f - 0.5f), 0.001f, new(0, 1, 0)), default, i);
        reducer.Finish(out var kept);
        Assert.That(List(kept).All(c => MathF.Abs(c.Offset.X) == 0.5f && MathF.Abs(c.Offset.Z) == 0.5f), string.Join(" ", List(kept).Select(c => c.Offset)));
        Assert.That(kept.Count, Is.EqualTo(4));
    }

    [Test]
    public void Contacts_in_one_place_are_kept_once()
    {
        ManifoldReducer.Start(0.05f, 1, out var reducer);
        for (int i = 0; i < 10; i++) reducer.Add(One(new(i < 5 ? 0 : 0.5f, 0, 0), 0.001f, new(0, 1, 0)), default, i);
        reducer.Finish(out var kept);
        Assert.That(List(kept).Select(c => c.Offset.X), Is.EqualTo((float[])[0, 0.5f]));
    }

    [Test]
    public void Jitter_does_not_change_which_contacts_of_a_bundle_are_kept()
    {
        // Eight capsules as a hollow rod, lying on a slab: the needle of the reference scenes.
        CompoundChild[] rod = [.. Enumerable.Range(0, 8).Select(i => CompoundChild.Of(ConvexShape.Capsule(0.01f, 0.2f),
            new(0.03f * MathF.Cos(i * MathF.PI / 4 + 0.3927f), 0, 0.03f * MathF.Sin(i * MathF.PI / 4 + 0.3927f)), Orientation.Identity))];
        CompoundChild[] slab = [Alone(ConvexShape.Box(1, 0.5f, 1))];
        Orientation lying = new(0, 0, Half, Half);
        float height = 0.5f + 0.03f * MathF.Cos(0.3927f) + 0.01f - 0.0005f;
        var source = new PairSource(3);
        int[]? still = null;
        for (int i = 0; i < 300; i++)
        {
            Float3 turn = source.Direction() * 0.5e-5f;
            var moved = Pair.Normalised(new Orientation(turn.X, turn.Y, turn.Z, 1) * lying);
            var contacts = Collide(rod, moved, slab, Orientation.Identity, new Float3(0.1f, -height, 0.05f) + source.Direction() * 1e-5f, 0.002f);
            int[] features = [.. contacts.Select(c => c.Feature)];
            still ??= features;
            Assert.That(features, Is.EqualTo(still), $"{i}");
        }
        Assert.That(still, Has.Length.EqualTo(4));
    }

    [Test]
    public void Children_out_of_reach_are_left_out_and_planes_reach_without_end()
    {
        CompoundChild[] dumbbell = [Child(ConvexShape.Sphere(0.1f), -5, 0, 0), Child(ConvexShape.Sphere(0.1f), 5, 0, 0)];
        var contacts = Collide(dumbbell, Orientation.Identity, [Alone(ConvexShape.Plane())], Up, new(100, -0.09f, 100), 0.02f);
        Assert.That(contacts.Select(c => c.Offset.X), Is.EquivalentTo((float[])[-5, 5]));
        contacts = Collide([Alone(ConvexShape.Plane())], Up, dumbbell, Orientation.Identity, new(-100, 0.09f, -100), 0.02f);
        Assert.That(contacts.Select(c => c.Normal.Y), Is.EqualTo((float[])[-1, -1]).Within(1e-6));
        Assert.That(Collide(dumbbell, Orientation.Identity, [Alone(ConvexShape.Plane())], Up, new(100, -0.13f, 100), 0.02f), Is.Empty);
    }

    [Test]
    public void Any_numbers_end_in_none_to_four_contacts()
    {
        float[] strange = [0, 1e-30f, 0.3f, -1, 1e30f, float.PositiveInfinity, float.NaN];
        var random = new Random(1);
        float Any() => random.Next(3) == 0 ? strange[random.Next(strange.Length)] : random.NextSingle() - 0.5f;
        CompoundChild AnyChild() => new()
        {
            Shape = new() { Kind = (ShapeKind)random.Next(5), A = Any(), B = Any(), C = Any() },
            Position = new(Any(), Any(), Any()),
            Orientation = new(Any(), Any(), Any(), Any()),
            BoundingRadius = Any(),
        };
        for (int i = 0; i < 20_000; i++)
        {
            CompoundChild[] a = [.. Enumerable.Range(0, random.Next(6)).Select(_ => AnyChild())], b = [.. Enumerable.Range(0, random.Next(6)).Select(_ => AnyChild())];
            var contacts = Collide(a, new(Any(), Any(), Any(), Any()), b, new(Any(), Any(), Any(), Any()), new(Any(), Any(), Any()), Any());
            if (contacts.Length > 4) Assert.Fail($"{contacts.Length} contacts");
        }
    }

    private static CompoundChild Alone(ConvexShape shape) => CompoundChild.Of(shape, default, Orientation.Identity);

    private static CompoundChild Child(ConvexShape shape, float x, float y, float z) => CompoundChild.Of(shape, new(x, y, z), Orientation.Identity);

    private static ConvexManifold One(Float3 offset, float depth, Float3 normal)
        => new() { Count = 1, Normal = normal, C0 = new() { Offset = offset, Depth = depth, Feature = 0 } };

    private static GeneralContact[] Collide(CompoundChild[] a, Orientation orientationA, CompoundChild[] b, Orientation orientationB, Float3 offset, float margin)
    {
        fixed (CompoundChild* childrenA = a)
        fixed (CompoundChild* childrenB = b)
        {
            CompoundPairs.Collide(childrenA, a.Length, orientationA, childrenB, b.Length, orientationB, offset, margin, out var manifold);
            return List(manifold);
        }
    }

    private static GeneralContact[] List(in GeneralManifold manifold)
        => new[] { manifold.C0, manifold.C1, manifold.C2, manifold.C3 }[..manifold.Count];
}
