using Sim.Physics.Numerics;

namespace Sim.Physics.Batched.Contacts;

/// <summary>Friction against turning about the normal of a convex pair, limited by Σ friction × normal impulse × distance from the centre.</summary>
internal static class TwistFriction
{
    public const int ScratchRows = 7;

    private const int TurnA = 0, TurnB = 3, Mass = 6;

    public static void Prepare<T, TPartner>(Rows<T> a, Rows<T> b, Vec3<T> normal, Rows<T> scratch) where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        var turn = a.Symmetric(BodyRows.InverseInertia) * normal;
        scratch.Put(TurnA, turn);
        T compliance = Vec3<T>.Dot(turn, normal);
        if (TPartner.Moves)
        {
            var turnB = b.Symmetric(BodyRows.InverseInertia) * normal;
            scratch.Put(TurnB, turnB);
            compliance += Vec3<T>.Dot(turnB, normal);
        }
        // Two bodies that cannot turn about the normal need no twist friction.
        scratch.Put(Mass, T.Select(compliance > T.Of(0), T.Of(1) / compliance, T.Of(0)));
    }

    public static void WarmStart<T, TPartner>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> scratch, T active) where T : unmanaged, ILane<T> where TPartner : struct, IPartner
        => Apply<T, TPartner>(a, b, scratch, impulse.Scalar(0), active);

    public static void Solve<T, TPartner>(Rows<T> a, Rows<T> b, Vec3<T> normal, Rows<T> impulse, Rows<T> scratch, T limit, T active)
        where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        var spin = a.Vector(BodyRows.AngularVelocity);
        if (TPartner.Moves) spin -= b.Vector(BodyRows.AngularVelocity);
        T before = impulse.Scalar(0);
        T sum = LaneMath.Clamp(before - (Vec3<T>.Dot(spin, normal) * scratch.Scalar(Mass)), limit);
        impulse.Put(0, T.Select(active, sum, before));
        Apply<T, TPartner>(a, b, scratch, sum - before, active);
    }

    private static void Apply<T, TPartner>(Rows<T> a, Rows<T> b, Rows<T> scratch, T impulse, T active) where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        Turn(a, impulse, scratch.Vector(TurnA), active);
        if (TPartner.Moves) Turn(b, -impulse, scratch.Vector(TurnB), active);
    }

    private static void Turn<T>(Rows<T> body, T impulse, Vec3<T> turn, T active) where T : unmanaged, ILane<T>
    {
        var spin = body.Vector(BodyRows.AngularVelocity);
        body.Put(BodyRows.AngularVelocity, Vec3<T>.Select(active, Vec3<T>.AddScaled(spin, impulse, turn), spin));
    }
}
