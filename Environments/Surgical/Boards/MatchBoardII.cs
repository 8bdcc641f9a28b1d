using System.ComponentModel.DataAnnotations;
using Sim.Environments.Lanes;
using Sim.Environments.Spaces;
using Sim.Environments.Surgical.Manipulation;
using Sim.Physics.Batched;
using Sim.Physics.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Environments.Surgical.Boards;

/// <summary>Configuration of <c>surgical-match-board-ii</c>. Lengths are nominal metres.</summary>
public record struct MatchBoardIISettings()
{
    /// <summary>World, time and grasp. The jaw stops early, since the piece is wide for fingers that would sink in.</summary>
    public WorldSettings World { get; init; } = new() { GripForce = 0.1f };

    /// <summary>Control steps of an episode.</summary>
    [Range(1, 100_000)] public int EpisodeSteps { get; init; } = 165;

    /// <summary>Mass of the piece, kg.</summary>
    [Range(0.001f, 1f)] public float PieceMass { get; init; } = 0.01f;

    /// <summary>Mass of a lid, kg.</summary>
    [Range(0.0005f, 0.1f)] public float LidMass { get; init; } = 0.001f;

    /// <summary>The piece starts within ± this of its place beside the board, along y.</summary>
    [Range(0f, 0.03f)] public float StartSpread { get; init; } = 0.02f;

    /// <summary>The piece starts turned by up to this either way, rad.</summary>
    [Range(0f, 0.6f)] public float StartTurn { get; init; } = MathF.PI / 6;

    /// <summary>Norm of the six distances of piece and handle from their goals that counts as a success.</summary>
    [Range(0.0005f, 0.02f)] public float SuccessDistance { get; init; } = 0.005f;
}

