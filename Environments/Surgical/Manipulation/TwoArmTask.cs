using System.Runtime.CompilerServices;
using Sim.Environments.Lanes;
using Sim.Physics.Batched;
using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Manipulation;

/// <summary>State, beside its world, of a task in which two arms pass a thing on.</summary>
public struct TwoArmState<T> where T : unmanaged, ILane<T>
{
    public PsmTool<T> Psm1, Psm2;
    public Grasp<T> Grasp;

    /// <summary>World units.</summary>
    public Vec3<T> Goal;

    public PlanProgress<T> Plan;

    /// <summary>Where PSM1 and PSM2 grasp, and where the thing itself was, when the plan began; world units.</summary>
    public Vec3<T> Anchor1, Anchor2, Origin;

    /// <summary>How the tools are turned for these grasps, rad.</summary>
    public T Turn1, Turn2;

    /// <summary>Drawn offset of the place where the arms meet, world units; not all tasks draw one.</summary>
    public Vec3<T> Meet;

    /// <summary>Numbers of actions that were clipped.</summary>
    public T Clipped;
}

/// <summary>Observation groups of the tasks with two arms and one thing.</summary>
public struct TwoArmObservation<T> where T : unmanaged, ILane<T>
{
    public TwoArmView<T> Observation;
    public Vec3<T> AchievedGoal, DesiredGoal;
    public TwoArmPlanView<T> Privileged;
    public ManipulationInfo<T> Info;
}

/// <summary>What distinguishes one task with two arms from another.</summary>
public interface ITwoArmTask<T, TSettings> : IToolPlan<T, TwoArmState<T>> where T : unmanaged, ILane<T> where TSettings : unmanaged
{
    static abstract ArmSetup Psm1 { get; }

    static abstract ArmSetup Psm2 { get; }

    /// <summary>The thing that is passed on.</summary>
    static abstract Graspable Thing { get; }

    /// <summary>The jaws' actions once the plan is over.</summary>
    static abstract (float Psm1, float Psm2) RestingJaws { get; }

    static abstract WorldSettings World(in TSettings settings);

    /// <summary>Where an arm (0 or 1) grasps the thing, given its body's frame.</summary>
    static abstract void Place(in Frame<T> body, int arm, in TSettings settings, out Frame<T> place);

    /// <summary>What is to reach the goal, given the thing's frame and the place where PSM1 grasps.</summary>
    static abstract Vec3<T> Achieved(in Frame<T> body, in Frame<T> place1);

    /// <summary>Mask: a held thing is high enough to be welded.</summary>
    static abstract T Lifted(in TwoArmState<T> state, in Frame<T> body, in TSettings settings);

    static abstract T Reached(in Vec3<T> achieved, in Vec3<T> goal, in TSettings settings);

    /// <summary>How the tools are turned for their grasps, given where these are and how the tools are turned now.</summary>
    static abstract void Turns(in Frame<T> place1, in Frame<T> place2, ref T turn1, ref T turn2);

    /// <summary>Mask: the plan has to begin anew, because the thing was lost where it can be picked up again.</summary>
    static abstract T Lost(in TwoArmState<T> state);

    /// <summary>The phase, given where the tips and the places to grasp are, and whether the goal is reached.</summary>
    static abstract T Phase(in TwoArmState<T> state, in TwoArmPlaces<T> places, T done, float scale);
}

/// <summary>Where tips and places to grasp are, world units.</summary>
public struct TwoArmPlaces<T> where T : unmanaged, ILane<T>
{
    public Vec3<T> Tip1, Tip2, Place1, Place2;
}

