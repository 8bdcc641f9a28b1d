using Sim.Physics.Numerics;

namespace Sim.Physics.Batched.Contacts;

/// <summary>
/// The lane kernel of a convex pair's slot: all normal forces in order, then friction along the surface at the
/// contacts' centre, then friction against turning.
/// </summary>
/// <remarks>
/// Scratch: friction's centre, then per contact its distance from there, then what the three parts prepare. Only the
/// first <c>contacts</c> contacts, as many as any lane of the tile has, are touched; a lane without one keeps its bits.
/// </remarks>
internal static class ConvexContacts
{
    private const int Distances = 0, Tangent = 4, Twist = Tangent + TangentFriction.ScratchRows, First = Twist + TwistFriction.ScratchRows;

    public static int ScratchRows(int capacity) => First + (capacity * Penetration.ScratchRows);

    public static void Prepare<T, TPartner>(Rows<T> a, Rows<T> b, Rows<T> slot, Rows<T> scratch, int contacts, in ContactSpring spring, float inverseH)
        where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        for (int i = 0; i < contacts; i++)
        {
            Penetration.Prepare<T, TPartner>(a, b, slot.Vector(SlotRows.Normal), ContactRows(slot, i), slot.Vector(SlotRows.OffsetB), ContactScratch(scratch, i), in spring, inverseH);
        }
        Centre(slot, contacts, out var centre);
        Reach(slot, scratch, contacts, in centre);
        TangentFriction.Prepare<T, TPartner>(a, b, slot.Vector(SlotRows.Normal), centre, slot.Vector(SlotRows.OffsetB), scratch.From(Tangent));
        TwistFriction.Prepare<T, TPartner>(a, b, slot.Vector(SlotRows.Normal), scratch.From(Twist));
    }

    public static void WarmStart<T, TPartner>(Rows<T> a, Rows<T> b, Rows<T> slot, Rows<T> scratch, int contacts) where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        T any = Active(slot, 0);
        TangentFriction.WarmStart<T, TPartner>(a, b, slot.Vector(SlotRows.Normal), slot.From(SlotRows.Tangent), scratch.From(Tangent), any);
        for (int i = 0; i < contacts; i++)
        {
            Penetration.WarmStart<T, TPartner>(a, b, slot.Vector(SlotRows.Normal), ContactRows(slot, i), ContactScratch(scratch, i), Active(slot, i));
        }
        TwistFriction.WarmStart<T, TPartner>(a, b, slot.From(SlotRows.Twist), scratch.From(Twist), any);
    }

    /// <param name="a">A's rows.</param>
    /// <param name="b">B's rows.</param>
    /// <param name="slot">The pair's rows.</param>
    /// <param name="scratch">As prepared.</param>
    /// <param name="contacts">The most that any lane has.</param>
    /// <param name="softness">Of the spring.</param>
    /// <param name="legacyFriction">Whether friction is divided by the number of contacts.</param>
    public static void Solve<T, TPartner>(Rows<T> a, Rows<T> b, Rows<T> slot, Rows<T> scratch, int contacts, float softness, bool legacyFriction)
        where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        T sum = T.Of(0), turning = T.Of(0);
        for (int i = 0; i < contacts; i++)
        {
            var contact = ContactRows(slot, i);
            Penetration.Solve<T, TPartner>(a, b, slot.Vector(SlotRows.Normal), contact, ContactScratch(scratch, i), softness, Active(slot, i));
            T impulse = contact.Scalar(SlotRows.Impulse);
            sum += impulse;
            turning = T.Fma(impulse, scratch.Scalar(Distances + i), turning);
        }
        T any = Active(slot, 0), friction = slot.Scalar(SlotRows.Friction);
        if (legacyFriction) friction /= T.Max(T.Of(1), slot.Scalar(SlotRows.Count));
        TangentFriction.Solve<T, TPartner>(a, b, slot.Vector(SlotRows.Normal), slot.From(SlotRows.Tangent), scratch.From(Tangent), friction * sum, any);
        TwistFriction.Solve<T, TPartner>(a, b, slot.Vector(SlotRows.Normal), slot.From(SlotRows.Twist), scratch.From(Twist), friction * turning, any);
    }

    public static void Advance<T, TPartner>(Rows<T> a, Rows<T> b, Rows<T> slot, int contacts, float h) where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        for (int i = 0; i < contacts; i++)
        {
            Penetration.Advance<T, TPartner>(a, b, slot.Vector(SlotRows.Normal), ContactRows(slot, i), slot.Vector(SlotRows.OffsetB), h, Active(slot, i));
        }
    }

    /// <summary>Mean of the offsets that touch; of all where none does.</summary>
    private static void Centre<T>(Rows<T> slot, int contacts, out Vec3<T> centre) where T : unmanaged, ILane<T>
    {
        Vec3<T> touching = Vec3<T>.Zero, all = Vec3<T>.Zero;
        T touches = T.Of(0);
        for (int i = 0; i < contacts; i++)
        {
            var contact = ContactRows(slot, i);
            T active = Active(slot, i), deep = active & (contact.Scalar(SlotRows.Depth) >= T.Of(0));
            var offset = contact.Vector(SlotRows.Offset);
            all = Vec3<T>.Select(active, all + offset, all);
            touching = Vec3<T>.Select(deep, touching + offset, touching);
            touches += deep & T.Of(1);
        }
        T some = touches > T.Of(0);
        T divisor = T.Of(1) / T.Select(some, touches, T.Max(T.Of(1), slot.Scalar(SlotRows.Count)));
        centre = Vec3<T>.Select(some, touching, all) * divisor;
    }

    /// <summary>The distance at which each contact resists turning; of a single contact how far it is pressed in.</summary>
    private static void Reach<T>(Rows<T> slot, Rows<T> scratch, int contacts, in Vec3<T> centre) where T : unmanaged, ILane<T>
    {
        T single = slot.Scalar(SlotRows.Count) <= T.Of(1);
        for (int i = 0; i < contacts; i++)
        {
            var contact = ContactRows(slot, i);
            T distance = T.Sqrt((contact.Vector(SlotRows.Offset) - centre).LengthSquared);
            scratch.Put(Distances + i, T.Select(single, T.Max(T.Of(0), contact.Scalar(SlotRows.Depth)), distance));
        }
    }

    private static T Active<T>(Rows<T> slot, int contact) where T : unmanaged, ILane<T> => slot.Scalar(SlotRows.Count) > T.Of(contact);

    private static Rows<T> ContactRows<T>(Rows<T> slot, int index) where T : unmanaged, ILane<T> => slot.From(SlotRows.ConvexHead + (index * SlotRows.ConvexContact));

    private static Rows<T> ContactScratch<T>(Rows<T> scratch, int index) where T : unmanaged, ILane<T> => scratch.From(First + (index * Penetration.ScratchRows));
}
