using Sim.Environments.Lanes;
using Sim.Physics.Batched;
using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Manipulation;

/// <summary>State, beside its world, of a task in which PSM1 picks something up and carries it to a goal.</summary>
public struct PickState<T> where T : unmanaged, ILane<T>
{
    public PsmTool<T> Tool;
    public Grasp<T> Grasp;

    /// <summary>World units.</summary>
    public Vec3<T> Goal;

    public PlanProgress<T> Plan;

    /// <summary>Where the place to grasp was when the plan began, world units, how a jaw fits it, rad, and where the thing itself was.</summary>
    public Vec3<T> Anchor;

    public T AnchorTurn;

    public Vec3<T> Origin;

    /// <summary>Numbers of actions that were clipped.</summary>
    public T Clipped;
}

/// <summary>Observation groups of the tasks with one arm and one thing.</summary>
public struct PickObservation<T> where T : unmanaged, ILane<T>
{
    public ObjectView<T> Observation;
    public Vec3<T> AchievedGoal, DesiredGoal;
    public PlanView<T> Privileged;
    public ManipulationInfo<T> Info;
}

/// <summary>What distinguishes one pick-up task from another.</summary>
public interface IPickTask<T, TSettings> : IToolPlan<T, PickState<T>> where T : unmanaged, ILane<T> where TSettings : unmanaged
{
    /// <summary>The thing to pick up.</summary>
    static abstract Graspable Thing { get; }

    /// <summary>First step of the plan in which the thing is held, and the step that lets it go; the latter beyond the plan where none does.</summary>
    static abstract (int Carry, int Release) HeldSteps { get; }

    /// <summary>Whether actions turn the tool.</summary>
    static abstract bool Turns { get; }

    static abstract WorldSettings World(in TSettings settings);

    /// <summary>Where to grasp the thing, given its body's frame.</summary>
    static abstract void Place(in Frame<T> body, in TSettings settings, out Frame<T> place);

    /// <summary>What is to reach the goal: the thing's centre of mass or the place to grasp.</summary>
    static abstract Vec3<T> Achieved(in Frame<T> body, in Frame<T> place);

    /// <summary>Mask: a held thing is high enough to be welded.</summary>
    static abstract T Lifted(in PickState<T> state, in Frame<T> body, in Frame<T> place, in TSettings settings);

    static abstract T Reached(in Vec3<T> achieved, in Vec3<T> goal, in TSettings settings);
}

