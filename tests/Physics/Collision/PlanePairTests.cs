using NUnit.Framework;
using Sim.Physics.Collision;

namespace Sim.Tests.Physics.Collision;

/// <summary>Bodies on half-spaces in random poses against the heights of their lowest points.</summary>
public sealed class PlanePairTests
{
    private const float Wide = 10;

    [Test]
    public void A_sphere_on_a_plane_touches_below_its_centre()
    {
        var source = new PairSource(1);
        for (int i = 0; i < 200; i++)
        {
            var (pair, normal, height) = Posed(source, ShapeKind.Sphere);
            var manifold = pair.Collide();
            Assert.That(manifold.Count, Is.EqualTo(1));
            Assert.That((Vector.Of(manifold.Normal) - normal).Length, Is.LessThan(1e-6));
            Check(manifold.C0, normal * -pair.A.A, height, normal, $"{pair}");
        }
    }

    [Test]
    public void A_capsule_on_a_plane_touches_with_both_ends()
    {
        var source = new PairSource(2);
        for (int i = 0; i < 200; i++)
        {
            var (pair, normal, height) = Posed(source, ShapeKind.Capsule);
            var manifold = pair.Collide();
            Assert.That(manifold.Count, Is.EqualTo(2));
            var half = Turned(pair, 0, pair.A.B, 0);
            Check(manifold.C0, -half - normal * pair.A.A, height, normal, $"{pair}");
            Check(manifold.C1, half - normal * pair.A.A, height, normal, $"{pair}");
            Assert.That((manifold.C0.Feature, manifold.C1.Feature), Is.EqualTo((0, 1)));
        }
    }

    [Test]
    public void A_box_on_a_plane_touches_with_the_corners_of_one_face_and_its_lowest_corner_is_among_them()
    {
        var source = new PairSource(3);
        for (int i = 0; i < 200; i++)
        {
            var (pair, normal, height) = Posed(source, ShapeKind.Box);
            var contacts = Pair.Contacts(pair.Collide());
            Assert.That(contacts, Has.Length.EqualTo(4));
            Assert.That(contacts.Select(c => c.Feature).Distinct().Count(), Is.EqualTo(4));
            Vector Corner(int bits) => Turned(pair, (bits & 1) != 0 ? pair.A.A : -pair.A.A, (bits & 2) != 0 ? pair.A.B : -pair.A.B, (bits & 4) != 0 ? pair.A.C : -pair.A.C);
            foreach (var contact in contacts) Check(contact, Corner(contact.Feature), height, normal, $"{pair}");
            double lowest = Enumerable.Range(0, 8).Min(bits => Vector.Dot(Corner(bits), normal));
            Assert.That(contacts.Max(c => c.Depth), Is.EqualTo(-(height + lowest)).Within(2e-6));
            Assert.That(Enumerable.Range(0, 3).Any(bit => contacts.Select(c => c.Feature >> bit & 1).Distinct().Count() == 1), "one face");
        }
    }

    [Test]
    public void A_cylinder_on_a_plane_touches_with_points_of_its_rims_and_the_lowest_is_among_them()
    {
        var source = new PairSource(4);
        for (int i = 0; i < 400; i++)
        {
            var (pair, normal, height) = Posed(source, ShapeKind.Cylinder);
            // Also nearly and exactly upright ones.
            if (i % 4 == 1) pair = pair with { OrientationA = Upright(pair, 0) };
            if (i % 4 == 2) pair = pair with { OrientationA = Upright(pair, source.Uniform(-0.01, 0.01)) };
            var contacts = Pair.Contacts(pair.Collide());
            var axis = Turned(pair, 0, 1, 0);
            double cosine = Vector.Dot(axis, normal);
            Assert.That(contacts, Has.Length.EqualTo(Math.Sqrt(1 - cosine * cosine) > 0.7 ? 2 : 4));
            foreach (var contact in contacts)
            {
                var point = Vector.Of(contact.Offset) - normal * (0.5 * contact.Depth);
                double along = Vector.Dot(point, axis);
                // The way down a cap that is tilted by 0.002 is known to 1e-7 over that, times the radius.
                Assert.That(Math.Abs(along), Is.EqualTo(pair.A.B).Within(1e-4));
                Assert.That((point - axis * along).Length, Is.EqualTo(pair.A.A).Within(1e-4));
                Check(contact, point, height, normal, $"{pair}");
            }
            double lowest = height - pair.A.B * Math.Abs(cosine) - pair.A.A * Math.Sqrt(Math.Max(0, 1 - cosine * cosine));
            // Points fixed in an upright body miss the lowest one by up to 0.3 of the radius (0.5 m) at a sine of 0.002.
            Assert.That(contacts.Max(c => c.Depth), Is.EqualTo(-lowest).Within(3.1e-4), $"{pair}");
        }
    }

