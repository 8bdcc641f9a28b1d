namespace Sim.Agents.MixerTasks;

/// <summary>
/// A few digits, then noise up to the end, where queries ask for the first digit, the second, and so on. Tokens: ten digits, ten kinds of noise, the queries
/// in their order.
/// </summary>
public sealed class Passkey : SequenceTask
{
    private const int Digits = 10, Noises = 10;

    private readonly int _keys;

    /// <param name="keys">Digits to be kept.</param>
    /// <param name="trainingLength">Moments, digits and queries included.</param>
    /// <exception cref="ArgumentOutOfRangeException">No digit, or no room for all.</exception>
    public Passkey(int keys, int trainingLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keys, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(trainingLength, 2 * keys);
        (_keys, TrainingLength) = (keys, trainingLength);
    }

    public override string Name => "passkey";

    public override string Summary => $"{_keys} digits, asked for after noise";

    public override int Tokens => Digits + Noises + _keys;

    public override int Classes => Digits;

    public override int TrainingLength { get; }

    public override int ShortestLength => 2 * _keys;

    private protected override void Fill(TaskBatch batch, TaskDraws draws)
    {
        int noises = batch.Length - (2 * _keys);
        int[] keys = draws.Indices(batch.Sequences * _keys, Digits), noise = draws.Indices(batch.Sequences * noises, Noises);
        for (int row = 0; row < batch.Sequences; row++)
        {
            int first = row * batch.Length;
            var tokens = batch.TokenNumbers.Slice(first, batch.Length);
            for (int i = 0; i < noises; i++) tokens[_keys + i] = Digits + noise[(row * noises) + i];
            for (int i = 0; i < _keys; i++)
            {
                int query = _keys + noises + i, key = keys[(row * _keys) + i];
                (tokens[i], tokens[query]) = (key, Digits + Noises + i);
                batch.TargetNumbers[first + query] = key;
                batch.ScoredFlags[first + query] = true;
            }
        }
    }
}
