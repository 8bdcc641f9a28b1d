using Sim.Environments.Lanes;
using Sim.Environments.Spaces;
using Sim.Physics.Numerics;

namespace Sim.Tests.Agents.Training;

public record struct WalkSettings()
{
    public int EpisodeSteps { get; init; } = 7;

    /// <summary>The episode terminates at this position.</summary>
    public float End { get; init; } = 12;
}

public struct WalkState<T> where T : unmanaged, ILane<T> { public T Position, Start; }

public struct WalkAction<T> where T : unmanaged, ILane<T> { public T Push; }

public struct WalkReward<T> where T : unmanaged, ILane<T> { public T Step; }

/// <summary>
/// Whatever is done, the position grows by one a step, from a start in 0 … 9: every successor is known, and episodes
/// end both by termination and by the time limit.
/// </summary>
public readonly struct WalkTask<T>
    : ILaneTask<T, WalkTask<T>, WalkState<T>, WalkAction<T>, WalkState<T>, WalkReward<T>, WalkSettings>
    where T : unmanaged, ILane<T>
{
    public static void Reset(out WalkState<T> state, in LaneRandom<T> random, in WalkSettings settings)
    {
        state.Start = T.Floor(random.Stream(RandomStream.StartState).Uniform(0, 9.99f));
        state.Position = state.Start;
    }

    public static void Step(ref WalkState<T> state, in WalkAction<T> action, in LaneRandom<T> random, in WalkSettings settings,
        out WalkReward<T> reward, out StepEnd<T> end)
    {
        reward.Step = T.Of(0.5f) + (T.Of(0.1f) * state.Position);
        state.Position += T.Of(1);
        end.Terminated = state.Position >= T.Of(settings.End);
        end.Success = end.Terminated;
    }

    public static void Observe(in WalkState<T> state, in LaneRandom<T> random, in WalkSettings settings, out WalkState<T> observation)
        => observation = state;
}

public static class Walk
{
    public static LaneDefinition<WalkSettings> Definition { get; } = new("walk", typeof(WalkTask<>))
    {
        Summary = "Count the steps.",
        Action = Box.Symmetric(1),
        TimeLimit = settings => settings.EpisodeSteps,
        ControlPeriod = _ => 1,
    };
}
