using System.Diagnostics;

namespace Sim.Agents.Runs;

/// <summary>Steps a second over the last half second or so.</summary>
internal sealed class RecentRate(long steps)
{
    private const double Window = 0.5;

    private long _steps = steps, _time = Stopwatch.GetTimestamp();
    private double _rate;

    public double Update(long steps)
    {
        double seconds = Stopwatch.GetElapsedTime(_time).TotalSeconds;
        // Until the first window is over, what there is must do.
        if (seconds < Window && _rate > 0)
            return _rate;
        double rate = seconds > 0 ? (steps - _steps) / seconds : 0;
        if (seconds >= Window)
            (_steps, _time, _rate) = (steps, Stopwatch.GetTimestamp(), rate);
        return rate;
    }
}