/// <summary>A control step of the tasks in which PSM1 picks something up.</summary>
public static class PickTask<T, TTask, TSettings>
    where T : unmanaged, ILane<T>
    where TTask : struct, IPickTask<T, TSettings>
    where TSettings : unmanaged
{
    /// <summary>Ends a reset: arm, thing and goal are in place, the rest of the state is zero.</summary>
    public static void Begin(ref PickState<T> state, in SceneTile<T> scene, in TSettings settings)
    {
        BodyFrames.Of(in scene, TTask.Thing.Body, out var body);
        TTask.Place(in body, in settings, out var place);
        BeginPlan(ref state, in body, in place, TTask.World(in settings).LengthScale, ~T.Of(0));
    }

    public static void Step(ref PickState<T> state, in SceneTile<T> scene, in PsmAction<T> action, in TSettings settings, out GoalTerm<T> reward, out StepEnd<T> end)
    {
        var world = TTask.World(in settings);
        PsmAction<T>.Clip(in action, out var clipped, out T beyond);
        state.Clipped += beyond;
        if (!TTask.Turns) clipped.Turn = T.Of(0);
        BodyFrames.Of(in scene, TTask.Thing.Body, out var body);
        TTask.Place(in body, in settings, out var place);
        T reached = SingleArm.Act<T, TTask, PickState<T>>(in state, ref state.Tool, ref state.Grasp, ref state.Plan, in scene, in clipped, TTask.Thing, in place,
            TTask.Lifted(in state, in body, in place, in settings), in world);
        SingleArm.Move(ref state.Tool, in scene, TTask.Thing.Body, in world);

        BodyFrames.Of(in scene, TTask.Thing.Body, out body);
        TTask.Place(in body, in settings, out place);
        Grasping.Settle(ref state.Grasp, in scene, SingleArm.Gripper, TTask.Thing, 0, TTask.Lifted(in state, in body, in place, in settings), in world);
        GoOn(ref state, in body, in place, in reached, world.LengthScale);

        T success = TTask.Reached(TTask.Achieved(in body, in place), in state.Goal, in settings);
        reward = GoalTerm<T>.Of(success);
        end.Terminated = T.Of(0);
        end.Success = success;
    }

    public static void Observe(in PickState<T> state, in SceneTile<T> scene, in TSettings settings, out PickObservation<T> observation)
    {
        float scale = TTask.World(in settings).LengthScale;
        ToolMotion.Pivot(in state.Tool, SingleArm.Setup, scale, out var pivot);
        BodyFrames.Of(in scene, TTask.Thing.Body, out var body);
        TTask.Place(in body, in settings, out var place);
        ObjectView<T>.Of(in state.Tool, in pivot, in body.Origin, in place, out observation.Observation);
        observation.AchievedGoal = TTask.Achieved(in body, in place);
        observation.DesiredGoal = state.Goal;
        SingleArm.Plan<T, TTask, PickState<T>>(in state, state.Plan.Step, in pivot, scale, out observation.Privileged, out observation.Info.RemainingSteps);
        observation.Info.ClippedActions = state.Clipped;
        T success = TTask.Reached(in observation.AchievedGoal, in state.Goal, in settings);
        T phase = SingleArm.Phase(in state.Tool, in state.Grasp, in pivot, in place.Origin, scene.Attached(TTask.Thing.Weld(0)), success, scale);
        // Whoever holds the thing over a goal at which it is let go is about to do so.
        T letting = state.Grasp.Held & (state.Plan.Step >= T.Of(TTask.HeldSteps.Release));
        observation.Info.Phase = T.Select(letting & ~success, T.Of(Phases.Release), phase);
    }

    /// <summary>
    /// Takes the plan on where its waypoint was reached, to the carrying once something is held, and back to its
    /// beginning where the thing was lost on the way.
    /// </summary>
    private static void GoOn(ref PickState<T> state, in Frame<T> body, in Frame<T> place, in T reached, float scale)
    {
        var (carry, release) = TTask.HeldSteps;
        T held = state.Grasp.Held, one = T.Of(1);
        // In the first of these steps the jaw takes hold.
        T lost = (state.Plan.Step >= T.Of(carry)) & ~held;
        state.Plan.Step += reached & one & (state.Plan.Step < T.Of(TTask.Steps));
        state.Plan.Step = T.Select(held, T.Max(state.Plan.Step, T.Of(carry)), state.Plan.Step);
        state.Plan.Step = T.Select(lost & (state.Plan.Step >= T.Of(release)), T.Of(TTask.Steps), state.Plan.Step);
        BeginPlan(ref state, in body, in place, scale, lost & (state.Plan.Step < T.Of(release)));
    }

    /// <summary>Starts the plan where the thing is now, in the masked lanes.</summary>
    private static void BeginPlan(ref PickState<T> state, in Frame<T> body, in Frame<T> place, float scale, in T mask)
    {
        if (!T.Any(mask)) return;
        ToolMotion.Pivot(in state.Tool, SingleArm.Setup, scale, out var pivot);
        ToolMotion.Turn(in pivot, SingleArm.Setup.Mode, out T turn);
        T fitting = TTask.Turns ? SingleArm.NearestTurn(BodyFrames.Heading(in place), turn) : turn;
        state.Plan.Begin(mask);
        state.Anchor = Vec3<T>.Select(mask, place.Origin, state.Anchor);
        state.AnchorTurn = T.Select(mask, fitting, state.AnchorTurn);
        state.Origin = Vec3<T>.Select(mask, body.Origin, state.Origin);
    }
}
