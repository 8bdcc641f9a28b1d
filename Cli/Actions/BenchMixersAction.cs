using System.Globalization;
using Sim.Agents.Mixers;
using Sim.Agents.MixerTasks;
using Sim.Agents.Runs;
using Sim.Cli.Commands;
using Sim.Cli.Output;

namespace Sim.Cli.Actions;

internal static class BenchMixersAction
{
    private const int DefaultSeeds = 3;
    private const string DefaultFile = "mixers.jsonl";

    public static int Run(BenchMixersRequest request, CommandOutput output)
    {
        var settings = new TaskSettings();
        // As typed: what a float has beyond three digits would stand in the file, and be another budget.
        if (request.Seconds is { } seconds) settings = settings with { Seconds = Math.Round((double)seconds, 3) };
        var mixers = request.Mixers ?? [.. SequenceMixers.All.Select(kind => kind.Name)];
        var tasks = request.Tasks ?? [.. SequenceTasks.All.Select(task => task.Name)];
        var table = new TaskTable(mixers, tasks, request.Seeds ?? DefaultSeeds, settings);
        string path = request.Out ?? DefaultFile;
        if (request.Show && !File.Exists(path)) throw new BadInputException($"there is no file {path}");
        bool complete = request.Show || Complete(table, settings, path, output);
        var results = table.Of(TaskResultFile.Load(path));
        Show(results, output);
        output.Results(results);
        return complete ? ExitCode.Success : ExitCode.Interrupted;
    }

    private static bool Complete(TaskTable table, TaskSettings settings, string path, CommandOutput output)
    {
        using var file = new TaskResultFile(path);
        int done = table.Of(file.Results).Count;
        output.Line(Text($"{table.Runs} runs of at most {settings.Seconds:0.##} s of processor time, {done} of them in {path} already"));
        output.Flush();
        using var interruption = new Interruption(() => output.Line("stopping; the run under way is lost, all others are kept"));
        return table.Complete(file, result =>
        {
            output.Line($"  {++done} of {table.Runs}: {Line(result)}");
            output.Flush();
        }, interruption.Token);
    }

    /// <summary><c>lstm on parity, seed 1: 1.00 1.00 0.98, solved after 12 s, 810 updates</c></summary>
    private static string Line(TaskResult result)
    {
        var scores = result.Scores.GroupBy(score => score.Length).Select(group => string.Join('/', group.Select(score => Number(score.Score))));
        string end = result.End switch { TaskEnd.Solved => "solved", TaskEnd.Diverged => "diverged", _ => "ended" };
        return Text($"{result.Mixer} on {result.Task}, seed {result.Seed}: {string.Join(' ', scores)}, {end} after {result.Seconds:0} s, {result.Updates} updates");
    }

    /// <summary>A table for each multiple of the training length, of which every question of a task is a column; then costs.</summary>
    private static void Show(IReadOnlyList<TaskResult> results, CommandOutput output)
    {
        if (results.Count == 0) return;
        string[] mixers = [.. results.Select(result => result.Mixer).Distinct()], tasks = [.. results.Select(result => result.Task).Distinct()];
        var questions = tasks.SelectMany(task => SequenceTasks.Find(task).Questions.Select(question => (Task: task, Question: question))).ToArray();
        foreach (int multiple in TaskRun.Multiples)
        {
            output.Line();
            output.Line($"scaled accuracy at {(multiple == 1 ? "the training length" : $"{multiple} times it")}: 1 is perfect, 0 a guess; mean over seeds [lowest..highest]");
            output.Table(["mixer", .. questions.Select(column => column.Question.Length == 0 ? column.Task : $"{column.Task} {column.Question}")],
                mixers.Select(mixer => (string[])[mixer, .. questions.Select(column => Cell(results, mixer, column.Task, column.Question, multiple))]));
        }
        output.Line();
        output.Table(["mixer", "width", "parameters", "bytes of state", "tokens/s at once", "by steps", .. tasks.Select(task => $"updates, {task}")],
            mixers.Select(mixer => Costs([.. results.Where(result => result.Mixer == mixer)], tasks)));
    }

    private static string Cell(IReadOnlyList<TaskResult> results, string mixer, string task, string question, int multiple)
    {
        int length = multiple * SequenceTasks.Find(task).TrainingLength;
        double[] scores = [.. results.Where(result => result.Mixer == mixer && result.Task == task)
            .SelectMany(result => result.Scores).Where(score => score.Length == length && score.Question == question).Select(score => score.Score)];
        return scores.Length switch
        {
            0 => "-",
            1 => Number(scores[0]),
            _ => $"{Number(scores.Average())} [{Number(scores.Min())}..{Number(scores.Max())}]",
        };
    }

    private static string[] Costs(IReadOnlyList<TaskResult> own, string[] tasks) =>
    [
        own[0].Mixer, $"{own[0].Width}", $"{own[0].Parameters}", $"{own[0].StateBytes}",
        SiPrefix.Format(own.Max(result => result.Costs.ForwardTokensPerSecond)), SiPrefix.Format(own.Max(result => result.Costs.StepTokensPerSecond)),
        .. tasks.Select(task => own.Where(result => result.Task == task).Select(result => result.Updates).ToArray() is { Length: > 0 } updates ? $"{updates.Average():0}" : "-"),
    ];

    private static string Number(double score) => score.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
