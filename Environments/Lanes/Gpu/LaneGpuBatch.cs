using Sim.Environments.Spaces;
using Sim.Physics.Gpu;

namespace Sim.Environments.Lanes.Gpu;

/// <summary>
/// N environments of a lane task on a GPU, stepped together in its memory, reset in the step in which they end.
/// Without action history, reward terms and statistics: what it takes to prove the road, no more.
/// </summary>
public sealed class LaneGpuBatch : IDisposable
{
    private readonly CudaModule _reset, _step;
    private readonly KernelArguments _resetArguments, _stepArguments;
    private readonly CudaMemory _state, _actions, _observations, _finalObservations, _rewards, _terminated, _truncated;

    /// <param name="context">Current on the calling thread.</param>
    /// <param name="definition">A registry row whose kind is <c>lanes</c>.</param>
    /// <param name="count">Environments, at least 1.</param>
    /// <param name="settings">The definition's own record; its defaults when left out.</param>
    /// <exception cref="ArgumentException">The definition is no lane task.</exception>
    /// <exception cref="PtxException">The task does not compile to PTX.</exception>
    /// <exception cref="CudaException">The driver refuses a kernel, or memory is short.</exception>
    public LaneGpuBatch(CudaContext context, EnvironmentDefinition definition, int count, object? settings = null)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (definition is not ILaneDefinition { HasScene: false } lanes) throw new ArgumentException($"{definition.Id} is no lane task", nameof(definition));
        settings ??= definition.DefaultSettings;
        Count = count;
        Spec = definition.Describe(settings);
        var kernels = LaneGpuKernels.Of(lanes.Task);
        ObservationFields = kernels.ObservationFields;
        _reset = new CudaModule(context, kernels.Reset);
        _step = new CudaModule(context, kernels.Step);
        _state = new CudaMemory(context, kernels.StateFields * count * sizeof(float));
        _actions = new CudaMemory(context, Spec.Action.Size * count * sizeof(float));
        _observations = new CudaMemory(context, ObservationFields * count * sizeof(float));
        _finalObservations = new CudaMemory(context, ObservationFields * count * sizeof(float));
        _rewards = new CudaMemory(context, count * sizeof(float));
        _terminated = new CudaMemory(context, count);
        _truncated = new CudaMemory(context, count);

        _resetArguments = new KernelArguments(kernels.Reset);
        Fill(_resetArguments, [_state.Address, _observations.Address, 0L, count, settings]);
        _stepArguments = new KernelArguments(kernels.Step);
        Fill(_stepArguments, [_state.Address, _actions.Address, _observations.Address, _finalObservations.Address,
            _rewards.Address, _terminated.Address, _truncated.Address, count, Spec.Action is Discrete discrete ? discrete.Count : 0,
            Spec.TimeLimit > 0 ? (float)Spec.TimeLimit : float.PositiveInfinity, settings]);
    }

    public int Count { get; }

    public EnvironmentSpec Spec { get; }

    /// <summary>Numbers of one row of observations: all groups and info outputs side by side, without action history.</summary>
    public int ObservationFields { get; }

    /// <summary>The kernel of a step, for its registers and memory.</summary>
    public CudaModule StepModule => _step;

    /// <summary>Starts the first episode of each environment; environment k has seed + k.</summary>
    public void Reset(ulong seed)
    {
        _resetArguments.Set(2, (long)seed);
        _reset.Launch(_resetArguments, Count);
    }

    /// <summary>Advances every environment by one control step; returns before the GPU has.</summary>
    public void Step() => _step.Launch(_stepArguments, Count);

    /// <summary>Copies float actions <c>[N, size]</c> to the GPU.</summary>
    public void WriteActions(ReadOnlySpan<float> actions) => _actions.Write(actions);

    /// <summary>Copies discrete actions <c>[N]</c> to the GPU.</summary>
    public void WriteActions(ReadOnlySpan<int> actions) => _actions.Write(actions);

    /// <summary>Copies observations <c>[N, fields]</c> from the GPU.</summary>
    public void ReadObservations(Span<float> observations) => _observations.Read(observations);

    /// <summary>Copies rewards <c>[N]</c> from the GPU.</summary>
    public void ReadRewards(Span<float> rewards) => _rewards.Read(rewards);

    /// <summary>Copies both flags <c>[N]</c> from the GPU.</summary>
    public void ReadFlags(Span<bool> terminated, Span<bool> truncated)
    {
        _terminated.Read(terminated);
        _truncated.Read(truncated);
    }

    public void Dispose()
    {
        foreach (var memory in (CudaMemory[])[_state, _actions, _observations, _finalObservations, _rewards, _terminated, _truncated]) memory.Dispose();
        _step.Dispose();
        _reset.Dispose();
    }

    private static void Fill(KernelArguments arguments, object[] values)
    {
        var set = typeof(KernelArguments).GetMethod(nameof(KernelArguments.Set))!;
        for (int i = 0; i < values.Length; i++) set.MakeGenericMethod(values[i].GetType()).Invoke(arguments, [i, values[i]]);
    }
}
