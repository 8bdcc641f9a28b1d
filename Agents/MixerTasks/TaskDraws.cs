using Sim.Agents.Training;
using Sim.Physics.Numerics;

namespace Sim.Agents.MixerTasks;

/// <summary>
/// The random numbers of one batch, from the stream <see cref="RandomStream.Task"/>: equal seeds and numbers of the batch draw equal batches.
/// </summary>
/// <param name="seed">Of the run.</param>
/// <param name="batch">Which batch of the run.</param>
public sealed class TaskDraws(ulong seed, ulong batch)
{
    /// <summary>Places of the stream that a batch has to itself.</summary>
    private const ulong PerBatch = 4;

    private ulong _drawn;

    /// <summary>Whole numbers uniform in 0 … limit − 1.</summary>
    public int[] Indices(int count, int limit)
    {
        int[] indices = new int[count];
        CounterRandom.FillIndices(indices, limit, seed, RandomStream.Task, Place());
        return indices;
    }

    /// <summary>Numbers uniform in [0, 1).</summary>
    public float[] Units(int count)
    {
        float[] units = new float[count];
        CounterRandom.FillUniform(units, seed, RandomStream.Task, Place());
        return units;
    }

    private ulong Place() => _drawn < PerBatch ? (batch * PerBatch) + _drawn++
        : throw new InvalidOperationException($"a batch of a task draws {PerBatch} times at most");
}
