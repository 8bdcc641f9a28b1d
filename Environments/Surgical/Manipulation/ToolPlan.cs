using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Manipulation;

/// <summary>One waypoint of an arm: where its pivot goes, how it turns, what the jaw does meanwhile.</summary>
public struct PlanStep<T> where T : unmanaged, ILane<T>
{
    /// <summary>World units.</summary>
    public Vec3<T> Position;

    /// <summary>Yaw or pitch, rad.</summary>
    public T Turn;

    /// <summary>The jaw's action.</summary>
    public T Jaw;
}

/// <summary>How an expert follows its waypoints.</summary>
/// <param name="Gain">Share of the way taken in a step, near the waypoint; far from it the share of a whole step.</param>
/// <param name="Tolerance">Distance at which a waypoint is reached, nominal metres.</param>
/// <param name="TurnTolerance">The same of the turn, rad.</param>
/// <param name="TurnGain">Action per rad of turn.</param>
/// <param name="TurnLimit">Greatest action of the turn.</param>
public readonly record struct PlanTuning(float Gain, float Tolerance, float TurnTolerance, float TurnGain = 1, float TurnLimit = 0.4f)
{
    /// <summary>
    /// Steps near a waypoint without getting nearer after which it counts as reached all the same. Disturbed arms never
    /// come as near as the tolerance asks; undisturbed ones get nearer in every step until they are there.
    /// </summary>
    public const int Patience = 2;

    /// <summary>What is near: nominal metres, and rad.</summary>
    public float Near => MathF.Max(0.003f, 2 * Tolerance);

    /// <inheritdoc cref="Near"/>
    public float TurnNear => MathF.Max(0.15f, TurnTolerance);
}

/// <summary>How near an arm is to a waypoint: as masks, near it and so near that it counts as reached; and the distance squared.</summary>
public struct Arrival<T> where T : unmanaged, ILane<T>
{
    public T Near, Reached, Distance;
}

/// <summary>How far a plan is.</summary>
public struct PlanProgress<T> where T : unmanaged, ILane<T>
{
    /// <summary>A step that leaves more than this of the squared distance has not brought the arm nearer.</summary>
    private const float Progress = 0.64f;

    /// <summary>The step of the plan, and for how many control steps the arms have been near its waypoint without getting nearer.</summary>
    public T Step, Dwell;

    /// <summary>Sum of both arms' squared distances one step ago.</summary>
    public T Before;

    public void Begin(T mask)
    {
        T zero = T.Of(0);
        Step = T.Select(mask, zero, Step);
        Dwell = T.Select(mask, zero, Dwell);
        Before = T.Select(mask, zero, Before);
    }

    /// <summary>Takes in a control step; returns the mask of lanes whose waypoint counts as reached with it.</summary>
    /// <param name="first">How near PSM1 is to its waypoint.</param>
    /// <param name="second">How near PSM2 is; the same where there is only one.</param>
    /// <param name="jaws">Mask: jaws do what the plan says.</param>
    public T Arrive(in Arrival<T> first, in Arrival<T> second, T jaws)
    {
        T there = first.Reached & second.Reached, near = first.Near & second.Near, distance = first.Distance + second.Distance;
        T stands = near & (there | (distance >= Before * Progress));
        Before = distance;
        Dwell = (Dwell + (T.Of(1) & stands)) & near;
        T reached = (there | (Dwell >= T.Of(PlanTuning.Patience))) & jaws;
        Dwell &= ~reached;
        return reached;
    }
}

/// <summary>
/// The waypoints of a task's expert (SurRoL's oracles). The task keeps in its state how far the plan is, so that an
/// expert can take over anywhere.
/// </summary>
/// <typeparam name="T">The lane type.</typeparam>
/// <typeparam name="TState">The task's state, which holds what the waypoints depend on.</typeparam>
public interface IToolPlan<T, TState> where T : unmanaged, ILane<T> where TState : unmanaged
{
    /// <summary>Waypoints.</summary>
    static abstract int Steps { get; }

    /// <summary>Arms that follow the plan, 1 or 2.</summary>
    static abstract int Arms { get; }

    static abstract PlanTuning Tuning { get; }

    /// <summary>The waypoint of an arm at a step 0 … <see cref="Steps"/> − 1 of the plan, which may differ from lane to lane.</summary>
    static abstract void Waypoint(in TState state, int arm, in T step, float scale, out PlanStep<T> waypoint);
}

