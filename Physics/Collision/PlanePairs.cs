using System.Runtime.CompilerServices;

namespace Sim.Physics.Collision;

/// <summary>
/// A convex body (A) on a half-space (B): depths are the signed distances of the body's lowest points. The plane's
/// normal is the contact normal. Capsule: its two ends (features 0 and 1, by its axis). Box: the corners of the face
/// that looks at the plane most (feature: the corner, one bit an axis). Cylinder: four points about the lower rim, or the
/// lowest point of each rim when it lies.
/// </summary>
internal static class PlanePairs
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public static void Sphere(float radius, in Orientation plane, in Float3 offsetB, float margin, out ConvexManifold manifold)
    {
        manifold = default;
        Float3 normal = plane.AxisZ;
        float depth = radius + Float3.Dot(offsetB, normal);
        if (!(depth >= -margin)) return;
        manifold.Normal = normal;
        manifold.AddFirst(normal * (0.5f * depth - radius), depth, 0);
    }

    public static void Capsule(float radius, float halfLength, in Orientation orientation, in Orientation plane, in Float3 offsetB, float margin, out ConvexManifold manifold)
    {
        manifold = default;
        Float3 normal = plane.AxisZ;
        float middle = radius + Float3.Dot(offsetB, normal);
        if (!(middle + halfLength >= -margin)) return;
        Float3 half = orientation.AxisY * halfLength;
        float rise = Float3.Dot(half, normal);
        float low = middle + rise, high = middle - rise;
        manifold.Normal = normal;
        if (low >= -margin) manifold.AddFirst(normal * (0.5f * low - radius) - half, low, 0);
        if (high >= -margin) manifold.Add(normal * (0.5f * high - radius) + half, high, 1);
    }

    public static void Box(in Float3 half, in Orientation orientation, in Orientation plane, in Float3 offsetB, float margin, out ConvexManifold manifold)
    {
        manifold = default;
        Float3 normal = plane.AxisZ;
        float centre = Float3.Dot(offsetB, normal);
        if (!(centre + half.X + half.Y + half.Z >= -margin)) return;
        Rotation3 rotation = Rotation3.Of(orientation);
        Float3 x = rotation.X * half.X, y = rotation.Y * half.Y, z = rotation.Z * half.Z;
        float cosineX = Float3.Dot(rotation.X, normal), cosineY = Float3.Dot(rotation.Y, normal), cosineZ = Float3.Dot(rotation.Z, normal);
        float steepX = MathF.Abs(cosineX), steepY = MathF.Abs(cosineY), steepZ = MathF.Abs(cosineZ);
        if (!(centre + half.X * steepX + half.Y * steepY + half.Z * steepZ >= -margin)) return;
        manifold.Normal = normal;
        float riseX = cosineX * half.X, riseY = cosineY * half.Y, riseZ = cosineZ * half.Z;
        if (steepX >= steepY && steepX >= steepZ) Face(x, riseX, 1, y, riseY, 2, z, riseZ, 4, normal, centre, margin, ref manifold);
        else if (steepY >= steepZ) Face(y, riseY, 2, x, riseX, 1, z, riseZ, 4, normal, centre, margin, ref manifold);
        else Face(z, riseZ, 4, x, riseX, 1, y, riseY, 2, normal, centre, margin, ref manifold);
    }

    /// <summary>The four corners of the lower one of the faces at the ends of <paramref name="w"/>; rises are along the normal.</summary>
    private static void Face(in Float3 w, float riseW, int bitW, in Float3 u, float riseU, int bitU, in Float3 v, float riseV, int bitV,
        in Float3 normal, float centre, float margin, ref ConvexManifold manifold)
    {
        bool flip = riseW > 0;
        Float3 face = flip ? -w : w;
        int feature = flip ? 0 : bitW;
        float depth = centre + MathF.Abs(riseW);
        Corner(face - u - v, depth + riseU + riseV, feature, normal, margin, ref manifold);
        Corner(face + u - v, depth - riseU + riseV, feature | bitU, normal, margin, ref manifold);
        Corner(face - u + v, depth + riseU - riseV, feature | bitV, normal, margin, ref manifold);
        Corner(face + u + v, depth - riseU - riseV, feature | bitU | bitV, normal, margin, ref manifold);
    }

    public static void Cylinder(float radius, float halfLength, in Orientation orientation, in Orientation plane, in Float3 offsetB, float margin, out ConvexManifold manifold)
    {
        manifold = default;
        Float3 normal = plane.AxisZ;
        float centre = Float3.Dot(offsetB, normal);
        if (!(centre + radius + halfLength >= -margin)) return;

        Float3 axis = orientation.AxisY;
        float cosine = Float3.Dot(axis, normal);
        Float3 falling = axis * cosine - normal;
        float sine = falling.Length;
        if (!(centre + MathF.Abs(cosine) * halfLength + sine * radius >= -margin)) return;
        manifold.Normal = normal;

        // Down along the cap. Of an upright cylinder no direction leads down; its own X then keeps the points in place.
        bool upright = sine < UprightSine;
        Float3 down = upright ? orientation.AxisX : falling * (1f / sine);
        Float3 rim = down * radius;
        float fall = -radius * Float3.Dot(down, normal), rise = halfLength * cosine;
        Float3 end = axis * halfLength;
        if (sine > 0.7f)
        {
            Corner(rim - end, centre + fall + rise, 0, normal, margin, ref manifold);
            Corner(rim + end, centre + fall - rise, 4, normal, margin, ref manifold);
            return;
        }

        bool flip = cosine > 0;
        Float3 cap = flip ? -end : end;
        int feature = flip ? 0 : 4;
        float depth = centre + MathF.Abs(rise);
        Float3 across = Float3.Cross(axis, rim);
        float fallAcross = -Float3.Dot(across, normal);
        Corner(cap + rim, depth + fall, feature, normal, margin, ref manifold);
        Corner(cap + across, depth + fallAcross, feature + 1, normal, margin, ref manifold);
        Corner(cap - rim, depth - fall, feature + 2, normal, margin, ref manifold);
        Corner(cap - across, depth - fallAcross, feature + 3, normal, margin, ref manifold);
    }

    // Points fixed in the body miss the lowest one by at most 0.3 of the radius times this.
    private const float UprightSine = 2e-3f;

    [MethodImpl(Inline)]
    private static void Corner(in Float3 offset, float depth, int feature, in Float3 normal, float margin, ref ConvexManifold manifold)
    {
        if (depth >= -margin) manifold.Add(offset + normal * (0.5f * depth), depth, feature);
    }
}
