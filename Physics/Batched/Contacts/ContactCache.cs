using System.Runtime.CompilerServices;
using Sim.Physics.Collision;

namespace Sim.Physics.Batched.Contacts;

/// <summary>
/// Replaces the contacts of a slot in one environment. A contact whose name was there keeps its impulse; what the
/// vanished ones carried is shared evenly by the new ones.
/// </summary>
internal static unsafe class ContactCache
{
    private const int Most = 4;

    /// <summary>Names of new contacts, and what each begins with.</summary>
    private struct Carried
    {
        public fixed int Feature[Most];
        public fixed float Impulse[Most];
        public fixed float TangentX[Most];
        public fixed float TangentY[Most];
    }

    /// <summary>Puts a convex pair's contacts into its slot.</summary>
    public static void Store(float* slot, int stride, in Float3 offsetB, in ConvexManifold manifold)
    {
        int before = Count(slot, stride);
        if (manifold.Count > 0)
        {
            Carried carried = Named(manifold.C0.Feature, manifold.C1.Feature, manifold.C2.Feature, manifold.C3.Feature);
            Carry(slot, stride, true, before, manifold.Count, ref carried);
            Put(slot, SlotRows.OffsetB, stride, in offsetB);
            Put(slot, SlotRows.Normal, stride, in manifold.Normal);
            Put(slot, stride, 0, in manifold.C0, carried.Impulse[0]);
            if (manifold.Count > 1) Put(slot, stride, 1, in manifold.C1, carried.Impulse[1]);
            if (manifold.Count > 2) Put(slot, stride, 2, in manifold.C2, carried.Impulse[2]);
            if (manifold.Count > 3) Put(slot, stride, 3, in manifold.C3, carried.Impulse[3]);
        }
        Finish(slot, stride, true, before, manifold.Count);
    }

    /// <summary>Puts the contacts of a pair with a compound into its slot.</summary>
    public static void Store(float* slot, int stride, in Float3 offsetB, in GeneralManifold manifold)
    {
        int before = Count(slot, stride);
        if (manifold.Count > 0)
        {
            Carried carried = Named(manifold.C0.Feature, manifold.C1.Feature, manifold.C2.Feature, manifold.C3.Feature);
            Carry(slot, stride, false, before, manifold.Count, ref carried);
            Put(slot, SlotRows.OffsetB, stride, in offsetB);
            Put(slot, stride, 0, in manifold.C0, ref carried);
            if (manifold.Count > 1) Put(slot, stride, 1, in manifold.C1, ref carried);
            if (manifold.Count > 2) Put(slot, stride, 2, in manifold.C2, ref carried);
            if (manifold.Count > 3) Put(slot, stride, 3, in manifold.C3, ref carried);
        }
        Finish(slot, stride, false, before, manifold.Count);
    }

    /// <summary>Removes all contacts and what they carried.</summary>
    public static void Clear(float* slot, int stride, bool convex) => Finish(slot, stride, convex, Count(slot, stride), 0);

    [MethodImpl(Stage.Inline)]
    private static Carried Named(int first, int second, int third, int fourth)
    {
        Carried carried;
        carried.Feature[0] = first;
        carried.Feature[1] = second;
        carried.Feature[2] = third;
        carried.Feature[3] = fourth;
        return carried;
    }

    private static int Count(float* slot, int stride) => (int)slot[SlotRows.Count * stride];

    /// <summary>Finds what each new contact begins with.</summary>
    private static void Carry(float* slot, int stride, bool convex, int before, int count, ref Carried carried)
    {
        if (before == count && CarryInPlace(slot, stride, convex, count, ref carried)) return;
        int found = 0, taken = 0;
        for (int i = 0; i < count; i++)
        {
            carried.Impulse[i] = 0;
            carried.TangentX[i] = 0;
            carried.TangentY[i] = 0;
            for (int j = 0; j < before; j++)
            {
                float* old = slot + (SlotRows.Contact(convex, j) * stride);
                if ((taken & (1 << j)) != 0 || ((int*)old)[SlotRows.Feature * stride] != carried.Feature[i]) continue;
                Take(old, stride, convex, i, ref carried);
                taken |= 1 << j;
                found |= 1 << i;
                break;
            }
        }
        Share(slot, stride, convex, before, count, taken, found, ref carried);
    }

