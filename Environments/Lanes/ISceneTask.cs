using Sim.Physics.Batched;
using Sim.Physics.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Environments.Lanes;

/// <summary>
/// A task with a physics world: bodies, contacts and joints in a <see cref="Scene"/>, everything else in its private
/// state. The tile it is given holds the worlds of the same environments as the lanes of its state; snapshots, resets
/// and faults take both. A task that needs no world is an
/// <see cref="ILaneTask{T, TTask, TState, TAction, TObservation, TReward, TSettings}"/>.
/// </summary>
/// <typeparam name="T">The lane type; implement the task as a generic struct over it.</typeparam>
/// <typeparam name="TTask">The task itself.</typeparam>
/// <typeparam name="TState">Private state: a struct whose fields are T, or structs of T.</typeparam>
/// <typeparam name="TAction">The action: a struct of T; one field, the choice, when discrete.</typeparam>
/// <typeparam name="TObservation">As of a task without a world.</typeparam>
/// <typeparam name="TReward">A struct of T: the named terms, weighted, whose sum is the reward.</typeparam>
/// <typeparam name="TSettings">The configuration: a blittable record struct.</typeparam>
public interface ISceneTask<T, TTask, TState, TAction, TObservation, TReward, TSettings>
    where T : unmanaged, ILane<T>
    where TTask : struct, ISceneTask<T, TTask, TState, TAction, TObservation, TReward, TSettings>
    where TState : unmanaged
    where TAction : unmanaged
    where TObservation : unmanaged
    where TReward : unmanaged
    where TSettings : unmanaged
{
    /// <summary>The world of one environment, as it is before <see cref="Reset"/> draws the start of an episode; null for none.</summary>
    /// <exception cref="SceneException">The settings make no scene; the message names the value.</exception>
    static abstract Scene? Build(in TSettings settings);

    /// <summary>
    /// Draws the start of an episode. The world has been put back to the scene's beginning; what is written to it reaches
    /// the starting lanes alone. Must not read the old <paramref name="state"/> and must not step the world.
    /// </summary>
    static abstract void Reset(out TState state, in SceneTile<T> scene, in LaneRandom<T> random, in TSettings settings);

    /// <summary>
    /// One control step: as many steps of the world as the control period has. <see cref="LaneRandom{T}.Step"/> counts
    /// from 1 in the first step of an episode.
    /// </summary>
    static abstract void Step(ref TState state, in SceneTile<T> scene, in TAction action, in LaneRandom<T> random, in TSettings settings,
        out TReward reward, out StepEnd<T> end);

    static abstract void Observe(in TState state, in SceneTile<T> scene, in LaneRandom<T> random, in TSettings settings, out TObservation observation);
}
