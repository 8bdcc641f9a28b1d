using System.ComponentModel.DataAnnotations;
using Sim.Environments.Lanes;
using Sim.Environments.Spaces;
using Sim.Physics.Numerics;
using static Sim.Physics.Numerics.LaneMath;

namespace Sim.Tests.Environments.Contract;

public record struct RocketSettings()
{
    /// <summary>Control steps of an episode.</summary>
    [Range(1, 1_000_000)] public int EpisodeSteps { get; init; } = 100;

    /// <summary>Thrust over mass, m/s².</summary>
    [Range(0f, 100f)] public float Thrust { get; init; } = 20f;
}

public struct RocketState<T> where T : unmanaged, ILane<T> { public T Height, Velocity; }

public struct RocketAction<T> where T : unmanaged, ILane<T> { public T Throttle; }

public struct RocketReward<T> where T : unmanaged, ILane<T> { public T Height, Crash; }

public readonly struct RocketTask<T>
    : ILaneTask<T, RocketTask<T>, RocketState<T>, RocketAction<T>, RocketState<T>, RocketReward<T>, RocketSettings>
    where T : unmanaged, ILane<T>
{
    public static void Reset(out RocketState<T> state, in LaneRandom<T> random, in RocketSettings settings)
    {
        var draws = random.Stream(RandomStream.StartState);
        state.Height = draws.Uniform(5, 15);
        state.Velocity = T.Of(0);
    }

    public static void Step(ref RocketState<T> state, in RocketAction<T> action, in LaneRandom<T> random,
        in RocketSettings settings, out RocketReward<T> reward, out StepEnd<T> end)
    {
        state.Velocity += 0.05f * (settings.Thrust * Clamp(action.Throttle, 0, 1) - 9.81f);
        state.Height += 0.05f * state.Velocity;
        end.Terminated = state.Height < 0f;
        end.Success = T.Of(0);
        reward.Height = -T.Abs(state.Height - 10f);
        reward.Crash = T.Select(end.Terminated, T.Of(-100), T.Of(0));
    }

    public static void Observe(in RocketState<T> state, in LaneRandom<T> random, in RocketSettings settings,
        out RocketState<T> observation)
        => observation = state;
}

public static class Rocket
{
    public static LaneDefinition<RocketSettings> Definition { get; } = new("rocket", typeof(RocketTask<>))
    {
        Summary = "Hold a rocket at ten metres.",
        Action = new Box([0], [1]),
        TimeLimit = settings => settings.EpisodeSteps,
        ControlPeriod = _ => 0.05f,
    };
}
