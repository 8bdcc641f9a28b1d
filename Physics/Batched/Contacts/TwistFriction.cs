using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Physics.Batched.Contacts;

/// <summary>Friction against turning about the normal of a convex pair, limited by Σ friction × normal impulse × distance from the centre.</summary>
internal static class TwistFriction
{
    public const int ScratchRows = 7;

    private const int TurnA = 0, TurnB = 3, Mass = 6;

    [MethodImpl(Stage.Cut)]
    public static void Prepare<T, TPartner>(Rows<T> a, Rows<T> b, Rows<T> normal, Rows<T> scratch) where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        var direction = normal.Vector(0);
        var turn = a.Symmetric(BodyRows.InverseInertia) * direction;
        scratch.Put(TurnA, turn);
        T compliance = Vec3<T>.Dot(turn, direction);
        if (TPartner.Moves)
        {
            var turnB = b.Symmetric(BodyRows.InverseInertia) * direction;
            scratch.Put(TurnB, turnB);
            compliance += Vec3<T>.Dot(turnB, direction);
        }
        // Two bodies that cannot turn about the normal need no twist friction.
        scratch.Put(Mass, T.Select(compliance > T.Of(0), T.Of(1) / compliance, T.Of(0)));
    }

    [MethodImpl(Stage.Cut)]
    public static void Solve<T, TPartner>(Rows<T> a, Rows<T> b, Rows<T> normal, Rows<T> impulse, Rows<T> scratch, in T limit, in T active)
        where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        var spin = a.Vector(BodyRows.AngularVelocity);
        if (TPartner.Moves) spin -= b.Vector(BodyRows.AngularVelocity);
        T before = impulse.Scalar(0);
        T sum = LaneMath.Clamp(before - (Vec3<T>.Dot(spin, normal.Vector(0)) * scratch.Scalar(Mass)), limit);
        impulse.Put(0, T.Select(active, sum, before));
        T change = sum - before;
        PairArms.Turn(a, scratch.Vector(TurnA) * change, active);
        if (TPartner.Moves) PairArms.Turn(b, -(scratch.Vector(TurnB) * change), active);
    }
}
