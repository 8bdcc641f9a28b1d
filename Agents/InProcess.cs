using System.Diagnostics;
using Sim.Agents.Evaluation;
using Sim.Agents.Runs;
using Sim.Agents.Training;
using Sim.Environments;

namespace Sim.Agents;

/// <summary>Training, evaluating and keeping an agent from a program of one's own.</summary>
public static class InProcess
{
    /// <summary>Trains for the steps that the settings say, from where the learner stands.</summary>
    /// <param name="learner">The agent.</param>
    /// <param name="progress">Called about once a second and at the end, from this thread.</param>
    /// <param name="cancellation">Ends the training early; the agent can go on later.</param>
    /// <exception cref="NonFiniteException">A loss or a lane is not finite.</exception>
    public static void Train(this Learner learner, Action<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(learner);
        if (learner.Steps == 0)
            learner.Begin();
        long total = learner.Context.TotalSteps, reported = Stopwatch.GetTimestamp();
        var rate = new RecentRate(learner.Steps);
        while (learner.Steps < total && !cancellation.IsCancellationRequested)
        {
            learner.Iterate();
            double recent = rate.Update(learner.Steps);
            if (learner.Steps < total && Stopwatch.GetElapsedTime(reported).TotalSeconds < 1)
                continue;
            progress?.Invoke(new TrainingProgress(learner.Steps, total, recent, learner.Episodes.ReturnMean, learner.Episodes.SuccessRate));
            reported = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>Plays whole episodes of the environment the agent learnt in, without exploration.</summary>
    public static EvaluationResult Evaluate(this Learner learner, int episodes = 100, ulong seed = Evaluator.DefaultSeed)
    {
        ArgumentNullException.ThrowIfNull(learner);
        var spec = learner.Context.Environments.Spec;
        return Evaluator.Evaluate(Registry.Find(spec.Id), spec.Settings, learner.Policy, episodes, seed);
    }

    /// <summary>Makes a run folder, which <c>sim evaluate</c>, <c>sim export</c> and <c>sim train --resume</c> take.</summary>
    /// <exception cref="RunFolderException">The folder holds a run already, or other files.</exception>
    public static void Save(this Learner learner, string folder)
    {
        ArgumentNullException.ThrowIfNull(learner);
        TrainingSitting.Keep(RunFolder.Create(folder, RunConfiguration.Of(learner)), learner);
    }
}
