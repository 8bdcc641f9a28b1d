using System.ComponentModel.DataAnnotations;
using Sim.Environments.Lanes;
using Sim.Environments.Spaces;
using Sim.Physics.Numerics;

namespace Sim.Environments.Quadrotors;

/// <summary>Configuration of <c>quadrotor-waypoints</c>.</summary>
public record struct WaypointsSettings()
{
    public VehicleSettings Vehicle { get; init; } = new();
    public RandomisationSettings Randomisation { get; init; } = new();
    public ObservationNoiseSettings Noise { get; init; } = new();

    /// <summary>Control steps of an episode.</summary>
    [Range(1, 1_000_000)] public int EpisodeSteps { get; init; } = 1000;

    /// <summary>Points lie within ± this in each component, m.</summary>
    [Range(0.1f, 100f)] public float PointRange { get; init; } = 1f;

    /// <summary>Least distance between any two points, m.</summary>
    [Range(0f, 100f)] public float PointSpacing { get; init; } = 0.7f;

    /// <summary>A point counts as reached within this, m.</summary>
    [Range(0.001f, 10f)] public float ReachDistance { get; init; } = 0.15f;

    /// <summary>Start position within ± this of the centre in each component, m.</summary>
    [Range(0f, 10f)] public float StartPosition { get; init; } = 0.05f;

    /// <summary>Start velocity within ± this in each component, m/s.</summary>
    [Range(0f, 10f)] public float StartVelocity { get; init; } = 0.1f;

    /// <summary>The episode ends when a position component exceeds this, m.</summary>
    [Range(0.01f, 1000f)] public float PositionLimit { get; init; } = 1.5f;

    /// <summary>The episode ends when a velocity component exceeds this, m/s.</summary>
    [Range(0.01f, 1000f)] public float SpeedLimit { get; init; } = 6f;

    /// <summary>The episode ends when an angular velocity component exceeds this, rad/s.</summary>
    [Range(0.01f, 1000f)] public float SpinLimit { get; init; } = 35f;

    /// <summary>Reward per metre come nearer to the present point.</summary>
    public float ProgressReward { get; init; } = 5f;

    /// <summary>Reward of reaching a point.</summary>
    public float PointReward { get; init; } = 5f;

    /// <summary>Cost of the yaw term.</summary>
    public float YawCost { get; init; } = 0.1f;

    /// <summary>Cost of the change of action.</summary>
    public float ActionCost { get; init; } = 0.2f;
}

/// <summary>State of <c>quadrotor-waypoints</c>.</summary>
public struct WaypointsState<T> where T : unmanaged, ILane<T>
{
    public QuadrotorBody<T> Body;
    public QuadrotorParameters<T> Parameters;
    public Rotors<T> LastAction;
    public Point<T> First, Second, Third, Fourth;

    /// <summary>Points not yet reached, 4 to 0.</summary>
    public T Left;
}

/// <summary>What the actor of <c>quadrotor-waypoints</c> sees: 22 numbers, then the last actions.</summary>
public struct WaypointsView<T> where T : unmanaged, ILane<T>
{
    /// <summary>The vehicle, with its error to the present point.</summary>
    public QuadrotorView<T> Vehicle;

    /// <summary>The point after the present one minus the vehicle, world, m; the last point again when there is none.</summary>
    public Point<T> Next;

    /// <summary>Points not yet reached, 4 to 0.</summary>
    public T PointsLeft;
}

/// <summary>Observation groups of <c>quadrotor-waypoints</c>.</summary>
public struct WaypointsObservation<T> where T : unmanaged, ILane<T>
{
    public WaypointsView<T> Observation;
    public QuadrotorPrivileged<T> Privileged;
}

/// <summary>Reward terms of <c>quadrotor-waypoints</c>.</summary>
public struct WaypointsReward<T> where T : unmanaged, ILane<T>
{
    public T Progress, Point, Yaw, Action;
}

