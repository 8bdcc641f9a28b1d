namespace Sim.Environments.Lanes;

/// <summary>What every lane definition has, whatever its settings.</summary>
public interface ILaneDefinition
{
    /// <summary>The open generic struct of the task, such as <c>typeof(PendulumTask&lt;&gt;)</c>.</summary>
    Type Task { get; }

    /// <summary>Whether the task has a physics world, which runs on CPUs alone.</summary>
    bool HasScene { get; }
}
