namespace Sim.Agents.MixerTasks;

/// <summary>
/// A task on sequences of tokens that some mixers can do and others cannot. It is learnt on lengths up to <see cref="TrainingLength"/> and judged there and beyond.
/// </summary>
public abstract class SequenceTask
{
    /// <summary>As on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>What is asked, in one line.</summary>
    public abstract string Summary { get; }

    /// <summary>Tokens are 0 … Tokens − 1.</summary>
    public abstract int Tokens { get; }

    /// <summary>Answers are 0 … Classes − 1, all equally likely.</summary>
    public abstract int Classes { get; }

    /// <summary>Moments of the longest sequences that are learnt from.</summary>
    public abstract int TrainingLength { get; }

    /// <summary>Moments of the shortest sequences that there are.</summary>
    public abstract int ShortestLength { get; }

    /// <summary>Names of what is asked at each moment; one empty name where one thing is.</summary>
    public virtual IReadOnlyList<string> Questions { get; } = [""];

    /// <summary>A batch, which equal draws make equal, in the caller's dispose scope.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Shorter than <see cref="ShortestLength"/>, or no sequence.</exception>
    public TaskBatch Draw(int sequences, int length, TaskDraws draws)
    {
        ArgumentNullException.ThrowIfNull(draws);
        ArgumentOutOfRangeException.ThrowIfLessThan(sequences, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, ShortestLength);
        var batch = new TaskBatch(sequences, length, Questions.Count);
        Fill(batch, draws);
        return batch;
    }

    /// <summary>Share of right answers between that of a guess, which is 0, and all of them, which is 1.</summary>
    /// <param name="right">Right answers.</param>
    /// <param name="answers">All answers that count.</param>
    /// <param name="classes">Equally likely answers.</param>
    public static double ScaledAccuracy(long right, long answers, int classes)
    {
        double chance = 1.0 / classes;
        return (((double)right / answers) - chance) / (1 - chance);
    }

    /// <summary>Writes all numbers of a batch, whose tensors are zero.</summary>
    private protected abstract void Fill(TaskBatch batch, TaskDraws draws);
}
