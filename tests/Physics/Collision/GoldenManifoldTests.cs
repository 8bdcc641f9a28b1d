using System.Text.Json;
using NUnit.Framework;
using Sim.Physics.Collision;

namespace Sim.Tests.Physics.Collision;

/// <summary>
/// Manifolds against those recorded from BepuPhysics 2.5.0-beta.24. Which points of a face contact are kept, and where
/// between the two surfaces they stand, is each engine's choice; normal, deepest depth and the touched region are not.
/// </summary>
public sealed class GoldenManifoldTests
{
    [TestCaseSource(nameof(Cases))]
    public void A_manifold_agrees_with_the_recorded_one(int index)
    {
        var (pair, golden) = Read(index);
        var manifold = pair.Collide();
        var ours = Pair.Contacts(manifold);

        var normal = Vector.Of(manifold.Normal);
        double degrees = Math.Acos(Math.Min(1, Vector.Dot(normal, golden[0].Normal))) * 180 / Math.PI;
        double depth = ours.Length == 0 ? double.NaN : ours.Max(c => c.Depth) - golden.Max(c => c.Depth);
        double outside = ours.Length == 0 ? double.NaN : golden.Max(c => DistanceFromHull(c.Offset, ours, normal));
        TestContext.Out.WriteLine(FormattableString.Invariant($"{ours.Length} contacts for {golden.Length}, normal off by {degrees:f3} degrees, depth by {depth:e1} m, region by {outside:e1} m; depths {string.Join(" ", ours.Select(c => c.Depth))}"));
        Assert.That(ours, Is.Not.Empty);
        using var scope = Assert.EnterMultipleScope();
        Assert.That(degrees, Is.LessThan(1));
        Assert.That(depth, Is.Zero.Within(pair.B.Kind <= ShapeKind.Capsule ? 1e-4 : 1e-3));
        // A cap that lies on a face is stood for by four points of its rim, which leave out up to 0.3 of the radius (0.3 m), and
        // of the outline of cap and face four corners are kept; each engine turns and picks them its own way.
        Assert.That(outside, Is.LessThan(ours.Length == 4 && pair.B.Kind == ShapeKind.Cylinder ? 0.12 : ours.Length == 4 ? 0.06 : 1e-2));
    }

    private static IEnumerable<TestCaseData> Cases()
    {
        for (int i = 0; i < Golden.GetArrayLength(); i++)
        {
            var (pair, _) = Read(i);
            yield return new TestCaseData(i).SetArgDisplayNames($"{i}: {pair.A.Kind} with {pair.B.Kind}");
        }
    }

    /// <summary>How far a point lies from the convex hull of the contacts, looking along the normal.</summary>
    private static double DistanceFromHull(Vector point, Contact[] contacts, Vector normal)
    {
        Vector Flat(Vector v) => v - normal * Vector.Dot(normal, v);
        var corners = contacts.Select(c => Flat(Vector.Of(c.Offset) - point)).ToArray();
        // The nearest point of the hull to the origin, by repeated steps towards the corner that leads there most.
        var nearest = corners[0];
        for (int i = 0; i < 20_000; i++)
        {
            var target = corners.MinBy(c => Vector.Dot(c, nearest));
            var step = target - nearest;
            double squared = Vector.Dot(step, step);
            if (squared < 1e-18) break;
            nearest += step * Math.Clamp(-Vector.Dot(nearest, step) / squared, 0, 1);
        }
        return nearest.Length;
    }

    private static readonly JsonElement Golden = JsonDocument
        .Parse(File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Physics", "golden", "bepu_manifolds.json"))).RootElement.GetProperty("cases");

    private static (Pair Pair, (Vector Offset, Vector Normal, double Depth)[] Contacts) Read(int index)
    {
        var element = Golden[index];
        float[] Numbers(JsonElement parent, string name) => [.. parent.GetProperty(name).EnumerateArray().Select(v => v.GetSingle())];
        Float3 Point(JsonElement parent, string name) => Numbers(parent, name) is [var x, var y, var z] ? new(x, y, z) : throw new InvalidDataException(name);
        Orientation Turn(string name) => Numbers(element, name) is [var x, var y, var z, var w] ? new(x, y, z, w) : throw new InvalidDataException(name);
        var pair = new Pair(Shape(element.GetProperty("shapeA")), Turn("orientationA"), Shape(element.GetProperty("shapeB")), Turn("orientationB"),
            Point(element, "positionB") - Point(element, "positionA"), element.GetProperty("speculativeMargin").GetSingle());
        return (pair, [.. element.GetProperty("contacts").EnumerateArray().Select(c =>
            (Vector.Of(Point(c, "offsetA")), Vector.Of(Point(c, "normal")), (double)c.GetProperty("depth").GetSingle()))]);
    }

    private static ConvexShape Shape(JsonElement shape)
    {
        float Value(string name) => shape.GetProperty(name).GetSingle();
        return shape.GetProperty("type").GetString() switch
        {
            "sphere" => ConvexShape.Sphere(Value("radius")),
            "capsule" => ConvexShape.Capsule(Value("radius"), Value("length") / 2),
            "cylinder" => ConvexShape.Cylinder(Value("radius"), Value("length") / 2),
            "box" => shape.GetProperty("size").EnumerateArray().Select(v => v.GetSingle() / 2).ToArray() is [var x, var y, var z] ? ConvexShape.Box(x, y, z) : throw new InvalidDataException("box"),
            var other => throw new InvalidDataException(other),
        };
    }
}
