using Sim.Environments.Surgical.Manipulation;
using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Boards;

/// <summary>
/// SurRoL's oracle of MatchBoardII: open the lid, fetch the piece, drop it into its slot, close the lid. After each grasp
/// it begins that part again if what was held is lost.
/// </summary>
public readonly struct MatchBoardPlan<T> : IToolPlan<T, MatchBoardState<T>> where T : unmanaged, ILane<T>
{
    /// <summary>The steps at which the parts begin, the first steps with something in the jaw, and those after the last.</summary>
    private const int Drag = 3, LeaveLid = 4, Fetch = 5, Carry = 8, Drop = 10, Return = 11, Close = 14;

    /// <summary>Heights of the pivot over what it goes for, nominal metres.</summary>
    private const float Over = 0.02f, Low = 0.01f, High = 0.04f;

    private const float Across = MathF.PI / 2;

    public static int Steps => 15;

    public static int Arms => 1;

    public static PlanTuning Tuning => new(Gain: 0.55f, Tolerance: 2e-3f, TurnTolerance: 5 * MathF.PI / 180);

    /// <summary>Mask: the plan is about to let the piece go.</summary>
    public static T LetsGo(T planStep) => planStep >= T.Of(Drop);

    public static void Waypoint(in MatchBoardState<T> state, int arm, in T step, float scale, out PlanStep<T> waypoint)
    {
        T piece = Within(step, Fetch, Drop - 1), place = Within(step, Drop - 1, Return);
        waypoint.Position = Vec3<T>.Select(piece, state.PieceAnchor, Vec3<T>.Select(place, state.PieceGoal, Handle(in state, step, scale)));
        waypoint.Position.Z += Height(step) * scale;
        waypoint.Turn = T.Select(piece, state.PieceTurn, T.Of(Across));
        T closed = Within(step, 2, LeaveLid) | Within(step, 7, Drop) | (step >= T.Of(13));
        waypoint.Jaw = T.Select(closed, T.Of(-0.5f), T.Of(0.5f));
    }

    /// <summary>Takes the plan on where its waypoint was reached, or back where what has to be in the jaw is not.</summary>
    /// <param name="state">Its plan is that of the beginning of the control step, its grasps those of the end.</param>
    /// <param name="reached">Mask: the waypoint was reached.</param>
    public static void GoOn(ref MatchBoardState<T> state, T reached)
    {
        ref T step = ref state.Plan.Step;
        T noLid = ~state.Grasps.Lid(state.Row);
        T again = T.Equal(step, T.Of(Drag)) & noLid, fetch = Within(step, Carry, Drop) & ~state.Grasps.Piece, back = T.Equal(step, T.Of(Close)) & noLid & ~reached;
        state.Plan.Begin(again);
        T lost = fetch | back;
        state.Plan.Dwell &= ~lost;
        state.Plan.Before &= ~lost;
        step += reached & T.Of(1) & (step < T.Of(Steps)) & ~again;
        step = T.Select(fetch, T.Of(Fetch), T.Select(back, T.Of(Return), step));
    }

    /// <summary>Remembers where things are for as long as the jaw is only on its way to them.</summary>
    public static void Look(ref MatchBoardState<T> state, in BoardSight<T> sight, T turn)
    {
        T lid = T.Equal(state.Plan.Step, T.Of(0)) | T.Equal(state.Plan.Step, T.Of(Return)), piece = state.Plan.Step <= T.Of(Fetch);
        state.HandleAnchor = Vec3<T>.Select(lid, sight.Handle, state.HandleAnchor);
        state.PieceAnchor = Vec3<T>.Select(piece, sight.Place.Origin, state.PieceAnchor);
        state.PieceTurn = T.Select(piece, SingleArm.NearestTurn(BodyFrames.Heading(in sight.Place), turn), state.PieceTurn);
    }

    /// <summary>Where the handle is or will be.</summary>
    private static Vec3<T> Handle(in MatchBoardState<T> state, T step, float scale)
    {
        T seen = (step < T.Of(Drag)) | ((state.Plan.Step >= T.Of(Return)) & (step < T.Of(Close)));
        var open = state.HandleGoal;
        open.Y += T.Of(MatchBoard.Travel * scale);
        var moved = Vec3<T>.Select(step >= T.Of(Close), state.HandleGoal, open);
        return Vec3<T>.Select(seen, state.HandleAnchor, moved);
    }

    /// <summary>The pivot's height over handle, place to grasp or goal, nominal metres.</summary>
    private static T Height(T step)
    {
        T over = T.Equal(step, T.Of(0)) | T.Equal(step, T.Of(LeaveLid));
        T lid = T.Select(over, T.Of(Over), T.Select(T.Equal(step, T.Of(Return)), T.Of(High), T.Of(Low)));
        T raised = T.Select(T.Equal(step, T.Of(Fetch)), T.Of(Over), T.Select(step >= T.Of(Carry), T.Of(High), T.Of(0)));
        T piece = raised + SingleArm.GraspHeight;
        return T.Select(Within(step, Fetch, Drop - 1), piece, T.Select(Within(step, Drop - 1, Return), T.Of(High), lid));
    }

    private static T Within(T step, int first, int end) => (step >= T.Of(first)) & (step < T.Of(end));
}
