using Sim.Physics.Collision;

namespace Sim.Tests.Physics.Collision;

/// <summary>Two posed shapes as a test sees them: what goes into one collision call, and its contacts as a list.</summary>
internal sealed record Pair(ConvexShape A, Orientation OrientationA, ConvexShape B, Orientation OrientationB, Float3 Offset, float Margin)
{
    public ConvexManifold Collide()
    {
        ConvexPairs.Collide(A, OrientationA, B, OrientationB, Offset, Margin, out var manifold);
        return manifold;
    }

    public Pair Swapped() => new(B, OrientationB, A, OrientationA, -Offset, Margin);

    public Pair Turned(Orientation by) => new(A, Normalised(by * OrientationA), B, Normalised(by * OrientationB), by.Rotate(Offset), Margin);

    public static Contact[] Contacts(in ConvexManifold manifold)
        => new[] { manifold.C0, manifold.C1, manifold.C2, manifold.C3 }[..manifold.Count];

    public override string ToString()
        => $"{A.Kind}({A.A}, {A.B}, {A.C}) {Text(OrientationA)} with {B.Kind}({B.A}, {B.B}, {B.C}) {Text(OrientationB)} at {Offset}";

    private static string Text(Orientation q) => FormattableString.Invariant($"[{q.X}, {q.Y}, {q.Z}, {q.W}]");

    public static Orientation Normalised(Orientation q)
    {
        float inverse = 1 / MathF.Sqrt(q.X * q.X + q.Y * q.Y + q.Z * q.Z + q.W * q.W);
        return new(q.X * inverse, q.Y * inverse, q.Z * inverse, q.W * inverse);
    }
}

/// <summary>Random shapes and poses, sizes 0.1 to 0.5 m.</summary>
internal sealed class PairSource(int seed)
{
    private readonly Random random = new(seed);

    public float Uniform(double low, double high) => (float)(low + (high - low) * random.NextDouble());

    public Float3 Direction()
    {
        while (true)
        {
            Float3 v = new(Uniform(-1, 1), Uniform(-1, 1), Uniform(-1, 1));
            if (v.Length is > 0.1f and <= 1) return v * (1 / v.Length);
        }
    }

    public Orientation Orientation()
    {
        while (true)
        {
            Orientation q = new(Uniform(-1, 1), Uniform(-1, 1), Uniform(-1, 1), Uniform(-1, 1));
            if (q.X * q.X + q.Y * q.Y + q.Z * q.Z + q.W * q.W is > 0.01f and <= 1) return Pair.Normalised(q);
        }
    }

    public ConvexShape Shape(ShapeKind kind) => kind switch
    {
        ShapeKind.Sphere => ConvexShape.Sphere(Size()),
        ShapeKind.Capsule => ConvexShape.Capsule(Size(), Size()),
        ShapeKind.Box => ConvexShape.Box(Size(), Size(), Size()),
        ShapeKind.Cylinder => ConvexShape.Cylinder(Size(), Size()),
        _ => ConvexShape.Plane(),
    };

    /// <summary>Shapes whose least overlap along the line of centres is the one asked for (metres; negative is a gap).</summary>
    public Pair Touching(ShapeKind a, ShapeKind b, float overlap, float margin)
    {
        var pair = new Pair(Shape(a), Orientation(), Shape(b), Orientation(), default, margin);
        return Placed(pair, Direction(), overlap);
    }

    public static Pair Placed(Pair pair, Float3 direction, float overlap)
    {
        var reference = new SupportReference(pair);
        double distance = reference.ReachAlong(new(direction.X, direction.Y, direction.Z)) - overlap;
        return pair with { Offset = direction * (float)distance };
    }

    private float Size() => Uniform(0.1, 0.5);
}
