using NUnit.Framework;
using Sim.Agents.Metrics;
using Sim.Agents.Runs;
using SkiaSharp;

namespace Sim.Tests.Agents.Runs;

public sealed class LearningCurveTests
{
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(20)]
    [TestCase(400)]
    public void Any_number_of_points_gives_a_picture(int count)
    {
        using var folder = new TemporaryFolder();
        LearningCurve.Save(folder.File("a.png"), "pendulum", [.. Enumerable.Range(0, count).Select(i => new CurvePoint(i * 1000, i, null))]);
        using var picture = SKBitmap.Decode(folder.File("a.png"));
        Assert.That((picture.Width, picture.Height), Is.EqualTo((960, 540)));
    }

    [Test]
    public void The_title_is_drawn_in_the_embedded_font()
    {
        using var folder = new TemporaryFolder();
        CurvePoint[] points = [new(0, 0, 0), new(1000, 1, 1)];
        LearningCurve.Save(folder.File("titled.png"), "quadrotor-hover · ppo", points);
        LearningCurve.Save(folder.File("untitled.png"), " ", points);
        // A machine's own fonts must play no part, since it may have none.
        var font = ScottPlot.Fonts.GetTypeface("Sim Inter", bold: false, italic: false);
        Assert.That(font.FamilyName, Is.EqualTo("Inter"));
        // The top 8 % of the picture hold nothing but the title; its letters cover some hundred pixels.
        Assert.That(DarkPixels(folder.File("titled.png"), 0.08) - DarkPixels(folder.File("untitled.png"), 0.08), Is.GreaterThan(300));
    }

    [Test]
    public void The_points_are_read_from_the_metrics_of_the_run()
    {
        using var folder = new TemporaryFolder();
        using (var writer = new JsonLinesWriter(folder.File("metrics.jsonl")))
        {
            writer.Write(10, [new Metric(MetricNames.EpisodicReturn, 3)]);
            writer.Write(15, [new Metric(MetricNames.ValueLoss, 1)]);
            writer.Write(20, [new Metric(MetricNames.EpisodicReturn, 4), new Metric(MetricNames.SuccessRate, 0.5)]);
        }
        Assert.That(LearningCurve.Read(folder.File("metrics.jsonl")), Is.EqualTo(new CurvePoint[] { new(10, 3, null), new(20, 4, 0.5) }));
    }

    private static int DarkPixels(string path, double topShare)
    {
        using var picture = SKBitmap.Decode(path);
        return picture.Pixels.Take((int)(topShare * picture.Height) * picture.Width).Count(pixel => pixel.Red < 128);
    }
}
