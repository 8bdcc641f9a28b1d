namespace Sim.Physics.Collision;

/// <summary>
/// Contacts of two convex shapes: one call for one pair in one environment. Equal inputs give equal bits; nothing is
/// remembered between calls. Any input terminates without an exception; where numbers are not finite there are no
/// contacts, or contacts with such numbers.
/// </summary>
public static class ConvexPairs
{
    /// <summary>
    /// Finds up to four contacts with depth ≥ −margin (metres; one contact for a sphere, two for a capsule). The
    /// orientations are unit quaternions from body to world; <paramref name="offsetB"/> is B's centre less A's, in world axes.
    /// Two planes never touch, and compounds go through <see cref="CompoundPairs"/>.
    /// </summary>
    public static void Collide(in ConvexShape a, in Orientation orientationA, in ConvexShape b, in Orientation orientationB,
        in Float3 offsetB, float margin, out ConvexManifold manifold)
    {
        if (a.Kind <= b.Kind)
        {
            Ordered(a, orientationA, b, orientationB, offsetB, margin, out manifold);
        }
        else
        {
            Ordered(b, orientationB, a, orientationA, -offsetB, margin, out manifold);
            manifold.SwapBodies(offsetB);
        }
    }

    private static void Ordered(in ConvexShape a, in Orientation orientationA, in ConvexShape b, in Orientation orientationB,
        in Float3 offsetB, float margin, out ConvexManifold manifold)
    {
        switch (a.Kind)
        {
            case ShapeKind.Sphere: Sphere(a.A, b, orientationB, offsetB, margin, out manifold); break;
            case ShapeKind.Capsule: Capsule(a.A, a.B, orientationA, b, orientationB, offsetB, margin, out manifold); break;
            case ShapeKind.Box: Box(new(a.A, a.B, a.C), orientationA, b, orientationB, offsetB, margin, out manifold); break;
            case ShapeKind.Cylinder: Cylinder(a.A, a.B, orientationA, b, orientationB, offsetB, margin, out manifold); break;
            default: manifold = default; break;
        }
    }

    private static void Sphere(float radius, in ConvexShape b, in Orientation orientationB, in Float3 offsetB, float margin, out ConvexManifold manifold)
    {
        switch (b.Kind)
        {
            case ShapeKind.Sphere: SpherePairs.Sphere(radius, b.A, offsetB, margin, out manifold); break;
            case ShapeKind.Capsule: SpherePairs.Capsule(radius, b.A, b.B, orientationB, offsetB, margin, out manifold); break;
            case ShapeKind.Box: SpherePairs.Box(radius, new(b.A, b.B, b.C), orientationB, offsetB, margin, out manifold); break;
            case ShapeKind.Cylinder: SpherePairs.Cylinder(radius, b.A, b.B, orientationB, offsetB, margin, out manifold); break;
            case ShapeKind.Plane: PlanePairs.Sphere(radius, orientationB, offsetB, margin, out manifold); break;
            default: manifold = default; break;
        }
    }

    private static void Capsule(float radius, float halfLength, in Orientation orientationA, in ConvexShape b, in Orientation orientationB,
        in Float3 offsetB, float margin, out ConvexManifold manifold)
    {
        switch (b.Kind)
        {
            case ShapeKind.Capsule: CapsulePair.Collide(radius, halfLength, orientationA, b.A, b.B, orientationB, offsetB, margin, out manifold); break;
            case ShapeKind.Box: CapsuleBox.Collide(radius, halfLength, orientationA, new(b.A, b.B, b.C), orientationB, offsetB, margin, out manifold); break;
            case ShapeKind.Cylinder: CylinderPairs.Capsule(radius, halfLength, orientationA, b.A, b.B, orientationB, offsetB, margin, out manifold); break;
            case ShapeKind.Plane: PlanePairs.Capsule(radius, halfLength, orientationA, orientationB, offsetB, margin, out manifold); break;
            default: manifold = default; break;
        }
    }

    private static void Box(in Float3 half, in Orientation orientationA, in ConvexShape b, in Orientation orientationB,
        in Float3 offsetB, float margin, out ConvexManifold manifold)
    {
        switch (b.Kind)
        {
            case ShapeKind.Box: BoxPair.Collide(half, orientationA, new(b.A, b.B, b.C), orientationB, offsetB, margin, out manifold); break;
            case ShapeKind.Cylinder: CylinderPairs.Box(half, orientationA, b.A, b.B, orientationB, offsetB, margin, out manifold); break;
            case ShapeKind.Plane: PlanePairs.Box(half, orientationA, orientationB, offsetB, margin, out manifold); break;
            default: manifold = default; break;
        }
    }

    private static void Cylinder(float radius, float halfLength, in Orientation orientationA, in ConvexShape b, in Orientation orientationB,
        in Float3 offsetB, float margin, out ConvexManifold manifold)
    {
        switch (b.Kind)
        {
            case ShapeKind.Cylinder: CylinderPairs.Cylinder(radius, halfLength, orientationA, b.A, b.B, orientationB, offsetB, margin, out manifold); break;
            case ShapeKind.Plane: PlanePairs.Cylinder(radius, halfLength, orientationA, orientationB, offsetB, margin, out manifold); break;
            default: manifold = default; break;
        }
    }
}
