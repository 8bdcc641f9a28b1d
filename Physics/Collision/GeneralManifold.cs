namespace Sim.Physics.Collision;

/// <summary>One contact of bodies made of several convex parts: as <see cref="Contact"/>, with a normal of its own.</summary>
public struct GeneralContact
{
    /// <summary>Halfway between the two surfaces: from A's centre, in world axes, metres.</summary>
    public Float3 Offset;

    /// <summary>Overlap along the normal in metres; negative while the surfaces are apart.</summary>
    public float Depth;

    /// <summary>Unit vector from B to A in world axes.</summary>
    public Float3 Normal;

    /// <summary>Names the contact within its pair of bodies: the children and their feature.</summary>
    public int Feature;
}

/// <summary>Up to four contacts, the deepest first and the others by feature. Contacts beyond <see cref="Count"/> are zero.</summary>
public struct GeneralManifold
{
    public int Count;
    public GeneralContact C0, C1, C2, C3;

    /// <summary>Appends a contact; the caller adds no more than four.</summary>
    internal void Add(in GeneralContact contact)
    {
        switch (Count)
        {
            case 0: C0 = contact; break;
            case 1: C1 = contact; break;
            case 2: C2 = contact; break;
            default: C3 = contact; break;
        }
        Count++;
    }
}
