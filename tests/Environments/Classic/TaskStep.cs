using Sim.Environments.Lanes;
using Sim.Physics.Numerics;

namespace Sim.Tests.Environments.Classic;

/// <summary>Where one step of a lane task led: plain floats of one environment.</summary>
internal sealed record StepResult(float[] State, float[] Observation, float Reward, bool Terminated);

/// <summary>Steps a lane task from given states through its static methods, without a batch.</summary>
internal static unsafe class TaskStep
{
    /// <summary>One step of every start, <c>T.Width</c> side by side.</summary>
    public static StepResult[] Run<T, TTask, TState, TAction, TObservation, TReward, TSettings>(
        IReadOnlyList<(float[] State, float Action)> starts, TSettings settings)
        where T : unmanaged, ILane<T>
        where TTask : struct, ILaneTask<T, TTask, TState, TAction, TObservation, TReward, TSettings>
        where TState : unmanaged
        where TAction : unmanaged
        where TObservation : unmanaged
        where TReward : unmanaged
        where TSettings : unmanaged
    {
        var results = new StepResult[starts.Count];
        for (int first = 0; first < starts.Count; first += T.Width)
        {
            TState state = default;
            TAction action = default;
            int used = Math.Min(T.Width, starts.Count - first);
            for (int lane = 0; lane < used; lane++)
            {
                var start = starts[first + lane];
                for (int i = 0; i < start.State.Length; i++) ((float*)&state)[(i * T.Width) + lane] = start.State[i];
                ((float*)&action)[lane] = start.Action;
            }
            LaneRandom<T> random = default;
            TTask.Step(ref state, in action, in random, in settings, out TReward reward, out StepEnd<T> end);
            TTask.Observe(in state, in random, in settings, out TObservation observation);
            for (int lane = 0; lane < used; lane++)
            {
                results[first + lane] = new StepResult(
                    LaneOf((float*)&state, sizeof(TState) / sizeof(T), T.Width, lane),
                    LaneOf((float*)&observation, sizeof(TObservation) / sizeof(T), T.Width, lane),
                    LaneOf((float*)&reward, sizeof(TReward) / sizeof(T), T.Width, lane).Sum(),
                    ((uint*)&end.Terminated)[lane] != 0);
            }
        }
        return results;
    }

    private static float[] LaneOf(float* fields, int count, int width, int lane)
        => [.. Enumerable.Range(0, count).Select(field => fields[(field * width) + lane])];
}
