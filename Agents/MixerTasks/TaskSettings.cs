using Sim.Environments.Configuration;

namespace Sim.Agents.MixerTasks;

/// <summary>How a mixer is trained on a task and judged. All mixers are treated alike.</summary>
public sealed record TaskSettings
{
    /// <summary>Processor time that updates may take, in seconds; what else a run does is not counted.</summary>
    public double Seconds { get; init; } = 60;

    /// <summary>Learning rate of LaProp, the same throughout.</summary>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary>Largest norm of a gradient.</summary>
    public double GradientNorm { get; init; } = 1;

    /// <summary>Sequences of an update.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>Units of the backbone.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>Parameters that a backbone is to have, about: those of <c>mamba2</c> of width 64 and two units.</summary>
    public int Parameters { get; init; } = 56_000;

    /// <summary>Sequences of each length that a mixer is judged by; a check on the way takes a quarter of them.</summary>
    public int TestSequences { get; init; } = 128;

    /// <summary>Mean cross-entropy of an answer at the training length, in nats, at which training ends before its time.</summary>
    public double SolvedLoss { get; init; } = 0.003;

    /// <exception cref="SettingsException">A value is out of range; the message names it.</exception>
    public void Validate()
    {
        foreach (var (name, value, low, high) in new[]
        {
            ("seconds", Seconds, 0.01, 86_400), ("learning_rate", LearningRate, 1e-9, 1), ("gradient_norm", GradientNorm, 1e-6, 1e6), ("batch", Batch, 1, 65_536),
            ("layers", Layers, 1, 64), ("parameters", Parameters, 1000, 100_000_000), ("test_sequences", TestSequences, 1, 65_536), ("solved_loss", SolvedLoss, 0, 100),
        })
        {
            if (!(value >= low && value <= high)) throw new SettingsException(FormattableString.Invariant($"{name} {value} is not valid: expected {low} to {high}."));
        }
    }
}
