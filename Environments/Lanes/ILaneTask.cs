using Sim.Physics.Batched;
using Sim.Physics.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Environments.Lanes;

/// <summary>
/// A task written as straight-line arithmetic on lanes: reset, step, observe. Everything else (batches, threads,
/// time limits, autoreset, statistics, snapshots) is the work of <see cref="LaneEnvironment{T, TTask, TState, TAction, TObservation, TReward, TSettings}"/>.
/// </summary>
/// <typeparam name="T">The lane type; implement the task as a generic struct over it.</typeparam>
/// <typeparam name="TTask">The task itself.</typeparam>
/// <typeparam name="TState">Private state: a struct whose fields are T, or structs of T.</typeparam>
/// <typeparam name="TAction">The action: a struct of T; one field, the choice, when discrete.</typeparam>
/// <typeparam name="TObservation">
/// A struct of T, whose field names label the observation; or a struct of such structs, whose field names are the
/// groups (Observation, Privileged, AchievedGoal, DesiredGoal, and last Info, which is no observation: see
/// <see cref="EnvironmentSpec.Info"/>).
/// </typeparam>
/// <typeparam name="TReward">A struct of T: the named terms, weighted, whose sum is the reward.</typeparam>
/// <typeparam name="TSettings">The configuration: a blittable record struct.</typeparam>
public interface ILaneTask<T, TTask, TState, TAction, TObservation, TReward, TSettings>
    : ISceneTask<T, TTask, TState, TAction, TObservation, TReward, TSettings>
    where T : unmanaged, ILane<T>
    where TTask : struct, ILaneTask<T, TTask, TState, TAction, TObservation, TReward, TSettings>
    where TState : unmanaged
    where TAction : unmanaged
    where TObservation : unmanaged
    where TReward : unmanaged
    where TSettings : unmanaged
{
    /// <summary>Draws the start of an episode. Must not read the old <paramref name="state"/>.</summary>
    static abstract void Reset(out TState state, in LaneRandom<T> random, in TSettings settings);

    /// <summary>
    /// One control step. <see cref="LaneRandom{T}.Step"/> counts from 1 in the first step of an episode.
    /// </summary>
    static abstract void Step(ref TState state, in TAction action, in LaneRandom<T> random, in TSettings settings,
        out TReward reward, out StepEnd<T> end);

    static abstract void Observe(in TState state, in LaneRandom<T> random, in TSettings settings, out TObservation observation);

    static Scene? ISceneTask<T, TTask, TState, TAction, TObservation, TReward, TSettings>.Build(in TSettings settings) => null;

    static void ISceneTask<T, TTask, TState, TAction, TObservation, TReward, TSettings>.Reset(out TState state, in SceneTile<T> scene,
        in LaneRandom<T> random, in TSettings settings)
        => TTask.Reset(out state, in random, in settings);

    static void ISceneTask<T, TTask, TState, TAction, TObservation, TReward, TSettings>.Step(ref TState state, in SceneTile<T> scene,
        in TAction action, in LaneRandom<T> random, in TSettings settings, out TReward reward, out StepEnd<T> end)
        => TTask.Step(ref state, in action, in random, in settings, out reward, out end);

    static void ISceneTask<T, TTask, TState, TAction, TObservation, TReward, TSettings>.Observe(in TState state, in SceneTile<T> scene,
        in LaneRandom<T> random, in TSettings settings, out TObservation observation)
        => TTask.Observe(in state, in random, in settings, out observation);
}

/// <summary>What a step says about its episode, as masks.</summary>
public struct StepEnd<T> where T : unmanaged, ILane<T>
{
    /// <summary>The episode is over because of what happened in it.</summary>
    public T Terminated;

    /// <summary>The episode counts as a success as it stands.</summary>
    public T Success;
}
