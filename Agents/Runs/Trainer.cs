using Sim.Agents.Evaluation;
using Sim.Agents.Training;
using Sim.Environments;
using Sim.Environments.Configuration;

namespace Sim.Agents.Runs;

/// <summary>
/// One training run in its folder: training with metrics and checkpoints, then the learning curve and the evaluation.
/// A run that was interrupted, or whose process died, continues from its last checkpoint as if nothing had happened.
/// </summary>
public sealed class Trainer : IDisposable
{
    private const int EvaluationEpisodes = 100;

    private readonly RunConfiguration _configuration;
    private readonly EnvironmentDefinition _definition;
    private readonly object _judgedIn;
    private readonly BatchEnvironment _environments;

    /// <summary>Makes environments and learner; nothing is written.</summary>
    /// <param name="configuration">What to train.</param>
    /// <param name="demonstrations">What the configuration's files hold, for algorithms that learn from demonstrations.</param>
    /// <exception cref="ArgumentException">Settings contradict each other.</exception>
    /// <exception cref="SettingsException">The configuration is of another version.</exception>
    /// <exception cref="Torch.TorchUnavailableException">Torch is needed and cannot be loaded.</exception>
    public Trainer(RunConfiguration configuration, DemonstrationData? demonstrations = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        _configuration = configuration;
        _definition = configuration.FindEnvironment();
        _judgedIn = configuration.ReadEnvironmentSettings();
        var settings = configuration.ReadAgentSettings();
        var options = new EnvironmentOptions
        {
            Count = configuration.Environments,
            Seed = configuration.Seed,
            Threads = configuration.Threads,
            Privileged = settings.PrivilegedCritic,
        };
        _environments = _definition.Create(options, configuration.ReadTrainingSettings());
        Threads = configuration.Threads > 0 ? configuration.Threads : Environment.ProcessorCount;
        try
        {
            var context = new LearnerContext(_environments, configuration.Seed, configuration.Steps, configuration.Device, Threads);
            Learner = Algorithms.Find(configuration.Agent).Create(context with { Demonstrations = demonstrations }, settings);
        }
        catch
        {
            _environments.Dispose();
            throw;
        }
    }

    public Learner Learner { get; }

    /// <summary>Threads at most; small batches use fewer.</summary>
    public int Threads { get; }

    /// <summary>Trains from the folder's checkpoint, or from the start when there is none, and evaluates.</summary>
    /// <param name="folder">Where all of the run is kept.</param>
    /// <param name="progress">Called after every round, from this thread.</param>
    /// <param name="cancellation">Ends the run early, after saving.</param>
    /// <exception cref="NonFiniteException">A loss or a lane is not finite; the last checkpoint stays.</exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged or does not fit the configuration.</exception>
    public TrainingResult Run(RunFolder folder, Action<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        TrainingSitting sitting;
        using (sitting = TrainingSitting.Start(folder, Learner, Evaluate))
            sitting.Train(_configuration, progress, cancellation);
        LearningCurve.Save(folder.LearningCurve, $"{_configuration.Environment} · {_configuration.Agent} · seed {_configuration.Seed}",
            LearningCurve.Read(folder.Metrics), Algorithms.Find(_configuration.Agent).Demonstrations == DemonstrationUse.Required ? "demonstrated steps" : "environment steps");
        if (!sitting.IsComplete)
            return new TrainingResult(Learner.Steps, sitting.Seconds, null);
        try
        {
            // The saved policy, so that 'sim evaluate' finds the same.
            using var policy = folder.LoadPolicy();
            var evaluation = Evaluator.Evaluate(_definition, _judgedIn, policy, EvaluationEpisodes, cancellation: cancellation);
            folder.WriteEvaluation(evaluation);
            return new TrainingResult(Learner.Steps, sitting.Seconds, evaluation);
        }
        catch (OperationCanceledException)
        {
            return new TrainingResult(Learner.Steps, sitting.Seconds, null);
        }
    }

    public void Dispose()
    {
        Learner.Dispose();
        _environments.Dispose();
    }

    private EvaluationResult Evaluate(int episodes)
        => Evaluator.Evaluate(_definition, _judgedIn, Learner.Policy, episodes, Evaluator.DuringTrainingSeed);
}
