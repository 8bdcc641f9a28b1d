using System.Runtime.CompilerServices;

namespace Sim.Physics.Collision;

/// <summary>
/// A sphere against sphere, capsule, box or cylinder: the point of the other shape nearest to the sphere's centre
/// gives normal and depth. One contact, feature 0. A is the sphere.
/// </summary>
internal static class SpherePairs
{
    public static void Sphere(float radiusA, float radiusB, in Float3 offsetB, float margin, out ConvexManifold manifold)
    {
        manifold = default;
        Touch(-offsetB, new(0, 1, 0), radiusA, radiusB, margin, ref manifold);
    }

    public static void Capsule(float radiusA, float radiusB, float halfLengthB, in Orientation orientationB, in Float3 offsetB, float margin, out ConvexManifold manifold)
    {
        manifold = default;
        float reach = radiusA + radiusB + halfLengthB + margin;
        if (!(offsetB.LengthSquared <= reach * reach)) return;
        Float3 axis = orientationB.AxisY;
        float along = Scalar.Clamp(-Float3.Dot(offsetB, axis), halfLengthB);
        Touch(-offsetB - axis * along, Float3.Perpendicular(axis), radiusA, radiusB, margin, ref manifold);
    }

    public static void Box(float radiusA, in Float3 halfB, in Orientation orientationB, in Float3 offsetB, float margin, out ConvexManifold manifold)
    {
        manifold = default;
        float reach = radiusA + halfB.Length + margin;
        if (!(offsetB.LengthSquared <= reach * reach)) return;

        Rotation3 rotation = Rotation3.Of(orientationB);
        Float3 centre = -rotation.ToBody(offsetB);
        Float3 outside = Outside(centre, halfB);
        float squared = outside.LengthSquared;
        if (squared > 1e-30f)
        {
            float distance = MathF.Sqrt(squared);
            float depth = radiusA - distance;
            if (depth >= -margin) One(rotation.ToWorld(outside * (1f / distance)), depth, radiusA, ref manifold);
            return;
        }

        // The centre is inside: out through the nearest face.
        float x = halfB.X - MathF.Abs(centre.X), y = halfB.Y - MathF.Abs(centre.Y), z = halfB.Z - MathF.Abs(centre.Z);
        Float3 normal;
        float inside;
        if (x <= y && x <= z) { inside = x; normal = rotation.X * (centre.X < 0 ? -1f : 1f); }
        else if (y <= z) { inside = y; normal = rotation.Y * (centre.Y < 0 ? -1f : 1f); }
        else { inside = z; normal = rotation.Z * (centre.Z < 0 ? -1f : 1f); }
        if (radiusA + inside >= -margin) One(normal, radiusA + inside, radiusA, ref manifold);
    }

    public static void Cylinder(float radiusA, float radiusB, float halfLengthB, in Orientation orientationB, in Float3 offsetB, float margin, out ConvexManifold manifold)
    {
        manifold = default;
        Float3 axis = orientationB.AxisY;
        float height = -Float3.Dot(offsetB, axis);
        float above = MathF.Abs(height) - halfLengthB;
        if (!(above <= radiusA + margin)) return;

        Float3 cap = height < 0 ? -axis : axis;
        Float3 radial = -offsetB - axis * height;
        float squared = radial.LengthSquared;
        float fromAxis = MathF.Sqrt(squared);
        Float3 side = squared > 1e-20f ? radial * (1f / fromAxis) : Float3.Perpendicular(axis);
        float beyond = fromAxis - radiusB;

        Float3 normal;
        float depth;
        if (above > 0 && beyond > 0)
        {
            float distance = MathF.Sqrt(above * above + beyond * beyond);
            normal = (cap * above + side * beyond) * (1f / distance);
            depth = radiusA - distance;
        }
        else
        {
            bool throughCap = above >= beyond;
            normal = throughCap ? cap : side;
            depth = radiusA - (throughCap ? above : beyond);
        }
        if (depth >= -margin) One(normal, depth, radiusA, ref manifold);
    }

    /// <summary>What of a point lies outside a box about the origin: the vector to it from the box's nearest point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Float3 Outside(in Float3 point, in Float3 half) => new(
        point.X - Scalar.Clamp(point.X, half.X), point.Y - Scalar.Clamp(point.Y, half.Y), point.Z - Scalar.Clamp(point.Z, half.Z));

    /// <summary>The contact of two round bodies whose nearest core points lie <paramref name="apart"/>, from B to A.</summary>
    private static void Touch(in Float3 apart, in Float3 otherwise, float radiusA, float radiusB, float margin, ref ConvexManifold manifold)
    {
        float squared = apart.LengthSquared;
        float distance = MathF.Sqrt(squared);
        float depth = radiusA + radiusB - distance;
        if (depth >= -margin) One(squared > 1e-30f ? apart * (1f / distance) : otherwise, depth, radiusA, ref manifold);
    }

    private static void One(in Float3 normal, float depth, float radius, ref ConvexManifold manifold)
    {
        manifold.Normal = normal;
        manifold.AddFirst(normal * (0.5f * depth - radius), depth, 0);
    }
}
