using System.Runtime.CompilerServices;

namespace Sim.Physics.Collision;

/// <summary>
/// Contacts of two bodies of which at least one is made of several convex children: every pair of children whose bounding
/// spheres come within the margin is tested, and <see cref="ManifoldReducer"/> keeps four contacts.
/// </summary>
public static unsafe class CompoundPairs
{
    /// <summary>
    /// A body of one convex shape is a single child at the identity pose. Orientations are unit quaternions from body to world,
    /// <paramref name="offsetB"/> is B's centre less A's in world axes, margin metres. Features follow the order of the
    /// children, which must not change from step to step; up to 512 children a body keep child pairs apart.
    /// </summary>
    public static void Collide(CompoundChild* childrenA, int countA, in Orientation orientationA,
        CompoundChild* childrenB, int countB, in Orientation orientationB, in Float3 offsetB, float margin, out GeneralManifold manifold)
        => Collide(childrenA, countA, Extent(childrenA, countA), orientationA, childrenB, countB, Extent(childrenB, countB), orientationB, offsetB, margin, out manifold);

    /// <summary>The same for bodies whose <see cref="Extent"/> is known.</summary>
    public static void Collide(CompoundChild* childrenA, int countA, float extentA, in Orientation orientationA,
        CompoundChild* childrenB, int countB, float extentB, in Orientation orientationB, in Float3 offsetB, float margin, out GeneralManifold manifold)
    {
        ManifoldReducer.Start(margin, Scalar.Min(extentA, extentB), out ManifoldReducer reducer);
        for (int j = 0; j < countB; j++)
        {
            ref CompoundChild b = ref childrenB[j];
            Float3 centreB = offsetB + orientationB.Rotate(b.Position);
            Orientation turnB = orientationB * b.Orientation;
            for (int i = 0; i < countA; i++)
            {
                ref CompoundChild a = ref childrenA[i];
                Float3 centreA = orientationA.Rotate(a.Position);
                Float3 between = centreB - centreA;
                if (!Near(a, orientationA, b, turnB, between, margin)) continue;
                Orientation turnA = orientationA * a.Orientation;
                ConvexPairs.Collide(a.Shape, turnA, b.Shape, turnB, between, margin, out ConvexManifold found);
                if (found.Count > 0) reducer.Add(found, centreA, i * 512 + j);
            }
        }
        reducer.Finish(out manifold);
    }

    /// <summary>The reach of the children from their body's centre, metres; a plane's is without end.</summary>
    public static float Extent(CompoundChild* children, int count)
    {
        float extent = 0;
        for (int i = 0; i < count; i++)
            extent = Scalar.Max(extent, children[i].Position.Length + children[i].BoundingRadius);
        return extent;
    }

    /// <summary>Whether the bounding spheres, or a sphere and a half-space, come within the margin. A plane is a body of its own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Near(in CompoundChild a, in Orientation planeA, in CompoundChild b, in Orientation planeB, in Float3 between, float margin)
    {
        if (a.Shape.Kind == ShapeKind.Plane) return Float3.Dot(between, planeA.AxisZ) <= b.BoundingRadius + margin;
        if (b.Shape.Kind == ShapeKind.Plane) return -Float3.Dot(between, planeB.AxisZ) <= a.BoundingRadius + margin;
        float reach = a.BoundingRadius + b.BoundingRadius + margin;
        return between.LengthSquared <= reach * reach;
    }
}
