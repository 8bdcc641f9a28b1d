namespace Sim.Physics.Collision;

/// <summary>Kinds of shape, in the order in which pairs are put before they are tested.</summary>
public enum ShapeKind
{
    Sphere,
    Capsule,
    Box,
    Cylinder,
    Plane,

    /// <summary>Several convex children: see <see cref="CompoundPairs"/>.</summary>
    Compound,
}

/// <summary>
/// One convex shape about its centre, in metres. Sphere: <see cref="A"/> is the radius. Capsule and cylinder: A is the
/// radius and <see cref="B"/> half the length along local Y, a capsule's without its caps. Box: A, B and
/// <see cref="C"/> are the half extents along local X, Y and Z. Plane: no sizes; a half-space whose surface passes
/// through the pose's position and whose outward normal is local Z.
/// </summary>
public struct ConvexShape
{
    public ShapeKind Kind;
    public float A, B, C;

    public static ConvexShape Sphere(float radius) => new() { Kind = ShapeKind.Sphere, A = radius };

    public static ConvexShape Capsule(float radius, float halfLength) => new() { Kind = ShapeKind.Capsule, A = radius, B = halfLength };

    public static ConvexShape Box(float halfX, float halfY, float halfZ) => new() { Kind = ShapeKind.Box, A = halfX, B = halfY, C = halfZ };

    public static ConvexShape Cylinder(float radius, float halfLength) => new() { Kind = ShapeKind.Cylinder, A = radius, B = halfLength };

    public static ConvexShape Plane() => new() { Kind = ShapeKind.Plane };
}
