using System.Collections.Concurrent;
using System.Reflection;
using Sim.Physics.Gpu;
using Sim.Physics.Numerics;

namespace Sim.Environments.Lanes.Gpu;

/// <summary>The kernels of one lane task, closed over its types; compiled at first use, once a process.</summary>
public sealed class LaneGpuKernels
{
    private static readonly ConcurrentDictionary<Type, LaneGpuKernels> Known = new();

    private readonly Lazy<PtxKernel> _reset, _step;

    private LaneGpuKernels(Type task)
    {
        var closed = task.MakeGenericType(typeof(LaneGpu));
        var contract = closed.GetInterfaces().FirstOrDefault(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ILaneTask<,,,,,,>))
            ?? throw new ArgumentException($"{task.Name} is no lane task", nameof(task));
        var types = contract.GetGenericArguments();
        var (state, action, observation, reward) = (types[2], types[3], types[4], types[5]);
        var kernels = typeof(LaneGpuKernel<,,,,,,,,,>).MakeGenericType(
            [closed, .. types[2..], LaneFields.Of(state), LaneFields.Of(action), LaneFields.Of(observation), LaneFields.Of(reward)]);
        Settings = types[6];
        StateFields = LaneFields.Count(state) + LaneFields.Count(typeof(LaneRandom<LaneGpu>));
        ObservationFields = LaneFields.Count(observation);
        ResetMethod = kernels.GetMethod("Reset")!;
        StepMethod = kernels.GetMethod("Step")!;
        _reset = new(() => PtxCompiler.Compile(ResetMethod));
        _step = new(() => PtxCompiler.Compile(StepMethod));
    }

    /// <summary>Fields of the state on the device: the task's and those of the random streams.</summary>
    public int StateFields { get; }

    /// <summary>Numbers of one row of observations, all groups and info outputs side by side, without action history.</summary>
    public int ObservationFields { get; }

    /// <summary>The task's configuration, which both kernels take by value.</summary>
    public Type Settings { get; }

    /// <summary>Starts episodes; see <see cref="LaneGpuKernel{TTask, TState, TAction, TObservation, TReward, TSettings, TStateFields, TActionFields, TObservationFields, TRewardFields}.Reset"/>.</summary>
    public MethodInfo ResetMethod { get; }

    /// <summary>Steps; see <see cref="LaneGpuKernel{TTask, TState, TAction, TObservation, TReward, TSettings, TStateFields, TActionFields, TObservationFields, TRewardFields}.Step"/>.</summary>
    public MethodInfo StepMethod { get; }

    /// <summary>PTX of <see cref="ResetMethod"/>.</summary>
    /// <exception cref="PtxException">The task leaves the language that compiles to PTX.</exception>
    public PtxKernel Reset => _reset.Value;

    /// <summary>PTX of <see cref="StepMethod"/>.</summary>
    /// <exception cref="PtxException">The task leaves the language that compiles to PTX.</exception>
    public PtxKernel Step => _step.Value;

    /// <summary>The kernels of a task.</summary>
    /// <param name="task">Its open generic struct, such as <c>typeof(PendulumTask&lt;&gt;)</c>.</param>
    /// <exception cref="ArgumentException">It is no lane task.</exception>
    public static LaneGpuKernels Of(Type task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return Known.GetOrAdd(task, task => new LaneGpuKernels(task));
    }
}
