using ILGPU;
using Sim.Physics.Numerics;

namespace Sim.Environments.Lanes.Gpu;

/// <summary>
/// The kernels of a lane task on a GPU: one thread, one environment. A trajectory follows from seed and actions as
/// on the CPU. Buffers are device addresses; state is field-major <c>[field, environment]</c>, what the public sees
/// is row-major <c>[environment, field]</c>.
/// </summary>
/// <remarks>
/// Fields of the state: the task's, then those of <see cref="LaneRandom{T}"/> (seed low, seed high, episode, step).
/// Written within what the PTX compiler takes: no throw, no arrays, no address of a local.
/// </remarks>
public static unsafe class LaneGpuKernel<TTask, TState, TAction, TObservation, TReward, TSettings, TStateFields, TActionFields, TObservationFields, TRewardFields>
    where TTask : struct, ILaneTask<LaneGpu, TTask, TState, TAction, TObservation, TReward, TSettings>
    where TState : unmanaged
    where TAction : unmanaged
    where TObservation : unmanaged
    where TReward : unmanaged
    where TSettings : unmanaged
    where TStateFields : struct, ILaneFields<TState>
    where TActionFields : struct, ILaneFields<TAction>
    where TObservationFields : struct, ILaneFields<TObservation>
    where TRewardFields : struct, ILaneFields<TReward>
{
    /// <summary>Starts the first episode of every environment: environment k has seed + k.</summary>
    /// <param name="state">float32 <c>[fields, count]</c>, written.</param>
    /// <param name="observations">float32 <c>[count, observation fields]</c>, written.</param>
    /// <param name="seed">Seed of environment 0.</param>
    /// <param name="count">Environments; threads beyond it do nothing.</param>
    /// <param name="settings">The task's configuration.</param>
    public static void Reset(long state, long observations, long seed, int count, TSettings settings)
    {
        int environment = (Grid.IdxX * Group.DimX) + Group.IdxX;
        if (environment >= count) return;
        ulong own = (ulong)seed + (ulong)environment;
        LaneRandom<LaneGpu> at;
        at.SeedLow = LaneGpu.OfBits((uint)own);
        at.SeedHigh = LaneGpu.OfBits((uint)(own >> 32));
        at.Episode = LaneGpu.OfBits(0);
        at.Step = LaneGpu.Of(0);
        TTask.Reset(out var fresh, in at, in settings);
        TTask.Observe(in fresh, in at, in settings, out var observation);
        TStateFields.Store(in fresh, (float*)state + environment, count);
        StoreRandom(in at, (float*)state + environment, count);
        TObservationFields.Store(in observation, Row(observations, environment, sizeof(TObservation)), 1);
    }

    /// <summary>One control step of every environment; an episode that ends is followed by the start of the next.</summary>
    /// <param name="state">float32 <c>[fields, count]</c>, read and written.</param>
    /// <param name="actions">float32 <c>[count, action fields]</c>, or int32 <c>[count]</c> when discrete.</param>
    /// <param name="observations">float32 <c>[count, observation fields]</c>: of the new episode where one ended.</param>
    /// <param name="finalObservations">The same shape; a row is written only where an episode ended.</param>
    /// <param name="rewards">float32 <c>[count]</c>.</param>
    /// <param name="terminated">uint8 <c>[count]</c>: the episode ended because of what happened in it.</param>
    /// <param name="truncated">uint8 <c>[count]</c>: the time limit was reached.</param>
    /// <param name="count">Environments; threads beyond it do nothing.</param>
    /// <param name="choices">Choices of a discrete action, 0 when actions are floats.</param>
    /// <param name="timeLimit">Control steps an episode may take; infinite for no limit.</param>
    /// <param name="settings">The task's configuration.</param>
    public static void Step(long state, long actions, long observations, long finalObservations, long rewards,
        long terminated, long truncated, int count, int choices, float timeLimit, TSettings settings)
    {
        int environment = (Grid.IdxX * Group.DimX) + Group.IdxX;
        if (environment >= count) return;
        float* column = (float*)state + environment;
        TStateFields.Load(column, count, out var current);
        LoadRandom(column, count, out var at);
        var acceptable = ReadAction(actions, environment, choices, out var action);

        at.Step += LaneGpu.Of(1);
        TTask.Step(ref current, in action, in at, in settings, out var reward, out var end);
        TTask.Observe(in current, in at, in settings, out var observation);

        var total = TRewardFields.Sum(in reward);
        var ended = end.Terminated;
        // What is not finite ends its episode with reward 0 and a final observation of zeros.
        if (!LaneGpu.Any(acceptable & TObservationFields.Finite(in observation) & TRewardFields.Finite(in reward)))
        {
            ended = ~LaneGpu.OfBits(0);
            total = LaneGpu.Of(0);
            TObservationFields.Fill(LaneGpu.Of(0), out observation);
        }
        var cut = at.Step >= LaneGpu.Of(timeLimit);
        LaneGpu.Store(total, (float*)rewards + environment);
        LaneGpu.StoreMask(ended, (byte*)terminated + environment);
        LaneGpu.StoreMask(cut, (byte*)truncated + environment);
        if (LaneGpu.Any(ended | cut))
        {
            TObservationFields.Store(in observation, Row(finalObservations, environment, sizeof(TObservation)), 1);
            at.Episode = LaneGpu.AddBits(at.Episode, LaneGpu.OfBits(1));
            at.Step = LaneGpu.Of(0);
            TTask.Reset(out current, in at, in settings);
            TTask.Observe(in current, in at, in settings, out observation);
        }
        TStateFields.Store(in current, column, count);
        StoreRandom(in at, column, count);
        TObservationFields.Store(in observation, Row(observations, environment, sizeof(TObservation)), 1);
    }

    /// <summary>Reads an action; returns the mask of whether it is one.</summary>
    private static LaneGpu ReadAction(long actions, int environment, int choices, out TAction action)
    {
        if (choices > 0)
        {
            var choice = LaneGpu.FromBits(LaneGpu.Load((float*)actions + environment));
            TActionFields.Fill(choice, out action);
            return (choice >= LaneGpu.Of(0)) & (choice < LaneGpu.Of(choices));
        }
        TActionFields.Load(Row(actions, environment, sizeof(TAction)), 1, out action);
        return TActionFields.Finite(in action);
    }

    private static float* Row(long rows, int row, int rowBytes) => (float*)(rows + ((long)row * rowBytes));

    private static void LoadRandom(float* column, long count, out LaneRandom<LaneGpu> at)
    {
        float* first = column + (sizeof(TState) / sizeof(float) * count);
        at.SeedLow = LaneGpu.Load(first);
        at.SeedHigh = LaneGpu.Load(first + count);
        at.Episode = LaneGpu.Load(first + (2 * count));
        at.Step = LaneGpu.Load(first + (3 * count));
    }

    private static void StoreRandom(in LaneRandom<LaneGpu> at, float* column, long count)
    {
        float* first = column + (sizeof(TState) / sizeof(float) * count);
        LaneGpu.Store(at.SeedLow, first);
        LaneGpu.Store(at.SeedHigh, first + count);
        LaneGpu.Store(at.Episode, first + (2 * count));
        LaneGpu.Store(at.Step, first + (3 * count));
    }
}
