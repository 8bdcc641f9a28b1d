using System.Runtime.CompilerServices;

namespace Sim.Physics.Collision;

/// <summary>One point where two bodies touch or are about to.</summary>
public struct Contact
{
    /// <summary>Halfway between the two surfaces: from A's centre, in world axes, metres.</summary>
    public Float3 Offset;

    /// <summary>Overlap along the normal in metres; negative while the surfaces are apart.</summary>
    public float Depth;

    /// <summary>Names the contact within its pair, the same from step to step as long as the same features touch.</summary>
    public int Feature;
}

/// <summary>Up to four contacts of a convex pair with one normal. Contacts beyond <see cref="Count"/> are zero.</summary>
public struct ConvexManifold
{
    public int Count;

    /// <summary>Unit vector from B to A in world axes: the way A moves to part from B.</summary>
    public Float3 Normal;

    public Contact C0, C1, C2, C3;

    /// <summary>Appends a contact; the caller adds no more than four.</summary>
    internal void Add(in Float3 offset, float depth, int feature)
    {
        switch (Count)
        {
            case 0: Set(ref C0, offset, depth, feature); break;
            case 1: Set(ref C1, offset, depth, feature); break;
            case 2: Set(ref C2, offset, depth, feature); break;
            default: Set(ref C3, offset, depth, feature); break;
        }
        Count++;
    }

    /// <summary>Puts the first contact into an empty manifold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void AddFirst(in Float3 offset, float depth, int feature)
    {
        Set(ref C0, offset, depth, feature);
        Count = 1;
    }

    /// <summary>Field by field: copied as a whole, a struct just written would be read back before it is in the cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Set(ref Contact contact, in Float3 offset, float depth, int feature)
    {
        contact.Offset.X = offset.X;
        contact.Offset.Y = offset.Y;
        contact.Offset.Z = offset.Z;
        contact.Depth = depth;
        contact.Feature = feature;
    }

    /// <summary>Exchanges A and B; <paramref name="offset"/> runs from the new A's centre to the new B's.</summary>
    internal void SwapBodies(in Float3 offset)
    {
        if (Count == 0) return;
        Normal = -Normal;
        C0.Offset += offset;
        if (Count > 1) C1.Offset += offset;
        if (Count > 2) C2.Offset += offset;
        if (Count > 3) C3.Offset += offset;
    }
}