/// <summary>
/// Fly through four points in order. Each point is drawn uniformly from the cube by the stream
/// <see cref="RandomStream.Task"/>, in eight tries: the first try that keeps its distance from every earlier point is
/// taken, and where none does, the one that comes nearest to doing so (about one point in ten thousand). After the
/// fourth point the episode goes on to its end with that point as the target and no further reward for reaching it;
/// it stays a success whatever follows.
/// </summary>
public readonly struct WaypointsTask<T>
    : ILaneTask<T, WaypointsTask<T>, WaypointsState<T>, Rotors<T>, WaypointsObservation<T>, WaypointsReward<T>, WaypointsSettings>
    where T : unmanaged, ILane<T>
{
    private const int Tries = 8;

    public static void Reset(out WaypointsState<T> state, in LaneRandom<T> random, in WaypointsSettings settings)
    {
        QuadrotorStart.DrawParameters(in random, settings.Vehicle, settings.Randomisation, out state.Parameters);
        T zero = T.Of(0);
        QuadrotorStart.Level(in zero, in zero, in zero, in state.Parameters.HoverSpeed, out state.Body);
        var draws = random.Stream(RandomStream.StartState);
        QuadrotorStart.Scatter(ref state.Body, ref draws, settings.StartPosition, settings.StartVelocity);
        state.LastAction = QuadrotorTerms.Holding(state.Parameters.HoverSpeed);

        var task = random.Stream(RandomStream.Task);
        Draw(ref task, settings.PointRange, out state.First);
        DrawApart(ref task, in settings, in state.First, in state.First, in state.First, out state.Second);
        DrawApart(ref task, in settings, in state.First, in state.Second, in state.Second, out state.Third);
        DrawApart(ref task, in settings, in state.First, in state.Second, in state.Third, out state.Fourth);
        state.Left = T.Of(4);
    }

    public static void Step(ref WaypointsState<T> state, in Rotors<T> action, in LaneRandom<T> random, in WaypointsSettings settings,
        out WaypointsReward<T> reward, out StepEnd<T> end)
    {
        Choose(in state, out var target, out _);
        T before = T.Sqrt(QuadrotorTerms.Place(in state.Body).SquaredDistance(in target));
        var clipped = QuadrotorTerms.Clip(in action);
        var command = QuadrotorDynamics.Command(in clipped);
        QuadrotorDynamics.Advance(ref state.Body, in state.Parameters, in command, settings.Vehicle);

        T distance = T.Sqrt(QuadrotorTerms.Place(in state.Body).SquaredDistance(in target));
        T zero = T.Of(0);
        T reached = (distance <= settings.ReachDistance) & (state.Left > zero);
        state.Left = T.Select(reached, state.Left - 1f, state.Left);
        reward.Progress = settings.ProgressReward * (before - distance);
        reward.Point = T.Select(reached, T.Of(settings.PointReward), zero);
        reward.Yaw = -settings.YawCost * QuadrotorTerms.Yaw(in state.Body);
        reward.Action = -settings.ActionCost * QuadrotorTerms.Change(in clipped, in state.LastAction);
        state.LastAction = clipped;

        end.Terminated = QuadrotorTerms.Beyond(state.Body.PositionX, state.Body.PositionY, state.Body.PositionZ, settings.PositionLimit)
            | QuadrotorTerms.TooFast(in state.Body, settings.SpeedLimit, settings.SpinLimit);
        end.Success = T.Equal(state.Left, zero);
    }

    public static void Observe(in WaypointsState<T> state, in LaneRandom<T> random, in WaypointsSettings settings,
        out WaypointsObservation<T> observation)
    {
        Choose(in state, out var target, out var next);
        QuadrotorView<T>.Of(in state.Body, target.X, target.Y, target.Z, in random, settings.Noise, out observation.Observation.Vehicle);
        observation.Observation.Next = next.SeenBy(in observation.Observation.Vehicle, in target);
        observation.Observation.PointsLeft = state.Left;
        QuadrotorPrivileged<T>.Of(in state.Body, in state.Parameters, out observation.Privileged);
    }

    /// <summary>The point to fly to, and the one after it.</summary>
    private static void Choose(in WaypointsState<T> state, out Point<T> target, out Point<T> next)
    {
        T atFirst = state.Left > T.Of(3), atSecond = state.Left > T.Of(2), atThird = state.Left > T.Of(1);
        next = Point<T>.Select(atFirst, in state.Second, Point<T>.Select(atSecond, in state.Third, in state.Fourth));
        target = Point<T>.Select(atFirst, in state.First, Point<T>.Select(atSecond, in state.Second,
            Point<T>.Select(atThird, in state.Third, in state.Fourth)));
    }

    private static void Draw(ref Draws<T> draws, float range, out Point<T> point)
        => point = Point<T>.Of(draws.Uniform(-range, range), draws.Uniform(-range, range), draws.Uniform(-range, range));

    /// <summary>Draws a point away from three others, which may coincide; always all tries, so that lanes stay in step.</summary>
    private static void DrawApart(ref Draws<T> draws, in WaypointsSettings settings, in Point<T> a, in Point<T> b, in Point<T> c, out Point<T> point)
    {
        T enough = T.Of(settings.PointSpacing * settings.PointSpacing);
        T best = T.Of(-1);
        point = a;
        for (int i = 0; i < Tries; i++)
        {
            Draw(ref draws, settings.PointRange, out var candidate);
            T nearest = T.Min(candidate.SquaredDistance(in a), T.Min(candidate.SquaredDistance(in b), candidate.SquaredDistance(in c)));
            T better = (best < enough) & (nearest > best);
            point = Point<T>.Select(better, in candidate, in point);
            best = T.Select(better, nearest, best);
        }
    }
}

/// <summary>Registry row of <c>quadrotor-waypoints</c>.</summary>
public static class Waypoints
{
    public static LaneDefinition<WaypointsSettings> Definition { get; } = new("quadrotor-waypoints", typeof(WaypointsTask<>))
    {
        Summary = "Fly a Crazyflie through four random points in order.",
        Action = Box.Symmetric(4),
        ActionHistory = 16,
        TimeLimit = settings => settings.EpisodeSteps,
        ControlPeriod = settings => settings.Vehicle.Dt,
        HasSuccess = true,
        ScriptedExpert = QuadrotorExpert.Waypoints,
    };
}
