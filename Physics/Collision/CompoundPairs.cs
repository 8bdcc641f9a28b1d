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
    {
        ManifoldReducer.Start(margin, Scalar.Min(Extent(childrenA, countA), Extent(childrenB, countB)), out ManifoldReducer reducer);
        for (int i = 0; i < countA; i++)
        {
            Float3 centreA = orientationA.Rotate(childrenA[i].Position);
            Orientation turnA = orientationA * childrenA[i].Orientation;
            for (int j = 0; j < countB; j++)
            {
                Float3 between = offsetB + orientationB.Rotate(childrenB[j].Position) - centreA;
                Orientation turnB = orientationB * childrenB[j].Orientation;
                if (!Near(childrenA[i], turnA, childrenB[j], turnB, between, margin)) continue;
                ConvexPairs.Collide(childrenA[i].Shape, turnA, childrenB[j].Shape, turnB, between, margin, out ConvexManifold found);
                reducer.Add(found, centreA, i * 512 + j);
            }
        }
        reducer.Finish(out manifold);
    }

    /// <summary>Whether the bounding spheres, or a sphere and a half-space, come within the margin.</summary>
    private static bool Near(in CompoundChild a, in Orientation turnA, in CompoundChild b, in Orientation turnB, in Float3 between, float margin)
    {
        if (a.Shape.Kind == ShapeKind.Plane) return Float3.Dot(between, turnA.AxisZ) <= b.BoundingRadius + margin;
        if (b.Shape.Kind == ShapeKind.Plane) return -Float3.Dot(between, turnB.AxisZ) <= a.BoundingRadius + margin;
        float reach = a.BoundingRadius + b.BoundingRadius + margin;
        return between.LengthSquared <= reach * reach;
    }

    /// <summary>The reach of the children from their body's centre, metres; a plane's is without end.</summary>
    private static float Extent(CompoundChild* children, int count)
    {
        float extent = 0;
        for (int i = 0; i < count; i++)
            extent = Scalar.Max(extent, children[i].Position.Length + children[i].BoundingRadius);
        return extent;
    }
}
