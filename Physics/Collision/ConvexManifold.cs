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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(Float3 offset, float depth, int feature)
    {
        Contact contact;
        contact.Offset = offset;
        contact.Depth = depth;
        contact.Feature = feature;
        switch (Count)
        {
            case 0: C0 = contact; break;
            case 1: C1 = contact; break;
            case 2: C2 = contact; break;
            default: C3 = contact; break;
        }
        Count++;
    }

    /// <summary>Exchanges A and B; <paramref name="offset"/> runs from the new A's centre to the new B's.</summary>
    internal void SwapBodies(Float3 offset)
    {
        if (Count == 0) return;
        Normal = -Normal;
        C0.Offset += offset;
        if (Count > 1) C1.Offset += offset;
        if (Count > 2) C2.Offset += offset;
        if (Count > 3) C3.Offset += offset;
    }
}
