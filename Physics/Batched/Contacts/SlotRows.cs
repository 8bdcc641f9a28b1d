namespace Sim.Physics.Batched.Contacts;

/// <summary>
/// Where the numbers of a contact slot stand in its block of rows. A slot belongs to one pair of bodies for good: it
/// holds their contacts of this step and the impulses that carry over to the next.
/// </summary>
internal static class SlotRows
{
    /// <summary>Contacts, a whole float from 0 to the slot's capacity.</summary>
    public const int Count = 0;

    /// <summary>Coefficient of friction.</summary>
    public const int Friction = 1;

    /// <summary>From A's centre to B's when contacts were detected: vector, metres, world axes.</summary>
    public const int OffsetB = 2;

    /// <summary>From B to A: unit vector. Of a convex pair, whose contacts share it.</summary>
    public const int Normal = 5;

    /// <summary>Accumulated friction along two tangents, N·s. Of a convex pair.</summary>
    public const int Tangent = 8;

    /// <summary>Accumulated friction about the normal, N·m·s. Of a convex pair.</summary>
    public const int Twist = 10;

    /// <summary>Rows before the first contact of a convex pair.</summary>
    public const int ConvexHead = 11;

    /// <summary>Rows before the first contact where one body is a compound.</summary>
    public const int GeneralHead = 5;

    /// <summary>Of a contact: from A's centre, vector, metres, world axes.</summary>
    public const int Offset = 0;

    /// <summary>Of a contact: metres.</summary>
    public const int Depth = 3;

    /// <summary>Of a contact: its name, an integer.</summary>
    public const int Feature = 4;

    /// <summary>Of a contact: accumulated normal impulse, N·s.</summary>
    public const int Impulse = 5;

    /// <summary>Rows of a contact of a convex pair.</summary>
    public const int ConvexContact = 6;

    /// <summary>Of a contact where one body is a compound: its own normal.</summary>
    public const int OwnNormal = 6;

    /// <summary>Of a contact where one body is a compound: its own accumulated friction.</summary>
    public const int OwnTangent = 9;

    /// <summary>Rows of a contact where one body is a compound.</summary>
    public const int GeneralContact = 11;

    /// <summary>Rows of a slot.</summary>
    public static int Total(bool convex, int capacity) => convex ? Contact(true, capacity) : Resting(capacity) + RestingPair.Rows;

    /// <summary>First of the rows of <see cref="RestingPair"/>, where one body is a compound.</summary>
    public static int Resting(int capacity) => Contact(false, capacity);

    /// <summary>First row of a contact.</summary>
    public static int Contact(bool convex, int index) => convex ? ConvexHead + (index * ConvexContact) : GeneralHead + (index * GeneralContact);
}
