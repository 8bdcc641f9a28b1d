using System.Reflection;
using Sim.Physics.Gpu;
using Sim.Physics.Numerics;

namespace Sim.Environments.Lanes.Gpu;

/// <summary>The kernels of one lane task, closed over its types.</summary>
public sealed class LaneGpuKernels
{
    private readonly Type _kernels;

    /// <param name="task">The open generic struct of the task, such as <c>typeof(PendulumTask&lt;&gt;)</c>.</param>
    /// <exception cref="ArgumentException">It is no lane task.</exception>
    public LaneGpuKernels(Type task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var closed = task.MakeGenericType(typeof(LaneGpu));
        var contract = closed.GetInterfaces().FirstOrDefault(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ILaneTask<,,,,,,>))
            ?? throw new ArgumentException($"{task.Name} is no lane task", nameof(task));
        var types = contract.GetGenericArguments();
        (State, Action, Observation, Reward) = (types[2], types[3], types[4], types[5]);
        _kernels = typeof(LaneGpuKernel<,,,,,,,,,>).MakeGenericType(
            [closed, .. types[2..], LaneFields.Of(State), LaneFields.Of(Action), LaneFields.Of(Observation), LaneFields.Of(Reward)]);
    }

    /// <summary>Structs of the task over <see cref="LaneGpu"/>.</summary>
    public Type State { get; }

    /// <inheritdoc cref="State"/>
    public Type Action { get; }

    /// <inheritdoc cref="State"/>
    public Type Observation { get; }

    /// <inheritdoc cref="State"/>
    public Type Reward { get; }

    /// <summary>Fields of the state on the device: the task's and four of the random streams.</summary>
    public int StateFields => LaneFields.Count(State) + 4;

    /// <summary>Numbers of one row of observations, all groups side by side, without action history.</summary>
    public int ObservationFields => LaneFields.Count(Observation);

    /// <summary>Starts episodes; see <see cref="LaneGpuKernel{TTask, TState, TAction, TObservation, TReward, TSettings, TStateFields, TActionFields, TObservationFields, TRewardFields}.Reset"/>.</summary>
    public MethodInfo Reset => _kernels.GetMethod(nameof(Reset))!;

    /// <summary>Steps; see <see cref="LaneGpuKernel{TTask, TState, TAction, TObservation, TReward, TSettings, TStateFields, TActionFields, TObservationFields, TRewardFields}.Step"/>.</summary>
    public MethodInfo Step => _kernels.GetMethod(nameof(Step))!;

    /// <exception cref="PtxException">The task leaves the language that compiles to PTX.</exception>
    public PtxKernel CompileReset() => PtxCompiler.Compile(Reset);

    /// <exception cref="PtxException">The task leaves the language that compiles to PTX.</exception>
    public PtxKernel CompileStep() => PtxCompiler.Compile(Step);
}
