using System.Runtime.CompilerServices;

namespace Sim.Physics.Collision;

/// <summary>
/// Capsule against capsule: the nearest points of the two axis segments give the normal. Where both axes lie in one
/// plane with it, the contacts stand at the two ends of the stretch in which the capsules run beside each other
/// (features 0 and 1, by A's axis); as the axes leave that plane the stretch shrinks to the nearest point (feature 0).
/// </summary>
internal static class CapsulePair
{
    // Squared sines of the angles out of the common plane where the stretch is whole, and where it has shrunk to a point.
    private const float WholeBelow = 1e-4f, PointAbove = 25e-4f;

    public static void Collide(float radiusA, float halfA, in Orientation orientationA, float radiusB, float halfB, in Orientation orientationB,
        in Float3 offsetB, float margin, out ConvexManifold manifold)
    {
        manifold = default;
        float radii = radiusA + radiusB;
        float reach = radii + halfA + halfB + margin;
        if (!(offsetB.LengthSquared <= reach * reach)) return;

        Float3 axisA = orientationA.AxisY, axisB = orientationB.AxisY;
        float cosine = Float3.Dot(axisA, axisB), alongA = Float3.Dot(axisA, offsetB), alongB = Float3.Dot(axisB, offsetB);

        // Where B's segment falls on A's axis.
        float shadow = halfB * MathF.Abs(cosine);
        float low = Scalar.Clamp(alongA - shadow, halfA), high = Scalar.Clamp(alongA + shadow, halfA);

        float a = Nearest(cosine, alongA, alongB, halfA, low, high);
        float b = Scalar.Clamp(a * cosine - alongB, halfB);
        a = Scalar.Clamp(b * cosine + alongA, halfA);
        b = Scalar.Clamp(a * cosine - alongB, halfB);

        Float3 apart = axisA * a - offsetB - axisB * b;
        float squared = apart.LengthSquared, distance = MathF.Sqrt(squared);
        float deepest = radii - distance;
        if (!(deepest >= -margin)) return;
        Float3 normal = squared > 1e-14f ? apart * (1f / distance) : Crossing(axisA, axisB);
        manifold.Normal = normal;

        // Seen along the normal, in the direction of A's axis: how far a step along each axis leads, and where B's centre lies.
        float riseA = Float3.Dot(axisA, normal), riseB = Float3.Dot(axisB, normal), gap = -Float3.Dot(offsetB, normal);
        float stepA = 1f - riseA * riseA, stepB = cosine - riseA * riseB, seen = alongA + riseA * gap;
        float share = stepA > 1e-4f ? Share(Float3.Dot(Float3.Cross(axisA, axisB), normal), riseA, riseB) : 0f;
        if (share > 0)
        {
            float inverse = 1f / stepA;
            shadow = halfB * MathF.Abs(stepB);
            low = Scalar.Min(a, Scalar.Clamp((seen - shadow) * inverse, halfA));
            high = Scalar.Max(a, Scalar.Clamp((seen + shadow) * inverse, halfA));
            low = a + (low - a) * share;
            high = a + (high - a) * share;
        }
        if (!(share > 0 && high - low > 0.01f * halfA))
        {
            manifold.AddFirst(axisA * a + normal * (0.5f * deepest - radiusA), deepest, 0);
            return;
        }

        float perStep = MathF.Abs(stepB) > 1e-6f ? 1f / stepB : 0f;
        float acrossLow = Scalar.Clamp((low * stepA - seen) * perStep, halfB), acrossHigh = Scalar.Clamp((high * stepA - seen) * perStep, halfB);
        float depthLow = Scalar.Min(deepest, radii - (gap + low * riseA - riseB * acrossLow));
        float depthHigh = Scalar.Min(deepest, radii - (gap + high * riseA - riseB * acrossHigh));
        if (depthLow >= -margin) manifold.AddFirst(axisA * low + normal * (0.5f * depthLow - radiusA), depthLow, 0);
        if (depthHigh >= -margin) manifold.Add(axisA * high + normal * (0.5f * depthHigh - radiusA), depthHigh, 1);
    }

    /// <summary>Where on A's axis the two lines come nearest; the middle of the common stretch when they are parallel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Nearest(float cosine, float alongA, float alongB, float halfA, float low, float high)
    {
        float squaredSine = 1f - cosine * cosine;
        return squaredSine > 1e-6f ? Scalar.Clamp((alongA - cosine * alongB) / squaredSine, halfA) : 0.5f * (low + high);
    }

    /// <summary>
    /// How much of the common stretch counts: 1 where both axes and the normal lie in one plane, 0 well out of it. The volume they span
    /// over the sine between normal and axis is the sine out of that plane; the rises are the cosines to the normal.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Share(float volume, float riseA, float riseB)
    {
        float squaredSine = 1f - Scalar.Min(riseA * riseA, riseB * riseB);
        if (!(squaredSine > 1e-6f)) return 1f;
        return Scalar.Max(0f, Scalar.Min(1f, (PointAbove - volume * volume / squaredSine) * (1f / (PointAbove - WholeBelow))));
    }

    /// <summary>A normal for axes that cross: at right angles to both.</summary>
    private static Float3 Crossing(in Float3 axisA, in Float3 axisB)
    {
        Float3 across = Float3.Cross(axisA, axisB);
        float squared = across.LengthSquared;
        return squared > 1e-8f ? across * (1f / MathF.Sqrt(squared)) : Float3.Perpendicular(axisA);
    }
}