/// <summary>
/// Open the lid over a slot, drop a piece into the slot and close the lid again: MatchBoardII of SurRoL's second version.
/// </summary>
public readonly struct MatchBoardIITask<T>
    : ISceneTask<T, MatchBoardIITask<T>, MatchBoardState<T>, PsmAction<T>, MatchBoardObservation<T>, GoalTerm<T>, MatchBoardIISettings>
    where T : unmanaged, ILane<T>
{
    /// <summary>Parts of the task.</summary>
    internal static readonly IReadOnlyList<string> Subgoals = ["open_lid", "place", "close_lid", "done"];

    /// <summary>From the board's middle to where the piece starts, along x; nominal metres.</summary>
    private const float Beside = -0.063f;

    /// <summary>By how much a held piece must be above its goal to be welded, nominal metres.</summary>
    private const float LiftedBy = 0.01f;

    /// <summary>Force that tears a jaw off a handle without fingers, N: the guides let it be lifted by 2 mm.</summary>
    private const float HandleHoldForce = 0.2f;

    private static ArmSetup Setup => SingleArm.Setup with { Box = new Workspace(0.48f, 0.60f, -0.05f, 0.09f, 0.676f, 0.715f) };

    private static JointId PieceWeld => MatchBoard.Thing(MatchBoard.Rows).Weld(0);

    public static Scene Build(in MatchBoardIISettings settings)
    {
        var builder = ManipulationScene.Begin(settings.World, arms: 1);
        MatchBoard.Add(builder, settings.LidMass, settings.PieceMass, settings.World.LengthScale);
        return builder.Build();
    }

    public static void Reset(out MatchBoardState<T> state, in SceneTile<T> scene, in LaneRandom<T> random, in MatchBoardIISettings settings)
    {
        state = default;
        float scale = settings.World.LengthScale, spread = settings.StartSpread, turn = settings.StartTurn;
        SingleArm.Start(in scene, SingleArm.LowStart, scale, out state.Tool);
        var starts = random.Stream(RandomStream.StartState);
        var position = new Vec3<T>(T.Of(MatchBoard.X + Beside), starts.Uniform(-spread, spread) + MatchBoard.Y, T.Of(MatchBoard.PieceHeight)) * T.Of(scale);
        scene.Place(MatchBoard.Piece, in position, BodyFrames.Upright(starts.Uniform(-turn, turn)));
        DrawGoal(ref state, in random, scale);

        T zero = T.Of(0);
        for (int i = 0; i < MatchBoard.Things; i++) state.Grasps[i].Holder = zero;
        state.Plan = default;
        state.Subgoal = state.Clipped = state.PieceTurn = zero;
        state.HandleAnchor = state.PieceAnchor = Vec3<T>.Zero;
        BoardSight<T>.Of(in scene, state.Row, scale, out var sight);
        Look(ref state, in sight, scale);
    }

    public static void Step(ref MatchBoardState<T> state, in SceneTile<T> scene, in PsmAction<T> action, in LaneRandom<T> random, in MatchBoardIISettings settings,
        out GoalTerm<T> reward, out StepEnd<T> end)
    {
        float scale = settings.World.LengthScale;
        PsmAction<T>.Clip(in action, out var clipped, out T beyond);
        state.Clipped += beyond;
        T reached = SingleArm.Aim<T, MatchBoardPlan<T>, MatchBoardState<T>>(in state, ref state.Tool, ref state.Plan, in clipped, Setup, scale, out var pivot);
        Grab(ref state, in scene, in pivot, clipped.Jaw < T.Of(0), in settings);
        Move(ref state, in scene, clipped.Jaw >= T.Of(0), in settings);
        Keep(ref state, in scene, in settings);

        BoardSight<T>.Of(in scene, state.Row, scale, out var sight);
        MatchBoardPlan<T>.GoOn(ref state, reached);
        Look(ref state, in sight, scale);
        T success = Advance(ref state, in sight, in settings);
        reward = GoalTerm<T>.Of(success);
        end.Terminated = T.Of(0);
        end.Success = success;
    }

    public static void Observe(in MatchBoardState<T> state, in SceneTile<T> scene, in LaneRandom<T> random, in MatchBoardIISettings settings, out MatchBoardObservation<T> observation)
    {
        float scale = settings.World.LengthScale;
        ToolMotion.Pivot(in state.Tool, Setup, scale, out var pivot);
        BoardSight<T>.Of(in scene, state.Row, scale, out var sight);
        ObjectView<T>.Of(in state.Tool, in pivot, in sight.Piece.Origin, in sight.Place, out observation.Observation.Arm);
        observation.Observation.Lid = sight.Lid;
        observation.Observation.Handle = sight.Handle;
        observation.AchievedGoal = Achieved(in sight);
        observation.DesiredGoal = Desired(in state);
        SingleArm.Plan<T, MatchBoardPlan<T>, MatchBoardState<T>>(in state, state.Plan.Step, in pivot, scale, out observation.Privileged, out observation.Info.RemainingSteps);
        observation.Info.ClippedActions = state.Clipped;
        observation.Info.Subgoal = state.Subgoal;
        T success = BoardGoal<T>.Near(in observation.AchievedGoal, in observation.DesiredGoal, settings.World.Scaled(settings.SuccessDistance));
        observation.Info.Phase = Phase(in state, in scene, in pivot, in sight, success, scale);
    }

    internal static T Reached(in BoardGoal<T> achieved, in BoardGoal<T> desired, in MatchBoardIISettings settings)
        => BoardGoal<T>.Near(in achieved, in desired, settings.World.Scaled(settings.SuccessDistance));

    /// <summary>One of the nine slots, and the handle where the lid over it is closed.</summary>
    private static void DrawGoal(ref MatchBoardState<T> state, in LaneRandom<T> random, float scale)
    {
        var goals = random.Stream(RandomStream.Task);
        state.Row = T.Floor(goals.Unit() * T.Of(MatchBoard.Rows));
        T cell = T.Floor(goals.Unit() * T.Of(MatchBoard.Cells));
        T x = T.Of(0), y = x;
        for (int i = 0; i < MatchBoard.Rows; i++)
        {
            T offset = T.Of(MatchBoard.Offset(i) * scale);
            x = T.Select(T.Equal(state.Row, T.Of(i)), offset, x);
            y = T.Select(T.Equal(cell, T.Of(i)), offset, y);
        }
        x += T.Of(MatchBoard.X * scale);
        T middle = T.Of(MatchBoard.Y * scale);
        state.PieceGoal = new Vec3<T>(x, y + middle, T.Of(MatchBoard.PieceHeight * scale));
        state.HandleGoal = new Vec3<T>(x, middle, T.Of(MatchBoard.HandleHeight * scale));
    }

    /// <summary>
    /// The control step. Fingers press into what they hold, and one that leaves later than the other would throw it: the
    /// piece stays welded until an opening jaw has left it, about a third of a control step, and then falls from rest.
    /// </summary>
    private static void Move(ref MatchBoardState<T> state, in SceneTile<T> scene, T opening, in MatchBoardIISettings settings)
    {
        var world = settings.World;
        T jammed = world.Grasp == GraspMode.FrictionThenWeld ? scene.Attached(PieceWeld) : T.Of(0);
        int leaving = world.Detections / 3;
        SingleArm.Move(ref state.Tool, in scene, MatchBoard.Lid(0), MatchBoard.Things, in jammed, in world, leaving);
        Grasping.Release(ref state.Grasps[MatchBoard.Rows], in scene, MatchBoard.Thing(MatchBoard.Rows), 0, opening);
        SingleArm.Move(ref state.Tool, in scene, MatchBoard.Lid(0), MatchBoard.Things, in jammed, in world, world.Detections - leaving);
    }

    /// <summary>The jaw's command: opening lets go of handles; closing takes hold of a handle or of the piece, unless something is held.</summary>
    private static void Grab(ref MatchBoardState<T> state, in SceneTile<T> scene, in Frame<T> pivot, T closing, in MatchBoardIISettings settings)
    {
        for (int i = 0; i < MatchBoard.Rows; i++) Grasping.CommandJaw(ref state.Tool, ref state.Grasps[i], in scene, MatchBoard.Thing(i), 0, closing);
        for (int i = 0; i < MatchBoard.Things; i++)
        {
            Seize(in scene, i, settings.World.LengthScale, out var place, out T lifted);
            Grasping.Engage(ref state.Grasps[i], in scene, SingleArm.Gripper, MatchBoard.Thing(i), 0, closing & ~state.Grasps.Any, in lifted, in pivot, in place, settings.World);
        }
    }

    /// <summary>What follows the motion.</summary>
    private static void Keep(ref MatchBoardState<T> state, in SceneTile<T> scene, in MatchBoardIISettings settings)
    {
        for (int i = 0; i < MatchBoard.Things; i++)
        {
            Seize(in scene, i, settings.World.LengthScale, out _, out T lifted);
            var world = i < MatchBoard.Rows ? settings.World with { HoldForce = HandleHoldForce } : settings.World;
            Grasping.Settle(ref state.Grasps[i], in scene, SingleArm.Gripper, MatchBoard.Thing(i), 0, in lifted, in world);
        }
    }

    /// <summary>Where a thing is grasped, and whether it is high enough to be welded. Handles are held by the fingers alone.</summary>
    private static void Seize(in SceneTile<T> scene, int thing, float scale, out Frame<T> place, out T lifted)
    {
        BodyFrames.Of(in scene, MatchBoard.Thing(thing).Body, out var body);
        if (thing < MatchBoard.Rows)
        {
            MatchBoard.Handle(in body, scale, out place);
            lifted = T.Of(0);
            return;
        }
        MatchBoard.Place(in body, scale, out place);
        lifted = body.Origin.Z > T.Of((MatchBoard.PieceHeight + LiftedBy) * scale);
    }

    private static void Look(ref MatchBoardState<T> state, in BoardSight<T> sight, float scale)
    {
        ToolMotion.Pivot(in state.Tool, Setup, scale, out var pivot);
        ToolMotion.Turn(in pivot, Setup.Mode, out T turn);
        MatchBoardPlan<T>.Look(ref state, in sight, turn);
    }

    /// <summary>Counts the parts that are done, in their order; returns the mask of success.</summary>
    private static T Advance(ref MatchBoardState<T> state, in BoardSight<T> sight, in MatchBoardIISettings settings)
    {
        float near = settings.World.Scaled(settings.SuccessDistance);
        T opened = sight.Handle.Y - state.HandleGoal.Y > T.Of((MatchBoard.Travel * settings.World.LengthScale) - near);
        T placed = (sight.Piece.Origin - state.PieceGoal).LengthSquared < T.Of(near * near);
        T success = Reached(Achieved(in sight), Desired(in state), in settings);
        T zero = T.Of(0), one = T.Of(1), two = T.Of(2);
        T done = (T.Equal(state.Subgoal, zero) & opened) | (T.Equal(state.Subgoal, one) & placed) | (T.Equal(state.Subgoal, two) & success);
        state.Subgoal += one & done;
        return success;
    }

    private static BoardGoal<T> Achieved(in BoardSight<T> sight) => new() { Piece = sight.Piece.Origin, Handle = sight.Handle };

    private static BoardGoal<T> Desired(in MatchBoardState<T> state) => new() { Piece = state.PieceGoal, Handle = state.HandleGoal };

    /// <summary>The phase with the piece where the piece is next, else with the handle.</summary>
    private static T Phase(in MatchBoardState<T> state, in SceneTile<T> scene, in Frame<T> pivot, in BoardSight<T> sight, T done, float scale)
    {
        Grasp<T> lid;
        lid.Holder = T.Of(1) & state.Grasps.Lid(state.Row);
        var grasp = state.Grasps[MatchBoard.Rows];
        T piece = SingleArm.Phase(in state.Tool, in grasp, in pivot, in sight.Place.Origin, scene.Attached(PieceWeld), done, scale);
        piece = T.Select(grasp.Held & MatchBoardPlan<T>.LetsGo(state.Plan.Step) & ~done, T.Of(Phases.Release), piece);
        T handle = SingleArm.Phase(in state.Tool, in lid, in pivot, in sight.Handle, ~T.Of(0), done, scale);
        return T.Select(grasp.Held | (T.Equal(state.Subgoal, T.Of(1)) & ~lid.Held), piece, handle);
    }
}

