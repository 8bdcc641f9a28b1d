using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sim.Environments.Configuration;
using Sim.Physics.Numerics;

namespace Sim.Environments.Scalar;

/// <summary>Step and reset.</summary>
public sealed unsafe partial class ScalarEnvironment<TTask, TState, TSettings>
{
    public override void Step()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_started) throw new InvalidOperationException($"{Spec.Id}: call Reset before the first Step");
        if (_pool is null) Execute(0);
        else _pool.Run(this, Threads);
    }

    /// <summary>Steps one thread's share of the batch.</summary>
    public void Execute(int part)
    {
        int first = (int)((long)_bundleCount * part / Threads), end = (int)((long)_bundleCount * (part + 1) / Threads);
        for (int bundle = first; bundle < end; bundle++) StepBundle(bundle * FirstWords.Lanes);
    }

    public override void Reset(ulong? seed = null, IReadOnlyDictionary<string, string>? options = null, ReadOnlySpan<bool> mask = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        RequireMask(mask, _started);
        var settings = ResetSettings(options);
        if (!_started) seed ??= _options.Seed;
        for (int lane = 0; lane < _count; lane++)
        {
            if (!mask.IsEmpty && !mask[lane]) continue;
            if (seed is { } given) PlaceAt(lane, new EpisodeStart(given + (ulong)lane, 0));
            else _episode[lane]++;
            StartEpisode(lane, settings);
            ClearOutcome(lane);
        }
        _started = true;
    }

    public override EpisodeStart EpisodeOf(int lane)
    {
        CheckLane(lane);
        return new(_seedLow[lane] | ((ulong)_seedHigh[lane] << 32), _episode[lane]);
    }

    public override void BeginEpisode(int lane, EpisodeStart start, IReadOnlyDictionary<string, string>? options = null)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        CheckLane(lane);
        var settings = ResetSettings(options);
        PlaceAt(lane, start);
        StartEpisode(lane, settings);
        ClearOutcome(lane);
    }

    /// <summary>The settings of one reset.</summary>
    private TSettings ResetSettings(IReadOnlyDictionary<string, string>? options)
    {
        if (options is not { Count: > 0 }) return _settings;
        var settings = SettingsOverride.Apply(_settings, options.Select(option => $"{option.Key}={option.Value}"));
        _definition.CheckSettings(settings);
        return settings;
    }

    /// <summary>Puts a lane before an episode, with nothing behind it.</summary>
    private void PlaceAt(int lane, EpisodeStart start)
    {
        (_seedLow[lane], _seedHigh[lane], _episode[lane]) = ((uint)start.Seed, (uint)(start.Seed >> 32), start.Number);
        _states[lane] = default;
    }

    private void StepBundle(int first)
    {
        uint* words = stackalloc uint[4 * FirstWords.Lanes];
        int* step = _step.At(first);
        for (int lane = 0; lane < FirstWords.Lanes; lane++) step[lane]++;
        if (Vector512.IsHardwareAccelerated) DrawWords<Lane16>(first, words);
        else if (Vector256.IsHardwareAccelerated) DrawWords<Lane8>(first, words);
        else DrawWords<Lane1>(first, words);
        int lanes = Math.Min(FirstWords.Lanes, _count - first);
        bool endedOnesStand = _options.Autoreset != AutoresetMode.SameStep;
        for (int lane = 0; lane < lanes; lane++)
        {
            if (endedOnesStand && _ended[first + lane]) StepEnded(first + lane);
            else StepLane(first + lane, words + lane);
        }
    }

    private void DrawWords<T>(int first, uint* words) where T : unmanaged, ILane<T>
        => FirstWords.Draw<T>(_seedLow.At(first), _seedHigh.At(first), _episode.At(first), _step.At(first), words);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void StepLane(int lane, uint* words)
    {
        int action = _choices[lane];
        if ((uint)action >= (uint)_choiceCount)
        {
            Fault(lane);
            return;
        }
        var draws = new EpisodeDraws(_seedLow[lane], _seedHigh[lane], _episode[lane], _step[lane],
            words[0], words[FirstWords.Lanes], words[2 * FirstWords.Lanes], words[3 * FirstWords.Lanes]);
        ref var state = ref _states[lane];
        var outcome = TTask.Step(ref state, action, ref draws, in _settings);
        bool truncated = _step[lane] >= _timeLimit;
        _rewards[lane] = outcome.Reward;
        _return[lane] += outcome.Reward;
        _terminated[lane] = outcome.Terminated;
        _truncated[lane] = truncated;
        _faulted[lane] = false;
        _success[lane] = outcome.Success;
        if (outcome.Terminated | truncated) EndEpisode(lane);
        else TTask.Observe(in state, in _settings, ObservationOf(lane, _current));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void EndEpisode(int lane)
    {
        var final = ObservationOf(lane, _final);
        TTask.Observe(in _states[lane], in _settings, final);
        RecordEnd(lane, final);
    }

    /// <summary>An action out of range: the episode ends with reward 0 and a final observation of zeros.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Fault(int lane)
    {
        _rewards[lane] = 0;
        _terminated[lane] = _faulted[lane] = true;
        _success[lane] = false;
        _truncated[lane] = _step[lane] >= _timeLimit;
        var final = ObservationOf(lane, _final);
        final.Clear();
        RecordEnd(lane, final);
    }

    private void RecordEnd(int lane, Span<byte> final)
    {
        _episodeReturns[lane] = _return[lane];
        _episodeLengths[lane] = _step[lane];
        if (_options.Autoreset == AutoresetMode.SameStep)
        {
            _episode[lane]++;
            StartEpisode(lane, in _settings);
            return;
        }
        _ended[lane] = true;
        final.CopyTo(ObservationOf(lane, _current));
    }

    /// <summary>A step of a lane that has ended before: it is reset (NextStep) or stands still.</summary>
    private void StepEnded(int lane)
    {
        if (_options.Autoreset == AutoresetMode.NextStep)
        {
            _episode[lane]++;
            StartEpisode(lane, in _settings);
            ClearOutcome(lane);
            return;
        }
        _step[lane]--;
        _rewards[lane] = 0;
    }

    private void StartEpisode(int lane, in TSettings settings)
    {
        _step[lane] = 0;
        _return[lane] = 0;
        _ended[lane] = false;
        var draws = new EpisodeDraws(_seedLow[lane], _seedHigh[lane], _episode[lane], step: 0);
        TTask.Reset(ref _states[lane], ref draws, in settings);
        TTask.Observe(in _states[lane], in _settings, ObservationOf(lane, _current));
    }

    /// <summary>Reward 0 and no flags: what a reset leaves.</summary>
    private void ClearOutcome(int lane)
    {
        _rewards[lane] = 0;
        _terminated[lane] = _truncated[lane] = _faulted[lane] = _success[lane] = false;
    }
}
