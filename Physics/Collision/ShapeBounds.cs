namespace Sim.Physics.Collision;

/// <summary>
/// Radii of the spheres about a shape's centre that hold it, and that it holds, in metres. A body that turns moves
/// no point of its surface further into a direction than the difference of the two.
/// </summary>
public static class ShapeBounds
{
    /// <summary>Distance from the centre to the furthest point; infinite for a plane and for a compound, whose children count.</summary>
    public static float MaximumRadius(in ConvexShape shape) => shape.Kind switch
    {
        ShapeKind.Sphere => shape.A,
        ShapeKind.Capsule => shape.A + shape.B,
        ShapeKind.Box => MathF.Sqrt(shape.A * shape.A + shape.B * shape.B + shape.C * shape.C),
        ShapeKind.Cylinder => MathF.Sqrt(shape.A * shape.A + shape.B * shape.B),
        _ => float.PositiveInfinity,
    };

    /// <summary>Smallest distance from the centre to the surface; 0 for a plane and for a compound.</summary>
    public static float MinimumRadius(in ConvexShape shape) => shape.Kind switch
    {
        ShapeKind.Sphere or ShapeKind.Capsule => shape.A,
        ShapeKind.Box => MathF.Min(shape.A, MathF.Min(shape.B, shape.C)),
        ShapeKind.Cylinder => MathF.Min(shape.A, shape.B),
        _ => 0,
    };
}
