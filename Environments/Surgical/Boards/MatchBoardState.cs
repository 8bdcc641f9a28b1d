using System.Runtime.CompilerServices;
using Sim.Environments.Surgical.Manipulation;
using Sim.Physics.Batched;
using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Boards;

/// <summary>State, beside its world, of <c>surgical-match-board-ii</c>.</summary>
public struct MatchBoardState<T> where T : unmanaged, ILane<T>
{
    public PsmTool<T> Tool;
    public BoardGrasps<T> Grasps;

    /// <summary>The row of the goal's slot.</summary>
    public T Row;

    /// <summary>Where piece and handle are to be, world units.</summary>
    public Vec3<T> PieceGoal, HandleGoal;

    public PlanProgress<T> Plan;

    /// <summary>How far the task was.</summary>
    public T Subgoal;

    /// <summary>Where handle and piece were grasped, or will be, world units, and how a jaw fits the piece, rad.</summary>
    public Vec3<T> HandleAnchor, PieceAnchor;

    public T PieceTurn;

    /// <summary>Numbers of actions that were clipped.</summary>
    public T Clipped;
}

/// <summary>Who holds each thing, in the order of <see cref="MatchBoard.Thing"/>. Only one can be held at a time.</summary>
[InlineArray(MatchBoard.Things)]
public struct BoardGrasps<T> where T : unmanaged, ILane<T>
{
    private Grasp<T> _first;

    /// <summary>Mask of lanes in which something is held.</summary>
    public readonly T Any
    {
        get
        {
            T any = T.Of(0);
            for (int i = 0; i < MatchBoard.Things; i++) any |= this[i].Held;
            return any;
        }
    }

    /// <summary>Mask of lanes in which the piece is held.</summary>
    public readonly T Piece => this[MatchBoard.Rows].Held;

    /// <summary>Mask of lanes in which the lid of a row is held.</summary>
    public readonly T Lid(T row)
    {
        T held = T.Of(0);
        for (int i = 0; i < MatchBoard.Rows; i++) held |= this[i].Held & T.Equal(row, T.Of(i));
        return held;
    }
}

/// <summary>The parts of the world that the task looks at, world units.</summary>
public struct BoardSight<T> where T : unmanaged, ILane<T>
{
    /// <summary>Centre of mass of the lid over the goal's row, and the middle of its handle.</summary>
    public Vec3<T> Lid, Handle;

    /// <summary>The piece, and where it is grasped.</summary>
    public Frame<T> Piece, Place;

    public static void Of(in SceneTile<T> scene, T row, float scale, out BoardSight<T> sight)
    {
        sight.Lid = sight.Handle = Vec3<T>.Zero;
        for (int i = 0; i < MatchBoard.Rows; i++)
        {
            T mine = T.Equal(row, T.Of(i));
            BodyFrames.Of(in scene, MatchBoard.Lid(i), out var lid);
            MatchBoard.Handle(in lid, scale, out var handle);
            sight.Lid = Vec3<T>.Select(mine, lid.Origin, sight.Lid);
            sight.Handle = Vec3<T>.Select(mine, handle.Origin, sight.Handle);
        }
        BodyFrames.Of(in scene, MatchBoard.Piece, out sight.Piece);
        MatchBoard.Place(in sight.Piece, scale, out sight.Place);
    }
}

/// <summary>What the task shows: 25 numbers.</summary>
public struct MatchBoardView<T> where T : unmanaged, ILane<T>
{
    /// <summary>Arm and piece.</summary>
    public ObjectView<T> Arm;

    /// <summary>Centre of mass of the lid over the goal's row, and the middle of its handle, world units.</summary>
    public Vec3<T> Lid, Handle;
}

/// <summary>Where piece and handle are, or are to be: 6 numbers, world units.</summary>
public struct BoardGoal<T> where T : unmanaged, ILane<T>
{
    public Vec3<T> Piece, Handle;

    /// <summary>Mask: the norm of all six differences is below a distance.</summary>
    public static T Near(in BoardGoal<T> achieved, in BoardGoal<T> desired, float distance)
        => (achieved.Piece - desired.Piece).LengthSquared + (achieved.Handle - desired.Handle).LengthSquared < T.Of(distance * distance);
}

/// <summary>Observation groups of <c>surgical-match-board-ii</c>.</summary>
public struct MatchBoardObservation<T> where T : unmanaged, ILane<T>
{
    public MatchBoardView<T> Observation;
    public BoardGoal<T> AchievedGoal, DesiredGoal;
    public PlanView<T> Privileged;
    public BoardInfo<T> Info;
}
