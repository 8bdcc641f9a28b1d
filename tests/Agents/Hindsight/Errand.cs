using System.ComponentModel.DataAnnotations;
using Sim.Environments.Lanes;
using Sim.Environments.Spaces;
using Sim.Physics.Numerics;

namespace Sim.Tests.Agents.Hindsight;

public record struct ErrandSettings()
{
    /// <summary>Control steps of an episode.</summary>
    [Range(1, 1000)] public int EpisodeSteps { get; init; } = 50;

    /// <summary>Whether the point must fetch an object; else it is the point itself that is to reach the goal.</summary>
    public bool Fetch { get; init; }

    /// <summary>Whether an episode ends with success.</summary>
    public bool EndsWithSuccess { get; init; }
}

public struct ErrandState<T> where T : unmanaged, ILane<T>
{
    public Point3<T> Hand, Load, Goal;
    public T Holds;
}

public struct Point3<T> where T : unmanaged, ILane<T> { public T X, Y, Z; }

public struct ErrandAction<T> where T : unmanaged, ILane<T> { public T X, Y, Z, Turn, Grip; }

public struct ErrandReward<T> where T : unmanaged, ILane<T> { public T Success; }

public struct ErrandView<T> where T : unmanaged, ILane<T>
{
    public Point3<T> Hand, Load;
    public T Holds;
}

public struct ErrandObservation<T> where T : unmanaged, ILane<T>
{
    public ErrandView<T> Observation;
    public Point3<T> AchievedGoal, DesiredGoal;
}

/// <summary>
/// A hand in a cube of 0.4 m that moves by up to 20 mm a step is to be, or to bring a load, within 25 mm of a goal;
/// reward −1 until then, 0 there. A load sticks to a hand that grips (grip below 0) within 40 mm, and stays put otherwise.
/// </summary>
public readonly struct ErrandTask<T>
    : ILaneTask<T, ErrandTask<T>, ErrandState<T>, ErrandAction<T>, ErrandObservation<T>, ErrandReward<T>, ErrandSettings>
    where T : unmanaged, ILane<T>
{
    public static void Reset(out ErrandState<T> state, in LaneRandom<T> random, in ErrandSettings settings)
    {
        state.Hand = default;
        state.Holds = T.Of(0);
        var start = random.Stream(RandomStream.StartState);
        state.Load.X = start.Uniform(-0.15f, 0.15f);
        state.Load.Y = start.Uniform(-0.15f, 0.15f);
        state.Load.Z = T.Of(-0.15f);
        var task = random.Stream(RandomStream.Task);
        state.Goal.X = task.Uniform(-0.15f, 0.15f);
        state.Goal.Y = task.Uniform(-0.15f, 0.15f);
        state.Goal.Z = task.Uniform(-0.1f, 0.15f);
    }

    public static void Step(ref ErrandState<T> state, in ErrandAction<T> action, in LaneRandom<T> random, in ErrandSettings settings,
        out ErrandReward<T> reward, out StepEnd<T> end)
    {
        state.Hand.X = Moved(state.Hand.X, action.X);
        state.Hand.Y = Moved(state.Hand.Y, action.Y);
        state.Hand.Z = Moved(state.Hand.Z, action.Z);
        T grips = action.Grip < 0;
        T near = SquaredDistance(state.Hand, state.Load) < 0.04f * 0.04f;
        T holds = grips & ((state.Holds > 0) | near);
        state.Holds = T.Select(holds, T.Of(1), T.Of(0));
        state.Load.X = T.Select(holds, state.Hand.X, state.Load.X);
        state.Load.Y = T.Select(holds, state.Hand.Y, state.Load.Y);
        state.Load.Z = T.Select(holds, state.Hand.Z, state.Load.Z);
        var achieved = settings.Fetch ? state.Load : state.Hand;
        end.Success = SquaredDistance(achieved, state.Goal) < Errand.Reach * Errand.Reach;
        end.Terminated = settings.EndsWithSuccess ? end.Success : T.Of(0);
        reward.Success = T.Select(end.Success, T.Of(0), T.Of(-1));
    }

    public static void Observe(in ErrandState<T> state, in LaneRandom<T> random, in ErrandSettings settings, out ErrandObservation<T> observation)
    {
        observation.Observation.Hand = state.Hand;
        observation.Observation.Load = state.Load;
        observation.Observation.Holds = state.Holds;
        observation.AchievedGoal = settings.Fetch ? state.Load : state.Hand;
        observation.DesiredGoal = state.Goal;
    }

    private static T Moved(T at, T by) => T.Min(T.Max(at + (0.02f * T.Min(T.Max(by, T.Of(-1)), T.Of(1))), T.Of(-0.2f)), T.Of(0.2f));

    private static T SquaredDistance(in Point3<T> a, in Point3<T> b)
    {
        T x = a.X - b.X, y = a.Y - b.Y, z = a.Z - b.Z;
        return (x * x) + (y * y) + (z * z);
    }
}

public static class Errand
{
    /// <summary>How near is near enough, m.</summary>
    public const float Reach = 0.025f;

    public static LaneDefinition<ErrandSettings> Definition { get; } = new("errand", typeof(ErrandTask<>))
    {
        Summary = "Be, or bring a load, where the goal is.",
        Action = Box.Symmetric(5),
        TimeLimit = settings => settings.EpisodeSteps,
        ControlPeriod = _ => 0.2f,
        RewardRange = _ => (-1, 0),
        HasSuccess = true,
        GoalReward = static (achieved, desired, in _) => Rewarded(achieved, desired),
        ScriptedExpert = environments => new ErrandExpert(environments),
    };

    private static float Rewarded(ReadOnlySpan<float> achieved, ReadOnlySpan<float> desired)
    {
        float x = achieved[0] - desired[0], y = achieved[1] - desired[1], z = achieved[2] - desired[2];
        return (x * x) + (y * y) + (z * z) < Reach * Reach ? 0 : -1;
    }
}
