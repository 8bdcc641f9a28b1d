using NUnit.Framework;
using Sim.Physics.Collision;

namespace Sim.Tests.Physics.Collision;

/// <summary>What no valid scene holds: kernels must end and count correctly on anything.</summary>
public sealed class HostileInputTests
{
    private static readonly float[] Strange = [0, -0f, 1e-30f, 1e-9f, 0.3f, 1, -1, 1e9f, 1e30f, -1e30f, float.MaxValue, float.PositiveInfinity, float.NegativeInfinity, float.NaN, float.Epsilon];

    [Test]
    public void Any_numbers_end_in_none_to_four_contacts()
    {
        var random = new Random(1);
        float Any() => Strange[random.Next(Strange.Length)];
        float Often() => random.Next(4) == 0 ? Any() : random.NextSingle() - 0.5f;
        ConvexShape Shape() => new() { Kind = (ShapeKind)random.Next(7), A = Often(), B = Often(), C = Often() };
        for (int i = 0; i < 300_000; i++)
        {
            var pair = new Pair(Shape(), new(Often(), Often(), Often(), Often()), Shape(), new(Often(), Often(), Often(), Often()),
                new(Often(), Often(), Often()), Any());
            int count = pair.Collide().Count;
            if (count is < 0 or > 4) Assert.Fail($"{count} contacts: {pair}");
        }
    }

    [Test]
    public void Degenerate_poses_and_sizes_have_finite_contacts()
    {
        float[] sizes = [0, 1e-6f, 0.3f, 100];
        float half = MathF.Sqrt(0.5f);
        Orientation[] turns = [Orientation.Identity, new(half, 0, 0, half), new(0, half, 0, half), new(0, 0, half, half), new(1, 0, 0, 0)];
        Float3[] offsets = [default, new(0.3f, 0, 0), new(0, 0.3f, 0), new(0, 0, 0.3f), new(0.6f, 0.6f, 0), new(0, -1e-7f, 0), new(0.2f, 0.1f, -0.05f)];
        foreach (var (kindA, kindB) in Enumerable.Range(0, 5).SelectMany(_ => Enumerable.Range(0, 5), (a, b) => ((ShapeKind)a, (ShapeKind)b)))
            foreach (var (sizeA, sizeB) in sizes.SelectMany(_ => sizes, (a, b) => (a, b)))
                foreach (var (turnA, turnB) in turns.SelectMany(_ => turns, (a, b) => (a, b)))
                    foreach (var offset in offsets)
                    {
                        var a = new ConvexShape { Kind = kindA, A = sizeA, B = sizeB, C = sizeA };
                        var b = new ConvexShape { Kind = kindB, A = sizeB, B = 0.3f, C = sizeA };
                        var pair = new Pair(a, turnA, b, turnB, offset, 0.1f);
                        var manifold = pair.Collide();
                        foreach (var contact in Pair.Contacts(manifold))
                        {
                            if (!float.IsFinite(contact.Depth + contact.Offset.X + contact.Offset.Y + contact.Offset.Z)) Assert.Fail($"contact {contact.Offset} {contact.Depth}: {pair}");
                            if (MathF.Abs(manifold.Normal.Length - 1) > 1e-3f) Assert.Fail($"normal {manifold.Normal}: {pair}");
                        }
                    }
    }

    [Test]
    public void Shapes_that_share_their_centre_are_pushed_apart()
    {
        foreach (var a in Shapes())
            foreach (var b in Shapes())
            {
                var pair = new Pair(a, Orientation.Identity, b, Orientation.Identity, default, 0);
                var manifold = pair.Collide();
                Assert.That(manifold.Count, Is.GreaterThan(0), $"{pair}");
                Assert.That(Pair.Contacts(manifold).Max(c => c.Depth), Is.GreaterThan(0.2f), $"{pair}");
            }

        static ConvexShape[] Shapes() => [ConvexShape.Sphere(0.2f), ConvexShape.Capsule(0.15f, 0.3f), ConvexShape.Box(0.2f, 0.3f, 0.4f), ConvexShape.Cylinder(0.2f, 0.3f)];
    }

    [Test]
    public void Equal_inputs_give_equal_bits()
    {
        var source = new PairSource(7);
        for (int i = 0; i < 400; i++)
        {
            var pair = source.Touching((ShapeKind)(i % 4), (ShapeKind)(i / 4 % 4), 0.02f, 0.05f);
            var first = pair.Collide();
            source.Touching(ShapeKind.Box, ShapeKind.Box, 0.01f, 0.05f).Collide();
            var second = pair.Collide();
            Assert.That(Bits(second), Is.EqualTo(Bits(first)));
        }

        static byte[] Bits(ConvexManifold manifold) => System.Runtime.InteropServices.MemoryMarshal.AsBytes([manifold]).ToArray();
    }
}
