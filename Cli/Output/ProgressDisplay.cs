using Sim.Agents.Runs;
using Spectre.Console;

namespace Sim.Cli.Output;

/// <summary>
/// Shows how training goes: one live line on a terminal, and elsewhere a plain line now and then, for log files.
/// </summary>
public sealed class ProgressDisplay
{
    private const int BarWidth = 24;
    private static readonly TimeSpan s_liveEvery = TimeSpan.FromMilliseconds(100), s_plainEvery = TimeSpan.FromSeconds(10);
    private static readonly Style s_done = new(Color.Green), s_rest = new(Color.Grey);

    private readonly IAnsiConsole _console;
    private readonly TimeProvider _clock;
    private readonly bool _live;
    private TrainingProgress _last;
    private long _started, _shown;
    private bool _stale, _any;
    private volatile string _note = "";

    public ProgressDisplay(IAnsiConsole console, TimeProvider? clock = null)
    {
        _console = console;
        _clock = clock ?? TimeProvider.System;
        var profile = console.Profile;
        _live = profile.Out.IsTerminal && profile.Capabilities is { Ansi: true, Interactive: true };
    }

    /// <summary>Shows a word, such as "saving…", after the figures from now on. Safe from any thread.</summary>
    public void Note(string note) => _note = note;

    /// <summary>Runs <paramref name="work"/>, which reports as often as it likes, and leaves the last figures on show.</summary>
    public void Run(string title, Action<Action<TrainingProgress>> work)
    {
        _console.Profile.Out.Writer.WriteLine($"  {title}");
        _started = _shown = _clock.GetTimestamp();
        if (_live)
            _console.Live(new Paragraph("")).Start(context => Run(work, () => context.UpdateTarget(LiveLine())));
        else
            Run(work, () => _console.Profile.Out.Writer.WriteLine($"  {Percent()}  {Figures()}"));
    }

    private void Run(Action<Action<TrainingProgress>> work, Action show)
    {
        work(progress =>
        {
            _last = progress;
            _stale = true;
            if (!_any || _clock.GetElapsedTime(_shown) >= (_live ? s_liveEvery : s_plainEvery))
                Show(show);
            _any = true;
        });
        if (_stale)
            Show(show);
    }

    private void Show(Action show)
    {
        show();
        _shown = _clock.GetTimestamp();
        _stale = false;
    }

    private Paragraph LiveLine()
    {
        string text = $"{Percent()}  {Figures()}";
        int bar = Math.Clamp(_console.Profile.Width - text.Length - 5, 0, BarWidth);
        int done = (int)(bar * Share());
        return new Paragraph { Overflow = Overflow.Ellipsis }
            .Append("  ").Append(new string('━', done), s_done).Append(new string('━', bar - done), s_rest)
            .Append(bar > 0 ? $"  {text}" : text);
    }

    private string Percent() => $"{(int)(100 * Share()),3} %";

    private double Share() => _last.TotalSteps > 0 ? Math.Min(1, (double)_last.Steps / _last.TotalSteps) : 0;

    private string Figures()
    {
        var parts = new List<string> { $"{SiPrefix.Format(_last.Steps)} steps", $"{SiPrefix.Format(_last.StepsPerSecond)} steps/s" };
        if (_last.ReturnMean is { } mean)
            parts.Add($"return {SiPrefix.Format(mean)}");
        if (_last.SuccessRate is { } rate)
            parts.Add($"success {100 * rate:0} %");
        parts.Add(Time());
        if (_note.Length > 0)
            parts.Add(_note);
        return string.Join("  ", parts);
    }

    /// <summary>The time left while there are steps to do, then the time taken.</summary>
    private string Time()
    {
        if (_last.Steps >= _last.TotalSteps)
            return Clock(_clock.GetElapsedTime(_started));
        double seconds = (_last.TotalSteps - _last.Steps) / _last.StepsPerSecond;
        return seconds < TimeSpan.MaxValue.TotalSeconds ? $"{Clock(TimeSpan.FromSeconds(seconds))} left" : "--:-- left";
    }

    private static string Clock(TimeSpan time)
        => time.TotalHours >= 1 ? $"{(int)time.TotalHours}:{time:mm\\:ss}" : $"{time:mm\\:ss}";
}
