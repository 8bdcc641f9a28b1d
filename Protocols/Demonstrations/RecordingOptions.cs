namespace Sim.Protocols.Demonstrations;

/// <summary>What a recording keeps.</summary>
public sealed record RecordingOptions
{
    /// <summary>Steps between two states, whose hashes a replay is checked against.</summary>
    public int CheckpointEvery { get; init; } = 50;

    /// <summary>Keep whole snapshots beside the hashes, to trim, branch and compare by; by default where one environment is recorded.</summary>
    public bool? Snapshots { get; init; }

    /// <summary>Keep a short hash of the state after every step, so that a replay names the first step that differs; by default where one environment is recorded.</summary>
    public bool? StepHashes { get; init; }

    /// <summary>Keep observations; a replay gives them back otherwise.</summary>
    public bool Observations { get; init; }

    /// <summary>Have room for what a policy would have done where a person took over; by default where one environment is recorded.</summary>
    public bool? PolicyActions { get; init; }

    /// <summary>Compress steps; by default where few environments are recorded.</summary>
    public bool? Compress { get; init; }

    /// <summary>Who or what chooses the actions: <c>expert</c>, <c>policy runs/cartpole-1</c>, <c>human</c>.</summary>
    public string Demonstrator { get; init; } = "";

    /// <summary>A pseudonym; no names.</summary>
    public string Operator { get; init; } = "";

    /// <summary>What the person holds.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>Licence and consent.</summary>
    public string Licence { get; init; } = "";

    /// <summary>Longest that a step waits before it is written to the file.</summary>
    public TimeSpan WriteEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest that what was written waits before the disk has it.</summary>
    public TimeSpan SyncEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The clock; another than the system's serves tests and benchmarks.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Environments up to which steps are compressed by default.</summary>
    internal const int FewLanes = 64;

    /// <exception cref="ArgumentException">A value is out of range.</exception>
    internal void Check()
    {
        if (CheckpointEvery is < 1 or > 1_000_000)
            throw new ArgumentException($"checkpoints every {CheckpointEvery} steps are not possible: expected 1 to 1000000");
        if (WriteEvery <= TimeSpan.Zero || SyncEvery <= TimeSpan.Zero)
            throw new ArgumentException($"a recording is written every {WriteEvery.TotalSeconds} s and synced every {SyncEvery.TotalSeconds} s: expected more than 0");
    }
}
