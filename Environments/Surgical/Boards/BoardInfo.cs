using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Boards;

/// <summary>Info outputs of the board tasks.</summary>
public struct BoardInfo<T> where T : unmanaged, ILane<T>
{
    /// <summary>Name of <see cref="Subgoal"/>.</summary>
    public const string SubgoalField = "subgoal";

    /// <summary>See <see cref="Manipulation.Phases"/>.</summary>
    public T Phase;

    /// <summary>Control steps that the scripted expert would take from here, about.</summary>
    public T RemainingSteps;

    /// <summary>Numbers of this episode's actions that were outside [−1, 1].</summary>
    public T ClippedActions;

    /// <summary>The part of the task at hand, counted from 0; the number of parts once all are done.</summary>
    public T Subgoal;
}
