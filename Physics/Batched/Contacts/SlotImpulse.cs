using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Physics.Batched.Contacts;

/// <summary>Applies all that a slot carries at once: an impulse on A and its moment about A's centre, the opposite on B.</summary>
internal static class SlotImpulse
{
    [MethodImpl(Stage.Cut)]
    public static void Push<T>(Rows<T> a, in Vec3<T> impulse, in Vec3<T> moment, in T active) where T : unmanaged, ILane<T>
    {
        PairArms.Move(a, a.Scalar(BodyRows.InverseMass), impulse, active);
        PairArms.Turn(a, a.Symmetric(BodyRows.InverseInertia) * moment, active);
    }

    /// <summary>The opposite impulse, with its moment about B's centre.</summary>
    [MethodImpl(Stage.Cut)]
    public static void PushBack<T>(Rows<T> b, in Vec3<T> impulse, in Vec3<T> moment, Rows<T> slot, in T active) where T : unmanaged, ILane<T>
    {
        PairArms.Move(b, -b.Scalar(BodyRows.InverseMass), impulse, active);
        PairArms.Turn(b, b.Symmetric(BodyRows.InverseInertia) * (Vec3<T>.Cross(slot.Vector(SlotRows.OffsetB), impulse) - moment), active);
    }
}
