using System.Diagnostics;
using Sim.Environments;

namespace Sim.Protocols.Demonstrations;

/// <summary>What a recording loop plays.</summary>
public sealed record RecordingPlan
{
    /// <summary>Episodes to play; none but the branch when 0.</summary>
    public int Episodes { get; init; } = 1;

    /// <summary>Episode k starts from seed + k, whatever the batch.</summary>
    public ulong Seed { get; init; }

    /// <summary>Options of every reset.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>Hide episodes that do not succeed.</summary>
    public bool KeepSuccesses { get; init; }

    /// <summary>Wait for the clock, so that a step takes its control period.</summary>
    public bool RealTime { get; init; }

    /// <summary>Who chooses the actions.</summary>
    public ActionSource Source { get; init; } = ActionSource.Policy;
}

/// <summary>How far a recording loop has come.</summary>
/// <param name="Episodes">Episodes that have ended.</param>
/// <param name="Kept">Those of them that count.</param>
/// <param name="Steps">Steps of all environments.</param>
/// <param name="LateSteps">Steps that began after their time, where the clock counts.</param>
public readonly record struct RecordingProgress(int Episodes, int Kept, long Steps, long LateSteps);

/// <summary>
/// Plays episodes with an actor and records them, each from a seed of its own: the same episodes, bit for bit, whatever
/// the size of the batch. The actor may be a person far away, who takes the time he takes.
/// </summary>
public sealed class RecordingLoop
{
    private readonly BatchEnvironment _environments;
    private readonly DemonstrationRecorder _recorder;
    private readonly IActor _actor;
    private readonly RecordingPlan _plan;
    private readonly bool[] _running;
    private int _begun;
    private RecordingProgress _progress;

    /// <param name="environments">The batch; its autoreset mode is Disabled.</param>
    /// <param name="recorder">Records it; the caller closes it.</param>
    /// <param name="actor">Chooses the actions.</param>
    /// <param name="plan">What to play.</param>
    /// <exception cref="ArgumentException">The batch resets by itself, or an option is unknown or out of range.</exception>
    public RecordingLoop(BatchEnvironment environments, DemonstrationRecorder recorder, IActor actor, RecordingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(environments);
        if (environments.Autoreset != AutoresetMode.Disabled) throw new ArgumentException("a recording loop begins episodes itself: make the batch with AutoresetMode.Disabled");
        (_environments, _recorder, _actor, _plan) = (environments, recorder, actor, plan);
        _running = new bool[environments.Count];
        environments.Reset();
    }

    /// <summary>Goes on from the state of a recorded episode in the first environment.</summary>
    /// <param name="snapshot">The state.</param>
    /// <param name="parent">Where it comes from.</param>
    /// <exception cref="ArgumentException">The state belongs to another environment.</exception>
    public void Branch(LaneSnapshot snapshot, EpisodeParent parent)
    {
        _environments.Restore(0, snapshot);
        _recorder.AfterRestore(0, parent);
        _running[0] = true;
    }

    /// <summary>Plays until all episodes have ended, or somebody cancels.</summary>
    /// <param name="progress">Called after every step in which an episode ended.</param>
    /// <param name="cancellation">Ends the loop after the step that is under way.</param>
    public RecordingProgress Run(Action<RecordingProgress>? progress = null, CancellationToken cancellation = default)
    {
        for (int lane = 0; lane < _running.Length; lane++)
        {
            if (!_running[lane]) BeginNext(lane);
        }
        long start = Stopwatch.GetTimestamp();
        for (long step = 0; _running.Contains(true) && !cancellation.IsCancellationRequested; step++)
        {
            if (_plan.RealTime) WaitFor(start, step, cancellation);
            Step();
            if (_recorder.EndedEpisodes.Length > 0) progress?.Invoke(_progress);
        }
        return _progress;
    }

    private void Step()
    {
        _actor.Act(_environments);
        _environments.Step();
        _recorder.AfterStep(_plan.Source);
        _progress = _progress with { Steps = _progress.Steps + _running.Count(running => running) };
        foreach (var ended in _recorder.EndedEpisodes)
        {
            bool kept = !_plan.KeepSuccesses || ended.Success == true;
            if (!kept) _recorder.Hide(ended.Episode);
            _progress = _progress with { Episodes = _progress.Episodes + 1, Kept = _progress.Kept + (kept ? 1 : 0) };
            _running[ended.Lane] = false;
            BeginNext(ended.Lane);
        }
    }

    private void BeginNext(int lane)
    {
        if (_begun == _plan.Episodes) return;
        _environments.BeginEpisode(lane, new EpisodeStart(_plan.Seed + (ulong)_begun, 0), _plan.Options);
        _recorder.AfterBegin(lane, _plan.Options);
        _begun++;
        _running[lane] = true;
    }

    /// <summary>Sleeps until a step is due; simulated time never runs ahead of the clock.</summary>
    private void WaitFor(long start, long step, CancellationToken cancellation)
    {
        double due = step * (double)_environments.Spec.ControlPeriod, now = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (now > due + _environments.Spec.ControlPeriod) _progress = _progress with { LateSteps = _progress.LateSteps + 1 };
        if (due > now) cancellation.WaitHandle.WaitOne(TimeSpan.FromSeconds(due - now));
    }
}
