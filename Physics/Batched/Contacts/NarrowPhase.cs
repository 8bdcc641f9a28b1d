using Sim.Physics.Collision;

namespace Sim.Physics.Batched.Contacts;

/// <summary>One body of a pair as the narrow phase sees it.</summary>
/// <param name="Row">First of its rows.</param>
/// <param name="Children">Its convex parts, in memory that does not move.</param>
/// <param name="Count">Parts.</param>
/// <param name="Extent">Their reach from the body's centre, metres.</param>
internal readonly unsafe record struct NarrowBody(int Row, nint Children, int Count, float Extent)
{
    public CompoundChild* Parts => (CompoundChild*)Children;
}

/// <summary>
/// The scalar kernel that finds the contacts of one pair in one environment and puts them into its slot, where old
/// impulses go over to the contacts of the same name.
/// </summary>
internal static unsafe class NarrowPhase
{
    /// <param name="lane">The environment's first number: row k lies at <c>lane[k * stride]</c>.</param>
    /// <param name="stride">Environments of a tile.</param>
    /// <param name="pair">The pair.</param>
    /// <param name="a">Its first body.</param>
    /// <param name="b">Its second body.</param>
    /// <param name="margin">Metres at which contacts are made ahead of touching.</param>
    public static void Detect(float* lane, int stride, in PairPlace pair, in NarrowBody a, in NarrowBody b, float margin)
    {
        float* rowA = lane + (a.Row * stride), rowB = lane + (b.Row * stride);
        var offsetB = Vector(rowB, BodyRows.Position, stride) - Vector(rowA, BodyRows.Position, stride);
        var orientationA = Orientation(rowA, stride);
        var orientationB = Orientation(rowB, stride);
        float* slot = lane + (pair.First * stride);
        if (pair.Convex)
        {
            ConvexPairs.Collide(in a.Parts->Shape, in orientationA, in b.Parts->Shape, in orientationB, in offsetB, margin, out var manifold);
            if (manifold.Count > pair.Capacity) manifold.Count = pair.Capacity;
            ContactCache.Store(slot, stride, in offsetB, in manifold);
        }
        else
        {
            CompoundPairs.Collide(a.Parts, a.Count, a.Extent, in orientationA, b.Parts, b.Count, b.Extent, in orientationB, in offsetB, margin, out var manifold);
            ContactCache.Store(slot, stride, in offsetB, in manifold);
        }
    }

    private static Float3 Vector(float* rows, int row, int stride) => new(rows[row * stride], rows[(row + 1) * stride], rows[(row + 2) * stride]);

    private static Orientation Orientation(float* rows, int stride)
        => new(rows[BodyRows.Orientation * stride], rows[(BodyRows.Orientation + 1) * stride], rows[(BodyRows.Orientation + 2) * stride], rows[(BodyRows.Orientation + 3) * stride]);
}
