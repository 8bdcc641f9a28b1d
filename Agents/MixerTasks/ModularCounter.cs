namespace Sim.Agents.MixerTasks;

/// <summary>
/// Digits below m are added up, and at every moment the sum so far modulo m is asked for: the word problem of the cyclic group. With m = 2 it is parity, which no
/// recurrence with positive eigenvalues keeps over lengths it has not seen (Grazzi et al., "Unlocking State-Tracking in Linear RNNs Through Negative Eigenvalues", 2024).
/// </summary>
public sealed class ModularCounter : SequenceTask
{
    /// <exception cref="ArgumentOutOfRangeException">A modulus below 2, or no moment.</exception>
    public ModularCounter(string name, int modulus, int trainingLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(modulus, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(trainingLength, 1);
        (Name, Classes, TrainingLength) = (name, modulus, trainingLength);
    }

    public override string Name { get; }

    public override string Summary => $"the sum so far of digits below {Classes}, modulo {Classes}";

    public override int Tokens => Classes;

    public override int Classes { get; }

    public override int TrainingLength { get; }

    public override int ShortestLength => 1;

    private protected override void Fill(TaskBatch batch, TaskDraws draws)
    {
        int[] digits = draws.Indices(batch.Sequences * batch.Length, Classes);
        Span<long> tokens = batch.TokenNumbers, targets = batch.TargetNumbers;
        int sum = 0;
        for (int i = 0; i < digits.Length; i++)
        {
            if (i % batch.Length == 0) sum = 0;
            sum = (sum + digits[i]) % Classes;
            (tokens[i], targets[i]) = (digits[i], sum);
        }
        batch.ScoredFlags.Fill(true);
    }
}
