using System.ComponentModel.DataAnnotations;
using Sim.Environments.Classic.Experts;
using Sim.Environments.Lanes;
using Sim.Environments.Spaces;
using Sim.Physics.Numerics;
using static Sim.Physics.Numerics.LaneMath;

namespace Sim.Environments.Classic;

/// <summary>Configuration of <c>mountain-car</c>.</summary>
public record struct MountainCarSettings()
{
    /// <summary>Control steps of an episode.</summary>
    [Range(1, 1_000_000)] public int EpisodeSteps { get; init; } = 200;

    /// <summary>Least start position.</summary>
    [Range(MountainCar.LeftWall, MountainCar.RightEnd)] public float Low { get; init; } = -0.6f;

    /// <summary>Greatest start position.</summary>
    [Range(MountainCar.LeftWall, MountainCar.RightEnd)] public float High { get; init; } = -0.4f;

    /// <summary>Least velocity at which the flag counts as reached, a step.</summary>
    [Range(-MountainCar.MaxSpeed, MountainCar.MaxSpeed)] public float GoalVelocity { get; init; }

    /// <summary>Change of velocity by the engine, a step.</summary>
    [Range(0f, 0.01f)] public float Force { get; init; } = 0.001f;

    /// <summary>Change of velocity by the steepest slope, a step.</summary>
    [Range(0f, 0.01f)] public float Gravity { get; init; } = 0.0025f;
}

/// <summary>State of both mountain cars, which is also their observation.</summary>
public struct MountainCarState<T> where T : unmanaged, ILane<T>
{
    /// <summary>Along the valley, whose bottom lies at −π/6.</summary>
    public T Position;

    /// <summary>Change of position a step.</summary>
    public T Velocity;
}

/// <summary>Reward terms of <c>mountain-car</c>.</summary>
public struct MountainCarReward<T> where T : unmanaged, ILane<T>
{
    /// <summary>−1 for every step, the last included.</summary>
    public T Time;
}

/// <summary>
/// Drive an underpowered car out of a valley by rocking: Moore, "Efficient Memory-based Learning for Robot Control"
/// (1990), in the form of Gymnasium's MountainCar-v0.
/// </summary>
public readonly struct MountainCarTask<T>
    : ILaneTask<T, MountainCarTask<T>, MountainCarState<T>, Choice<T>, MountainCarState<T>, MountainCarReward<T>, MountainCarSettings>
    where T : unmanaged, ILane<T>
{
    public static void Reset(out MountainCarState<T> state, in LaneRandom<T> random, in MountainCarSettings settings)
        => MountainCar.Start(out state, in random, settings.Low, settings.High);

    public static void Step(ref MountainCarState<T> state, in Choice<T> action, in LaneRandom<T> random, in MountainCarSettings settings,
        out MountainCarReward<T> reward, out StepEnd<T> end)
    {
        MountainCar.Roll(ref state, (action.Index - 1f) * settings.Force, settings.Gravity);
        end.Terminated = end.Success = (state.Position >= Goal) & (state.Velocity >= settings.GoalVelocity);
        reward.Time = T.Of(-1);
    }

    public static void Observe(in MountainCarState<T> state, in LaneRandom<T> random, in MountainCarSettings settings, out MountainCarState<T> observation)
        => observation = state;

    private const float Goal = 0.5f;
}

/// <summary>Registry row of <c>mountain-car</c>, and the valley that both cars share.</summary>
public static class MountainCar
{
    public const float LeftWall = -1.2f, RightEnd = 0.6f;

    /// <summary>Greatest change of position a step.</summary>
    public const float MaxSpeed = 0.07f;

    public static LaneDefinition<MountainCarSettings> Definition { get; } = new("mountain-car", typeof(MountainCarTask<>))
    {
        Summary = "Drive an underpowered car out of a valley by rocking.",
        AlsoKnownAs = ["MountainCar-v0"],
        Action = new Discrete(3),
        ObservationBounds = _ => [(LeftWall, RightEnd), (-MaxSpeed, MaxSpeed)],
        TimeLimit = settings => settings.EpisodeSteps,
        ControlPeriod = _ => ControlPeriod,
        RewardRange = _ => (-1, -1),
        HasSuccess = true,
        SolvedAt = -110,
        Check = settings => StartRange.Check(settings.Low, settings.High),
        ScriptedExpert = _ => new MountainCarExpert(),
    };

    /// <summary>The source has no time; its pictures run at 30 steps a second.</summary>
    internal const float ControlPeriod = 1f / 30;

    /// <summary>At rest, somewhere in [low, high).</summary>
    internal static void Start<T>(out MountainCarState<T> state, in LaneRandom<T> random, float low, float high) where T : unmanaged, ILane<T>
    {
        state.Position = random.Stream(RandomStream.StartState).Uniform(low, high);
        state.Velocity = T.Of(0);
    }

    /// <summary>One step down a slope of −cos 3p, stopped dead by the left wall.</summary>
    internal static void Roll<T>(ref MountainCarState<T> state, T push, float gravity) where T : unmanaged, ILane<T>
    {
        T velocity = Clamp(state.Velocity + push - gravity * Cos(3f * state.Position), MaxSpeed);
        state.Position = Clamp(state.Position + velocity, LeftWall, RightEnd);
        T stopped = T.Equal(state.Position, T.Of(LeftWall)) & (velocity < 0f);
        state.Velocity = T.Select(stopped, T.Of(0), velocity);
    }
}
