using System.ComponentModel.DataAnnotations;
using Sim.Environments.Lanes;
using Sim.Environments.Spaces;
using Sim.Physics.Numerics;

namespace Sim.Environments.Quadrotors;

/// <summary>Configuration of <c>quadrotor-gates</c>.</summary>
public record struct GatesSettings()
{
    public VehicleSettings Vehicle { get; init; } = new();
    public RandomisationSettings Randomisation { get; init; } = new();
    public ObservationNoiseSettings Noise { get; init; } = new();

    /// <summary>Control steps of an episode.</summary>
    [Range(1, 1_000_000)] public int EpisodeSteps { get; init; } = 1500;

    /// <summary>Radius of the circle on which the gates stand, m.</summary>
    [Range(0.5f, 100f)] public float Radius { get; init; } = 1.5f;

    /// <summary>Gates stand within ± this of the circle's height, m.</summary>
    [Range(0f, 100f)] public float HeightRange { get; init; } = 0.3f;

    /// <summary>Side of a gate's opening, m.</summary>
    [Range(0.05f, 10f)] public float OpeningSide { get; init; } = 0.4f;

    /// <summary>Width and depth of the bars of a gate's frame, m.</summary>
    [Range(0.001f, 1f)] public float FrameThickness { get; init; } = 0.05f;

    /// <summary>Radius of the sphere around the vehicle that must not touch a frame, m.</summary>
    [Range(0f, 1f)] public float VehicleRadius { get; init; } = 0.06f;

    /// <summary>The vehicle starts this far behind the first gate, at the gate's height, m.</summary>
    [Range(0f, 10f)] public float StartDistance { get; init; } = 0.75f;

    /// <summary>Start position within ± this of that place in each component, m.</summary>
    [Range(0f, 10f)] public float StartPosition { get; init; } = 0.05f;

    /// <summary>Start velocity within ± this in each component, m/s.</summary>
    [Range(0f, 10f)] public float StartVelocity { get; init; } = 0.1f;

    /// <summary>The episode ends when a position component exceeds this, m.</summary>
    [Range(0.01f, 1000f)] public float PositionLimit { get; init; } = 2f;

    /// <summary>The episode ends when a velocity component exceeds this, m/s.</summary>
    [Range(0.01f, 1000f)] public float SpeedLimit { get; init; } = 6f;

    /// <summary>The episode ends when an angular velocity component exceeds this, rad/s.</summary>
    [Range(0.01f, 1000f)] public float SpinLimit { get; init; } = 35f;

    /// <summary>Reward per metre come nearer to the present gate's centre.</summary>
    public float ProgressReward { get; init; } = 5f;

    /// <summary>Reward of a gate passed through its inside in the right direction.</summary>
    public float GateReward { get; init; } = 10f;

    /// <summary>Cost of the change of action.</summary>
    public float ActionCost { get; init; } = 0.2f;

    /// <summary>Full laps, of three gates each, that count as a success.</summary>
    [Range(1, 1000)] public int SuccessLaps { get; init; } = 2;
}

/// <summary>State of <c>quadrotor-gates</c>.</summary>
public struct GatesState<T> where T : unmanaged, ILane<T>
{
    public QuadrotorBody<T> Body;
    public QuadrotorParameters<T> Parameters;
    public Rotors<T> LastAction;
    public GateRing<T> Ring;

    /// <summary>The gate to pass, 0 to 2.</summary>
    public T Gate;

    /// <summary>Gates passed in this episode.</summary>
    public T Passed;
}

/// <summary>What the actor of <c>quadrotor-gates</c> sees: 24 numbers, then the last actions.</summary>
public struct GatesView<T> where T : unmanaged, ILane<T>
{
    /// <summary>The vehicle, with its error to the present gate's centre.</summary>
    public QuadrotorView<T> Vehicle;

    /// <summary>The direction in which the present gate is to be passed, world, of length 1.</summary>
    public Point<T> Normal;

    /// <summary>Centre of the gate after the present one minus the vehicle, world, m.</summary>
    public Point<T> Next;
}

/// <summary>Observation groups of <c>quadrotor-gates</c>.</summary>
public struct GatesObservation<T> where T : unmanaged, ILane<T>
{
    public GatesView<T> Observation;
    public QuadrotorPrivileged<T> Privileged;
}

/// <summary>Reward terms of <c>quadrotor-gates</c>.</summary>
public struct GatesReward<T> where T : unmanaged, ILane<T>
{
    public T Progress, Gate, Action;
}

