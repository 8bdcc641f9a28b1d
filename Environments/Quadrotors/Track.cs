using System.ComponentModel.DataAnnotations;
using Sim.Environments.Lanes;
using Sim.Environments.Spaces;
using Sim.Physics.Numerics;

namespace Sim.Environments.Quadrotors;

/// <summary>Configuration of <c>quadrotor-track</c>.</summary>
public record struct TrackSettings()
{
    public VehicleSettings Vehicle { get; init; } = new();
    public RandomisationSettings Randomisation { get; init; } = new();
    public ObservationNoiseSettings Noise { get; init; } = new();

    /// <summary>Control steps of an episode.</summary>
    [Range(1, 1_000_000)] public int EpisodeSteps { get; init; } = 1100;

    /// <summary>The curve reaches ± this along x, m.</summary>
    [Range(0f, 100f)] public float HalfLength { get; init; } = 0.5f;

    /// <summary>The curve reaches ± this along y, m.</summary>
    [Range(0f, 100f)] public float HalfWidth { get; init; } = 0.25f;

    /// <summary>Time of one lap, s.</summary>
    [Range(0.1f, 1000f)] public float LapTime { get; init; } = 5.5f;

    /// <summary>Start position within ± this of the curve in each component, m.</summary>
    [Range(0f, 10f)] public float StartPosition { get; init; } = 0.1f;

    /// <summary>Start velocity within ± this of the curve's in each component, m/s.</summary>
    [Range(0f, 10f)] public float StartVelocity { get; init; } = 0.2f;

    /// <summary>The episode ends when the vehicle is farther than this from the reference, m.</summary>
    [Range(0.01f, 1000f)] public float ErrorLimit { get; init; } = 1f;

    /// <summary>The episode ends when a velocity component exceeds this, m/s.</summary>
    [Range(0.01f, 1000f)] public float SpeedLimit { get; init; } = 4f;

    /// <summary>The episode ends when an angular velocity component exceeds this, rad/s.</summary>
    [Range(0.01f, 1000f)] public float SpinLimit { get; init; } = 35f;

    /// <summary>Reward of every step that survives.</summary>
    public float AliveReward { get; init; } = 0.5f;

    /// <summary>Cost per metre from the reference.</summary>
    public float PositionCost { get; init; } = 1f;

    /// <summary>Cost of the yaw term.</summary>
    public float YawCost { get; init; } = 0.1f;

    /// <summary>Cost of the change of action.</summary>
    public float ActionCost { get; init; } = 1f;

    /// <summary>Reward of the step that ends in failure, in place of all others.</summary>
    public float TerminationReward { get; init; } = -100f;

    /// <summary>Root-mean-square error over the last lap that counts as tracking, m.</summary>
    [Range(0.001f, 10f)] public float SuccessError { get; init; } = 0.15f;
}

/// <summary>State of <c>quadrotor-track</c>.</summary>
public struct TrackState<T> where T : unmanaged, ILane<T>
{
    public QuadrotorBody<T> Body;
    public QuadrotorParameters<T> Parameters;
    public Rotors<T> LastAction;

    /// <summary>Angle of the curve at the start of the episode, rad.</summary>
    public T Phase;

    /// <summary>Sum of the squared errors of the last lap so far, m².</summary>
    public T LateSquares;
}

/// <summary>Where the reference will be: its place as seen from the vehicle, and its velocity.</summary>
public struct TrackAhead<T> where T : unmanaged, ILane<T>
{
    /// <summary>Reference minus vehicle, world, m.</summary>
    public Point<T> Position;

    /// <summary>World, m/s.</summary>
    public Point<T> Velocity;
}

/// <summary>What the actor of <c>quadrotor-track</c> sees: 36 numbers, then the last actions.</summary>
public struct TrackView<T> where T : unmanaged, ILane<T>
{
    /// <summary>The vehicle, with its error to the present reference.</summary>
    public QuadrotorView<T> Vehicle;

    /// <summary>The reference in 0.1, 0.3 and 0.6 s.</summary>
    public TrackAhead<T> Near, Middle, Far;
}

/// <summary>Observation groups of <c>quadrotor-track</c>.</summary>
public struct TrackObservation<T> where T : unmanaged, ILane<T>
{
    public TrackView<T> Observation;
    public QuadrotorPrivileged<T> Privileged;
}