    [TestCase(ShapeKind.Sphere)]
    [TestCase(ShapeKind.Capsule)]
    [TestCase(ShapeKind.Box)]
    [TestCase(ShapeKind.Cylinder)]
    public void Contacts_deeper_than_the_margin_are_kept_and_no_others(ShapeKind kind)
    {
        var source = new PairSource(5);
        for (int i = 0; i < 300; i++)
        {
            var (wide, _, _) = Posed(source, kind);
            float margin = source.Uniform(0, 0.3);
            var all = Pair.Contacts(wide.Collide());
            var kept = Pair.Contacts((wide with { Margin = margin }).Collide());
            Assert.That(kept, Is.EqualTo(all.Where(c => c.Depth >= -margin)), $"{wide}");
        }
    }

    [Test]
    public void Planes_do_not_touch_each_other()
    {
        var pair = new Pair(ConvexShape.Plane(), Orientation.Identity, ConvexShape.Plane(), Orientation.Identity, default, 1);
        Assert.That(pair.Collide().Count, Is.Zero);
    }

    [TestCase(ShapeKind.Sphere)]
    [TestCase(ShapeKind.Capsule)]
    [TestCase(ShapeKind.Box)]
    [TestCase(ShapeKind.Cylinder)]
    public void The_plane_may_come_first(ShapeKind kind)
    {
        var source = new PairSource(6);
        var (pair, normal, _) = Posed(source, kind);
        var there = pair.Collide();
        var back = pair.Swapped().Collide();
        Assert.That(back.Count, Is.EqualTo(there.Count));
        Assert.That((Vector.Of(back.Normal) + normal).Length, Is.LessThan(1e-6));
        Assert.That((Vector.Of(back.C0.Offset) - Vector.Of(there.C0.Offset) + Vector.Of(pair.Offset)).Length, Is.LessThan(1e-6));
    }

    /// <summary>A random body with its centre −0.2 to 0.5 m above a random plane; the plane's position is elsewhere on it.</summary>
    private static (Pair Pair, Vector Normal, double Height) Posed(PairSource source, ShapeKind kind)
    {
        var plane = source.Orientation();
        float height = source.Uniform(-0.2, 0.5);
        Float3 offset = plane.AxisZ * -height + plane.AxisX * source.Uniform(-3, 3) + plane.AxisY * source.Uniform(-3, 3);
        var pair = new Pair(source.Shape(kind), source.Orientation(), ConvexShape.Plane(), plane, offset, Wide);
        var normal = Vector.Of(plane.AxisZ).Unit;
        return (pair, normal, -Vector.Dot(Vector.Of(offset), normal));
    }

    /// <summary>The plane's own orientation with its Z turned to the body's Y, tilted about X by an angle.</summary>
    private static Orientation Upright(Pair pair, float tilt)
    {
        float half = MathF.PI / 4 + tilt / 2;
        return Pair.Normalised(pair.OrientationB * new Orientation(MathF.Sin(half), 0, 0, MathF.Cos(half)));
    }

    private static Vector Turned(Pair pair, float x, float y, float z) => Vector.Of(pair.OrientationA.Rotate(new(x, y, z)));

    private static void Check(Contact contact, Vector point, double height, Vector normal, string pair)
    {
        // Rounding of positions up to about 3 m.
        double above = height + Vector.Dot(point, normal);
        Assert.That(contact.Depth, Is.EqualTo(-above).Within(2e-6), pair);
        Assert.That((Vector.Of(contact.Offset) - (point - normal * (0.5 * above))).Length, Is.LessThan(2e-6), pair);
    }
}
