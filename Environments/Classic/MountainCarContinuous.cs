using System.ComponentModel.DataAnnotations;
using Sim.Environments.Classic.Experts;
using Sim.Environments.Lanes;
using Sim.Environments.Spaces;
using Sim.Physics.Numerics;
using static Sim.Physics.Numerics.LaneMath;

namespace Sim.Environments.Classic;

/// <summary>Configuration of <c>mountain-car-continuous</c>.</summary>
public record struct MountainCarContinuousSettings()
{
    /// <summary>Control steps of an episode.</summary>
    [Range(1, 1_000_000)] public int EpisodeSteps { get; init; } = 999;

    /// <summary>Least start position.</summary>
    [Range(MountainCar.LeftWall, MountainCar.RightEnd)] public float Low { get; init; } = -0.6f;

    /// <summary>Greatest start position.</summary>
    [Range(MountainCar.LeftWall, MountainCar.RightEnd)] public float High { get; init; } = -0.4f;

    /// <summary>Least velocity at which the flag counts as reached, a step.</summary>
    [Range(-MountainCar.MaxSpeed, MountainCar.MaxSpeed)] public float GoalVelocity { get; init; }

    /// <summary>Change of velocity by the engine at full power, a step.</summary>
    [Range(0f, 0.01f)] public float Power { get; init; } = 0.0015f;

    /// <summary>Change of velocity by the steepest slope, a step.</summary>
    [Range(0f, 0.01f)] public float Gravity { get; init; } = 0.0025f;
}

/// <summary>Action of <c>mountain-car-continuous</c>.</summary>
public struct MountainCarContinuousAction<T> where T : unmanaged, ILane<T>
{
    /// <summary>Share of full power, clipped to [−1, 1].</summary>
    public T Force;
}

/// <summary>Reward terms of <c>mountain-car-continuous</c>.</summary>
public struct MountainCarContinuousReward<T> where T : unmanaged, ILane<T>
{
    /// <summary>100 for the step that reaches the flag.</summary>
    public T Goal;

    /// <summary>−0.1 times the square of the action as it was asked for, before clipping.</summary>
    public T Effort;
}

/// <summary>
/// <c>mountain-car</c> with a throttle that has a price: Gymnasium's MountainCarContinuous-v0, after Moore,
/// "Efficient Memory-based Learning for Robot Control" (1990).
/// </summary>
public readonly struct MountainCarContinuousTask<T>
    : ILaneTask<T, MountainCarContinuousTask<T>, MountainCarState<T>, MountainCarContinuousAction<T>, MountainCarState<T>,
        MountainCarContinuousReward<T>, MountainCarContinuousSettings>
    where T : unmanaged, ILane<T>
{
    public static void Reset(out MountainCarState<T> state, in LaneRandom<T> random, in MountainCarContinuousSettings settings)
        => MountainCar.Start(out state, in random, settings.Low, settings.High);

    public static void Step(ref MountainCarState<T> state, in MountainCarContinuousAction<T> action, in LaneRandom<T> random,
        in MountainCarContinuousSettings settings, out MountainCarContinuousReward<T> reward, out StepEnd<T> end)
    {
        MountainCar.Roll(ref state, Clamp(action.Force, 1f) * settings.Power, settings.Gravity);
        end.Terminated = end.Success = (state.Position >= Goal) & (state.Velocity >= settings.GoalVelocity);
        reward.Goal = T.Select(end.Terminated, T.Of(100), T.Of(0));
        reward.Effort = -0.1f * Square(action.Force);
    }

    public static void Observe(in MountainCarState<T> state, in LaneRandom<T> random, in MountainCarContinuousSettings settings,
        out MountainCarState<T> observation)
        => observation = state;

    private const float Goal = 0.45f;
}

/// <summary>Registry row of <c>mountain-car-continuous</c>.</summary>
public static class MountainCarContinuous
{
    public static LaneDefinition<MountainCarContinuousSettings> Definition { get; }
        = new("mountain-car-continuous", typeof(MountainCarContinuousTask<>))
        {
            Summary = "Drive an underpowered car out of a valley by rocking, with a throttle that has a price.",
            AlsoKnownAs = ["MountainCarContinuous-v0"],
            Action = Box.Symmetric(1),
            ObservationBounds = _ => [(MountainCar.LeftWall, MountainCar.RightEnd), (-MountainCar.MaxSpeed, MountainCar.MaxSpeed)],
            TimeLimit = settings => settings.EpisodeSteps,
            ControlPeriod = _ => MountainCar.ControlPeriod,
            // No lower limit: an action beyond ±1 is charged in full.
            RewardRange = _ => (float.NegativeInfinity, 100),
            HasSuccess = true,
            SolvedAt = 90,
            Check = settings => StartRange.Check(settings.Low, settings.High),
            ScriptedExpert = environments => new MountainCarContinuousExpert(environments),
        };
}
