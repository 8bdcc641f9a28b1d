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

    public static void Prepare<T, TPartner>(Rows<T> a, Rows<T> b, Vec3<T> normal, Rows<T> contact, Vec3<T> offsetB, Rows<T> scratch,
        in ContactSpring spring, float inverseH) where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        T compliance = PairArms.Prepare<T, TPartner>(a, b, normal, contact.Vector(SlotRows.Offset), offsetB, scratch);
        T depth = contact.Scalar(SlotRows.Depth);
        T bias = T.Min(T.Min(depth * inverseH, depth * spring.Softness.ErrorToVelocity), T.Of(spring.MaximumRecoveryVelocity));
        scratch.Put(Mass, T.Of(spring.Softness.MassScale) / compliance);
        scratch.Put(Bias, bias);
    }

    public static void WarmStart<T, TPartner>(Rows<T> a, Rows<T> b, Vec3<T> normal, Rows<T> contact, Rows<T> scratch, T active)
        where T : unmanaged, ILane<T> where TPartner : struct, IPartner
        => PairArms.Apply<T, TPartner>(a, b, normal, scratch, contact.Scalar(SlotRows.Impulse), active);

    public static void Solve<T, TPartner>(Rows<T> a, Rows<T> b, Vec3<T> normal, Rows<T> contact, Rows<T> scratch, float softness, T active)
        where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        T before = contact.Scalar(SlotRows.Impulse);
        T missing = scratch.Scalar(Bias) - PairArms.Velocity<T, TPartner>(a, b, normal, scratch);
        T sum = T.Max(T.Of(0), before + T.Fma(missing, scratch.Scalar(Mass), -(before * softness)));
        contact.Put(SlotRows.Impulse, T.Select(active, sum, before));
        PairArms.Apply<T, TPartner>(a, b, normal, scratch, sum - before, active);
    }

    /// <summary>depth ← depth − h·n·(velocity of A − velocity of B at the contact), with the velocities that move the poses next.</summary>
    public static void Advance<T, TPartner>(Rows<T> a, Rows<T> b, Vec3<T> normal, Rows<T> contact, Vec3<T> offsetB, float h, T active)
        where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        var offset = contact.Vector(SlotRows.Offset);
        var velocity = a.Vector(BodyRows.LinearVelocity) + Vec3<T>.Cross(a.Vector(BodyRows.AngularVelocity), offset);
        if (TPartner.Moves)
            velocity -= b.Vector(BodyRows.LinearVelocity) + Vec3<T>.Cross(b.Vector(BodyRows.AngularVelocity), offset - offsetB);
        T depth = contact.Scalar(SlotRows.Depth);
        contact.Put(SlotRows.Depth, T.Select(active, T.Fma(Vec3<T>.Dot(velocity, normal), T.Of(-h), depth), depth));
    }
}
