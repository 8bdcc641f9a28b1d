using Sim.Agents.Policies;
using Sim.Environments;

namespace Sim.Agents.Evaluation;

/// <summary>What a policy reached over whole episodes.</summary>
/// <param name="Environment">Id.</param>
/// <param name="Returns">Undiscounted return of each episode.</param>
/// <param name="Lengths">Steps of each episode.</param>
/// <param name="Successes">Whether each episode succeeded; null where the task does not say.</param>
public sealed record EvaluationResult(string Environment, double[] Returns, int[] Lengths, bool[]? Successes)
{
    public int Episodes => Returns.Length;

    public double ReturnMean => Statistics.Mean(Returns);

    /// <summary>95 % bootstrap interval of the mean return.</summary>
    public Interval ReturnInterval => Statistics.BootstrapMean(Returns, seed: 0);

    public double? SuccessRate => Successes is null ? null : (double)Successes.Count(success => success) / Successes.Length;

    /// <summary>95 % Wilson interval of the success rate.</summary>
    public Interval? SuccessInterval => Successes is null ? null : Statistics.Proportion(Successes.Count(success => success), Successes.Length);
}

/// <summary>
/// Plays whole episodes with the policy's best action, raw rewards and frozen statistics. Episode k starts from seed
/// + k, one episode a lane, so that long and short episodes count alike.
/// </summary>
public static class Evaluator
{
    private const int LargestBatch = 512;

    /// <summary>Seed of the evaluation start states unless another is given; training never uses it.</summary>
    public const ulong DefaultSeed = 1_000_000_007;

    /// <summary>Seed of evaluations during training, so that nothing is chosen by the episodes that judge it.</summary>
    public const ulong DuringTrainingSeed = 3_000_000_019;

    /// <param name="definition">The environment.</param>
    /// <param name="settings">Its settings; default when null.</param>
    /// <param name="policy">Acts; it is not changed.</param>
    /// <param name="episodes">How many, 1 or more.</param>
    /// <param name="seed">Start states: episode k takes seed + k.</param>
    /// <param name="cancellation">Ends the evaluation early.</param>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    public static EvaluationResult Evaluate(EnvironmentDefinition definition, object? settings, IPolicy policy, int episodes = 100,
        ulong seed = DefaultSeed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return Play(definition, settings, new EnvironmentOptions { Seed = seed }, policy.ActIn, episodes, cancellation);
    }

    /// <summary>Evaluates any actor, such as a scripted expert (<see cref="EnvironmentDefinition.Expert"/>).</summary>
    /// <param name="definition">The environment.</param>
    /// <param name="settings">Its settings; default when null.</param>
    /// <param name="actor">Makes the actor of a batch, which shows its privileged group; the evaluation disposes it.</param>
    /// <param name="episodes">How many, 1 or more.</param>
    /// <param name="seed">Start states: episode k takes seed + k.</param>
    /// <param name="cancellation">Ends the evaluation early.</param>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    public static EvaluationResult Evaluate(EnvironmentDefinition definition, object? settings, Func<BatchEnvironment, IActor> actor,
        int episodes = 100, ulong seed = DefaultSeed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return Play(definition, settings, new EnvironmentOptions { Seed = seed, Privileged = true }, actor, episodes, cancellation);
    }

    private static EvaluationResult Play(EnvironmentDefinition definition, object? settings, EnvironmentOptions options,
        Func<BatchEnvironment, IActor> makeActor, int episodes, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentOutOfRangeException.ThrowIfLessThan(episodes, 1);
        double[] returns = new double[episodes];
        int[] lengths = new int[episodes];
        bool[] successes = new bool[episodes];
        bool hasSuccess = false;
        for (int start = 0; start < episodes; start += LargestBatch)
        {
            int count = Math.Min(LargestBatch, episodes - start);
            using var environments = definition.Create(options with { Count = count, Seed = options.Seed + (ulong)start }, settings);
            using var actor = makeActor(environments);
            hasSuccess = environments.Spec.HasSuccess;
            environments.Reset();
            int running = count;
            while (running > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                actor.Act(environments);
                environments.Step();
                for (int lane = 0; lane < count; lane++)
                {
                    if (lengths[start + lane] > 0 || !(environments.Terminated[lane] || environments.Truncated[lane])) continue;
                    returns[start + lane] = environments.EpisodeReturns[lane];
                    lengths[start + lane] = environments.EpisodeLengths[lane];
                    successes[start + lane] = environments.IsSuccess[lane];
                    running--;
                }
            }
        }
        return new EvaluationResult(definition.Id, returns, lengths, hasSuccess ? successes : null);
    }
}
