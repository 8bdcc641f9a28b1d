using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Sim.Agents.MixerTasks;

/// <summary>
/// B sequences of T moments, with Q questions asked at each: what a model reads, what it should answer, and which of the answers count. The tensors
/// belong to the dispose scope in which the batch is made.
/// </summary>
public sealed class TaskBatch
{
    /// <param name="sequences">B.</param>
    /// <param name="length">T.</param>
    /// <param name="questions">Q.</param>
    public TaskBatch(int sequences, int length, int questions)
    {
        (Sequences, Length, Questions) = (sequences, length, questions);
        Tokens = zeros([sequences, length], ScalarType.Int64);
        Targets = zeros([sequences, length, questions], ScalarType.Int64);
        Scored = zeros([sequences, length, questions], ScalarType.Bool);
    }

    public int Sequences { get; }

    public int Length { get; }

    public int Questions { get; }

    /// <summary>What is read <c>[B, T]</c>, int64.</summary>
    public Tensor Tokens { get; }

    /// <summary>What should be answered <c>[B, T, Q]</c>, int64; 0 where nothing is scored.</summary>
    public Tensor Targets { get; }

    /// <summary>Where answers count <c>[B, T, Q]</c>, bool.</summary>
    public Tensor Scored { get; }

    /// <summary><see cref="Tokens"/> in memory, sequence after sequence.</summary>
    internal Span<long> TokenNumbers => MemoryMarshal.Cast<byte, long>(Tokens.bytes);

    /// <summary><see cref="Targets"/> in memory, sequence after sequence, moment after moment.</summary>
    internal Span<long> TargetNumbers => MemoryMarshal.Cast<byte, long>(Targets.bytes);

    /// <summary><see cref="Scored"/> in memory, in the order of <see cref="TargetNumbers"/>.</summary>
    internal Span<bool> ScoredFlags => MemoryMarshal.Cast<byte, bool>(Scored.bytes);
}
