using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Physics.Batched.Joints;

/// <summary>One rotation about an axis j shared by both bodies: J v = (wA − wB)·j.</summary>
internal static class AngularLine
{
    public const int ScratchRows = 11;

    /// <summary>The axis, vector, world; written by the joint.</summary>
    public const int Axis = 0;

    /// <summary>The bias velocity; written by the joint.</summary>
    public const int Bias = 3;

    private const int Mass = 4, TurnA = 5, TurnB = 8;

    /// <summary>Completes scratch once <see cref="Axis"/> stands in it.</summary>
    [MethodImpl(Stage.Cut)]
    public static void Prepare<T>(Rows<T> a, Rows<T> b, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
    {
        var axis = scratch.Vector(Axis);
        var turnA = a.Symmetric(BodyRows.InverseInertia) * axis;
        var turnB = b.Symmetric(BodyRows.InverseInertia) * axis;
        scratch.Put(TurnA, turnA);
        scratch.Put(TurnB, turnB);
        scratch.Put(Mass, parameters.Scalar(SoftnessRows.MassScale) / Vec3<T>.Dot(turnA + turnB, axis));
    }

    [MethodImpl(Stage.Cut)]
    public static void WarmStart<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> scratch) where T : unmanaged, ILane<T>
        => Turn(a, b, scratch, impulse.Scalar(0));

    /// <summary>One iteration of a limit: its impulse does not pull.</summary>
    [MethodImpl(Stage.Cut)]
    public static void SolveLimit<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
        => Turn(a, b, scratch, LimitedImpulse.AccumulatePositive(impulse, Change(a, b, impulse, parameters, scratch)));

    /// <summary>One iteration of a servo.</summary>
    [MethodImpl(Stage.Cut)]
    public static void SolveServo<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
        => Turn(a, b, scratch, LimitedImpulse.Accumulate(impulse, parameters.Scalar(ServoRows.MaximumImpulse), Change(a, b, impulse, parameters, scratch)));

    [MethodImpl(Stage.Inline)]
    private static T Change<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
    {
        T velocity = Vec3<T>.Dot(a.Vector(BodyRows.AngularVelocity) - b.Vector(BodyRows.AngularVelocity), scratch.Vector(Axis));
        return T.Fms(scratch.Scalar(Mass), scratch.Scalar(Bias) - velocity, parameters.Scalar(SoftnessRows.Softness) * impulse.Scalar(0));
    }

    [MethodImpl(Stage.Inline)]
    private static void Turn<T>(Rows<T> a, Rows<T> b, Rows<T> scratch, T impulse) where T : unmanaged, ILane<T>
    {
        a.Put(BodyRows.AngularVelocity, Vec3<T>.AddScaled(a.Vector(BodyRows.AngularVelocity), impulse, scratch.Vector(TurnA)));
        b.Put(BodyRows.AngularVelocity, Vec3<T>.SubtractScaled(b.Vector(BodyRows.AngularVelocity), impulse, scratch.Vector(TurnB)));
    }
}
