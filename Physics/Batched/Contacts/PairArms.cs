using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Physics.Batched.Contacts;

/// <summary>
/// The second body of a slot. Contacts with a static body need neither its velocity nor its arms; the JIT and the PTX
/// compiler drop what <see cref="Moves"/> guards.
/// </summary>
internal interface IPartner
{
    static abstract bool Moves { get; }
}

/// <summary>A static body.</summary>
internal readonly struct StaticPartner : IPartner
{
    public static bool Moves { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => false; }
}

/// <summary>A dynamic or kinematic body.</summary>
internal readonly struct MovingPartner : IPartner
{
    public static bool Moves { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => true; }
}

/// <summary>
/// One direction along which two bodies act on each other at a point: J v = n·(vA − vB) + p·wA + q·wB with p = rA × n
/// and q = n × rB. In scratch: p, q, and the turns I⁻¹p and I⁻¹q that a unit impulse gives.
/// </summary>
internal static class PairArms
{
    public const int ScratchRows = 12;

    private const int ArmA = 0, TurnA = 3, ArmB = 6, TurnB = 9;

    /// <summary>Writes one direction and returns J W Jᵀ.</summary>
    public static T Prepare<T, TPartner>(Rows<T> a, Rows<T> b, Vec3<T> direction, Vec3<T> offset, Vec3<T> offsetB, Rows<T> scratch)
        where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        T compliance = a.Scalar(BodyRows.InverseMass) + PrepareOne(a, Vec3<T>.Cross(offset, direction), scratch.From(ArmA));
        if (TPartner.Moves)
            compliance += b.Scalar(BodyRows.InverseMass) + PrepareOne(b, Vec3<T>.Cross(direction, offset - offsetB), scratch.From(ArmB));
        return compliance;
    }

    /// <summary>p₁·I⁻¹p₂ summed over the bodies, of two directions in scratch.</summary>
    public static T Couple<T, TPartner>(Rows<T> first, Rows<T> second) where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        T sum = Vec3<T>.Dot(first.Vector(ArmA), second.Vector(TurnA));
        if (TPartner.Moves) sum += Vec3<T>.Dot(first.Vector(ArmB), second.Vector(TurnB));
        return sum;
    }

    public static T Velocity<T, TPartner>(Rows<T> a, Rows<T> b, Vec3<T> direction, Rows<T> scratch) where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        var linear = a.Vector(BodyRows.LinearVelocity);
        T velocity = Vec3<T>.Dot(a.Vector(BodyRows.AngularVelocity), scratch.Vector(ArmA));
        if (TPartner.Moves)
        {
            linear -= b.Vector(BodyRows.LinearVelocity);
            velocity += Vec3<T>.Dot(b.Vector(BodyRows.AngularVelocity), scratch.Vector(ArmB));
        }
        return velocity + Vec3<T>.Dot(linear, direction);
    }

    /// <summary>Applies an impulse where <paramref name="active"/> is set; other lanes keep their bits.</summary>
    public static void Apply<T, TPartner>(Rows<T> a, Rows<T> b, Vec3<T> direction, Rows<T> scratch, T impulse, T active)
        where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        Push(a, impulse * a.Scalar(BodyRows.InverseMass), direction, impulse, scratch.From(TurnA), active);
        if (TPartner.Moves) Push(b, -(impulse * b.Scalar(BodyRows.InverseMass)), direction, impulse, scratch.From(TurnB), active);
    }

    private static T PrepareOne<T>(Rows<T> body, Vec3<T> arm, Rows<T> scratch) where T : unmanaged, ILane<T>
    {
        var turn = body.Symmetric(BodyRows.InverseInertia) * arm;
        scratch.Put(0, arm);
        scratch.Put(TurnA, turn);
        return Vec3<T>.Dot(arm, turn);
    }

    private static void Push<T>(Rows<T> body, T step, Vec3<T> direction, T impulse, Rows<T> turn, T active) where T : unmanaged, ILane<T>
    {
        var linear = body.Vector(BodyRows.LinearVelocity);
        var angular = body.Vector(BodyRows.AngularVelocity);
        body.Put(BodyRows.LinearVelocity, Vec3<T>.Select(active, Vec3<T>.AddScaled(linear, step, direction), linear));
        body.Put(BodyRows.AngularVelocity, Vec3<T>.Select(active, Vec3<T>.AddScaled(angular, impulse, turn.Vector(0)), angular));
    }
}
