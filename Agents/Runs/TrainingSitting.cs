using System.Diagnostics;
using System.Runtime.InteropServices;
using Sim.Agents.Evaluation;
using Sim.Agents.Metrics;
using Sim.Agents.Training;

namespace Sim.Agents.Runs;

/// <summary>
/// The training that one process does of a run. What is recorded, and when training stops, depends on environment
/// steps alone, never on the clock: an interrupted run leaves the metrics that an uninterrupted one would have left.
/// </summary>
internal sealed class TrainingSitting : IDisposable
{
    private const int MetricRecords = 500, PictureRecords = 20;
    private static readonly TimeSpan s_checkpointEvery = TimeSpan.FromSeconds(15);

    private readonly RunFolder _folder;
    private readonly Learner _learner;
    private readonly Func<int, EvaluationResult> _evaluate;
    private readonly MetricsFanOut _metrics;
    private readonly List<Metric> _record = [];
    private readonly long _stepsBefore, _started;
    private readonly double _secondsBefore;
    private long _saved, _stoppedAt;
    private EvaluationResult? _judged;

    private TrainingSitting(RunFolder folder, Learner learner, Func<int, EvaluationResult> evaluate, Checkpoint? checkpoint)
    {
        (_folder, _learner, _evaluate) = (folder, learner, evaluate);
        if (checkpoint is not null)
        {
            learner.Load(checkpoint);
            _secondsBefore = checkpoint.Get<double>("training/seconds")[0];
            _stoppedAt = checkpoint.Get<long>("training/stopped-at")[0];
        }
        else
        {
            learner.Begin();
        }
        if (File.Exists(folder.Metrics))
            MetricsLog.DropAfter(folder.Metrics, learner.Steps);
        _stepsBefore = learner.Steps;
        _metrics = new MetricsFanOut(new JsonLinesWriter(folder.Metrics, _secondsBefore),
            new TensorBoardWriter(folder.Path, checkpoint is null ? null : learner.Steps));
        _started = _saved = Stopwatch.GetTimestamp();
    }

    /// <summary>Loads the folder's checkpoint, or begins; opens the metrics.</summary>
    public static TrainingSitting Start(RunFolder folder, Learner learner, Func<int, EvaluationResult> evaluate)
        => new(folder, learner, evaluate, File.Exists(folder.Checkpoint) ? Checkpoint.Read(folder.Checkpoint) : null);

    /// <summary>Writes the folder's checkpoint.</summary>
    public static void Keep(RunFolder folder, Learner learner, double seconds = 0, long stoppedAt = 0)
    {
        var checkpoint = new Checkpoint();
        learner.Save(checkpoint);
        checkpoint.Put<double>("training/seconds", [seconds]);
        checkpoint.Put<long>("training/stopped-at", [stoppedAt]);
        checkpoint.Write(folder.Checkpoint);
    }

    /// <summary>Seconds of training, those of earlier sittings included.</summary>
    public double Seconds { get; private set; }

    /// <summary>Whether all steps are done, or the early stop was reached.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Trains to the end or to the cancellation, and saves.</summary>
    public void Train(RunConfiguration configuration, Action<TrainingProgress>? progress, CancellationToken cancellation)
    {
        long metricsEvery = Math.Max(1, configuration.Steps / MetricRecords);
        long picturesEvery = Math.Max(1, configuration.Steps / PictureRecords);
        var rate = new RecentRate(_learner.Steps);
        // A stop that was reached holds for a run that was not made longer since.
        IsComplete = _learner.Steps >= configuration.Steps || _stoppedAt == configuration.Steps;
        if (_learner.Steps == 0)
            Save();
        while (!IsComplete && !cancellation.IsCancellationRequested)
        {
            long before = _learner.Steps;
            _learner.Iterate();
            long steps = _learner.Steps;
            IsComplete = steps >= configuration.Steps;
            progress?.Invoke(Progress(configuration, rate.Update(steps)));
            if (IsComplete || steps / metricsEvery > before / metricsEvery)
                Record();
            if (IsComplete || steps / picturesEvery > before / picturesEvery)
                _learner.Illustrate(_folder.Pictures);
            if (!IsComplete && configuration.Stop is { } stop && steps / stop.Every > before / stop.Every && Reaches(stop))
            {
                _stoppedAt = configuration.Steps;
                IsComplete = true;
            }
            if (Stopwatch.GetElapsedTime(_saved) >= s_checkpointEvery)
                Save();
        }
        Save();
    }

    public void Dispose() => _metrics.Dispose();

    /// <summary>A run that is judged on its way shows what it is judged by, which may be other settings than it trains in.</summary>
    private TrainingProgress Progress(RunConfiguration configuration, double rate)
        => configuration.Stop is null
            ? new(_learner.Steps, configuration.Steps, rate, _learner.Episodes.ReturnMean, _learner.Episodes.SuccessRate)
            : new(_learner.Steps, configuration.Steps, rate, _judged?.ReturnMean, _judged?.SuccessRate);

    private void Record()
    {
        var episodes = _learner.Episodes;
        _record.Clear();
        if (episodes.ReturnMean is { } mean)
            _record.Add(new(MetricNames.EpisodicReturn, mean));
        if (episodes.LengthMean is { } length)
            _record.Add(new(MetricNames.EpisodicLength, length));
        if (episodes.SuccessRate is { } rate)
            _record.Add(new(MetricNames.SuccessRate, rate));
        _record.Add(new(MetricNames.StepsPerSecond, (_learner.Steps - _stepsBefore) / Stopwatch.GetElapsedTime(_started).TotalSeconds));
        _learner.Report(_record);
        Write();
    }

    private void Write() => _metrics.Write(_learner.Steps, CollectionsMarshal.AsSpan(_record));

    /// <summary>Never cancelled: a resumed run would not repeat it.</summary>
    private bool Reaches(EarlyStop stop)
    {
        var result = _judged = _evaluate(stop.Episodes);
        _record.Clear();
        _record.Add(new(MetricNames.EvaluationReturn, result.ReturnMean));
        if (result.SuccessRate is { } rate)
            _record.Add(new(MetricNames.EvaluationSuccessRate, rate));
        Write();
        return result.SuccessRate >= stop.SuccessRate;
    }

    private void Save()
    {
        Seconds = _secondsBefore + Stopwatch.GetElapsedTime(_started).TotalSeconds;
        Keep(_folder, _learner, Seconds, _stoppedAt);
        _saved = Stopwatch.GetTimestamp();
    }
}