/// <summary>How an arm follows a plan, as lane kernels.</summary>
public static class ToolPlans
{
    /// <summary>The expert's action towards a waypoint, and how near it is.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Follow<T>(in PlanStep<T> waypoint, in Frame<T> pivot, in T turn, in PlanTuning tuning, float scale, out PsmAction<T> action, out Arrival<T> arrival)
        where T : unmanaged, ILane<T>
    {
        var way = (waypoint.Position - pivot.Origin) * T.Of(1 / (ToolMotion.Step * scale));
        way *= T.Of(tuning.Gain) / T.Max(Largest(way), T.Of(1));
        T error = LaneMath.WrapAngle(waypoint.Turn - turn);
        action.X = way.X;
        action.Y = way.Y;
        action.Z = way.Z;
        action.Turn = LaneMath.Clamp(error * tuning.TurnGain, tuning.TurnLimit);
        action.Jaw = waypoint.Jaw;
        float unit = tuning.Gain / ToolMotion.Step, reach = tuning.Tolerance * unit, near = tuning.Near * unit;
        T distance = way.LengthSquared, turned = T.Abs(error);
        arrival.Distance = distance;
        arrival.Reached = (distance < T.Of(reach * reach)) & (turned < T.Of(tuning.TurnTolerance));
        arrival.Near = (distance < T.Of(near * near)) & (turned < T.Of(tuning.TurnNear));
    }

    /// <summary>After the plan: stand still.</summary>
    public static void Rest<T>(ref PsmAction<T> action, T jaw, T mask) where T : unmanaged, ILane<T>
    {
        T zero = T.Of(0);
        action.X = T.Select(mask, zero, action.X);
        action.Y = T.Select(mask, zero, action.Y);
        action.Z = T.Select(mask, zero, action.Z);
        action.Turn = T.Select(mask, zero, action.Turn);
        action.Jaw = T.Select(mask, jaw, action.Jaw);
    }

    /// <summary>
    /// Control steps from here to the plan's end, about: the steps of every waypoint left, one after the other; the
    /// slower arm's where two follow the plan.
    /// </summary>
    public static T Remaining<T, TPlan, TState>(in TState state, in Vec3<T> pivot1, in Vec3<T> pivot2, in T step, float scale)
        where T : unmanaged, ILane<T> where TPlan : struct, IToolPlan<T, TState> where TState : unmanaged
    {
        T sum = T.Of(0);
        Vec3<T> from1 = pivot1, from2 = pivot2;
        for (int i = 0; i < TPlan.Steps; i++)
        {
            T ahead = step <= T.Of(i);
            T longest = Leg<T, TPlan, TState>(in state, 0, i, in ahead, ref from1, scale);
            if (TPlan.Arms == 2) longest = T.Max(longest, Leg<T, TPlan, TState>(in state, 1, i, in ahead, ref from2, scale));
            sum += longest & ahead;
        }
        return sum;
    }

    /// <summary>Steps of an arm to a waypoint, which becomes the place it comes from where the waypoint is still ahead.</summary>
    private static T Leg<T, TPlan, TState>(in TState state, int arm, int step, in T ahead, ref Vec3<T> from, float scale)
        where T : unmanaged, ILane<T> where TPlan : struct, IToolPlan<T, TState> where TState : unmanaged
    {
        TPlan.Waypoint(in state, arm, T.Of(step), scale, out var waypoint);
        T steps = Count(waypoint.Position - from, TPlan.Tuning, scale);
        from = Vec3<T>.Select(ahead, waypoint.Position, from);
        return steps;
    }

    /// <summary>
    /// Steps of one way: whole ones while it is long, then by a constant share until the tolerance, and at least one.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static T Count<T>(Vec3<T> way, in PlanTuning tuning, float scale) where T : unmanaged, ILane<T>
    {
        T one = T.Of(1);
        T length = Largest(way) * T.Of(1 / (ToolMotion.Step * scale));
        T far = T.Max(length - one, T.Of(0)) * (1 / tuning.Gain);
        T near = T.Max(T.Min(length, one) * (ToolMotion.Step / tuning.Tolerance), one);
        float perStep = -MathF.Log(1 - tuning.Gain);
        return one + far + (LaneMath.Log(near) * (1 / perStep));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Largest<T>(Vec3<T> v) where T : unmanaged, ILane<T> => T.Max(T.Max(T.Abs(v.X), T.Abs(v.Y)), T.Abs(v.Z));
}
