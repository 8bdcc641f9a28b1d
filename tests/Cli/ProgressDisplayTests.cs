using System.Text;
using NUnit.Framework;
using Sim.Agents.Runs;
using Sim.Cli.Output;
using Spectre.Console;

namespace Sim.Tests.Cli;

public sealed class ProgressDisplayTests
{
    private sealed class ManualTime : TimeProvider
    {
        private TimeSpan _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now.Ticks;

        public void Advance(double seconds) => _now += TimeSpan.FromSeconds(seconds);
    }

    private sealed class Terminal(TextWriter writer, int width) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;
        public bool IsTerminal => true;
        public int Width => width;
        public int Height => 40;

        public void SetEncoding(Encoding encoding)
        {
        }
    }

    [Test]
    public void A_log_file_gets_the_first_the_last_and_a_line_each_ten_seconds()
    {
        using var text = new StringWriter();
        var time = new ManualTime();
        var display = new ProgressDisplay(new CommandOutput(text, TextWriter.Null, json: false).Console, time);
        display.Run("cartpole · ppo · seed 1", report =>
        {
            for (int second = 1; second <= 25; second++)
            {
                time.Advance(1);
                report(new TrainingProgress(second * 40_000, 1_000_000, 40_000, second < 5 ? null : 231.4, second < 5 ? null : 0.974));
            }
        });
        Assert.That(text.ToString().Split('\n'), Is.EqualTo(new[]
        {
            "  cartpole · ppo · seed 1",
            "    4 %  40 k steps  40 k steps/s  00:24 left",
            "   44 %  440 k steps  40 k steps/s  return 231  success 97 %  00:14 left",
            "   84 %  840 k steps  40 k steps/s  return 231  success 97 %  00:04 left",
            "  100 %  1 M steps  40 k steps/s  return 231  success 97 %  00:25",
            "",
        }));
    }

    [Test]
    public void An_interrupted_run_keeps_its_last_figures_and_the_note()
    {
        using var text = new StringWriter();
        var time = new ManualTime();
        var display = new ProgressDisplay(new CommandOutput(text, TextWriter.Null, json: false).Console, time);
        display.Run("title", report =>
        {
            report(new TrainingProgress(1000, 100_000_000, 10, null, null));
            display.Note("saving…");
            report(new TrainingProgress(2000, 100_000_000, 0, -1500, null));
        });
        Assert.That(text.ToString().Split('\n')[^2], Is.EqualTo("    0 %  2 k steps  0 steps/s  return -1.5 k  --:-- left  saving…"));
        Assert.That(text.ToString(), Does.Contain("2777:45:00 left"));
    }

    [TestCase(120, 24)]
    [TestCase(60, 0)]
    public void A_terminal_gets_a_bar_that_fits_its_width(int width, int bar)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Out = new Terminal(text, width);
        new ProgressDisplay(console, new ManualTime()).Run("title", report => report(new TrainingProgress(500, 1000, 100, 231, 0.5)));

        string last = text.ToString().Split('\r')[^1].Split('\n').First(line => line.Contains("steps", StringComparison.Ordinal));
        Assert.That(last.Count(letter => letter == '━'), Is.EqualTo(bar));
        Assert.That(last, Does.Contain("50 %  500 steps"));
    }
}
