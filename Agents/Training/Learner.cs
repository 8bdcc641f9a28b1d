using Sim.Agents.Metrics;
using Sim.Agents.Policies;
using Sim.Environments;
using Sim.Physics.Threading;

namespace Sim.Agents.Training;

/// <summary>Where and how far a learner learns.</summary>
/// <param name="Environments">The batch it steps; the caller disposes it.</param>
/// <param name="Seed">Seed of every draw the learner makes.</param>
/// <param name="TotalSteps">Environment steps the training is planned for; schedules end there.</param>
/// <param name="Device"><c>cpu</c>, or a CUDA device for the torch backend.</param>
/// <param name="Threads">Threads for large updates, 1 or more.</param>
public sealed record LearnerContext(BatchEnvironment Environments, ulong Seed, long TotalSteps, string Device = "cpu", int Threads = 1)
{
    /// <summary>What others did in this environment, for algorithms that learn from it; null for none.</summary>
    public DemonstrationData? Demonstrations { get; init; }

    /// <summary>On the CPU, with as many threads as the batch has, for as long as the settings say.</summary>
    public static LearnerContext Of(BatchEnvironment environments, LearnerSettings settings, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(environments);
        ArgumentNullException.ThrowIfNull(settings);
        return new LearnerContext(environments, seed, settings.Steps, Threads: environments.Threads);
    }
}

/// <summary>
/// An algorithm at work on a batch of environments. <see cref="Iterate"/> does one round of acting and learning;
/// between rounds everything can be saved, and a loaded learner continues bit for bit on the CPU.
/// </summary>
public abstract class Learner : IDisposable
{
    private bool _disposed;

    protected Learner(LearnerContext context, LearnerSettings settings)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(settings);
        if (context.Environments.Autoreset != AutoresetMode.SameStep)
            throw new ArgumentException($"learners take environments with SameStep autoreset, not {context.Environments.Autoreset}: no row is wasted", nameof(context));
        (Context, Settings) = (context, settings);
        Episodes = new EpisodeTracker(context.Environments.Spec.HasSuccess);
        Pool = context.Threads > 1 ? new WorkerPool(context.Threads) : null;
    }

    /// <summary>The algorithm's name, as on the command line.</summary>
    public abstract string Algorithm { get; }

    /// <summary>What acts with the present weights. It belongs to the learner.</summary>
    public abstract IPolicy Policy { get; }

    /// <summary>Environment steps taken.</summary>
    public long Steps { get; protected set; }

    /// <summary>The episodes that ended lately.</summary>
    public EpisodeTracker Episodes { get; }

    /// <summary>The algorithm's settings record.</summary>
    public LearnerSettings Settings { get; }

    public LearnerContext Context { get; }

    protected BatchEnvironment Environments => Context.Environments;

    /// <summary>Threads for the networks; null when there is one.</summary>
    protected WorkerPool? Pool { get; }

    /// <summary>Resets the environments and makes ready. Call it once, or <see cref="Load"/> in its place.</summary>
    public virtual void Begin() => Environments.Reset(Context.Seed);

    /// <summary>One round: some environment steps and the updates that go with them.</summary>
    /// <exception cref="NonFiniteException">A loss or a lane is not finite.</exception>
    public abstract void Iterate();

    /// <summary>Adds what the last round measured, under CleanRL's names.</summary>
    public abstract void Report(ICollection<Metric> metrics);

    /// <summary>Writes pictures of what was learnt into a folder, where there is something to see; it changes nothing that learning depends on.</summary>
    public virtual void Illustrate(string folder)
    {
    }

    /// <summary>
    /// Writes everything the next round depends on, and all that its <see cref="Algorithm.LoadPolicy"/> reads. By convention
    /// an acting perceptron is called <c>actor</c> and its observation statistics <c>observation-statistics</c>: that is where
    /// <see cref="Policies.Policy.Load"/> finds them.
    /// </summary>
    public virtual void Save(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        checkpoint.Put<long>("steps", [Steps]);
        if (Policy is Policies.Policy perceptron) checkpoint.Put<int>("policy-head", [(int)perceptron.Head]);
        Episodes.Save(checkpoint);
        checkpoint.PutEnvironments("environments", Environments);
    }

    /// <summary>Takes up where a saved learner stood.</summary>
    /// <exception cref="InvalidDataException">The checkpoint does not fit.</exception>
    public virtual void Load(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        Steps = checkpoint.Get<long>("steps")[0];
        Episodes.Load(checkpoint);
        checkpoint.GetEnvironments("environments", Environments);
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        Dispose(true);
        Pool?.Dispose();
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
