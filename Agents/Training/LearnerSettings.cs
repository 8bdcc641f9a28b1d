using System.ComponentModel.DataAnnotations;
using Sim.Agents.Networks;

namespace Sim.Agents.Training;

/// <summary>What every algorithm's settings have in common.</summary>
public abstract record LearnerSettings
{
    /// <summary>Environments stepped together, unless told otherwise on the command line.</summary>
    [Range(1, 1 << 20)] public int Environments { get; init; } = 1;

    /// <summary>Environment steps to train for, unless told otherwise on the command line.</summary>
    [Range(1L, 1_000_000_000_000L)] public long Steps { get; init; } = 100_000;

    /// <summary>Widths of the hidden layers of every network.</summary>
    public int[] Hidden { get; init; } = [64, 64];

    /// <summary>What computes the networks.</summary>
    public NetworkBackend Backend { get; init; } = NetworkBackend.Auto;

    /// <summary>Whether critics also read the environment's privileged group.</summary>
    public bool PrivilegedCritic { get; init; }
}
