namespace Sim.Agents.Phases;

/// <summary>How one phase is recognised.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Moments">Moments of it among those judged.</param>
/// <param name="Accuracy">Share of them that were recognised; null where there are none.</param>
/// <param name="Precision">Share of the moments taken for it that were it; null where none were.</param>
/// <param name="F1">Harmonic mean of the two; 0 where one is 0; null where it neither occurred nor was seen.</param>
public sealed record PhaseScore(string Name, int Moments, double? Accuracy, double? Precision, double? F1);

/// <summary>How well phases are recognised in episodes that were not learnt from, beside what would be right without looking.</summary>
public sealed record PhaseReport
{
    /// <summary>Id of the environment.</summary>
    public required string Environment { get; init; }

    /// <summary>Episodes learnt from.</summary>
    public required int TrainingEpisodes { get; init; }

    /// <summary>Episodes judged by.</summary>
    public required int ValidationEpisodes { get; init; }

    /// <summary>Moments judged.</summary>
    public required int Moments { get; init; }

    /// <summary>Share of the moments whose phase was recognised.</summary>
    public required double Accuracy { get; init; }

    /// <summary>The same for who always says the phase that is the most frequent among the episodes learnt from.</summary>
    public required double MajorityAccuracy { get; init; }

    /// <summary>Mean F1 of the phases that occurred or were seen.</summary>
    public required double MacroF1 { get; init; }

    public required IReadOnlyList<PhaseScore> Phases { get; init; }

    /// <summary>Moments that another phase follows.</summary>
    public required int NextMoments { get; init; }

    /// <summary>Share of them whose next phase was foreseen.</summary>
    public required double NextAccuracy { get; init; }

    /// <summary>The same for who always says the most frequent next phase.</summary>
    public required double NextMajorityAccuracy { get; init; }

    /// <summary>The same for who knows the present phase and says what mostly follows it: what the order of phases alone tells.</summary>
    public required double NextSuccessorAccuracy { get; init; }

    /// <summary>What the steps to go are steps of.</summary>
    public required string Remaining { get; init; }

    /// <summary>Mean absolute error of the steps to go.</summary>
    public required double RemainingError { get; init; }

    /// <summary>The same for who always says the median of the episodes learnt from.</summary>
    public required double RemainingMedianError { get; init; }

    internal static PhaseReport Of(PhaseData data, IReadOnlyList<PhaseSequence> training, IReadOnlyList<(PhaseSequence Sequence, PhaseGuess Guess)> judged)
    {
        var moments = judged.SelectMany(pair => Enumerable.Range(0, pair.Sequence.Length).Select(moment => new Moment(
            pair.Sequence.Phases[moment], pair.Guess.Phases[moment], pair.Sequence.Next[moment], pair.Guess.Next[moment],
            pair.Sequence.Remaining[moment], pair.Guess.Remaining[moment]))).ToArray();
        var followed = moments.Where(moment => moment.Next >= 0).ToArray();
        var pairs = training.SelectMany(sequence => sequence.Phases.Zip(sequence.Next)).ToArray();
        int usual = MostFrequent(pairs.Select(pair => pair.First)), usualNext = MostFrequent(pairs.Select(pair => pair.Second).Where(next => next >= 0));
        int[] successors = [.. Enumerable.Range(0, data.Names.Count).Select(phase
            => MostFrequent(pairs.Where(pair => pair.First == phase && pair.Second >= 0).Select(pair => pair.Second)))];
        float[] remaining = [.. training.SelectMany(sequence => sequence.Remaining).Order()];
        float median = remaining[remaining.Length / 2];
        PhaseScore[] scores = [.. data.Names.Select((name, phase) => Score(name, phase, moments))];
        return new()
        {
            Environment = data.Environment,
            TrainingEpisodes = training.Count,
            ValidationEpisodes = judged.Count,
            Moments = moments.Length,
            Accuracy = Share(moments, moment => moment.Phase == moment.GuessedPhase),
            MajorityAccuracy = Share(moments, moment => moment.Phase == usual),
            MacroF1 = scores.Where(score => score.F1 is not null).Average(score => score.F1!.Value),
            Phases = scores,
            NextMoments = followed.Length,
            NextAccuracy = Share(followed, moment => moment.Next == moment.GuessedNext),
            NextMajorityAccuracy = Share(followed, moment => moment.Next == usualNext),
            NextSuccessorAccuracy = Share(followed, moment => moment.Next == successors[moment.Phase]),
            Remaining = data.HasPlan ? "steps of the expert's plan" : "steps until the phase changes",
            RemainingError = moments.Average(moment => Math.Abs((double)moment.Remaining - moment.GuessedRemaining)),
            RemainingMedianError = moments.Average(moment => Math.Abs((double)moment.Remaining - median)),
        };
    }

    private static PhaseScore Score(string name, int phase, Moment[] moments)
    {
        int was = moments.Count(moment => moment.Phase == phase), seen = moments.Count(moment => moment.GuessedPhase == phase);
        int hits = moments.Count(moment => moment.Phase == phase && moment.GuessedPhase == phase);
        return new(name, was, was == 0 ? null : hits / (double)was, seen == 0 ? null : hits / (double)seen, was + seen == 0 ? null : 2.0 * hits / (was + seen));
    }

    private static double Share(Moment[] moments, Func<Moment, bool> isRight) => moments.Length == 0 ? 0 : moments.Count(isRight) / (double)moments.Length;

    /// <summary>The least of the most frequent numbers; −1 where there are none.</summary>
    private static int MostFrequent(IEnumerable<int> numbers)
        => numbers.GroupBy(number => number).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).FirstOrDefault()?.Key ?? -1;

    private readonly record struct Moment(int Phase, int GuessedPhase, int Next, int GuessedNext, float Remaining, float GuessedRemaining);
}
