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
        Float3 offsetB, float margin, out ConvexManifold manifold)
    {
        manifold = default;
        float radii = radiusA + radiusB;
        float reach = radii + halfA + halfB + margin;
        if (!(offsetB.LengthSquared <= reach * reach)) return;

        Float3 axisA = orientationA.AxisY, axisB = orientationB.AxisY;
        float cosine = Float3.Dot(axisA, axisB), alongA = Float3.Dot(axisA, offsetB), alongB = Float3.Dot(axisB, offsetB);

        // The stretch of A's axis beside B: where B's segment falls on it.
        float shadow = halfB * MathF.Abs(cosine);
        float low = Clamp(alongA - shadow, halfA), high = Clamp(alongA + shadow, halfA);

        float a = Nearest(cosine, alongA, alongB, halfA, low, high);
        float b = Clamp(a * cosine - alongB, halfB);
        a = Clamp(b * cosine + alongA, halfA);
        b = Clamp(a * cosine - alongB, halfB);

        Float3 apart = axisA * a - offsetB - axisB * b;
        float squared = apart.LengthSquared, distance = MathF.Sqrt(squared);
        float deepest = radii - distance;
        if (!(deepest >= -margin)) return;
        Float3 normal = squared > 1e-14f ? apart * (1f / distance) : Crossing(axisA, axisB);
        manifold.Normal = normal;

        float share = Share(axisA, axisB, normal);
        low = a + (MathF.Min(low, a) - a) * share;
        high = a + (MathF.Max(high, a) - a) * share;
        if (!(high - low > 1e-3f * halfA))
        {
            manifold.Add(axisA * a + normal * (0.5f * deepest - radiusA), deepest, 0);
            return;
        }

        float gap = -Float3.Dot(offsetB, normal), riseA = Float3.Dot(axisA, normal), riseB = Float3.Dot(axisB, normal);
        float perStep = MathF.Abs(cosine) > 1e-6f ? 1f / cosine : 0f;
        float depthLow = MathF.Min(deepest, radii - (gap + low * riseA - riseB * Clamp((low - alongA) * perStep, halfB)));
        float depthHigh = MathF.Min(deepest, radii - (gap + high * riseA - riseB * Clamp((high - alongA) * perStep, halfB)));
        if (depthLow >= -margin) manifold.Add(axisA * low + normal * (0.5f * depthLow - radiusA), depthLow, 0);
        if (depthHigh >= -margin) manifold.Add(axisA * high + normal * (0.5f * depthHigh - radiusA), depthHigh, 1);
    }

    /// <summary>Where on A's axis the two lines come nearest; the middle of the common stretch when they are parallel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Nearest(float cosine, float alongA, float alongB, float halfA, float low, float high)
    {
        float squaredSine = 1f - cosine * cosine;
        return squaredSine > 1e-6f ? Clamp((alongA - cosine * alongB) / squaredSine, halfA) : 0.5f * (low + high);
    }

    /// <summary>How much of the common stretch counts: 1 where both axes and the normal lie in one plane, 0 well out of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Share(Float3 axisA, Float3 axisB, Float3 normal)
    {
        // Out of plane by the angle between one axis and the plane of the other and the normal; the lesser of the two ways.
        Float3 across = Float3.Cross(axisB, normal);
        float leaving = Float3.Dot(axisA, across);
        float length = MathF.Max(across.LengthSquared, Float3.Cross(axisA, normal).LengthSquared);
        if (!(length > 1e-10f)) return 1f;
        return MathF.Max(0f, MathF.Min(1f, (PointAbove - leaving * leaving / length) * (1f / (PointAbove - WholeBelow))));
    }

    /// <summary>A normal for axes that cross: at right angles to both.</summary>
    private static Float3 Crossing(Float3 axisA, Float3 axisB)
    {
        Float3 across = Float3.Cross(axisA, axisB);
        float squared = across.LengthSquared;
        return squared > 1e-8f ? across * (1f / MathF.Sqrt(squared)) : Float3.Perpendicular(axisA);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Clamp(float value, float limit) => MathF.Max(-limit, MathF.Min(limit, value));
}