/// <summary>
/// Fly laps through three gates. Heights are drawn from the stream <see cref="RandomStream.Task"/>. A gate is passed
/// when the straight line between the vehicle's centre before and after a step crosses the gate's plane along its
/// normal, inside the opening; gates count only in turn. Any gate's frame may be touched, passed or not. The limit
/// on speed is that of <c>quadrotor-waypoints</c>.
/// </summary>
public readonly struct GatesTask<T>
    : ILaneTask<T, GatesTask<T>, GatesState<T>, Rotors<T>, GatesObservation<T>, GatesReward<T>, GatesSettings>
    where T : unmanaged, ILane<T>
{
    public static void Reset(out GatesState<T> state, in LaneRandom<T> random, in GatesSettings settings)
    {
        QuadrotorStart.DrawParameters(in random, settings.Vehicle, settings.Randomisation, out state.Parameters);
        var task = random.Stream(RandomStream.Task);
        state.Ring.Height0 = task.Uniform(-settings.HeightRange, settings.HeightRange);
        state.Ring.Height1 = task.Uniform(-settings.HeightRange, settings.HeightRange);
        state.Ring.Height2 = task.Uniform(-settings.HeightRange, settings.HeightRange);
        state.Gate = state.Passed = T.Of(0);

        T x = T.Of(settings.Radius), y = T.Of(-settings.StartDistance);
        QuadrotorStart.Level(in x, in y, in state.Ring.Height0, in state.Parameters.HoverSpeed, out state.Body);
        var draws = random.Stream(RandomStream.StartState);
        QuadrotorStart.Scatter(ref state.Body, ref draws, settings.StartPosition, settings.StartVelocity);
        state.LastAction = QuadrotorTerms.Holding(state.Parameters.HoverSpeed);
    }

    public static void Step(ref GatesState<T> state, in Rotors<T> action, in LaneRandom<T> random, in GatesSettings settings,
        out GatesReward<T> reward, out StepEnd<T> end)
    {
        var centre = state.Ring.Centre(state.Gate, settings.Radius);
        var start = QuadrotorTerms.Place(in state.Body);
        var clipped = QuadrotorTerms.Clip(in action);
        var command = QuadrotorDynamics.Command(in clipped);
        QuadrotorDynamics.Advance(ref state.Body, in state.Parameters, in command, settings.Vehicle);
        var place = QuadrotorTerms.Place(in state.Body);

        T passed = Passes(in state, in start, in place, in settings);
        reward.Progress = settings.ProgressReward * (T.Sqrt(start.SquaredDistance(in centre)) - T.Sqrt(place.SquaredDistance(in centre)));
        reward.Gate = T.Select(passed, T.Of(settings.GateReward), T.Of(0));
        reward.Action = -settings.ActionCost * QuadrotorTerms.Change(in clipped, in state.LastAction);
        state.LastAction = clipped;
        state.Gate = T.Select(passed, GateRing<T>.After(state.Gate), state.Gate);
        state.Passed = T.Select(passed, state.Passed + 1f, state.Passed);

        end.Terminated = Touches(in state.Ring, in place, in settings)
            | QuadrotorTerms.Beyond(place.X, place.Y, place.Z, settings.PositionLimit)
            | QuadrotorTerms.TooFast(in state.Body, settings.SpeedLimit, settings.SpinLimit);
        end.Success = state.Passed >= T.Of(3f * settings.SuccessLaps);
    }

    public static void Observe(in GatesState<T> state, in LaneRandom<T> random, in GatesSettings settings, out GatesObservation<T> observation)
    {
        var centre = state.Ring.Centre(state.Gate, settings.Radius);
        QuadrotorView<T>.Of(in state.Body, centre.X, centre.Y, centre.Z, in random, settings.Noise, out observation.Observation.Vehicle);
        observation.Observation.Normal = GateRing<T>.Normal(state.Gate);
        observation.Observation.Next = state.Ring.Centre(GateRing<T>.After(state.Gate), settings.Radius)
            .SeenBy(in observation.Observation.Vehicle, in centre);
        QuadrotorPrivileged<T>.Of(in state.Body, in state.Parameters, out observation.Privileged);
    }

    /// <summary>Mask: the way from start to end leads through the present gate.</summary>
    private static T Passes(in GatesState<T> state, in Point<T> start, in Point<T> end, in GatesSettings settings)
    {
        var before = state.Ring.InGate(in start, state.Gate, settings.Radius);
        var after = state.Ring.InGate(in end, state.Gate, settings.Radius);
        T zero = T.Of(0);
        T crosses = (before.X < zero) & (after.X >= zero);
        T share = before.X / T.Select(crosses, before.X - after.X, T.Of(1));
        T across = T.Abs(LaneMath.Lerp(before.Y, after.Y, share)), up = T.Abs(LaneMath.Lerp(before.Z, after.Z, share));
        return crosses & (T.Max(across, up) < settings.OpeningSide * 0.5f);
    }

    /// <summary>Mask: the sphere around the vehicle touches a frame.</summary>
    private static T Touches(in GateRing<T> ring, in Point<T> place, in GatesSettings settings)
    {
        T limit = T.Of(settings.VehicleRadius * settings.VehicleRadius);
        T touches = T.Of(0);
        for (int gate = 0; gate < 3; gate++)
        {
            var inGate = ring.InGate(in place, T.Of(gate), settings.Radius);
            touches |= GateRing<T>.SquaredDistanceToFrame(in inGate, settings.OpeningSide * 0.5f, settings.FrameThickness) <= limit;
        }
        return touches;
    }
}

/// <summary>Registry row of <c>quadrotor-gates</c>.</summary>
public static class Gates
{
    public static LaneDefinition<GatesSettings> Definition { get; } = new("quadrotor-gates", typeof(GatesTask<>))
    {
        Summary = "Fly a Crazyflie in laps through three gates.",
        Action = Box.Symmetric(4),
        ActionHistory = 16,
        TimeLimit = settings => settings.EpisodeSteps,
        ControlPeriod = settings => settings.Vehicle.Dt,
        HasSuccess = true,
        ScriptedExpert = QuadrotorExpert.Gates,
    };
}
