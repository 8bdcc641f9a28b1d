using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Physics.Batched.Contacts;

/// <summary>
/// The normal force of one contact: bias = min(depth/h, depth·ErrorToVelocity, maximum recovery velocity), accumulated
/// impulse ≥ 0. A negative depth lets the bodies approach as far as they are apart.
/// </summary>
internal static class Penetration
{
    public const int ScratchRows = PairArms.ScratchRows + 2;

    private const int Mass = PairArms.ScratchRows, Bias = Mass + 1;

    public static void Prepare<T, TPartner>(Rows<T> a, Rows<T> b, in Vec3<T> normal, Rows<T> contact, in Vec3<T> offsetB, Rows<T> scratch,
        in ContactSpring spring, float inverseH) where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        var offset = contact.Vector(SlotRows.Offset);
        PairArms.Prepare<T, TPartner>(a, b, in normal, in offset, in offsetB, scratch, out T compliance);
        T depth = contact.Scalar(SlotRows.Depth);
        T bias = T.Min(T.Min(depth * inverseH, depth * spring.Softness.ErrorToVelocity), T.Of(spring.MaximumRecoveryVelocity));
        scratch.Put(Mass, T.Of(spring.Softness.MassScale) / compliance);
        scratch.Put(Bias, bias);
    }

    [MethodImpl(Stage.Cut)]
    public static void Solve<T, TPartner>(Rows<T> a, Rows<T> b, Rows<T> normal, Rows<T> contact, Rows<T> scratch, float softness, in T active)
        where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        var direction = normal.Vector(0);
        T before = contact.Scalar(SlotRows.Impulse);
        T missing = scratch.Scalar(Bias) - PairArms.Velocity<T, TPartner>(a, b, direction, scratch);
        T sum = T.Max(T.Of(0), before + T.Fms(missing, scratch.Scalar(Mass), before * softness));
        contact.Put(SlotRows.Impulse, T.Select(active, sum, before));
        PairArms.Apply<T, TPartner>(a, b, direction, scratch, sum - before, active);
    }

    /// <summary>depth ← depth − h·n·(velocity of A − velocity of B at the contact), with the velocities that move the poses next.</summary>
    [MethodImpl(Stage.Cut)]
    public static void Advance<T, TPartner>(Rows<T> a, Rows<T> b, Rows<T> normal, Rows<T> contact, Rows<T> offsetB, float h, in T active)
        where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        var offset = contact.Vector(SlotRows.Offset);
        var velocity = a.Vector(BodyRows.LinearVelocity) + Vec3<T>.Cross(a.Vector(BodyRows.AngularVelocity), offset);
        if (TPartner.Moves)
            velocity -= b.Vector(BodyRows.LinearVelocity) + Vec3<T>.Cross(b.Vector(BodyRows.AngularVelocity), offset - offsetB.Vector(0));
        T depth = contact.Scalar(SlotRows.Depth);
        contact.Put(SlotRows.Depth, T.Select(active, T.Fnma(Vec3<T>.Dot(velocity, normal.Vector(0)), T.Of(h), depth), depth));
    }
}
