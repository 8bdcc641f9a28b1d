using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Physics.Batched.Joints;

/// <summary>Parameters: softness, two bases (quaternions), minimum and maximum angle.</summary>
internal readonly struct TwistLimitKernel : IJointKernel
{
    private const int Bases = SoftnessRows.Count, Minimum = Bases + TwistAngle.ParameterRows, Maximum = Minimum + 1;

    public static int DegreesOfFreedom => 1;
    public static int ParameterRows => Maximum + 1;
    public static int ScratchRows => AngularLine.ScratchRows;

    public static void Prepare<T>(Rows<T> a, Rows<T> b, Rows<T> parameters, Rows<T> scratch, in SubstepTiming timing) where T : unmanaged, ILane<T>
    {
        TwistAngle.Measure(a, b, parameters.From(Bases), scratch);
        NearerBound(parameters, scratch, timing.InverseH);
    }

    public static void WarmStart<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
        => AngularLine.WarmStartLimit(a, b, impulse, parameters, scratch);

    public static void Solve<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
        => AngularLine.SolveLimit(a, b, impulse, parameters, scratch);

    [MethodImpl(Stage.Cut)]
    private static void NearerBound<T>(Rows<T> parameters, Rows<T> scratch, float inverseH) where T : unmanaged, ILane<T>
    {
        T angle = scratch.Scalar(AngularLine.Bias);
        T below = -TwistAngle.Difference(parameters.Scalar(Minimum), angle), above = TwistAngle.Difference(parameters.Scalar(Maximum), angle);
        T lower = T.Abs(below) < T.Abs(above);
        T error = T.Select(lower, below, above);
        var axis = scratch.Vector(AngularLine.Axis);
        scratch.Put(AngularLine.Axis, Vec3<T>.Select(lower, -axis, axis));
        scratch.Put(AngularLine.Bias, ServoRule.LimitBias(error, parameters.Scalar(SoftnessRows.ErrorToVelocity), inverseH));
    }
}

/// <summary>Parameters: servo, two bases (quaternions), target angle.</summary>
internal readonly struct TwistServoKernel : IJointKernel
{
    private const int Bases = ServoRows.Count, Target = Bases + TwistAngle.ParameterRows;

    public static int DegreesOfFreedom => 1;
    public static int ParameterRows => Target + 1;
    public static int ScratchRows => AngularLine.ScratchRows;

    public static void Prepare<T>(Rows<T> a, Rows<T> b, Rows<T> parameters, Rows<T> scratch, in SubstepTiming timing) where T : unmanaged, ILane<T>
    {
        TwistAngle.Measure(a, b, parameters.From(Bases), scratch);
        Error(parameters, scratch, timing.InverseH);
        AngularLine.Prepare(a, b, parameters, scratch);
    }

    public static void WarmStart<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
        => AngularLine.WarmStart(a, b, impulse, scratch);

    public static void Solve<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
        => AngularLine.SolveServo(a, b, impulse, parameters, scratch);

    [MethodImpl(Stage.Cut)]
    private static void Error<T>(Rows<T> parameters, Rows<T> scratch, float inverseH) where T : unmanaged, ILane<T>
    {
        T error = TwistAngle.Difference(parameters.Scalar(Target), scratch.Scalar(AngularLine.Bias));
        scratch.Put(AngularLine.Bias, ServoRule.Bias(error, parameters, inverseH));
    }
}
