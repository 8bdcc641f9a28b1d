namespace Sim.Agents.MixerTasks;

/// <summary>
/// Random bits; at every moment it is asked, for each of several lags n, whether the bit equals that n moments ago. Of two symbols the answers are as often yes
/// as no, and independent of each other.
/// </summary>
public sealed class NBack : SequenceTask
{
    private readonly int[] _lags;

    /// <exception cref="ArgumentOutOfRangeException">No lag, one below 1, or one as long as the sequence.</exception>
    public NBack(IReadOnlyList<int> lags, int trainingLength)
    {
        _lags = [.. lags];
        ArgumentOutOfRangeException.ThrowIfZero(_lags.Length, nameof(lags));
        ArgumentOutOfRangeException.ThrowIfLessThan(_lags.Min(), 1, nameof(lags));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(trainingLength, _lags.Max());
        TrainingLength = trainingLength;
        Questions = [.. _lags.Select(lag => $"{lag}")];
    }

    public override string Name => "n-back";

    public override string Summary => $"whether a bit equals that n moments ago, n of {string.Join(", ", _lags)}";

    public override int Tokens => 2;

    public override int Classes => 2;

    public override int TrainingLength { get; }

    public override int ShortestLength => _lags.Max() + 1;

    public override IReadOnlyList<string> Questions { get; }

    private protected override void Fill(TaskBatch batch, TaskDraws draws)
    {
        int[] bits = draws.Indices(batch.Sequences * batch.Length, 2);
        Span<long> tokens = batch.TokenNumbers, targets = batch.TargetNumbers;
        var scored = batch.ScoredFlags;
        for (int i = 0; i < bits.Length; i++)
        {
            tokens[i] = bits[i];
            for (int lag = 0; lag < _lags.Length; lag++)
            {
                if (i % batch.Length < _lags[lag]) continue;
                targets[(i * _lags.Length) + lag] = bits[i] == bits[i - _lags[lag]] ? 1 : 0;
                scored[(i * _lags.Length) + lag] = true;
            }
        }
    }
}