    /// <summary>The usual case, in which every contact is where it was; false where one is not.</summary>
    private static bool CarryInPlace(float* slot, int stride, bool convex, int count, ref Carried carried)
    {
        for (int i = 0; i < count; i++)
        {
            float* old = slot + (SlotRows.Contact(convex, i) * stride);
            if (((int*)old)[SlotRows.Feature * stride] != carried.Feature[i]) return false;
            Take(old, stride, convex, i, ref carried);
        }
        return true;
    }

    /// <summary>Lets new contact <paramref name="index"/> begin with what an old one carried; a convex pair's tangents are the slot's.</summary>
    [MethodImpl(Stage.Inline)]
    private static void Take(float* old, int stride, bool convex, int index, ref Carried carried)
    {
        carried.Impulse[index] = old[SlotRows.Impulse * stride];
        if (convex) return;
        carried.TangentX[index] = old[SlotRows.OwnTangent * stride];
        carried.TangentY[index] = old[(SlotRows.OwnTangent + 1) * stride];
    }

    private static void Share(float* slot, int stride, bool convex, int before, int count, int taken, int found, ref Carried carried)
    {
        float vanished = 0;
        for (int j = 0; j < before; j++)
        {
            if ((taken & (1 << j)) == 0) vanished += slot[(SlotRows.Contact(convex, j) + SlotRows.Impulse) * stride];
        }
        int appeared = 0;
        for (int i = 0; i < count; i++) appeared += (found & (1 << i)) == 0 ? 1 : 0;
        if (appeared == 0) return;
        for (int i = 0; i < count; i++)
        {
            if ((found & (1 << i)) == 0) carried.Impulse[i] = vanished / appeared;
        }
    }

    /// <summary>Writes the count and zeroes what lies beyond it, so that equal contacts are equal bits.</summary>
    private static void Finish(float* slot, int stride, bool convex, int before, int count)
    {
        slot[SlotRows.Count * stride] = count;
        int end = SlotRows.Contact(convex, before);
        for (int row = SlotRows.Contact(convex, count); row < end; row++) slot[row * stride] = 0;
        if (count > 0) return;
        int head = convex ? SlotRows.ConvexHead : SlotRows.GeneralHead;
        for (int row = SlotRows.OffsetB; row < head; row++) slot[row * stride] = 0;
    }

    private static void Put(float* slot, int stride, int index, in Contact contact, float impulse)
    {
        float* rows = slot + (SlotRows.Contact(true, index) * stride);
        Put(rows, SlotRows.Offset, stride, in contact.Offset);
        rows[SlotRows.Depth * stride] = contact.Depth;
        ((int*)rows)[SlotRows.Feature * stride] = contact.Feature;
        rows[SlotRows.Impulse * stride] = impulse;
    }

    private static void Put(float* slot, int stride, int index, in GeneralContact contact, ref Carried carried)
    {
        float* rows = slot + (SlotRows.Contact(false, index) * stride);
        Put(rows, SlotRows.Offset, stride, in contact.Offset);
        rows[SlotRows.Depth * stride] = contact.Depth;
        ((int*)rows)[SlotRows.Feature * stride] = contact.Feature;
        rows[SlotRows.Impulse * stride] = carried.Impulse[index];
        Put(rows, SlotRows.OwnNormal, stride, in contact.Normal);
        rows[SlotRows.OwnTangent * stride] = carried.TangentX[index];
        rows[(SlotRows.OwnTangent + 1) * stride] = carried.TangentY[index];
    }

    private static void Put(float* rows, int row, int stride, in Float3 value)
    {
        rows[row * stride] = value.X;
        rows[(row + 1) * stride] = value.Y;
        rows[(row + 2) * stride] = value.Z;
    }
}
