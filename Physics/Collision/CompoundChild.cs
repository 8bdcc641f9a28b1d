namespace Sim.Physics.Collision;

/// <summary>One convex part of a body, posed in the body's axes from its centre of mass, metres.</summary>
public struct CompoundChild
{
    public ConvexShape Shape;
    public Float3 Position;
    public Orientation Orientation;

    /// <summary>Distance from the child's own centre to its furthest point; infinite for a plane.</summary>
    public float BoundingRadius;

    /// <summary>A child with the radius that <see cref="ShapeBounds"/> gives.</summary>
    public static CompoundChild Of(ConvexShape shape, Float3 position, Orientation orientation)
        => new() { Shape = shape, Position = position, Orientation = orientation, BoundingRadius = ShapeBounds.MaximumRadius(shape) };
}
