using System.ComponentModel.DataAnnotations;
using System.Numerics;
using Sim.Environments.Lanes;
using Sim.Environments.Spaces;
using Sim.Environments.Surgical.Arms;
using Sim.Environments.Surgical.Manipulation;
using Sim.Physics.Batched;
using Sim.Physics.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Environments.Surgical.Boards;

/// <summary>Configuration of <c>surgical-bi-peg-board</c>. Lengths are nominal metres.</summary>
public record struct BiPegBoardSettings()
{
    /// <summary>World, time and grasp. Forces are those that suit the ring's mass.</summary>
    public WorldSettings World { get; init; } = new() { GripForce = 15, HoldForce = 200 };

    /// <summary>Control steps of an episode.</summary>
    [Range(1, 100_000)] public int EpisodeSteps { get; init; } = 140;

    /// <summary>Mass of the ring, kg.</summary>
    [Range(0.01f, 1f)] public float RingMass { get; init; } = 0.5f;

    /// <summary>The ring hangs up to this from the middle of its peg towards the peg's end.</summary>
    [Range(0f, 0.01f)] public float StartSpread { get; init; } = 0.01f;

    /// <summary>The place where the arms meet is up to this further ahead, and up to this higher.</summary>
    [Range(0f, 0.02f)] public float MeetSpread { get; init; } = 0.008f;

    /// <summary>Distance from the goal that counts as a success.</summary>
    [Range(0.0005f, 0.02f)] public float SuccessDistance { get; init; } = 0.01f;
}

/// <summary>State, beside its world, of <c>surgical-bi-peg-board</c>.</summary>
public struct BiPegBoardState<T> where T : unmanaged, ILane<T>
{
    public TwoArmState<T> Arms;

    /// <summary>How far the task was.</summary>
    public T Subgoal;
}

/// <summary>Observation groups of <c>surgical-bi-peg-board</c>.</summary>
public struct BiPegBoardObservation<T> where T : unmanaged, ILane<T>
{
    public TwoArmView<T> Observation;
    public Vec3<T> AchievedGoal, DesiredGoal;
    public TwoArmPlanView<T> Privileged;
    public BoardInfo<T> Info;
}

