using Sim.Agents.Mixers;
using Sim.Agents.Networks.Torch;
using Sim.Agents.Torch;
using Sim.Agents.Training;
using Sim.Physics.Numerics;
using static TorchSharp.torch;

namespace Sim.Agents.MixerTasks;

/// <summary>
/// Trains one mixer on one task and judges it at once, twice and four times the training length. Logarithms of the lengths of updates are uniform between the
/// shortest and the training length, so that short sequences teach what is asked and are cheap. Sequences of training, of the checks on the way and of the judgement are all different.
/// </summary>
public sealed class TaskRun : IDisposable
{
    /// <summary>Checks on the way, evenly over the time.</summary>
    private const int Checks = 20;

    /// <summary>Numbers of batches that are not of updates begin here.</summary>
    private const ulong FirstCheck = 1UL << 40, FirstTest = 1UL << 41;

    /// <summary>Moments judged together, which bounds memory.</summary>
    private const int LargestBatch = 1 << 13;

    private readonly SequenceTask _task;
    private readonly string _mixer;
    private readonly ulong _seed;
    private readonly TaskSettings _settings;
    private readonly MixerSettings _sizes;
    private readonly TaskNetwork _network;
    private readonly LaProp _optimiser;
    private readonly TaskCosts _costs;
    private int _updates;

    /// <exception cref="Environments.Configuration.SettingsException">There is no such mixer, or a setting is out of range.</exception>
    /// <exception cref="TorchUnavailableException">libtorch cannot be loaded.</exception>
    public TaskRun(SequenceTask task, string mixer, ulong seed, TaskSettings settings)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate();
        TorchRuntime.EnsureLoaded();
        (_task, _mixer, _seed, _settings) = (task, mixer, seed, settings);
        _sizes = MatchedWidth.Of(mixer, settings.Parameters, settings.Layers);
        _network = new TaskNetwork(task, mixer, _sizes, seed);
        _costs = TaskCosts.Measure(_network, task, settings.Batch);
        _optimiser = new LaProp(_network.parameters());
    }

    /// <summary>Lengths that a mixer is judged at, as multiples of the training length.</summary>
    public static IReadOnlyList<int> Multiples { get; } = [1, 2, 4];

    /// <summary>Trains and judges.</summary>
    /// <exception cref="OperationCanceledException">The cancellation came first.</exception>
    public TaskResult Run(CancellationToken cancellation)
    {
        var end = TaskEnd.Time;
        double spent = 0, loss = double.NaN;
        for (int check = 0; check < Checks && end == TaskEnd.Time; check++)
        {
            double until = _settings.Seconds * (check + 1) / Checks;
            while (spent < until)
            {
                cancellation.ThrowIfCancellationRequested();
                var before = Environment.CpuUsage.TotalTime;
                Update();
                spent += (Environment.CpuUsage.TotalTime - before).TotalSeconds;
            }
            loss = Answer(_task.TrainingLength, 0, (_settings.TestSequences + 3) / 4, FirstCheck + ((ulong)check << 20), cancellation).Loss;
            if (!double.IsFinite(loss)) end = TaskEnd.Diverged;
            else if (loss <= _settings.SolvedLoss) end = TaskEnd.Solved;
        }
        var scores = Judge(cancellation);
        return new TaskResult(_mixer, _task.Name, _seed, _settings.Seconds, Math.Round(spent, 2), _updates, end, double.IsFinite(loss) ? loss : null, scores,
            _sizes.Width, _network.Backbone.parameters().Sum(parameter => parameter.numel()), StateBytes(), _costs);
    }

    public void Dispose()
    {
        _optimiser.Dispose();
        _network.Dispose();
    }

    private void Update()
    {
        using var scope = NewDisposeScope();
        var batch = _task.Draw(_settings.Batch, DrawLength(), new TaskDraws(_seed, (ulong)_updates));
        var scored = batch.Scored.to(ScalarType.Float32);
        var loss = (CrossEntropy(_network.Logits(batch.Tokens, _costs.LearnsBySteps), batch.Targets) * scored).sum() / scored.sum();
        loss.backward();
        _optimiser.Step(_settings.LearningRate, _settings.GradientNorm);
        _updates++;
    }

    private int DrawLength()
    {
        Span<float> unit = stackalloc float[1];
        CounterRandom.FillUniform(unit, _seed, RandomStream.Sampling, (ulong)_updates);
        double longer = (_task.TrainingLength + 1.0) / _task.ShortestLength;
        return Math.Min(_task.TrainingLength, (int)(_task.ShortestLength * Math.Pow(longer, unit[0])));
    }

    private TaskScore[] Judge(CancellationToken cancellation)
    {
        List<TaskScore> scores = [];
        int shorter = 0;
        foreach (int multiple in Multiples)
        {
            int length = multiple * _task.TrainingLength;
            double[] own = Answer(length, shorter, _settings.TestSequences, FirstTest + ((ulong)multiple << 20), cancellation).Scores;
            scores.AddRange(own.Select((score, question) => new TaskScore(length, _task.Questions[question], score)));
            shorter = length;
        }
        return [.. scores];
    }

    /// <summary>What a sequence of the training length leaves behind.</summary>
    private long StateBytes()
    {
        using var scope = NewDisposeScope();
        using var withoutGraph = no_grad();
        return _network.Backbone.Forward(zeros([1, _task.TrainingLength, _sizes.Width])).State.NumbersPerSequence * sizeof(float);
    }

    /// <summary>Mean loss and scaled accuracies of answers from a moment on.</summary>
    private (double Loss, double[] Scores) Answer(int length, int from, int sequences, ulong firstBatch, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var withoutGraph = no_grad();
        bool bySteps = _costs.StepTokensPerSecond > _costs.ForwardTokensPerSecond;
        int together = Math.Clamp(LargestBatch / length, 1, sequences);
        Tensor right = zeros([_task.Questions.Count]), answers = zeros_like(right), losses = zeros([]);
        for (int done = 0; done < sequences; done += together)
        {
            cancellation.ThrowIfCancellationRequested();
            using var batchScope = NewDisposeScope();
            var batch = _task.Draw(Math.Min(together, sequences - done), length, new TaskDraws(_seed, firstBatch + (ulong)done));
            var logits = _network.Logits(batch.Tokens, bySteps);
            var counted = batch.Scored.narrow(1, from, length - from).to(ScalarType.Float32);
            Tensor Late(Tensor all) => all.narrow(1, from, length - from);
            right.add_((Late(logits).argmax(-1).eq(Late(batch.Targets)) * counted).sum([0, 1]));
            answers.add_(counted.sum([0, 1]));
            losses.add_((Late(CrossEntropy(logits, batch.Targets)) * counted).sum());
        }
        float[] hits = right.data<float>().ToArray(), all = answers.data<float>().ToArray();
        double[] scores = [.. hits.Select((count, question) => SequenceTask.ScaledAccuracy((long)count, (long)all[question], _task.Classes))];
        return (losses.item<float>() / all.Sum(), scores);
    }

    /// <summary>Of every answer <c>[B, T, Q]</c>, in nats.</summary>
    private static Tensor CrossEntropy(Tensor logits, Tensor targets)
        => nn.functional.cross_entropy(logits.flatten(0, 2), targets.flatten(), reduction: nn.Reduction.None).view(targets.shape);
}