/// <summary>
/// Follow a moving reference along a Lissajous figure of eight, x = 0.5 sin θ, y = 0.25 sin 2θ, z = 0, in laps of 5.5 s.
/// The reference of a step is where the curve is at the end of that step. The phase is drawn from the stream
/// <see cref="RandomStream.Task"/>. Success looks at the last lap of the episode, so by default at the second of two.
/// </summary>
public readonly struct TrackTask<T>
    : ILaneTask<T, TrackTask<T>, TrackState<T>, Rotors<T>, TrackObservation<T>, HoverReward<T>, TrackSettings>
    where T : unmanaged, ILane<T>
{
    private const float NearTime = 0.1f, MiddleTime = 0.3f, FarTime = 0.6f;

    public static void Reset(out TrackState<T> state, in LaneRandom<T> random, in TrackSettings settings)
    {
        QuadrotorStart.DrawParameters(in random, settings.Vehicle, settings.Randomisation, out state.Parameters);
        var task = random.Stream(RandomStream.Task);
        state.Phase = task.Uniform(-MathF.PI, MathF.PI);
        Reference(state.Phase, in settings, out var position, out var velocity);
        QuadrotorStart.Level(in position.X, in position.Y, in position.Z, in state.Parameters.HoverSpeed, out state.Body);
        (state.Body.VelocityX, state.Body.VelocityY, state.Body.VelocityZ) = (velocity.X, velocity.Y, velocity.Z);
        var draws = random.Stream(RandomStream.StartState);
        QuadrotorStart.Scatter(ref state.Body, ref draws, settings.StartPosition, settings.StartVelocity);
        state.LastAction = QuadrotorTerms.Holding(state.Parameters.HoverSpeed);
        state.LateSquares = T.Of(0);
    }

    public static void Step(ref TrackState<T> state, in Rotors<T> action, in LaneRandom<T> random, in TrackSettings settings,
        out HoverReward<T> reward, out StepEnd<T> end)
    {
        var clipped = QuadrotorTerms.Clip(in action);
        var command = QuadrotorDynamics.Command(in clipped);
        QuadrotorDynamics.Advance(ref state.Body, in state.Parameters, in command, settings.Vehicle);

        Reference(Angle(in state, in random, 0, in settings), in settings, out var target, out _);
        T squared = QuadrotorTerms.Place(in state.Body).SquaredDistance(in target);
        T distance = T.Sqrt(squared);
        T failed = (distance > settings.ErrorLimit) | QuadrotorTerms.TooFast(in state.Body, settings.SpeedLimit, settings.SpinLimit);
        T zero = T.Of(0);
        reward.Alive = T.Select(failed, zero, T.Of(settings.AliveReward));
        reward.Position = T.Select(failed, zero, -settings.PositionCost * distance);
        reward.Yaw = T.Select(failed, zero, -settings.YawCost * QuadrotorTerms.Yaw(in state.Body));
        reward.Action = T.Select(failed, zero, -settings.ActionCost * QuadrotorTerms.Change(in clipped, in state.LastAction));
        reward.Termination = T.Select(failed, T.Of(settings.TerminationReward), zero);
        state.LastAction = clipped;

        float lateSteps = MathF.Min(settings.EpisodeSteps, MathF.Floor(settings.LapTime / settings.Vehicle.Dt + 0.5f));
        T late = random.Step > (settings.EpisodeSteps - lateSteps);
        state.LateSquares += T.Select(late, squared, zero);
        end.Terminated = failed;
        end.Success = (random.Step >= T.Of(settings.EpisodeSteps)) & ~failed
            & (state.LateSquares <= settings.SuccessError * settings.SuccessError * lateSteps);
    }

    public static void Observe(in TrackState<T> state, in LaneRandom<T> random, in TrackSettings settings, out TrackObservation<T> observation)
    {
        Reference(Angle(in state, in random, 0, in settings), in settings, out var target, out _);
        QuadrotorView<T>.Of(in state.Body, target.X, target.Y, target.Z, in random, settings.Noise, out observation.Observation.Vehicle);
        ref readonly var vehicle = ref observation.Observation.Vehicle;
        Look(Angle(in state, in random, NearTime, in settings), in vehicle, in target, in settings, out observation.Observation.Near);
        Look(Angle(in state, in random, MiddleTime, in settings), in vehicle, in target, in settings, out observation.Observation.Middle);
        Look(Angle(in state, in random, FarTime, in settings), in vehicle, in target, in settings, out observation.Observation.Far);
        QuadrotorPrivileged<T>.Of(in state.Body, in state.Parameters, out observation.Privileged);
    }

    /// <summary>Angle of the curve some seconds ahead of the present step.</summary>
    private static T Angle(in TrackState<T> state, in LaneRandom<T> random, float ahead, in TrackSettings settings)
    {
        float rate = MathF.Tau / settings.LapTime;
        return T.Fma(T.Of(rate * settings.Vehicle.Dt), random.Step, state.Phase + rate * ahead);
    }

    /// <summary>The curve at an angle: x = a sin θ, y = b sin 2θ = 2 b sin θ cos θ.</summary>
    private static void Reference(in T angle, in TrackSettings settings, out Point<T> position, out Point<T> velocity)
    {
        LaneMath.SinCos(angle, out T sin, out T cos);
        float rate = MathF.Tau / settings.LapTime;
        T zero = T.Of(0);
        position = Point<T>.Of(settings.HalfLength * sin, 2f * settings.HalfWidth * (sin * cos), zero);
        velocity = Point<T>.Of(settings.HalfLength * rate * cos, 2f * settings.HalfWidth * rate * (cos * cos - sin * sin), zero);
    }

    private static void Look(in T angle, in QuadrotorView<T> vehicle, in Point<T> target, in TrackSettings settings, out TrackAhead<T> ahead)
    {
        Reference(in angle, in settings, out var position, out ahead.Velocity);
        ahead.Position = position.SeenBy(in vehicle, in target);
    }
}

/// <summary>Registry row of <c>quadrotor-track</c>.</summary>
public static class Track
{
    public static LaneDefinition<TrackSettings> Definition { get; } = new("quadrotor-track", typeof(TrackTask<>))
    {
        Summary = "Fly a Crazyflie along a figure of eight, 1 m by 0.5 m, in laps of 5.5 s.",
        Action = Box.Symmetric(4),
        ActionHistory = 16,
        TimeLimit = settings => settings.EpisodeSteps,
        ControlPeriod = settings => settings.Vehicle.Dt,
        HasSuccess = true,
        ScriptedExpert = QuadrotorExpert.Track,
    };
}
