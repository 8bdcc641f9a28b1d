using Sim.Physics.Collision;

namespace Sim.Tests.Physics.Collision;

/// <summary>
/// A pair in double precision through the support functions of its shapes alone: how far each reaches into a
/// direction. The signed depth is the least overlap over all directions, found by sampling and refining.
/// </summary>
internal sealed class SupportReference
{
    private readonly ConvexShape a, b;
    private readonly Vector[] axesA, axesB;
    private readonly Vector offset;

    public SupportReference(Pair pair)
    {
        a = pair.A;
        b = pair.B;
        axesA = Axes(pair.OrientationA);
        axesB = Axes(pair.OrientationB);
        offset = Vector.Of(pair.Offset);
    }

    /// <summary>The overlap along a unit normal from B to A, metres; negative where the normal parts the shapes.</summary>
    public double Overlap(Vector normal) => Reach(a, axesA, -normal) + Reach(b, axesB, normal) + Vector.Dot(offset, normal);

    /// <summary>The distance of the centres at which the shapes just cease to overlap along the line of centres, B in the given direction.</summary>
    public double ReachAlong(Vector direction) => Reach(a, axesA, direction) + Reach(b, axesB, -direction);

    /// <summary>The least overlap over all normals: penetration depth, or minus the distance.</summary>
    public double LeastOverlap(IEnumerable<Vector> starts)
    {
        var candidates = starts.Concat(Spread(300)).Concat(axesA).Concat(axesB).Concat(axesA.Select(v => -v)).Concat(axesB.Select(v => -v))
            .Concat(axesA.SelectMany(_ => axesB, Vector.Cross).Where(v => v.Length > 1e-6).SelectMany(v => new[] { v.Unit, -v.Unit }))
            .Select(normal => (Normal: normal, Value: Overlap(normal))).OrderBy(c => c.Value).Take(4);
        return candidates.Min(c => Refine(c.Normal, c.Value));
    }

    /// <summary>True when the world-axes point, from A's centre, is within the tolerance of A (or of B).</summary>
    public bool Holds(bool inA, Vector point, double tolerance)
    {
        var shape = inA ? a : b;
        var axes = inA ? axesA : axesB;
        var p = inA ? point : point - offset;
        double x = Vector.Dot(p, axes[0]), y = Vector.Dot(p, axes[1]), z = Vector.Dot(p, axes[2]);
        return shape.Kind switch
        {
            ShapeKind.Sphere => p.Length <= shape.A + tolerance,
            ShapeKind.Capsule => new Vector(x, y - Math.Clamp(y, -shape.B, shape.B), z).Length <= shape.A + tolerance,
            ShapeKind.Box => Math.Abs(x) <= shape.A + tolerance && Math.Abs(y) <= shape.B + tolerance && Math.Abs(z) <= shape.C + tolerance,
            ShapeKind.Cylinder => Math.Abs(y) <= shape.B + tolerance && Math.Sqrt(x * x + z * z) <= shape.A + tolerance,
            _ => z <= tolerance,
        };
    }

    private double Refine(Vector normal, double value)
    {
        // Descent by trial on the sphere, in a frame of tangents; halving the step whenever no neighbour is better.
        for (double step = 0.1; step > 1e-6;)
        {
            var side = Math.Abs(normal.Y) > 0.7 ? new Vector(1, 0, 0) : new Vector(0, 1, 0);
            var u = Vector.Cross(normal, side).Unit;
            var v = Vector.Cross(normal, u);
            bool better = false;
            for (int i = 0; i < 12; i++)
            {
                double angle = i * Math.PI / 6 + step * 1e4;
                var trial = (normal + (u * Math.Cos(angle) + v * Math.Sin(angle)) * step).Unit;
                double overlap = Overlap(trial);
                if (overlap >= value - 1e-9) continue;
                (normal, value, better) = (trial, overlap, true);
                break;
            }
            if (!better) step *= 0.5;
        }
        return value;
    }

    private static double Reach(ConvexShape shape, Vector[] axes, Vector direction)
    {
        double x = Vector.Dot(direction, axes[0]), y = Vector.Dot(direction, axes[1]), z = Vector.Dot(direction, axes[2]);
        return shape.Kind switch
        {
            ShapeKind.Sphere => shape.A,
            ShapeKind.Capsule => shape.A + shape.B * Math.Abs(y),
            ShapeKind.Box => shape.A * Math.Abs(x) + shape.B * Math.Abs(y) + shape.C * Math.Abs(z),
            ShapeKind.Cylinder => shape.A * Math.Sqrt(x * x + z * z) + shape.B * Math.Abs(y),
            _ => throw new ArgumentException("a plane reaches without end", nameof(shape)),
        };
    }

    private static Vector[] Axes(Orientation q)
    {
        double x = q.X, y = q.Y, z = q.Z, w = q.W;
        return
        [
            new(1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)),
            new(2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x)),
            new(2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)),
        ];
    }

    /// <summary>Directions spread evenly over the sphere on a golden spiral.</summary>
    private static IEnumerable<Vector> Spread(int count)
    {
        for (int i = 0; i < count; i++)
        {
            double y = 1 - (2 * i + 1.0) / count, radius = Math.Sqrt(1 - y * y), angle = i * Math.PI * (3 - Math.Sqrt(5));
            yield return new(radius * Math.Cos(angle), y, radius * Math.Sin(angle));
        }
    }
}
