using System.Diagnostics;
using Sim.Physics.Collision;

namespace Sim.Bench.Physics;

/// <summary>Nanoseconds per collision test for every pair of kinds: touching with 5 mm of overlap, and 5 mm beyond the margin of 2 cm.</summary>
public static class CollisionCosts
{
    private const int Poses = 512, Rounds = 400, Repeats = 7;
    private const float Margin = 0.02f;

    private static readonly ConvexShape[] Shapes =
    [
        ConvexShape.Sphere(0.3f), ConvexShape.Capsule(0.15f, 0.4f), ConvexShape.Box(0.3f, 0.2f, 0.4f), ConvexShape.Cylinder(0.3f, 0.3f), ConvexShape.Plane(),
    ];

    public static void Run()
    {
        Console.WriteLine("pair                    touching ns  contacts  resting ns  contacts  separated ns");
        for (int i = 0; i < Shapes.Length; i++)
            for (int j = i; j < Shapes.Length; j++)
                if (Shapes[i].Kind != ShapeKind.Plane)
                    Measure(Shapes[i], Shapes[j]);
    }

    private static void Measure(ConvexShape a, ConvexShape b)
    {
        var touching = Time(a, b, 0.005f, false);
        var resting = Time(a, b, 0.005f, true);
        var separated = Time(a, b, -Margin - 0.005f, false);
        Console.WriteLine(FormattableString.Invariant(
            $"{a.Kind + " with " + b.Kind,-23} {touching.Nanoseconds,11:f1} {touching.Contacts,9:f2} {resting.Nanoseconds,11:f1} {resting.Contacts,9:f2} {separated.Nanoseconds,13:f1}"));
    }

    /// <summary>Median of several passes over random poses; resting: A on top of B, both upright, turned about the vertical.</summary>
    private static (double Nanoseconds, double Contacts) Time(ConvexShape a, ConvexShape b, float overlap, bool resting)
    {
        var random = new Random(1);
        var poses = new (Orientation A, Orientation B, Float3 Offset)[Poses];
        for (int i = 0; i < Poses; i++)
            poses[i] = resting ? Resting(random, a, b, overlap) : Placed(random, a, b, overlap);

        long contacts = 0;
        var times = new double[Repeats];
        for (int repeat = 0; repeat < Repeats; repeat++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int round = 0; round < Rounds; round++)
            {
                for (int i = 0; i < poses.Length; i++)
                {
                    ConvexPairs.Collide(a, poses[i].A, b, poses[i].B, poses[i].Offset, Margin, out var manifold);
                    contacts += manifold.Count;
                }
            }
            times[repeat] = Stopwatch.GetElapsedTime(start).TotalNanoseconds / ((double)Rounds * Poses);
        }
        Array.Sort(times);
        return (times[Repeats / 2], contacts / ((double)Repeats * Rounds * Poses));
    }

    private static (Orientation, Orientation, Float3) Resting(Random random, ConvexShape a, ConvexShape b, float overlap)
    {
        // A plane's normal is its Z; a quarter turn about X brings it up.
        float half = MathF.Sqrt(0.5f);
        var floor = b.Kind == ShapeKind.Plane ? new Orientation(-half, 0, 0, half) : Orientation.Identity;
        float angle = 0.1f * random.NextSingle();
        var turned = new Orientation(0, MathF.Sin(angle), 0, MathF.Cos(angle));
        float height = Height(a) + Height(b) - overlap;
        return (turned, floor, new(0.1f * random.NextSingle(), -height, 0.1f * random.NextSingle()));
    }

    private static float Height(ConvexShape shape) => shape.Kind switch
    {
        ShapeKind.Sphere => shape.A,
        ShapeKind.Capsule => shape.A + shape.B,
        ShapeKind.Box or ShapeKind.Cylinder => shape.B,
        _ => 0,
    };

    /// <summary>Random orientations, B moved along a random direction until the deepest contact has the overlap asked for.</summary>
    private static (Orientation, Orientation, Float3) Placed(Random random, ConvexShape a, ConvexShape b, float overlap)
    {
        Orientation orientationA = Turn(random), orientationB = Turn(random), direction = Turn(random);
        Float3 way = direction.AxisX;
        float far = 2, near = 0;
        if (b.Kind == ShapeKind.Plane)
        {
            way = -orientationB.AxisZ;
            near = -1;
        }
        for (int i = 0; i < 40; i++)
        {
            float middle = 0.5f * (near + far);
            ConvexPairs.Collide(a, orientationA, b, orientationB, way * middle, 5, out var manifold);
            float deepest = float.NegativeInfinity;
            if (manifold.Count > 0) deepest = manifold.C0.Depth;
            if (manifold.Count > 1) deepest = MathF.Max(deepest, manifold.C1.Depth);
            if (manifold.Count > 2) deepest = MathF.Max(deepest, manifold.C2.Depth);
            if (manifold.Count > 3) deepest = MathF.Max(deepest, manifold.C3.Depth);
            if (deepest > overlap) near = middle;
            else far = middle;
        }
        return (orientationA, orientationB, way * near);
    }

    private static Orientation Turn(Random random)
    {
        float x = random.NextSingle() - 0.5f, y = random.NextSingle() - 0.5f, z = random.NextSingle() - 0.5f, w = random.NextSingle() - 0.5f;
        float inverse = 1 / MathF.Sqrt(x * x + y * y + z * z + w * w);
        return new(x * inverse, y * inverse, z * inverse, w * inverse);
    }
}
