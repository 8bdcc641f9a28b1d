using System.Runtime.CompilerServices;

namespace Sim.Physics.Collision;

/// <summary>
/// A convex body as a cylinder meets it: everything in the axes of that cylinder (B), whose axis is Y and whose
/// centre is the origin. Of a capsule the axis segment alone; its radius is added to depths afterwards.
/// </summary>
internal struct Opponent
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public ShapeKind Kind;

    /// <summary>Box: half extents. Cylinder and capsule: X is the radius, Y half the length.</summary>
    public Float3 Size;

    public Rotation3 Axes;

    public Float3 Centre;

    /// <summary>How far it reaches from its centre along a unit vector, and equally against it.</summary>
    public readonly float Reach(Float3 direction)
    {
        float along = MathF.Abs(Float3.Dot(Axes.Y, direction)) * Size.Y;
        if (Kind == ShapeKind.Capsule) return along;
        if (Kind == ShapeKind.Box)
            return along + MathF.Abs(Float3.Dot(Axes.X, direction)) * Size.X + MathF.Abs(Float3.Dot(Axes.Z, direction)) * Size.Z;
        Float3 radial = direction - Axes.Y * Float3.Dot(Axes.Y, direction);
        return along + Size.X * radial.Length;
    }

    /// <summary>The point furthest along a vector of any length, from the centre.</summary>
    public readonly Float3 Furthest(Float3 direction)
    {
        float along = Float3.Dot(Axes.Y, direction);
        Float3 point = Axes.Y * (along < 0 ? -Size.Y : Size.Y);
        if (Kind == ShapeKind.Capsule) return point;
        if (Kind == ShapeKind.Box)
        {
            return point + Axes.X * (Float3.Dot(Axes.X, direction) < 0 ? -Size.X : Size.X)
                + Axes.Z * (Float3.Dot(Axes.Z, direction) < 0 ? -Size.Z : Size.Z);
        }
        Float3 radial = direction - Axes.Y * along;
        // Once more, because of a direction almost along the axis the first difference leaves mostly rounding.
        radial -= Axes.Y * Float3.Dot(Axes.Y, radial);
        float squared = radial.LengthSquared;
        return squared > 1e-12f * along * along ? point + radial * (Size.X / MathF.Sqrt(squared)) : point + Axes.X * Size.X;
    }

    /// <summary>The cylinder's own reach along a unit vector.</summary>
    [MethodImpl(Inline)]
    public static float CylinderReach(float radius, float halfLength, Float3 direction)
        => halfLength * MathF.Abs(direction.Y) + radius * MathF.Sqrt(direction.X * direction.X + direction.Z * direction.Z);

    /// <summary>The cylinder's point furthest along a vector of any length.</summary>
    [MethodImpl(Inline)]
    public static Float3 CylinderFurthest(float radius, float halfLength, Float3 direction)
    {
        float squared = direction.X * direction.X + direction.Z * direction.Z;
        float scale = squared > 1e-30f ? radius / MathF.Sqrt(squared) : 0f;
        return new(direction.X * scale, direction.Y < 0 ? -halfLength : halfLength, direction.Z * scale);
    }
}
