using System.Numerics;
using BepuPhysics;
using BepuPhysics.Collidables;
using BepuUtilities;
using BepuUtilities.Memory;
using Sim.Physics.Scenes;

namespace Sim.Physics.Bepu;

/// <summary>Shapes of a scene as the engine's; all environments share them.</summary>
internal static class BepuShapes
{
    /// <returns>No shape for null.</returns>
    public static TypedIndex Add(Shapes shapes, BufferPool pool, Shape? shape, BepuOptions options) => shape switch
    {
        null => default,
        SphereShape sphere => shapes.Add(new Sphere(sphere.Radius)),
        CapsuleShape capsule => shapes.Add(new Capsule(capsule.Radius, capsule.Length)),
        BoxShape box => shapes.Add(new Box(box.X, box.Y, box.Z)),
        CylinderShape cylinder => shapes.Add(new Cylinder(cylinder.Radius, cylinder.Length)),
        PlaneShape => shapes.Add(new Box(options.PlaneWidth, options.PlaneWidth, options.PlaneThickness)),
        CompoundShape compound => AddCompound(shapes, pool, compound, options),
        _ => throw new NotSupportedException($"shape {shape.GetType().Name}"),
    };

    /// <summary>From the origin of a scene's shape to that of the engine's, local axes: a plane's box lies below it.</summary>
    public static Vector3 Offset(Shape? shape, BepuOptions options) => shape is PlaneShape ? new Vector3(0, 0, -options.PlaneThickness / 2) : Vector3.Zero;

    public static BodyInertia Inertia(Body body)
    {
        var inverse = body.InverseInertia;
        return new BodyInertia
        {
            InverseMass = body.InverseMass,
            InverseInertiaTensor = new Symmetric3x3 { XX = inverse.XX, YX = inverse.YX, YY = inverse.YY, ZX = inverse.ZX, ZY = inverse.ZY, ZZ = inverse.ZZ },
        };
    }

    private static TypedIndex AddCompound(Shapes shapes, BufferPool pool, CompoundShape compound, BepuOptions options)
    {
        pool.Take<CompoundChild>(compound.Parts.Count, out var children);
        for (int i = 0; i < children.Length; i++)
        {
            var part = compound.Parts[i];
            children[i] = new CompoundChild(new RigidPose(part.Pose.Position, part.Pose.Orientation), Add(shapes, pool, part.Shape, options));
        }
        return shapes.Add(new Compound(children));
    }
}