/// <summary>Registry row of <c>surgical-match-board-ii</c>.</summary>
public static class MatchBoardII
{
    public static LaneDefinition<MatchBoardIISettings> Definition { get; } = new("surgical-match-board-ii", typeof(MatchBoardIITask<>))
    {
        Summary = "Open the lid of a board with a da Vinci arm, drop a piece into its slot and close the lid.",
        AlsoKnownAs = ["MatchBoardII"],
        Action = Box.Symmetric(5),
        TimeLimit = settings => settings.EpisodeSteps,
        ControlPeriod = _ => WorldSettings.ControlPeriod,
        RewardRange = _ => (-1, 0),
        HasSuccess = true,
        InfoNames = { [Phases.Field] = Phases.Names, [BoardInfo<Lane1>.SubgoalField] = MatchBoardIITask<Lane1>.Subgoals },
        ScriptedExpert = PlanExpert.Of,
        GoalReward = (achieved, desired, in settings) => GoalRewards.Of(MatchBoardIITask<Lane1>.Reached(Goal(achieved), Goal(desired), in settings)),
        Check = settings => settings.World.Check(),
    };

    private static BoardGoal<Lane1> Goal(ReadOnlySpan<float> values) => new() { Piece = GoalRewards.Vector(values), Handle = GoalRewards.Vector(values[3..]) };
}