/// <summary>
/// PSM2 takes a ring off a peg of a wall and hands it to PSM1 in the air, which puts it over an upright peg: BiPegBoard of
/// SurRoL's second version.
/// </summary>
public readonly struct BiPegBoardTask<T>
    : ISceneTask<T, BiPegBoardTask<T>, BiPegBoardState<T>, TwoPsmActions<T>, BiPegBoardObservation<T>, GoalTerm<T>, BiPegBoardSettings>,
        ITwoArmTask<T, BiPegBoardSettings>
    where T : unmanaged, ILane<T>
{
    /// <summary>Parts of the task.</summary>
    internal static readonly IReadOnlyList<string> Subgoals = ["fetch", "hand_over", "place", "done"];

    /// <summary>By how much a held ring must be above its goal to be welded, nominal metres.</summary>
    private const float LiftedBy = 0.01f;

    /// <summary>
    /// Nominal metres: PSM2 comes from this much above and lifts as much; carries the ring so far ahead; PSM1 waits so far
    /// behind; arms leave each other by so much; heights over the goal.
    /// </summary>
    private const float Above = 0.0025f, Ahead = 0.03f, Behind = 0.015f, Leave = 0.02f, Over = 0.03f, Low = 0.02f;

    /// <summary>From the wire to the pivot of a jaw that holds it, nominal metres.</summary>
    private const float Reach = PsmArm.TipLength - 0.0015f;

    /// <summary>How PSM1 turns the ring flat over its peg, rad.</summary>
    private const float Flat = MathF.PI / 2.25f;

    /// <summary>Steps of the plan, counted from 0.</summary>
    private const int Close2 = 2, Lift = 3, Carry = 4, Meet = 5, Come = 6, Close1 = 7, Open2 = 8, Part = 9, Depart = 10, Goal = 11, Lower = 12, Open1 = 13;

    public static int Steps => 14;

    public static int Arms => 2;

    public static PlanTuning Tuning => new(Gain: 0.4f, Tolerance: 2e-3f, TurnTolerance: 2 * MathF.PI / 180, TurnGain: 6 / MathF.PI);

    public static ArmSetup Psm1 => new(ArmMount.Psm1.Moved(0, 0.01f, -0.03f), new Workspace(0.47f, 0.66f, 0, 0.10f, 0.606f, 0.785f), TurnMode.PitchFirst, MathF.PI / 12);

    public static ArmSetup Psm2 => new(ArmMount.Psm2.Moved(0, -0.02f, 0), new Workspace(0.47f, 0.66f, -0.15f, 0, 0.606f, 0.785f), TurnMode.Yaw, MathF.PI / 6);

    public static Graspable Thing => new(RingBoard.Ring, new(0));

    public static (float Psm1, float Psm2) RestingJaws => (0, 0);

    public static WorldSettings World(in BiPegBoardSettings settings) => settings.World;

    public static Scene Build(in BiPegBoardSettings settings)
    {
        float scale = settings.World.LengthScale;
        var builder = ManipulationScene.Begin(settings.World, arms: 2);
        RingBoard.AddRing(builder, settings.RingMass, scale);
        RingBoard.Add(builder, scale);
        ManipulationScene.MakeGraspable(builder, Thing.Body, arms: 2);
        return builder.Build();
    }

    public static void Reset(out BiPegBoardState<T> state, in SceneTile<T> scene, in LaneRandom<T> random, in BiPegBoardSettings settings)
    {
        state = default;
        float scale = settings.World.LengthScale;
        T zero = T.Of(0), open = T.Of(ToolMotion.Open);
        ToolMotion.Start(Psm1, SingleArm.Scaled<T>(new Vector3(0.57f, 0.05f, 0.70f), scale), zero, open, scale, out state.Arms.Psm1);
        ToolMotion.Start(Psm2, SingleArm.Scaled<T>(new Vector3(0.56f, -0.05f, 0.74f), scale), zero, open, scale, out state.Arms.Psm2);
        var starts = random.Stream(RandomStream.StartState);
        var position = SingleArm.Scaled<T>(RingBoard.Hanging, scale);
        position.X += starts.Unit() * (settings.StartSpread * scale);
        scene.Place(Thing.Body, in position, BodyFrames.Upright(zero));
        var places = random.Stream(RandomStream.Task);
        float spread = settings.MeetSpread * scale;
        state.Arms.Meet = new Vec3<T>(places.Unit() * spread, zero, places.Unit() * spread);
        state.Arms.Goal = SingleArm.Scaled<T>(RingBoard.Goal, scale);
        state.Subgoal = zero;
        TwoArmTask<T, BiPegBoardTask<T>, BiPegBoardSettings>.Begin(ref state.Arms, in scene, in settings);
    }

    public static void Step(ref BiPegBoardState<T> state, in SceneTile<T> scene, in TwoPsmActions<T> action, in LaneRandom<T> random, in BiPegBoardSettings settings,
        out GoalTerm<T> reward, out StepEnd<T> end)
    {
        TwoArmTask<T, BiPegBoardTask<T>, BiPegBoardSettings>.Step(ref state.Arms, in scene, in action, in settings, out reward, out end);
        scene.Position(Thing.Body, out var ring);
        T off = ring.X > T.Of((RingBoard.PegEnd + RingBoard.Wire) * settings.World.LengthScale);
        T one = T.Of(1);
        T done = (T.Equal(state.Subgoal, T.Of(0)) & off & state.Arms.Grasp.HeldBy(1)) | (T.Equal(state.Subgoal, one) & state.Arms.Grasp.HeldBy(0))
            | (T.Equal(state.Subgoal, T.Of(2)) & end.Success);
        state.Subgoal += one & done;
    }

    public static void Observe(in BiPegBoardState<T> state, in SceneTile<T> scene, in LaneRandom<T> random, in BiPegBoardSettings settings, out BiPegBoardObservation<T> observation)
    {
        TwoArmTask<T, BiPegBoardTask<T>, BiPegBoardSettings>.Observe(in state.Arms, in scene, in settings, out var seen);
        observation.Observation = seen.Observation;
        observation.AchievedGoal = seen.AchievedGoal;
        observation.DesiredGoal = seen.DesiredGoal;
        observation.Privileged = seen.Privileged;
        observation.Info.Phase = seen.Info.Phase;
        observation.Info.Subgoal = state.Subgoal;
        observation.Info.RemainingSteps = seen.Info.RemainingSteps;
        observation.Info.ClippedActions = seen.Info.ClippedActions;
    }

    public static void Place(in Frame<T> body, int arm, in BiPegBoardSettings settings, out Frame<T> place)
        => RingBoard.Place(in body, arm, settings.World.LengthScale, out place);

    public static Vec3<T> Achieved(in Frame<T> body, in Frame<T> place1) => body.Origin;

    public static T Lifted(in TwoArmState<T> state, in Frame<T> body, in BiPegBoardSettings settings)
        => body.Origin.Z > state.Goal.Z + T.Of(LiftedBy * settings.World.LengthScale);

    public static T Reached(in Vec3<T> achieved, in Vec3<T> goal, in BiPegBoardSettings settings)
        => GoalRewards.Near(achieved, goal, settings.World.Scaled(settings.SuccessDistance));

    public static void Turns(in Frame<T> place1, in Frame<T> place2, ref T turn1, ref T turn2)
    {
        turn1 = T.Of(0);
        turn2 = SingleArm.NearestTurn(BodyFrames.Heading(in place2), turn2);
    }

    /// <summary>Until PSM2 leaves the peg, what it failed to grasp hangs there still.</summary>
    public static T Lost(in TwoArmState<T> state) => (state.Plan.Step >= T.Of(Lift)) & (state.Plan.Step <= T.Of(Carry)) & ~state.Grasp.Held;

    public static T Phase(in TwoArmState<T> state, in TwoArmPlaces<T> places, T done, float scale)
    {
        T free = Phases.Free(in places.Tip2, in places.Place2, state.Psm2.JawTarget < T.Of(ToolMotion.Open), scale);
        T near = (places.Tip1 - places.Place1).LengthSquared < T.Of(Phases.HandOverDistance * Phases.HandOverDistance * scale * scale);
        T second = T.Select(near, T.Of(Phases.HandOver), T.Select(state.Plan.Step <= T.Of(Lift), T.Of(Phases.Lift), T.Of(Phases.Transfer)));
        T first = T.Select(state.Plan.Step >= T.Of(Open1), T.Of(Phases.Release),
            T.Select(state.Plan.Step <= T.Of(Part), T.Of(Phases.HandOver), T.Of(Phases.Transfer)));
        T held = T.Select(state.Grasp.HeldBy(0), first, second);
        return T.Select(done, T.Of(Phases.Done), T.Select(state.Grasp.Held, held, free));
    }

    /// <summary>
    /// PSM2 takes the ring off its peg and turns it about the vertical before PSM1, which comes from behind, closes, takes
    /// it aside, turns it flat and lowers it over the goal's peg.
    /// </summary>
    public static void Waypoint(in TwoArmState<T> state, int arm, in T step, float scale, out PlanStep<T> waypoint)
    {
        var meet = new Vec3<T>(state.Anchor2.X + T.Of(Ahead * scale), T.Of(0), state.Anchor2.Z + T.Of(Above * scale)) + state.Meet;
        if (arm == 0) First(in state, in meet, step, scale, out waypoint);
        else Second(in state, in meet, step, scale, out waypoint);
    }

    /// <summary>The ring is then turned by 90°, so that where PSM1 grasps is behind.</summary>
    private static void First(in TwoArmState<T> state, in Vec3<T> meet, T step, float scale, out PlanStep<T> waypoint)
    {
        var apart = RingBoard.Grasps;
        var there = meet + SingleArm.Scaled<T>(new Vector3(-apart.X - Reach, 0, apart.Y), scale);
        T waits = step < T.Of(Come), over = step >= T.Of(Goal);
        there.X -= T.Of(Behind * scale) & waits;
        there.Y += T.Of(Leave * scale) & (step >= T.Of(Depart));
        var goal = state.Goal + SingleArm.Scaled<T>(new Vector3(-RingBoard.Radius - Reach, 0, 0), scale);
        goal.Z += T.Select(step >= T.Of(Lower), T.Of(Low * scale), T.Of(Over * scale));
        waypoint.Position = Vec3<T>.Select(over, goal, there);
        waypoint.Turn = state.Turn1 + (T.Of(Flat) & over);
        waypoint.Jaw = Jaw((step < T.Of(Close1)) | (step >= T.Of(Open1)));
    }

    private static void Second(in TwoArmState<T> state, in Vec3<T> meet, T step, float scale, out PlanStep<T> waypoint)
    {
        T above = (step < T.Of(1)) | (step >= T.Of(Lift)), met = step >= T.Of(Meet);
        var place = state.Anchor2;
        place.Z += T.Of(Above * scale) & above;
        place.X = T.Select(step >= T.Of(Carry), meet.X, place.X);
        waypoint.Position = Vec3<T>.Select(met, meet, place);
        waypoint.Position.Z += T.Of(Reach * scale) + (T.Of(Leave * scale) & (step >= T.Of(Part)));
        waypoint.Turn = state.Turn2 + (T.Of(MathF.PI / 2) & met);
        waypoint.Jaw = Jaw((step < T.Of(Close2)) | (step >= T.Of(Open2)));
    }

    private static T Jaw(T opens) => T.Select(opens, T.Of(0.5f), T.Of(-0.5f));
}

/// <summary>Registry row of <c>surgical-bi-peg-board</c>.</summary>
public static class BiPegBoard
{
    public static LaneDefinition<BiPegBoardSettings> Definition { get; } = new("surgical-bi-peg-board", typeof(BiPegBoardTask<>))
    {
        Summary = "Take a ring off a wall with one da Vinci arm, hand it to the other and put it over an upright peg.",
        AlsoKnownAs = ["BiPegBoard"],
        Action = Box.Symmetric(10),
        TimeLimit = settings => settings.EpisodeSteps,
        ControlPeriod = _ => WorldSettings.ControlPeriod,
        RewardRange = _ => (-1, 0),
        HasSuccess = true,
        InfoNames = { [Phases.Field] = Phases.Names, [BoardInfo<Lane1>.SubgoalField] = BiPegBoardTask<Lane1>.Subgoals },
        ScriptedExpert = PlanExpert.Of,
        GoalReward = (achieved, desired, in settings) => GoalRewards.Of(BiPegBoardTask<Lane1>.Reached(GoalRewards.Vector(achieved), GoalRewards.Vector(desired), in settings)),
        Check = settings => settings.World.Check(),
    };
}
