using Sim.Agents.Evaluation;
using Sim.Agents.Runs;
using Sim.Agents.Training;
using Sim.Cli.Commands;
using Sim.Cli.Output;

namespace Sim.Cli.Actions;

internal static class TrainAction
{
    private sealed record Answer(string Run, string Environment, string Agent, ulong Seed, long Steps, double Seconds, double? ReturnMean, double? SuccessRate);

    private sealed record SeveralAnswer(IReadOnlyList<string> Runs, string Environment, string Agent, IReadOnlyList<ulong> Seeds, long Steps,
        double Seconds, double ReturnMean, double[] ReturnCi95, double? SuccessRate, double[]? SuccessCi95, IReadOnlyList<Answer> Results);

    public static int Run(TrainRequest request, CommandOutput output)
        => request.Resume is { } path ? Resume(path, request, output) : Begin(request, output);

    private static int Resume(string path, TrainRequest request, CommandOutput output)
    {
        var folder = RunFolder.Open(path);
        var before = folder.Configuration;
        if (request.Steps < before.Steps && request.Steps <= folder.StepsDone)
            throw new BadInputException($"--steps {request.Steps}: the run in {path} has {folder.StepsDone} steps behind it; give more, or leave --steps out");
        var configuration = before with
        {
            Steps = request.Steps ?? before.Steps,
            Threads = request.Threads ?? before.Threads,
            Device = request.Device ?? before.Device,
            Demonstrations = Refusal.Of(() => Find(before.Demonstrations, request.Demos)),
        };
        var demonstrations = DemonstrationFiles.Read(configuration);
        using var trainer = Refusal.Of(() => new Trainer(configuration, demonstrations));
        if (configuration != before)
            folder = folder.Reconfigure(configuration);
        using var training = new InterruptibleTraining(output);
        var answer = Train(trainer, folder, training, output);
        output.Result(answer);
        return training.IsInterrupted ? ExitCode.Interrupted : ExitCode.Success;
    }

    private static int Begin(TrainRequest request, CommandOutput output)
    {
        var choices = new RunChoices
        {
            Agent = request.Agent,
            Preset = request.Preset,
            Environments = request.Environments,
            Threads = request.Threads,
            Device = request.Device,
            Steps = request.Steps,
            Settings = request.Set,
            Demonstrations = Refusal.Of(() => request.Demos.Select(DemonstrationFile.Of).ToArray()),
        };
        var plans = request.Seeds.Select(seed => Refusal.Of(() => RunConfiguration.Plan(request.Environment!, seed, choices))).ToArray();
        string[] folders = [.. plans.Select(plan => FolderOf(plan, request))];
        foreach (string folder in folders)
            RunFolder.RequireFree(folder);
        var demonstrations = DemonstrationFiles.Read(plans[0]);

        using var training = new InterruptibleTraining(output);
        var answers = new List<Answer>();
        foreach (var (plan, folder) in plans.Zip(folders))
        {
            using var trainer = Refusal.Of(() => new Trainer(plan, demonstrations));
            answers.Add(Train(trainer, RunFolder.Create(folder, plan), training, output));
            if (training.IsInterrupted)
                break;
        }
        if (plans.Length == 1)
            output.Result(answers[0]);
        else if (!training.IsInterrupted)
            Summarise(answers, output);
        return training.IsInterrupted ? ExitCode.Interrupted : ExitCode.Success;
    }

    private static IReadOnlyList<DemonstrationFile>? Find(IReadOnlyList<DemonstrationFile>? before, IReadOnlyList<string> paths)
    {
        if (before is null && paths.Count > 0)
            throw new BadInputException("--demos: this run does not learn from demonstrations; leave it out.");
        return before is null ? null : DemonstrationFile.Find(before, paths);
    }

    private static string FolderOf(RunConfiguration plan, TrainRequest request)
    {
        if (request.Out is null)
            return Path.Combine("runs", $"{plan.Environment}-{plan.Seed}");
        return request.Seeds.Count == 1 ? request.Out : Path.Combine(request.Out, $"{plan.Environment}-{plan.Seed}");
    }

    private static Answer Train(Trainer trainer, RunFolder folder, InterruptibleTraining training, CommandOutput output)
    {
        var plan = folder.Configuration;
        TrainingResult result;
        try
        {
            result = training.Run(trainer, folder);
        }
        catch (NonFiniteException error)
        {
            throw new NonFiniteException($"{error.Message}. The last good checkpoint is {folder.Checkpoint}.");
        }
        if (result.Evaluation is { } evaluation)
        {
            output.Line(Sentences.Of(evaluation));
            output.Line($"  {Path.TrimEndingDirectorySeparator(folder.Path)}/  {string.Join("  ", Written(folder).Select(Path.GetFileName))}");
        }
        else
        {
            output.Line($"  interrupted and saved after {SiPrefix.Format(result.Steps)} steps; to go on: sim train --resume {folder.Path}");
        }
        return new Answer(folder.Path, plan.Environment, plan.Agent, plan.Seed, result.Steps, Math.Round(result.Seconds, 3),
            result.Evaluation?.ReturnMean, result.Evaluation?.SuccessRate);
    }

    private static IEnumerable<string> Written(RunFolder folder) => [folder.LearningCurve, folder.Checkpoint, folder.Metrics, folder.Evaluation];

    private static void Summarise(List<Answer> answers, CommandOutput output)
    {
        double[] returns = [.. answers.Select(answer => answer.ReturnMean!.Value)];
        double mean = Statistics.Mean(returns);
        var interval = Statistics.BootstrapMean(returns, seed: 0);
        double[]? successes = answers[0].SuccessRate is null ? null : [.. answers.Select(answer => answer.SuccessRate!.Value)];
        Interval? successInterval = successes is null ? null : Statistics.BootstrapMean(successes, seed: 0);
        string success = successes is null ? "" : $"success {100 * Statistics.Mean(successes):0.#} % (95 % interval {100 * successInterval!.Value.Low:0}–{100 * successInterval.Value.High:0}), ";
        output.Line($"  {answers.Count} seeds: {success}return {Sentences.Mean(mean, interval)}");
        output.Result(new SeveralAnswer(
            [.. answers.Select(answer => answer.Run)], answers[0].Environment, answers[0].Agent, [.. answers.Select(answer => answer.Seed)],
            answers.Sum(answer => answer.Steps), Math.Round(answers.Sum(answer => answer.Seconds), 3), mean, [interval.Low, interval.High],
            successes is null ? null : Statistics.Mean(successes), successInterval is { } ends ? [ends.Low, ends.High] : null, answers));
    }
}
