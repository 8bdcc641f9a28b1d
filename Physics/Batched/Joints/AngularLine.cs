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

    /// <summary>Of a limit, which most often carries nothing: then nothing is prepared and nothing applied.</summary>
    public static void WarmStartLimit<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
    {
        T carries = impulse.Scalar(0) > T.Of(0);
        if (!T.Any(carries)) return;
        Prepare(a, b, parameters, scratch);
        T carried = impulse.Scalar(0);
        TurnWhere(a, b, scratch, in carried, in carries);
    }

    /// <summary>One iteration of a limit: its impulse does not pull. Most often there is none, and none is wanted.</summary>
    public static void SolveLimit<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
    {
        Wanted(a, b, impulse, scratch, out T wanted);
        if (!T.Any(wanted)) return;
        Prepare(a, b, parameters, scratch);
        SolveWhere(a, b, impulse, parameters, scratch, in wanted);
    }

    /// <summary>One iteration of a servo.</summary>
    [MethodImpl(Stage.Cut)]
    public static void SolveServo<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
        => Turn(a, b, scratch, LimitedImpulse.Accumulate(impulse, parameters.Scalar(ServoRows.MaximumImpulse), Change(a, b, impulse, parameters, scratch)));

    /// <summary>The mask of lanes that carry an impulse or miss a velocity; the others would be left with none.</summary>
    [MethodImpl(Stage.Cut)]
    private static void Wanted<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> scratch, out T wanted) where T : unmanaged, ILane<T>
    {
        T velocity = Vec3<T>.Dot(a.Vector(BodyRows.AngularVelocity) - b.Vector(BodyRows.AngularVelocity), scratch.Vector(Axis));
        wanted = (impulse.Scalar(0) > T.Of(0)) | ~(scratch.Scalar(Bias) - velocity <= T.Of(0));
    }

    [MethodImpl(Stage.Cut)]
    private static void SolveWhere<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch, in T wanted) where T : unmanaged, ILane<T>
    {
        T change = LimitedImpulse.AccumulatePositive(impulse, Change(a, b, impulse, parameters, scratch) & wanted);
        TurnWhere(a, b, scratch, in change, in wanted);
    }

    /// <summary>Lanes outside the mask keep their bits.</summary>
    [MethodImpl(Stage.Inline)]
    private static void TurnWhere<T>(Rows<T> a, Rows<T> b, Rows<T> scratch, in T impulse, in T mask) where T : unmanaged, ILane<T>
    {
        Vec3<T> spinA = a.Vector(BodyRows.AngularVelocity), spinB = b.Vector(BodyRows.AngularVelocity);
        a.Put(BodyRows.AngularVelocity, Vec3<T>.Select(mask, Vec3<T>.AddScaled(spinA, impulse, scratch.Vector(TurnA)), spinA));
        b.Put(BodyRows.AngularVelocity, Vec3<T>.Select(mask, Vec3<T>.SubtractScaled(spinB, impulse, scratch.Vector(TurnB)), spinB));
    }

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
