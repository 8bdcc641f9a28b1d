using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Physics.Batched.Contacts;

/// <summary>
/// The lane kernel of a slot where one body is a compound: every contact has its own normal and its own friction,
/// and is solved whole before the next.
/// </summary>
internal readonly struct GeneralContacts : IContactKernel
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
            Vec3<T> normal = contact.Vector(SlotRows.OwnNormal), offset = contact.Vector(SlotRows.Offset);
            var own = scratch.From(i * Width);
            Penetration.Prepare<T, TPartner>(a, b, in normal, contact, in offsetB, own, in spring, inverseH);
            TangentFriction.Prepare<T, TPartner>(a, b, in normal, in offset, in offsetB, own.From(Tangent));
        }
    }

    public static void WarmStart<T, TPartner>(Rows<T> a, Rows<T> b, Rows<T> slot, Rows<T> scratch, int contacts) where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        Sum(slot, scratch, contacts, out var impulse, out var moment);
        T active = Active(slot, 0);
        SlotImpulse.Push(a, in impulse, in moment, in active);
        if (TPartner.Moves) SlotImpulse.PushBack(b, in impulse, in moment, slot, in active);
    }

    /// <inheritdoc/>
    /// <remarks>The legacy rule is one of convex pairs.</remarks>
    public static void Solve<T, TPartner>(Rows<T> a, Rows<T> b, Rows<T> slot, Rows<T> scratch, int contacts, float softness, bool legacyFriction)
        where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        for (int i = 0; i < contacts; i++)
        {
            var contact = ContactRows(slot, i);
            var own = scratch.From(i * Width);
            T active = Active(slot, i);
            Penetration.Solve<T, TPartner>(a, b, contact.From(SlotRows.OwnNormal), contact, own, softness, in active);
            T limit = slot.Scalar(SlotRows.Friction) * contact.Scalar(SlotRows.Impulse);
            TangentFriction.Solve<T, TPartner>(a, b, contact.From(SlotRows.OwnTangent), own.From(Tangent), in limit, in active);
        }
    }

    public static void Advance<T, TPartner>(Rows<T> a, Rows<T> b, Rows<T> slot, int contacts, float h) where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        for (int i = 0; i < contacts; i++)
        {
            var contact = ContactRows(slot, i);
            T active = Active(slot, i);
            Penetration.Advance<T, TPartner>(a, b, contact.From(SlotRows.OwnNormal), contact, slot.From(SlotRows.OffsetB), h, in active);
        }
    }

    /// <summary>The impulse on A, and its moment about A's centre.</summary>
    [MethodImpl(Stage.Cut)]
    private static void Sum<T>(Rows<T> slot, Rows<T> scratch, int contacts, out Vec3<T> impulse, out Vec3<T> moment) where T : unmanaged, ILane<T>
    {
        impulse = Vec3<T>.Zero;
        moment = Vec3<T>.Zero;
        for (int i = 0; i < contacts; i++)
        {
            var contact = ContactRows(slot, i);
            var tangents = scratch.From((i * Width) + Tangent);
            var part = contact.Vector(SlotRows.OwnNormal) * contact.Scalar(SlotRows.Impulse);
            part = Vec3<T>.AddScaled(part, contact.Scalar(SlotRows.OwnTangent), tangents.Vector(TangentFriction.X));
            part = Vec3<T>.AddScaled(part, contact.Scalar(SlotRows.OwnTangent + 1), tangents.Vector(TangentFriction.Y));
            impulse += part;
            moment += Vec3<T>.Cross(contact.Vector(SlotRows.Offset), part);
        }
    }

    [MethodImpl(Stage.Inline)]
    private static T Active<T>(Rows<T> slot, int contact) where T : unmanaged, ILane<T> => slot.Scalar(SlotRows.Count) > T.Of(contact);

    [MethodImpl(Stage.Inline)]
    private static Rows<T> ContactRows<T>(Rows<T> slot, int index) where T : unmanaged, ILane<T> => slot.From(SlotRows.GeneralHead + (index * SlotRows.GeneralContact));
}
