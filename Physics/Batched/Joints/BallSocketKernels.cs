using Sim.Physics.Numerics;

namespace Sim.Physics.Batched.Joints;

/// <summary>Parameters: softness, offset in A (vector), offset in B (vector).</summary>
internal readonly struct BallSocketKernel : IJointKernel
{
    public static int DegreesOfFreedom => PointToPoint.DegreesOfFreedom;
    public static int ParameterRows => SoftnessRows.Count + 6;
    public static int ScratchRows => PointToPoint.ScratchRows;

    public static void Prepare<T>(Rows<T> a, Rows<T> b, Rows<T> parameters, Rows<T> scratch, in SubstepTiming timing) where T : unmanaged, ILane<T>
    {
        PointToPoint.Prepare(a, b, parameters.From(SoftnessRows.Count), scratch);
        PointToPoint.SpringBias(scratch, parameters);
    }

    public static void WarmStart<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
        => PointToPoint.WarmStart(a, b, impulse, scratch);

    public static void Solve<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
        => PointToPoint.Solve(a, b, impulse, parameters, scratch);
}

/// <summary>Parameters: servo, offset in A (vector), offset in B (vector).</summary>
internal readonly struct BallSocketServoKernel : IJointKernel
{
    public static int DegreesOfFreedom => PointToPoint.DegreesOfFreedom;
    public static int ParameterRows => ServoRows.Count + 6;
    public static int ScratchRows => PointToPoint.ScratchRows;

    public static void Prepare<T>(Rows<T> a, Rows<T> b, Rows<T> parameters, Rows<T> scratch, in SubstepTiming timing) where T : unmanaged, ILane<T>
    {
        PointToPoint.Prepare(a, b, parameters.From(ServoRows.Count), scratch);
        PointToPoint.ServoBias(scratch, parameters, timing.InverseH);
    }

    public static void WarmStart<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
        => PointToPoint.WarmStart(a, b, impulse, scratch);

    public static void Solve<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
        => PointToPoint.SolveLimited(a, b, impulse, parameters, scratch);
}
