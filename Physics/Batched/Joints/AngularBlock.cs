using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Physics.Batched.Joints;

/// <summary>Three rotations at once: J v = wA − wB, the accumulated impulse limited in length.</summary>
internal static class AngularBlock
{
    public const int DegreesOfFreedom = 3;
    public const int ScratchRows = 10;

    /// <summary>The bias velocity, vector; written by the joint.</summary>
    public const int Bias = 0;

    /// <summary>Limit of the impulse; written by the joint.</summary>
    public const int Maximum = 3;

    private const int Mass = 4;

    public static void Prepare<T>(Rows<T> a, Rows<T> b, Rows<T> scratch) where T : unmanaged, ILane<T>
        => scratch.Put(Mass, Sym3<T>.Invert(a.Symmetric(BodyRows.InverseInertia) + b.Symmetric(BodyRows.InverseInertia)));

    public static void WarmStart<T>(Rows<T> a, Rows<T> b, Rows<T> impulse) where T : unmanaged, ILane<T>
    {
        var accumulated = impulse.Vector(0);
        Turn(a, in accumulated);
        TurnBack(b, in accumulated);
    }

    public static void Solve<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
    {
        var velocity = a.Vector(BodyRows.AngularVelocity) - b.Vector(BodyRows.AngularVelocity);
        Change(in velocity, impulse, parameters, scratch, out var change);
        Turn(a, in change);
        TurnBack(b, in change);
    }

    /// <summary>The same on one body: J v = w.</summary>
    public static void PrepareOne<T>(Rows<T> a, Rows<T> scratch) where T : unmanaged, ILane<T>
        => scratch.Put(Mass, Sym3<T>.Invert(a.Symmetric(BodyRows.InverseInertia)));

    public static void WarmStartOne<T>(Rows<T> a, Rows<T> impulse) where T : unmanaged, ILane<T>
    {
        var accumulated = impulse.Vector(0);
        Turn(a, in accumulated);
    }

    public static void SolveOne<T>(Rows<T> a, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
    {
        var velocity = a.Vector(BodyRows.AngularVelocity);
        Change(in velocity, impulse, parameters, scratch, out var change);
        Turn(a, in change);
    }

    [MethodImpl(Stage.Cut)]
    private static void Change<T>(in Vec3<T> velocity, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch, out Vec3<T> change) where T : unmanaged, ILane<T>
    {
        var wanted = scratch.Symmetric(Mass) * (scratch.Vector(Bias) - velocity);
        change = Vec3<T>.SubtractScaled(wanted * parameters.Scalar(SoftnessRows.MassScale), parameters.Scalar(SoftnessRows.Softness), impulse.Vector(0));
        LimitedImpulse.Accumulate(impulse, scratch.Scalar(Maximum), ref change);
    }

    [MethodImpl(Stage.Cut)]
    private static void Turn<T>(Rows<T> body, in Vec3<T> impulse) where T : unmanaged, ILane<T>
        => body.Put(BodyRows.AngularVelocity, body.Vector(BodyRows.AngularVelocity) + (body.Symmetric(BodyRows.InverseInertia) * impulse));

    [MethodImpl(Stage.Cut)]
    private static void TurnBack<T>(Rows<T> body, in Vec3<T> impulse) where T : unmanaged, ILane<T>
        => body.Put(BodyRows.AngularVelocity, body.Vector(BodyRows.AngularVelocity) - (body.Symmetric(BodyRows.InverseInertia) * impulse));
}
