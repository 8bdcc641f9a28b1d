using NUnit.Framework;
using Sim.Agents.MixerTasks;

namespace Sim.Tests.Agents.MixerTasks;

public sealed class TaskTableTests
{
    private static readonly TaskSettings s_settings = new() { Seconds = 0.01, Parameters = 1000, Layers = 1, TestSequences = 2 };

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Runs_that_a_file_has_are_not_run_again()
    {
        string path = _folder.File("results.jsonl");
        Assert.That(Finished(Table(["gru"], 1), path), Is.EqualTo(new[] { "gru 1" }));
        string[] before = File.ReadAllLines(path);
        Assert.That(Finished(Table(["gru", "mingru"], 2), path), Is.EqualTo(new[] { "mingru 1", "gru 2", "mingru 2" }));
        Assert.That(Finished(Table(["gru", "mingru"], 2), path), Is.Empty);
        Assert.That(File.ReadAllLines(path), Has.Length.EqualTo(4));
        Assert.That(File.ReadAllLines(path)[0], Is.EqualTo(before[0]));
        Assert.That(File.ReadAllLines(path)[0], Does.StartWith("""{"mixer":"gru","task":"parity","seed":1,"budget":0.01,""").And.Contains("\"end\":\"time\""));
    }

    [Test]
    public void Runs_with_more_time_are_other_runs()
    {
        string path = _folder.File("results.jsonl");
        Finished(Table(["gru"], 1), path);
        var longer = new TaskTable(["gru"], ["parity"], 1, s_settings with { Seconds = 0.02 });
        Assert.That(Finished(longer, path), Is.EqualTo(new[] { "gru 1" }));
        Assert.That(longer.Of(TaskResultFile.Load(path)).Select(result => result.Budget), Is.EqualTo(new[] { 0.02 }));
    }

    [Test]
    public void What_comes_back_from_a_file_is_what_went_in()
    {
        string path = _folder.File("results.jsonl");
        var result = Result();
        using (var file = new TaskResultFile(path)) file.Append(result);
        using var again = new TaskResultFile(path);
        Assert.That(again.Results.Single() with { Scores = result.Scores }, Is.EqualTo(result));
        Assert.That(again.Results[0].Scores, Is.EqualTo(result.Scores));
    }

    [Test]
    public void A_line_cut_off_is_dropped_and_the_next_begins_in_its_place()
    {
        string path = _folder.File("results.jsonl");
        using (var file = new TaskResultFile(path))
        {
            file.Append(Result());
            file.Append(Result() with { Seed = 2 });
        }
        File.WriteAllText(path, File.ReadAllText(path)[..^20]);
        using (var file = new TaskResultFile(path))
        {
            Assert.That(file.Results.Select(result => result.Seed), Is.EqualTo(new[] { 1UL }));
            file.Append(Result() with { Seed = 3 });
        }
        using var again = new TaskResultFile(path);
        Assert.That(again.Results.Select(result => result.Seed), Is.EqualTo(new[] { 1UL, 3UL }));
    }

    [Test]
    public void A_file_is_written_by_one_at_a_time()
    {
        string path = _folder.File("results.jsonl");
        using var file = new TaskResultFile(path);
        Assert.That(() => new TaskResultFile(path), Throws.InstanceOf<IOException>());
    }

    [TestCase("no JSON")]
    [TestCase("{\"mixer\":\"gru\"}")]
    [TestCase("null")]
    public void A_file_of_something_else_is_refused_by_its_line_and_stays_as_it_is(string line)
    {
        string path = _folder.File("results.jsonl");
        using (var file = new TaskResultFile(path)) file.Append(Result());
        File.AppendAllText(path, $"{line}\n");
        string before = File.ReadAllText(path);
        Assert.That(() => new TaskResultFile(path), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("line 2"));
        Assert.That(File.ReadAllText(path), Is.EqualTo(before));
    }

    [Test]
    public void A_table_that_is_cancelled_says_so_and_keeps_what_is_done()
    {
        string path = _folder.File("results.jsonl");
        using var cancellation = new CancellationTokenSource();
        using (var file = new TaskResultFile(path))
            Assert.That(Table(["gru", "mingru"], 1).Complete(file, _ => cancellation.Cancel(), cancellation.Token), Is.False);
        Assert.That(File.ReadAllLines(path), Has.Length.EqualTo(1));
    }

    private static TaskTable Table(string[] mixers, int seeds) => new(mixers, ["parity"], seeds, s_settings);

    private static TaskResult Result() => new("gru", "n-back", 1, 60, 12.5, 400, TaskEnd.Diverged, null, [new(64, "1", 0.5), new(64, "2", -0.25)], 64, 50_000, 512, new(1e5, 2e5, true));

    private static List<string> Finished(TaskTable table, string path)
    {
        List<string> finished = [];
        using var file = new TaskResultFile(path);
        Assert.That(table.Complete(file, result => finished.Add($"{result.Mixer} {result.Seed}"), default), Is.True);
        return finished;
    }
}
