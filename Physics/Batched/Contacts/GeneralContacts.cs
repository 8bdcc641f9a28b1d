using Sim.Physics.Numerics;

namespace Sim.Physics.Batched.Contacts;

/// <summary>
/// The lane kernel of a slot where one body is a compound: every contact has its own normal and its own friction,
/// and is solved whole before the next.
/// </summary>
internal static class GeneralContacts
{
    private const int Tangent = Penetration.ScratchRows, Width = Tangent + TangentFriction.ScratchRows;

    public static int ScratchRows(int capacity) => capacity * Width;

    public static void Prepare<T, TPartner>(Rows<T> a, Rows<T> b, Rows<T> slot, Rows<T> scratch, int contacts, in ContactSpring spring, float inverseH)
        where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        var offsetB = slot.Vector(SlotRows.OffsetB);
        for (int i = 0; i < contacts; i++)
        {
            var contact = ContactRows(slot, i);
            var normal = contact.Vector(SlotRows.OwnNormal);
            var own = scratch.From(i * Width);
            Penetration.Prepare<T, TPartner>(a, b, normal, contact, offsetB, own, in spring, inverseH);
            TangentFriction.Prepare<T, TPartner>(a, b, normal, contact.Vector(SlotRows.Offset), offsetB, own.From(Tangent));
        }
    }

    public static void WarmStart<T, TPartner>(Rows<T> a, Rows<T> b, Rows<T> slot, Rows<T> scratch, int contacts) where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        for (int i = 0; i < contacts; i++)
        {
            var contact = ContactRows(slot, i);
            var normal = contact.Vector(SlotRows.OwnNormal);
            var own = scratch.From(i * Width);
            T active = Active(slot, i);
            TangentFriction.WarmStart<T, TPartner>(a, b, normal, contact.From(SlotRows.OwnTangent), own.From(Tangent), active);
            Penetration.WarmStart<T, TPartner>(a, b, normal, contact, own, active);
        }
    }

    public static void Solve<T, TPartner>(Rows<T> a, Rows<T> b, Rows<T> slot, Rows<T> scratch, int contacts, float softness)
        where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        T friction = slot.Scalar(SlotRows.Friction);
        for (int i = 0; i < contacts; i++)
        {
            var contact = ContactRows(slot, i);
            var normal = contact.Vector(SlotRows.OwnNormal);
            var own = scratch.From(i * Width);
            T active = Active(slot, i);
            Penetration.Solve<T, TPartner>(a, b, normal, contact, own, softness, active);
            TangentFriction.Solve<T, TPartner>(a, b, normal, contact.From(SlotRows.OwnTangent), own.From(Tangent), friction * contact.Scalar(SlotRows.Impulse), active);
        }
    }

    public static void Advance<T, TPartner>(Rows<T> a, Rows<T> b, Rows<T> slot, int contacts, float h) where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        var offsetB = slot.Vector(SlotRows.OffsetB);
        for (int i = 0; i < contacts; i++)
        {
            var contact = ContactRows(slot, i);
            Penetration.Advance<T, TPartner>(a, b, contact.Vector(SlotRows.OwnNormal), contact, offsetB, h, Active(slot, i));
        }
    }

    private static T Active<T>(Rows<T> slot, int contact) where T : unmanaged, ILane<T> => slot.Scalar(SlotRows.Count) > T.Of(contact);

    private static Rows<T> ContactRows<T>(Rows<T> slot, int index) where T : unmanaged, ILane<T> => slot.From(SlotRows.GeneralHead + (index * SlotRows.GeneralContact));
}
