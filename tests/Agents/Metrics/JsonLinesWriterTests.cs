using NUnit.Framework;
using Sim.Agents.Metrics;

namespace Sim.Tests.Agents.Metrics;

public sealed class JsonLinesWriterTests
{
    [Test]
    public void Records_can_be_read_while_the_run_goes_on()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("metrics.jsonl");
        using var writer = new JsonLinesWriter(path, secondsBefore: 100);
        writer.Write(10, [new Metric("charts/SPS", 1.5), new Metric("losses/value_loss", double.NaN)]);

        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        string text = reader.ReadToEnd();
        Assert.That(text, Does.StartWith("{\"step\":10,\"seconds\":100").And.EndWith(",\"charts/SPS\":1.5,\"losses/value_loss\":null}\n"));
    }

    [Test]
    public void A_resumed_run_continues_the_file_and_drops_what_it_repeats()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("metrics.jsonl");
        using (var writer = new JsonLinesWriter(path))
        {
            writer.Write(10, [new Metric("a", 1)]);
            writer.Write(20, [new Metric("a", 2)]);
            writer.Write(30, [new Metric("a", 3)]);
        }
        MetricsLog.DropAfter(path, 20);
        using (var writer = new JsonLinesWriter(path))
            writer.Write(30, [new Metric("a", 4)]);

        var records = MetricsLog.Read(path);
        Assert.That(records.Select(record => record.Step), Is.EqualTo(new[] { 10, 20, 30 }));
        Assert.That(records.Select(record => record.Values["a"]), Is.EqualTo(new[] { 1, 2, 4 }));
    }

    [Test]
    public void Only_the_last_line_may_be_cut_short()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("metrics.jsonl");
        File.WriteAllText(path, "{\"step\":1,\"seconds\":0,\"a\":1}\n{\"step\":2,\"sec");
        Assert.That(MetricsLog.Read(path), Has.Count.EqualTo(1));
        File.AppendAllText(path, "\n{\"step\":3,\"seconds\":0,\"a\":1}\n");
        Assert.That(() => MetricsLog.Read(path), Throws.TypeOf<InvalidDataException>().With.Message.Contains("line 2"));
    }
}
