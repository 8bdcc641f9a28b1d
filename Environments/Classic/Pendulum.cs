using System.ComponentModel.DataAnnotations;
using Sim.Environments.Classic.Experts;
using Sim.Environments.Lanes;
using Sim.Environments.Spaces;
using Sim.Physics.Numerics;
using static Sim.Physics.Numerics.LaneMath;

namespace Sim.Environments.Classic;

/// <summary>Configuration of <c>pendulum</c>.</summary>
public record struct PendulumSettings()
{
    /// <summary>Control steps of an episode.</summary>
    [Range(1, 1_000_000)] public int EpisodeSteps { get; init; } = 200;

    /// <summary>Start angle within ± this, rad.</summary>
    [Range(0f, 100f)] public float XInit { get; init; } = MathF.PI;

    /// <summary>Start angular velocity within ± this, rad/s.</summary>
    [Range(0f, Pendulum.MaxSpeed)] public float YInit { get; init; } = 1f;

    /// <summary>Gravity, m/s²; Gymnasium's argument of that name.</summary>
    [Range(0f, 100f)] public float G { get; init; } = 10f;

    /// <summary>Mass of the rod, kg.</summary>
    [Range(0.01f, 100f)] public float Mass { get; init; } = 1f;

    /// <summary>Length of the rod, m.</summary>
    [Range(0.1f, 10f)] public float Length { get; init; } = 1f;

    /// <summary>Control period and integration step, s.</summary>
    [Range(0.001f, 0.1f)] public float Dt { get; init; } = 0.05f;
}

/// <summary>State of <c>pendulum</c>.</summary>
public struct PendulumState<T> where T : unmanaged, ILane<T>
{
    /// <summary>Angle from upright, rad, in [−π, π): wrapped, so that a long spin costs no precision.</summary>
    public T Angle;

    /// <summary>rad/s.</summary>
    public T AngularVelocity;
}

/// <summary>Action of <c>pendulum</c>.</summary>
public struct PendulumAction<T> where T : unmanaged, ILane<T>
{
    /// <summary>N·m, clipped to ± <see cref="Pendulum.MaxTorque"/>.</summary>
    public T Torque;
}

/// <summary>Observation of <c>pendulum</c>.</summary>
public struct PendulumObservation<T> where T : unmanaged, ILane<T>
{
    /// <summary>Of the angle from upright.</summary>
    public T Cos, Sin;

    /// <summary>rad/s.</summary>
    public T AngularVelocity;
}

/// <summary>Reward terms of <c>pendulum</c>: what angle, speed and torque cost.</summary>
public struct PendulumReward<T> where T : unmanaged, ILane<T>
{
    public T Angle, Speed, Torque;
}

/// <summary>
/// Swing a rod up with a motor too weak to lift it at once, and hold it there: Gymnasium's Pendulum-v1, a task that
/// goes back to Atkeson, "Using Local Trajectory Optimizers to Speed Up Global Optimization in Dynamic Programming",
/// NIPS 6 (1993). The rates are integrated by semi-implicit Euler; the cost is that of the state before the step.
/// </summary>
public readonly struct PendulumTask<T>
    : ILaneTask<T, PendulumTask<T>, PendulumState<T>, PendulumAction<T>, PendulumObservation<T>, PendulumReward<T>, PendulumSettings>
    where T : unmanaged, ILane<T>
{
    public static void Reset(out PendulumState<T> state, in LaneRandom<T> random, in PendulumSettings settings)
    {
        var draws = random.Stream(RandomStream.StartState);
        state.Angle = WrapAngle(draws.Uniform(-settings.XInit, settings.XInit));
        state.AngularVelocity = draws.Uniform(-settings.YInit, settings.YInit);
    }

    public static void Step(ref PendulumState<T> state, in PendulumAction<T> action, in LaneRandom<T> random, in PendulumSettings settings,
        out PendulumReward<T> reward, out StepEnd<T> end)
    {
        T torque = Clamp(action.Torque, Pendulum.MaxTorque);
        reward.Angle = -Square(WrapAngle(state.Angle));
        reward.Speed = -0.1f * Square(state.AngularVelocity);
        reward.Torque = -0.001f * Square(torque);

        float gravity = 3 * settings.G / (2 * settings.Length), motor = 3 / (settings.Mass * settings.Length * settings.Length);
        T acceleration = gravity * Sin(state.Angle) + motor * torque;
        state.AngularVelocity = Clamp(state.AngularVelocity + acceleration * settings.Dt, Pendulum.MaxSpeed);
        state.Angle = WrapAngle(state.Angle + state.AngularVelocity * settings.Dt);

        end.Terminated = end.Success = T.Of(0);
    }

    public static void Observe(in PendulumState<T> state, in LaneRandom<T> random, in PendulumSettings settings, out PendulumObservation<T> observation)
    {
        SinCos(state.Angle, out observation.Sin, out observation.Cos);
        observation.AngularVelocity = state.AngularVelocity;
    }
}

/// <summary>Registry row of <c>pendulum</c>.</summary>
public static class Pendulum
{
    /// <summary>N·m.</summary>
    public const float MaxTorque = 2;

    /// <summary>rad/s.</summary>
    public const float MaxSpeed = 8;

    public static LaneDefinition<PendulumSettings> Definition { get; } = new("pendulum", typeof(PendulumTask<>))
    {
        Summary = "Swing a rod up with a motor too weak to lift it at once, and hold it there.",
        AlsoKnownAs = ["Pendulum-v1"],
        Action = Box.Symmetric(1, MaxTorque),
        ObservationBounds = _ => [(-1, 1), (-1, 1), (-MaxSpeed, MaxSpeed)],
        TimeLimit = settings => settings.EpisodeSteps,
        ControlPeriod = settings => settings.Dt,
        // −(π² + 0.1·8² + 0.001·2²) = −16.2736044, and a little for rounding.
        RewardRange = _ => (-16.27361f, 0),
        ScriptedExpert = environments => new PendulumExpert(environments),
    };
}
