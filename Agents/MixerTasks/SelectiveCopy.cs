namespace Sim.Agents.MixerTasks;

/// <summary>
/// Symbols stand at random places among blanks; then queries ask for the first of them, the second, and so on (Gu and Dao, "Mamba", 2023, section 4.1.1, with
/// a query token for every place in place of one for all).
/// </summary>
/// <remarks>Tokens: the symbols, the blank, the queries in their order. The queries are the last moments, of which each is scored.</remarks>
public sealed class SelectiveCopy : SequenceTask
{
    private readonly int _marked;

    /// <param name="marked">Symbols to be copied.</param>
    /// <param name="symbols">Different symbols.</param>
    /// <param name="trainingLength">Moments, queries included.</param>
    /// <exception cref="ArgumentOutOfRangeException">Nothing to copy, fewer than two symbols, or no room for all.</exception>
    public SelectiveCopy(int marked, int symbols, int trainingLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(marked, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(symbols, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(trainingLength, 2 * marked);
        (_marked, Classes, TrainingLength) = (marked, symbols, trainingLength);
    }

    public override string Name => "selective-copy";

    public override string Summary => $"{_marked} symbols of {Classes}, at random places among blanks, in their order";

    public override int Tokens => Classes + 1 + _marked;

    public override int Classes { get; }

    public override int TrainingLength { get; }

    public override int ShortestLength => 2 * _marked;

    private protected override void Fill(TaskBatch batch, TaskDraws draws)
    {
        int places = batch.Length - _marked;
        int[] symbols = draws.Indices(batch.Sequences * _marked, Classes);
        float[] chances = draws.Units(batch.Sequences * places);
        for (int row = 0; row < batch.Sequences; row++)
        {
            var own = symbols.AsSpan(row * _marked, _marked);
            var tokens = batch.TokenNumbers.Slice(row * batch.Length, batch.Length);
            for (int t = 0, done = 0; t < places; t++)
            {
                // Every choice of places is as likely as any other (Knuth, volume 2, algorithm 3.4.2 S).
                bool chosen = chances[(row * places) + t] * (places - t) < _marked - done;
                tokens[t] = chosen ? own[done++] : Classes;
            }
            for (int i = 0; i < _marked; i++)
            {
                int moment = (row * batch.Length) + places + i;
                batch.TokenNumbers[moment] = Classes + 1 + i;
                batch.TargetNumbers[moment] = own[i];
                batch.ScoredFlags[moment] = true;
            }
        }
    }
}
