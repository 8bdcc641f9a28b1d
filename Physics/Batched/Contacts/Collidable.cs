using Sim.Physics.Collision;
using Sim.Physics.Scenes;

namespace Sim.Physics.Batched.Contacts;

/// <summary>A body's shape as detection reads it.</summary>
internal readonly record struct Collidable
{
    private Collidable(CompoundChild[] children, bool compound, float maximumRadius, float minimumRadius)
    {
        Children = children;
        IsCompound = compound;
        MaximumRadius = maximumRadius;
        MinimumRadius = minimumRadius;
    }

    /// <summary>The parts; one, without offset, unless a compound.</summary>
    public CompoundChild[] Children { get; }

    public bool IsCompound { get; }

    /// <summary>Radius of the sphere about the body's position that holds it, metres.</summary>
    public float MaximumRadius { get; }

    /// <summary>Radius of the sphere that it holds, metres; 0 of a compound.</summary>
    public float MinimumRadius { get; }

    /// <summary>Half of the widths of the box about the body's position, along its axes, that holds it, metres.</summary>
    public Float3 Reach => Children.Aggregate(new Float3(0, 0, 0), (reach, child) => Larger(reach, ReachOf(in child)));

    public ConvexShape Convex => Children[0].Shape;

    public static Collidable Of(Shape shape)
    {
        if (shape is CompoundShape compound)
        {
            var children = compound.Parts.Select(part => Child(part.Shape, part.Pose)).ToArray();
            float reach = children.Max(child => child.Position.Length + child.BoundingRadius);
            return new Collidable(children, true, reach, 0);
        }
        var only = Child(shape, Pose.Identity);
        return new Collidable([only], false, only.BoundingRadius, ShapeBounds.MinimumRadius(only.Shape));
    }

    /// <summary>The most contacts that two shapes make.</summary>
    public static int Capacity(in Collidable a, in Collidable b)
    {
        if (a.IsCompound || b.IsCompound) return 4;
        ShapeKind first = a.Convex.Kind, second = b.Convex.Kind;
        if (first == ShapeKind.Sphere || second == ShapeKind.Sphere) return 1;
        return IsTwoPointPair(first, second) || IsTwoPointPair(second, first) ? 2 : 4;
    }

    private static bool IsTwoPointPair(ShapeKind capsule, ShapeKind other)
        => capsule == ShapeKind.Capsule && other is ShapeKind.Capsule or ShapeKind.Box or ShapeKind.Plane or ShapeKind.Cylinder;

    private static Float3 Larger(Float3 a, Float3 b) => new(MathF.Max(a.X, b.X), MathF.Max(a.Y, b.Y), MathF.Max(a.Z, b.Z));

    /// <summary>How far a child reaches along the body's axes, its offset included; along an axis no further than its sphere.</summary>
    private static Float3 ReachOf(in CompoundChild child)
    {
        Float3 x = child.Orientation.AxisX, y = child.Orientation.AxisY, z = child.Orientation.AxisZ, at = child.Position;
        var shape = child.Shape;
        return shape.Kind switch
        {
            ShapeKind.Box => new(
                MathF.Abs(at.X) + (MathF.Abs(x.X) * shape.A) + (MathF.Abs(y.X) * shape.B) + (MathF.Abs(z.X) * shape.C),
                MathF.Abs(at.Y) + (MathF.Abs(x.Y) * shape.A) + (MathF.Abs(y.Y) * shape.B) + (MathF.Abs(z.Y) * shape.C),
                MathF.Abs(at.Z) + (MathF.Abs(x.Z) * shape.A) + (MathF.Abs(y.Z) * shape.B) + (MathF.Abs(z.Z) * shape.C)),
            ShapeKind.Capsule => new(
                MathF.Abs(at.X) + shape.A + (MathF.Abs(y.X) * shape.B),
                MathF.Abs(at.Y) + shape.A + (MathF.Abs(y.Y) * shape.B),
                MathF.Abs(at.Z) + shape.A + (MathF.Abs(y.Z) * shape.B)),
            _ => new(MathF.Abs(at.X) + child.BoundingRadius, MathF.Abs(at.Y) + child.BoundingRadius, MathF.Abs(at.Z) + child.BoundingRadius),
        };
    }

    private static CompoundChild Child(Shape shape, Pose pose)
    {
        var convex = shape switch
        {
            SphereShape sphere => ConvexShape.Sphere(sphere.Radius),
            CapsuleShape capsule => ConvexShape.Capsule(capsule.Radius, capsule.Length / 2),
            BoxShape box => ConvexShape.Box(box.X / 2, box.Y / 2, box.Z / 2),
            CylinderShape cylinder => ConvexShape.Cylinder(cylinder.Radius, cylinder.Length / 2),
            PlaneShape => ConvexShape.Plane(),
            _ => throw new NotSupportedException($"no collision shape for a {shape.GetType().Name}"),
        };
        return CompoundChild.Of(convex, new Float3(pose.Position.X, pose.Position.Y, pose.Position.Z),
            new Orientation(pose.Orientation.X, pose.Orientation.Y, pose.Orientation.Z, pose.Orientation.W));
    }
}
