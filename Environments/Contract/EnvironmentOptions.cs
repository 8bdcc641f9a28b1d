namespace Sim.Environments;

/// <summary>How a batch runs: nothing here changes what any lane does.</summary>
public sealed record EnvironmentOptions
{
    /// <summary>Environments in the batch, at least 1.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Seed of lane 0; lane k has seed + k.</summary>
    public ulong Seed { get; init; }

    public AutoresetMode Autoreset { get; init; } = AutoresetMode.SameStep;

    /// <summary>Worker threads that share the batch; 0 chooses by batch size and cores.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Lane width 1, 8 or 16; 0 chooses the widest the processor runs well.</summary>
    public int Lanes { get; init; }

    /// <summary>Also write the <c>privileged</c> group (what critics may read), where the task has one.</summary>
    public bool Privileged { get; init; }
}
