using System.Runtime.CompilerServices;

namespace Sim.Physics.Collision;

/// <summary>
/// Capsule (A) against box (B), in the box's axes. Apart, the axis segment's nearest point to the box gives the normal:
/// the slope of the squared distance along the segment is piecewise linear and rising, so its zero is found exactly from the
/// six places where the segment crosses a face's plane. Where the segment pierces the box, the least overlap over
/// the face normals and the box edges crossed with the axis does. The contacts stand at the ends of the stretch of the segment that lies over
/// the face the normal points through most (features 0 and 1, by A's axis).
/// </summary>
internal static class CapsuleBox
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public static void Collide(float radius, float halfLength, in Orientation orientationA, in Float3 half, in Orientation orientationB,
        in Float3 offsetB, float margin, out ConvexManifold manifold)
    {
        manifold = default;
        float reach = radius + halfLength + margin;
        float around = reach + half.Length;
        if (!(offsetB.LengthSquared <= around * around)) return;

        Rotation3 rotation = Rotation3.Of(orientationB);
        Float3 centre = -rotation.ToBody(offsetB);
        if (!(SpherePairs.Outside(centre, half).LengthSquared <= reach * reach)) return;
        Float3 worldAxis = orientationA.AxisY;
        Float3 axis = rotation.ToBody(worldAxis);

        float nearest = Nearest(centre, axis, halfLength, half);
        Float3 apart = SpherePairs.Outside(centre + axis * nearest, half);
        float squared = apart.LengthSquared;
        float deepest;
        Float3 normal;
        if (squared > 1e-10f * (half.LengthSquared + halfLength * halfLength))
        {
            float distance = MathF.Sqrt(squared);
            deepest = radius - distance;
            if (!(deepest >= -margin)) return;
            normal = apart * (1f / distance);
        }
        else
        {
            Pierce(centre, axis, halfLength, half, out normal, out float overlap, out nearest);
            deepest = radius + overlap;
        }

        Stretch(centre, axis, halfLength, half, normal, nearest, out float low, out float high, out float gapLow, out float gapHigh);
        Float3 worldNormal = rotation.ToWorld(normal);
        manifold.Normal = worldNormal;
        if (high - low <= 0.02f * halfLength)
        {
            manifold.AddFirst(worldAxis * nearest + worldNormal * (0.5f * deepest - radius), deepest, 0);
            return;
        }
        float depthLow = Scalar.Min(deepest, radius - gapLow), depthHigh = Scalar.Min(deepest, radius - gapHigh);
        if (depthLow >= -margin) manifold.AddFirst(worldAxis * low + worldNormal * (0.5f * depthLow - radius), depthLow, 0);
        if (depthHigh >= -margin) manifold.Add(worldAxis * high + worldNormal * (0.5f * depthHigh - radius), depthHigh, 1);
    }

    /// <summary>The place on the segment nearest to the box, in [-halfLength, halfLength].</summary>
    private static float Nearest(in Float3 centre, in Float3 axis, float halfLength, in Float3 half)
    {
        float low = -halfLength, slopeLow = Slope(centre, axis, half, low);
        if (slopeLow >= 0) return low;
        float high = halfLength, slopeHigh = Slope(centre, axis, half, high);
        if (slopeHigh <= 0) return high;
        Narrow(centre, axis, half, half.X - centre.X, -half.X - centre.X, axis.X, ref low, ref slopeLow, ref high, ref slopeHigh);
        Narrow(centre, axis, half, half.Y - centre.Y, -half.Y - centre.Y, axis.Y, ref low, ref slopeLow, ref high, ref slopeHigh);
        Narrow(centre, axis, half, half.Z - centre.Z, -half.Z - centre.Z, axis.Z, ref low, ref slopeLow, ref high, ref slopeHigh);
        float rise = slopeHigh - slopeLow;
        return rise > 0 ? Scalar.Max(low, Scalar.Min(high, low - slopeLow * (high - low) / rise)) : low;
    }

    /// <summary>Half the slope of the squared distance from the box at <paramref name="t"/> on the segment.</summary>
    [MethodImpl(Inline)]
    private static float Slope(in Float3 centre, in Float3 axis, in Float3 half, float t)
        => Float3.Dot(axis, SpherePairs.Outside(centre + axis * t, half));

    /// <summary>Draws the bracket around the zero of the slope in to where the segment crosses one pair of faces.</summary>
    [MethodImpl(Inline)]
    private static void Narrow(in Float3 centre, in Float3 axis, in Float3 half, float toFace, float toOpposite, float speed,
        ref float low, ref float slopeLow, ref float high, ref float slopeHigh)
    {
        if (!(MathF.Abs(speed) > 1e-9f)) return;
        float inverse = 1f / speed;
        float first = toFace * inverse, second = toOpposite * inverse;
        if (first > low && first < high)
        {
            float slope = Slope(centre, axis, half, first);
            if (slope < 0) { low = first; slopeLow = slope; }
            else { high = first; slopeHigh = slope; }
        }
        if (second > low && second < high)
        {
            float slope = Slope(centre, axis, half, second);
            if (slope < 0) { low = second; slopeLow = slope; }
            else { high = second; slopeHigh = slope; }
        }
    }

    /// <summary>The way out for a segment that touches the box: least overlap, its normal, and the deepest place on the segment.</summary>
    private static void Pierce(in Float3 centre, in Float3 axis, float halfLength, in Float3 half, out Float3 normal, out float overlap, out float nearest)
    {
        float x = half.X + halfLength * MathF.Abs(axis.X) - MathF.Abs(centre.X);
        float y = half.Y + halfLength * MathF.Abs(axis.Y) - MathF.Abs(centre.Y);
        float z = half.Z + halfLength * MathF.Abs(axis.Z) - MathF.Abs(centre.Z);
        if (x <= y && x <= z) { overlap = x; normal = new(centre.X < 0 ? -1f : 1f, 0, 0); }
        else if (y <= z) { overlap = y; normal = new(0, centre.Y < 0 ? -1f : 1f, 0); }
        else { overlap = z; normal = new(0, 0, centre.Z < 0 ? -1f : 1f); }
        float slope = Float3.Dot(normal, axis);
        nearest = slope > 1e-5f ? -halfLength : slope < -1e-5f ? halfLength : 0f;

        Edge(new(0, 1, 1), new(0, -axis.Z, axis.Y), centre, axis, halfLength, half, ref normal, ref overlap, ref nearest);
        Edge(new(1, 0, 1), new(axis.Z, 0, -axis.X), centre, axis, halfLength, half, ref normal, ref overlap, ref nearest);
        Edge(new(1, 1, 0), new(-axis.Y, axis.X, 0), centre, axis, halfLength, half, ref normal, ref overlap, ref nearest);
    }

    /// <summary>Takes the direction across a box edge and the segment, if the overlap along it is less; plane is 1 on the axes across the edge.</summary>
    private static void Edge(in Float3 plane, in Float3 across, in Float3 centre, in Float3 axis, float halfLength, in Float3 half, ref Float3 normal, ref float overlap, ref float nearest)
    {
        float squared = across.LengthSquared;
        if (!(squared > 1e-6f)) return;
        float inverse = 1f / MathF.Sqrt(squared);
        float away = Float3.Dot(across, centre) * inverse;
        float candidate = (half.X * MathF.Abs(across.X) + half.Y * MathF.Abs(across.Y) + half.Z * MathF.Abs(across.Z)) * inverse - MathF.Abs(away);
        if (!(candidate < overlap)) return;
        overlap = candidate;
        normal = across * (away < 0 ? -inverse : inverse);

        // Seen along the edge, which is a point where the normal leads, the segment passes it at right angles to the normal.
        float toX = (normal.X < 0 ? -half.X : half.X) - centre.X;
        float toY = (normal.Y < 0 ? -half.Y : half.Y) - centre.Y;
        float toZ = (normal.Z < 0 ? -half.Z : half.Z) - centre.Z;
        float place = (toX * axis.X * plane.X + toY * axis.Y * plane.Y + toZ * axis.Z * plane.Z) * inverse * inverse;
        nearest = Scalar.Clamp(place, halfLength);
    }

    /// <summary>
    /// The part of the segment over the face that the normal points through most, looking along the normal, and the
    /// distances from that face along the normal at its ends.
    /// </summary>
    private static void Stretch(in Float3 centre, in Float3 axis, float halfLength, in Float3 half, in Float3 normal, float nearest,
        out float low, out float high, out float gapLow, out float gapHigh)
    {
        float x = MathF.Abs(normal.X), y = MathF.Abs(normal.Y), z = MathF.Abs(normal.Z);
        if (x >= y && x >= z)
            Stretch(centre.X, axis.X, half.X, normal.X, centre.Y, axis.Y, half.Y, normal.Y, centre.Z, axis.Z, half.Z, normal.Z, halfLength, nearest, out low, out high, out gapLow, out gapHigh);
        else if (y >= z)
            Stretch(centre.Y, axis.Y, half.Y, normal.Y, centre.X, axis.X, half.X, normal.X, centre.Z, axis.Z, half.Z, normal.Z, halfLength, nearest, out low, out high, out gapLow, out gapHigh);
        else
            Stretch(centre.Z, axis.Z, half.Z, normal.Z, centre.X, axis.X, half.X, normal.X, centre.Y, axis.Y, half.Y, normal.Y, halfLength, nearest, out low, out high, out gapLow, out gapHigh);
    }

    /// <summary>As above; w is the coordinate across the face, u and v those in it.</summary>
    private static void Stretch(float centreW, float axisW, float halfW, float normalW, float centreU, float axisU, float halfU, float normalU,
        float centreV, float axisV, float halfV, float normalV, float halfLength, float nearest,
        out float low, out float high, out float gapLow, out float gapHigh)
    {
        float inverse = 1f / normalW;
        float gap = centreW * inverse - halfW * MathF.Abs(inverse), gapRise = axisW * inverse;
        low = -halfLength;
        high = halfLength;

        // A segment along an edge lies on the face's rim; rounding must not push it off.
        float slack = 2e-3f * halfLength;
        Cut(centreU - gap * normalU, axisU - gapRise * normalU, halfU + slack, ref low, ref high);
        Cut(centreV - gap * normalV, axisV - gapRise * normalV, halfV + slack, ref low, ref high);
        bool empty = !(low <= high);
        low = empty ? nearest : Scalar.Min(low, nearest);
        high = empty ? nearest : Scalar.Max(high, nearest);
        gapLow = gap + gapRise * low;
        gapHigh = gap + gapRise * high;
    }

    /// <summary>Cuts [low, high] down to where |start + speed t| stays within the limit.</summary>
    [MethodImpl(Inline)]
    private static void Cut(float start, float speed, float limit, ref float low, ref float high)
    {
        float inverse = MathF.Abs(speed) > 1e-9f ? 1f / speed : 1e9f;
        float first = (-limit - start) * inverse, second = (limit - start) * inverse;
        low = Scalar.Max(low, Scalar.Min(first, second));
        high = Scalar.Min(high, Scalar.Max(first, second));
    }
}