/// <summary>A control step of the tasks in which two arms pass a thing on.</summary>
public static class TwoArmTask<T, TTask, TSettings>
    where T : unmanaged, ILane<T>
    where TTask : struct, ITwoArmTask<T, TSettings>
    where TSettings : unmanaged
{
    private static Gripper Gripper1 => Gripper.Of(0);

    private static Gripper Gripper2 => Gripper.Of(1);

    /// <summary>Ends a reset: the state's tools, the thing and the goal are in place, the rest of the state is zero.</summary>
    public static void Begin(ref TwoArmState<T> state, in SceneTile<T> scene, in TSettings settings)
    {
        float scale = TTask.World(in settings).LengthScale;
        Pivots(in state, scale, out var pivot1, out var pivot2);
        Gripper1.Place(in scene, in pivot1, state.Psm1.Jaw, scale);
        Gripper2.Place(in scene, in pivot2, state.Psm2.Jaw, scale);
        BodyFrames.Of(in scene, TTask.Thing.Body, out var body);
        BeginPlan(ref state, in body, in settings, ~T.Of(0));
    }

    public static void Step(ref TwoArmState<T> state, in SceneTile<T> scene, in TwoPsmActions<T> action, in TSettings settings, out GoalTerm<T> reward, out StepEnd<T> end)
    {
        var world = TTask.World(in settings);
        PsmAction<T>.Clip(in action.Psm1, out var first, out T beyond1);
        PsmAction<T>.Clip(in action.Psm2, out var second, out T beyond2);
        state.Clipped += beyond1 + beyond2;
        Pivots(in state, world.LengthScale, out var pivot1, out var pivot2);
        T reached = OnTheWay(ref state, in pivot1, in pivot2, first.Jaw, second.Jaw, world.LengthScale);
        Act(ref state, in scene, in pivot1, in pivot2, in first, in second, in settings);
        Move(ref state, in scene, in world);

        BodyFrames.Of(in scene, TTask.Thing.Body, out var body);
        T lifted = TTask.Lifted(in state, in body, in settings);
        Grasping.Settle(ref state.Grasp, in scene, Gripper1, TTask.Thing, 0, in lifted, in world);
        Grasping.Settle(ref state.Grasp, in scene, Gripper2, TTask.Thing, 1, in lifted, in world);
        T lost = TTask.Lost(in state);
        state.Plan.Step += reached & T.Of(1) & (state.Plan.Step < T.Of(TTask.Steps));
        BeginPlan(ref state, in body, in settings, in lost);

        TTask.Place(in body, 0, in settings, out var place1);
        T success = TTask.Reached(TTask.Achieved(in body, in place1), in state.Goal, in settings);
        reward = GoalTerm<T>.Of(success);
        end.Terminated = T.Of(0);
        end.Success = success;
    }

    public static void Observe(in TwoArmState<T> state, in SceneTile<T> scene, in TSettings settings, out TwoArmObservation<T> observation)
    {
        float scale = TTask.World(in settings).LengthScale;
        Pivots(in state, scale, out var pivot1, out var pivot2);
        BodyFrames.Of(in scene, TTask.Thing.Body, out var body);
        TTask.Place(in body, 0, in settings, out var place1);
        TTask.Place(in body, 1, in settings, out var place2);
        Unsafe.SkipInit(out observation);
        ToolView<T>.Of(in state.Psm1, in pivot1, out observation.Observation.Psm1);
        ToolView<T>.Of(in state.Psm2, in pivot2, out observation.Observation.Psm2);
        TwoArmView<T>.Of(in body.Origin, in place1, in place2, ref observation.Observation);
        observation.AchievedGoal = TTask.Achieved(in body, in place1);
        observation.DesiredGoal = state.Goal;
        Advise(in state, in pivot1, in pivot2, scale, out observation.Privileged, out observation.Info.RemainingSteps);
        observation.Info.ClippedActions = state.Clipped;

        TwoArmPlaces<T> places;
        places.Tip1 = SingleArm.Tip(in pivot1, scale);
        places.Tip2 = SingleArm.Tip(in pivot2, scale);
        places.Place1 = place1.Origin;
        places.Place2 = place2.Origin;
        T success = TTask.Reached(in observation.AchievedGoal, in state.Goal, in settings);
        observation.Info.Phase = TTask.Phase(in state, in places, success, scale);
    }

    public static void Pivots(in TwoArmState<T> state, float scale, out Frame<T> pivot1, out Frame<T> pivot2)
    {
        ToolMotion.Pivot(in state.Psm1, TTask.Psm1, scale, out pivot1);
        ToolMotion.Pivot(in state.Psm2, TTask.Psm2, scale, out pivot2);
    }

    /// <summary>Mask: both arms reach their waypoints with this step, and their jaws do what the plan says.</summary>
    private static T OnTheWay(ref TwoArmState<T> state, in Frame<T> pivot1, in Frame<T> pivot2, T jaw1, T jaw2, float scale)
    {
        Follow(in state, 0, in pivot1, scale, out var action1, out var arrival1);
        Follow(in state, 1, in pivot2, scale, out var action2, out var arrival2);
        T zero = T.Of(0);
        return state.Plan.Arrive(in arrival1, in arrival2, ~((action1.Jaw < zero) ^ (jaw1 < zero)) & ~((action2.Jaw < zero) ^ (jaw2 < zero)));
    }

    private static void Act(ref TwoArmState<T> state, in SceneTile<T> scene, in Frame<T> pivot1, in Frame<T> pivot2,
        in PsmAction<T> first, in PsmAction<T> second, in TSettings settings)
    {
        var world = TTask.World(in settings);
        float scale = world.LengthScale;
        BodyFrames.Of(in scene, TTask.Thing.Body, out var body);
        TTask.Place(in body, 0, in settings, out var place1);
        TTask.Place(in body, 1, in settings, out var place2);
        T lifted = TTask.Lifted(in state, in body, in settings);
        T zero = T.Of(0), closing1 = first.Jaw < zero, closing2 = second.Jaw < zero;
        ToolMotion.Command(ref state.Psm1, TTask.Psm1, in pivot1, in first, scale);
        ToolMotion.Command(ref state.Psm2, TTask.Psm2, in pivot2, in second, scale);
        Grasping.CommandJaw(ref state.Psm1, ref state.Grasp, in scene, TTask.Thing, 0, closing1);
        // Letting go comes before taking hold, so that a thing changes hands within a step.
        Grasping.CommandJaw(ref state.Psm2, ref state.Grasp, in scene, TTask.Thing, 1, closing2);
        Grasping.Engage(ref state.Grasp, in scene, Gripper1, TTask.Thing, 0, in closing1, in lifted, in pivot1, in place1, in world);
        Grasping.Engage(ref state.Grasp, in scene, Gripper2, TTask.Thing, 1, in closing2, in lifted, in pivot2, in place2, in world);
    }

    private static void Move(ref TwoArmState<T> state, in SceneTile<T> scene, in WorldSettings world)
    {
        for (int i = 0; i < world.Detections; i++)
        {
            T stalled1 = T.Of(0), stalled2 = stalled1;
            Grasping.Stall(in scene, Gripper1, TTask.Thing.Body, world.GripForce, ref stalled1);
            Grasping.Stall(in scene, Gripper2, TTask.Thing.Body, world.GripForce, ref stalled2);
            ToolMotion.Advance(ref state.Psm1, world.SubstepsPerDetection, stalled1 & (state.Psm1.JawTarget < state.Psm1.Jaw));
            ToolMotion.Advance(ref state.Psm2, world.SubstepsPerDetection, stalled2 & (state.Psm2.JawTarget < state.Psm2.Jaw));
            Pivots(in state, world.LengthScale, out var pivot1, out var pivot2);
            Gripper1.Drive(in scene, in pivot1, state.Psm1.Jaw, world.LengthScale);
            Gripper2.Drive(in scene, in pivot2, state.Psm2.Jaw, world.LengthScale);
            scene.Step();
        }
    }

    private static void Follow(in TwoArmState<T> state, int arm, in Frame<T> pivot, float scale, out PsmAction<T> action, out Arrival<T> arrival)
    {
        ToolMotion.Turn(in pivot, arm == 0 ? TTask.Psm1.Mode : TTask.Psm2.Mode, out T turn);
        TTask.Waypoint(in state, arm, in state.Plan.Step, scale, out var waypoint);
        ToolPlans.Follow(in waypoint, in pivot, in turn, TTask.Tuning, scale, out action, out arrival);
    }

    private static void Advise(in TwoArmState<T> state, in Frame<T> pivot1, in Frame<T> pivot2, float scale, out TwoArmPlanView<T> view, out T remaining)
    {
        Follow(in state, 0, in pivot1, scale, out view.ExpertAction.Psm1, out _);
        Follow(in state, 1, in pivot2, scale, out view.ExpertAction.Psm2, out _);
        T over = state.Plan.Step >= T.Of(TTask.Steps);
        ToolPlans.Rest(ref view.ExpertAction.Psm1, T.Of(TTask.RestingJaws.Psm1), over);
        ToolPlans.Rest(ref view.ExpertAction.Psm2, T.Of(TTask.RestingJaws.Psm2), over);
        view.PlanStep = state.Plan.Step;
        remaining = ToolPlans.Remaining<T, TTask, TwoArmState<T>>(in state, in pivot1.Origin, in pivot2.Origin, in state.Plan.Step, scale);
    }

    /// <summary>Starts the plan where the thing is now, in the masked lanes.</summary>
    private static void BeginPlan(ref TwoArmState<T> state, in Frame<T> body, in TSettings settings, in T mask)
    {
        if (!T.Any(mask)) return;
        Pivots(in state, TTask.World(in settings).LengthScale, out var pivot1, out var pivot2);
        ToolMotion.Turn(in pivot1, TTask.Psm1.Mode, out T turn1);
        ToolMotion.Turn(in pivot2, TTask.Psm2.Mode, out T turn2);
        TTask.Place(in body, 0, in settings, out var place1);
        TTask.Place(in body, 1, in settings, out var place2);
        TTask.Turns(in place1, in place2, ref turn1, ref turn2);
        state.Plan.Begin(mask);
        state.Anchor1 = Vec3<T>.Select(mask, place1.Origin, state.Anchor1);
        state.Anchor2 = Vec3<T>.Select(mask, place2.Origin, state.Anchor2);
        state.Origin = Vec3<T>.Select(mask, body.Origin, state.Origin);
        state.Turn1 = T.Select(mask, turn1, state.Turn1);
        state.Turn2 = T.Select(mask, turn2, state.Turn2);
    }
}
