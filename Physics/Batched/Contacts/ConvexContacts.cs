using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Physics.Batched.Contacts;

/// <summary>
/// The lane kernel of a convex pair's slot: all normal forces in order, then friction along the surface at the
/// contacts' centre, then friction against turning.
/// </summary>
/// <remarks>
/// Scratch: per contact its distance from friction's centre, that centre, then what the three parts prepare. Only the
/// first <c>contacts</c> contacts, as many as any lane of the tile has, are touched; a lane without one keeps its bits.
/// </remarks>
internal readonly struct ConvexContacts : IContactKernel
{
    private const int Distances = 0, CentreOffset = 4, Tangent = CentreOffset + 3, Twist = Tangent + TangentFriction.ScratchRows, First = Twist + TwistFriction.ScratchRows;

    public static int ScratchRows(int capacity) => First + (capacity * Penetration.ScratchRows);

    public static void Prepare<T, TPartner>(Rows<T> a, Rows<T> b, Rows<T> slot, Rows<T> scratch, int contacts, in ContactSpring spring, float inverseH)
        where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        Vec3<T> normal = slot.Vector(SlotRows.Normal), offsetB = slot.Vector(SlotRows.OffsetB);
        for (int i = 0; i < contacts; i++)
        {
            Penetration.Prepare<T, TPartner>(a, b, in normal, ContactRows(slot, i), in offsetB, ContactScratch(scratch, i), in spring, inverseH);
        }
        Centre(slot, scratch, contacts);
        Reach(slot, scratch, contacts);
        var centre = scratch.Vector(CentreOffset);
        TangentFriction.Prepare<T, TPartner>(a, b, in normal, in centre, in offsetB, scratch.From(Tangent));
        TwistFriction.Prepare<T, TPartner>(a, b, slot.From(SlotRows.Normal), scratch.From(Twist));
    }

    public static void WarmStart<T, TPartner>(Rows<T> a, Rows<T> b, Rows<T> slot, Rows<T> scratch, int contacts) where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        Sum(slot, scratch, contacts, out var impulse, out var moment);
        T active = Active(slot, 0);
        SlotImpulse.Push(a, in impulse, in moment, in active);
        if (TPartner.Moves) SlotImpulse.PushBack(b, in impulse, in moment, slot, in active);
    }

    public static void Solve<T, TPartner>(Rows<T> a, Rows<T> b, Rows<T> slot, Rows<T> scratch, int contacts, float softness, bool legacyFriction)
        where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        var normal = slot.From(SlotRows.Normal);
        T sum = T.Of(0), turning = T.Of(0);
        for (int i = 0; i < contacts; i++)
        {
            var contact = ContactRows(slot, i);
            T active = Active(slot, i);
            Penetration.Solve<T, TPartner>(a, b, normal, contact, ContactScratch(scratch, i), softness, in active);
            T impulse = contact.Scalar(SlotRows.Impulse);
            sum += impulse;
            turning = T.Fma(impulse, scratch.Scalar(Distances + i), turning);
        }
        T any = Active(slot, 0), friction = slot.Scalar(SlotRows.Friction);
        if (legacyFriction) friction /= T.Max(T.Of(1), slot.Scalar(SlotRows.Count));
        sum *= friction;
        turning *= friction;
        TangentFriction.Solve<T, TPartner>(a, b, slot.From(SlotRows.Tangent), scratch.From(Tangent), in sum, in any);
        TwistFriction.Solve<T, TPartner>(a, b, normal, slot.From(SlotRows.Twist), scratch.From(Twist), in turning, in any);
    }

    public static void Advance<T, TPartner>(Rows<T> a, Rows<T> b, Rows<T> slot, int contacts, float h) where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        for (int i = 0; i < contacts; i++)
        {
            T active = Active(slot, i);
            Penetration.Advance<T, TPartner>(a, b, slot.From(SlotRows.Normal), ContactRows(slot, i), slot.From(SlotRows.OffsetB), h, in active);
        }
    }

    /// <summary>The impulse on A, and its moment about A's centre.</summary>
    [MethodImpl(Stage.Cut)]
    private static void Sum<T>(Rows<T> slot, Rows<T> scratch, int contacts, out Vec3<T> impulse, out Vec3<T> moment) where T : unmanaged, ILane<T>
    {
        // Contacts that a lane does not have carry nothing.
        T pressing = T.Of(0);
        var arm = Vec3<T>.Zero;
        for (int i = 0; i < contacts; i++)
        {
            var contact = ContactRows(slot, i);
            T size = contact.Scalar(SlotRows.Impulse);
            pressing += size;
            arm = Vec3<T>.AddScaled(arm, size, contact.Vector(SlotRows.Offset));
        }
        var normal = slot.Vector(SlotRows.Normal);
        var tangents = scratch.From(Tangent);
        var friction = Vec3<T>.AddScaled(tangents.Vector(TangentFriction.X) * slot.Scalar(SlotRows.Tangent), slot.Scalar(SlotRows.Tangent + 1), tangents.Vector(TangentFriction.Y));
        impulse = Vec3<T>.AddScaled(friction, pressing, normal);
        moment = Vec3<T>.Cross(arm, normal) + Vec3<T>.Cross(scratch.Vector(CentreOffset), friction);
        moment = Vec3<T>.AddScaled(moment, slot.Scalar(SlotRows.Twist), normal);
    }

    /// <summary>Mean of the offsets that touch; of all where none does.</summary>
    [MethodImpl(Stage.Cut)]
    private static void Centre<T>(Rows<T> slot, Rows<T> scratch, int contacts) where T : unmanaged, ILane<T>
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
        scratch.Put(CentreOffset, Vec3<T>.Select(some, touching, all) * divisor);
    }

    /// <summary>The distance at which each contact resists turning; of a single contact how far it is pressed in.</summary>
    [MethodImpl(Stage.Cut)]
    private static void Reach<T>(Rows<T> slot, Rows<T> scratch, int contacts) where T : unmanaged, ILane<T>
    {
        var centre = scratch.Vector(CentreOffset);
        T single = slot.Scalar(SlotRows.Count) <= T.Of(1);
        for (int i = 0; i < contacts; i++)
        {
            var contact = ContactRows(slot, i);
            T distance = T.Sqrt((contact.Vector(SlotRows.Offset) - centre).LengthSquared);
            scratch.Put(Distances + i, T.Select(single, T.Max(T.Of(0), contact.Scalar(SlotRows.Depth)), distance));
        }
    }

    [MethodImpl(Stage.Inline)]
    private static T Active<T>(Rows<T> slot, int contact) where T : unmanaged, ILane<T> => slot.Scalar(SlotRows.Count) > T.Of(contact);

    [MethodImpl(Stage.Inline)]
    private static Rows<T> ContactRows<T>(Rows<T> slot, int index) where T : unmanaged, ILane<T> => slot.From(SlotRows.ConvexHead + (index * SlotRows.ConvexContact));

    [MethodImpl(Stage.Inline)]
    private static Rows<T> ContactScratch<T>(Rows<T> scratch, int index) where T : unmanaged, ILane<T> => scratch.From(First + (index * Penetration.ScratchRows));
}
