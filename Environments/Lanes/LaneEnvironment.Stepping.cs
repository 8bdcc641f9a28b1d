using System.Runtime.CompilerServices;
using Sim.Environments.Configuration;
using Sim.Physics.Batched;

namespace Sim.Environments.Lanes;

/// <summary>Step and reset: the hot path straight through, everything rare in methods of its own.</summary>
/// <remarks>
/// Methods that are not inlined take masks by reference: the JIT passes a wide struct by value as two half copies, and
/// reading it back whole waits until every store before it has reached the cache.
/// </remarks>
public sealed unsafe partial class LaneEnvironment<T, TTask, TState, TAction, TObservation, TReward, TSettings>
{
    /// <summary>The thread that works outside of steps.</summary>
    private const int FirstThread = 0;

    public override void Step()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_started) throw new InvalidOperationException($"{Spec.Id}: call Reset before the first Step");
        _history?.Advance();
        if (_pool is null) Execute(0);
        else _pool.Run(this, Threads);
    }

    /// <summary>Steps one thread's share of the bundles.</summary>
    public void Execute(int part)
    {
        int first = (int)((long)_bundleCount * part / Threads), end = (int)((long)_bundleCount * (part + 1) / Threads);
        for (int bundle = first; bundle < end; bundle++) StepBundle(bundle, part);
    }

    public override void Reset(ulong? seed = null, IReadOnlyDictionary<string, string>? options = null,
        ReadOnlySpan<bool> mask = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        RequireMask(mask, _started);
        var settings = ResetSettings(options);
        if (!_started) seed ??= _options.Seed;
        float* bits = stackalloc float[3 * T.Width];
        for (int bundle = 0; bundle < _bundleCount; bundle++)
        {
            for (int lane = 0; lane < T.Width; lane++)
            {
                int row = (bundle * T.Width) + lane;
                bool chosen = mask.IsEmpty || (row < _count && mask[row]);
                ulong laneSeed = (seed ?? 0) + (ulong)row;
                bits[lane] = BitConverter.UInt32BitsToSingle(chosen ? 0xFFFFFFFF : 0);
                bits[T.Width + lane] = BitConverter.UInt32BitsToSingle((uint)laneSeed);
                bits[(2 * T.Width) + lane] = BitConverter.UInt32BitsToSingle((uint)(laneSeed >> 32));
            }
            T resets = T.Load(bits);
            if (!T.Any(resets)) continue;
            var b = _bundles + bundle;
            if (seed is not null)
            {
                b->At.SeedLow = T.Select(resets, T.Load(bits + T.Width), b->At.SeedLow);
                b->At.SeedHigh = T.Select(resets, T.Load(bits + (2 * T.Width)), b->At.SeedHigh);
                b->At.Episode = T.Select(resets, T.OfBits(0), b->At.Episode);
            }
            else
            {
                NextEpisode(b, in resets);
            }
            StartEpisodes(bundle, FirstThread, in resets, settings);
            ClearOutcome(bundle, in resets);
        }
        _started = true;
    }

    public override EpisodeStart EpisodeOf(int lane)
    {
        CheckLane(lane);
        var at = &_bundles[lane / T.Width].At;
        int place = lane % T.Width;
        return new(Bits(&at->SeedLow, place) | ((ulong)Bits(&at->SeedHigh, place) << 32), Bits(&at->Episode, place));
    }

    public override void BeginEpisode(int lane, EpisodeStart start, IReadOnlyDictionary<string, string>? options = null)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        CheckLane(lane);
        var settings = ResetSettings(options);
        int bundle = lane / T.Width, place = lane % T.Width;
        var at = &_bundles[bundle].At;
        Bits(&at->SeedLow, place) = (uint)start.Seed;
        Bits(&at->SeedHigh, place) = (uint)(start.Seed >> 32);
        Bits(&at->Episode, place) = start.Number;
        float* chosen = stackalloc float[T.Width];
        for (int i = 0; i < T.Width; i++) chosen[i] = BitConverter.UInt32BitsToSingle(i == place ? 0xFFFFFFFF : 0);
        T mask = T.Load(chosen);
        StartEpisodes(bundle, FirstThread, in mask, settings);
        ClearOutcome(bundle, in mask);
    }

    private static ref uint Bits(T* field, int place) => ref ((uint*)field)[place];

    /// <summary>The settings of one reset.</summary>
    private TSettings ResetSettings(IReadOnlyDictionary<string, string>? options)
    {
        if (options is not { Count: > 0 }) return _settings;
        var settings = SettingsOverride.Apply(_settings, options.Select(option => $"{option.Key}={option.Value}"));
        _definition.CheckSettings(settings);
        return settings;
    }

    private void StepBundle(int bundle, int thread)
    {
        if (_options.Autoreset == AutoresetMode.SameStep || !T.Any(_bundles[bundle].Ended)) StepActive(bundle, thread, _everyLane);
        else StepBesideEnded(bundle, thread);
    }

    /// <summary>The worlds of a bundle; nothing where the task has none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private SceneTile<T> Scene(int bundle, int thread, in T writes) => _world is null ? default : _world.Tile(bundle, thread, in writes);

    /// <summary>Steps a bundle; only episodes of lanes in the mask <paramref name="active"/> can end.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void StepActive(int bundle, int thread, in T active)
    {
        int row = bundle * T.Width;
        var b = _bundles + bundle;
        Unsafe.SkipInit(out TAction action);
        T acceptable = ReadActions(row, (T*)&action);
        if (_history is not null) PrefetchObservations(row);
        if (_world is not null) HoldBack((T*)&action, in acceptable);

        b->At.Step += 1f;
        var scene = Scene(bundle, thread, in _everyLane);
        TTask.Step(ref b->State, in scene, in action, in b->At, in _settings, out TReward reward, out StepEnd<T> end);
        TTask.Observe(in b->State, in scene, in b->At, in _settings, out TObservation observation);

        T faulted = ~(acceptable & AllFinite((T*)&observation, ObservationFields) & AllFinite((T*)&reward, RewardFields));
        if (_world is not null) faulted |= scene.Faulted;
        T terminated = end.Terminated;
        T success = end.Success;
        if (T.Any(faulted)) Fault(in faulted, ref terminated, ref success, (T*)&reward, (T*)&observation);
        T truncated = b->At.Step >= T.Of(_timeLimit);

        T total = T.Of(0);
        for (int term = 0; term < RewardFields; term++)
        {
            T value = ((T*)&reward)[term];
            total += value;
            T.Store(value, (float*)_rewardTerms.Pointer + ((long)term * _termStride) + row);
            ((T*)&b->Terms)[term] += value;
        }
        b->Return += total;
        T.Store(total, (float*)_rewards.Pointer + row);
        T.StoreMask(terminated, _terminatedAt + row);
        T.StoreMask(truncated, _truncatedAt + row);
        T.StoreMask(faulted, _faultedAt + row);
        T.StoreMask(success, _successAt + row);
        WriteObservations(row, (T*)&observation);

        T done = (terminated | truncated) & active;
        if (T.Any(done)) EndEpisodes(bundle, thread, in done);
    }

    /// <summary>Long rows come from afar: the request goes out before the dynamics, which hide the wait.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void PrefetchObservations(int row)
    {
        var first = _groups[0];
        _history!.Prefetch(row, T.Width);
        CacheLines.Prefetch(first.Current + ((long)row * first.Stride), T.Width * first.Stride);
    }

    /// <summary>Loads the actions of a bundle; returns the mask of lanes whose action is acceptable.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T ReadActions(int row, T* action)
    {
        if (_choiceCount > 0)
        {
            *action = T.FromBits(T.Load((float*)(_choicesAt + row)));
            return (*action >= 0f) & (*action < T.Of(_choiceCount));
        }
        RowMajor.Read((float*)_actions.Pointer + ((long)row * ActionFields), ActionFields, ActionFields, action);
        return AllFinite(action, ActionFields);
    }

    /// <summary>Zero in place of actions that no body could follow: the lane faults anyway, and its world stays whole.</summary>
    private static void HoldBack(T* action, in T acceptable)
    {
        for (int i = 0; i < ActionFields; i++) action[i] = T.Select(acceptable, action[i], T.Of(0));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T AllFinite(T* values, int count)
    {
        // Zero times a finite number is zero; times infinity or NaN it is NaN. Four sums hide the latency.
        T zero = T.Of(0), s0 = zero, s1 = zero, s2 = zero, s3 = zero;
        T* end = values + count;
        for (; values + 4 <= end; values += 4)
        {
            s0 = T.Fma(values[0], zero, s0);
            s1 = T.Fma(values[1], zero, s1);
            s2 = T.Fma(values[2], zero, s2);
            s3 = T.Fma(values[3], zero, s3);
        }
        for (; values < end; values++) s0 = T.Fma(*values, zero, s0);
        return T.Equal(s0 + s1 + (s2 + s3), zero);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WriteObservations(int row, T* observation)
    {
        foreach (var group in _groups)
            RowMajor.Write(observation + group.Offset, group.Fields, group.Current + ((long)row * group.Stride), group.Stride);
        if (_history is null) return;
        var first = _groups[0];
        _history.Record(row, T.Width, (float*)_actions.Pointer + ((long)row * ActionFields),
            first.Current + ((long)row * first.Stride) + first.Fields, first.Stride);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Fault(in T faulted, ref T terminated, ref T success, T* reward, T* observation)
    {
        terminated |= faulted;
        success &= ~faulted;
        T zero = T.Of(0);
        for (int i = 0; i < RewardFields; i++) reward[i] = T.Select(faulted, zero, reward[i]);
        for (int i = 0; i < ObservationFields; i++) observation[i] = T.Select(faulted, zero, observation[i]);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void EndEpisodes(int bundle, int thread, in T done)
    {
        int row = bundle * T.Width;
        var b = _bundles + bundle;
        for (int lane = 0; lane < T.Width && row + lane < _count; lane++)
        {
            if (!Chosen(in done, lane)) continue;
            int environment = row + lane;
            if (_history is not null && _faulted[environment]) ZeroHistory(environment);
            foreach (var group in _groups) group.RowOf(environment, current: true).CopyTo(group.RowOf(environment, current: false));
            ((float*)_episodeReturns.Pointer)[environment] = RowMajor.Lane(&b->Return, 0, lane);
            _episodeLengths[environment] = (int)RowMajor.Lane(&b->At.Step, 0, lane);
            for (int term = 0; term < RewardFields; term++)
                ((float*)_episodeTerms.Pointer)[((long)term * _termStride) + environment] = RowMajor.Lane((T*)&b->Terms, term, lane);
        }
        if (_options.Autoreset != AutoresetMode.SameStep)
        {
            b->Ended |= done;
            return;
        }
        NextEpisode(b, in done);
        StartEpisodes(bundle, thread, in done, _settings);
    }

    /// <summary>A step of a bundle in which some lanes have ended before: they are reset (NextStep) or stand still.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void StepBesideEnded(int bundle, int thread)
    {
        int row = bundle * T.Width;
        var b = _bundles + bundle;
        T ended = b->Ended;
        var before = *b;
        byte* flags = stackalloc byte[4 * T.Width];
        for (int lane = 0; lane < T.Width; lane++)
        {
            flags[lane] = _terminatedAt[row + lane];
            flags[T.Width + lane] = _truncatedAt[row + lane];
            flags[(2 * T.Width) + lane] = _faultedAt[row + lane];
            flags[(3 * T.Width) + lane] = _successAt[row + lane];
        }
        // Lanes that are reset in this step need no world put aside.
        if (_options.Autoreset == AutoresetMode.Disabled) _world?.Keep(bundle, thread);
        StepActive(bundle, thread, ~ended);
        if (_options.Autoreset == AutoresetMode.NextStep)
        {
            NextEpisode(b, in ended);
            StartEpisodes(bundle, thread, in ended, _settings);
            ClearOutcome(bundle, in ended);
            return;
        }
        for (int i = 0; i < BundleFields; i++) ((T*)b)[i] = T.Select(ended, ((T*)&before)[i], ((T*)b)[i]);
        _world?.PutBack(bundle, thread, in ended);
        ClearOutcome(bundle, in ended);
        for (int lane = 0; lane < T.Width && row + lane < _count; lane++)
        {
            if (!Chosen(in ended, lane)) continue;
            int environment = row + lane;
            // The last observation of a standing lane was kept as its final one.
            foreach (var group in _groups) group.RowOf(environment, current: false).CopyTo(group.RowOf(environment, current: true));
            (_terminatedAt[environment], _truncatedAt[environment]) = (flags[lane], flags[T.Width + lane]);
            (_faultedAt[environment], _successAt[environment]) = (flags[(2 * T.Width) + lane], flags[(3 * T.Width) + lane]);
            _history?.Replace(environment, _groups[0].RowOf(environment, current: false)[_groups[0].Fields..]);
        }
    }

    private static void NextEpisode(LaneBundle<T, TState, TReward>* b, in T mask)
        => b->At.Episode = T.Select(mask, T.AddBits(b->At.Episode, T.OfBits(1)), b->At.Episode);

    /// <summary>Resets the masked lanes and writes their first observations.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void StartEpisodes(int bundle, int thread, in T mask, in TSettings settings)
    {
        var b = _bundles + bundle;
        T zero = T.Of(0);
        b->At.Step = T.Select(mask, zero, b->At.Step);
        b->Return = T.Select(mask, zero, b->Return);
        b->Ended = T.Select(mask, zero, b->Ended);
        var scene = Scene(bundle, thread, in mask);
        if (_world is not null) scene.Reset();
        TTask.Reset(out TState fresh, in scene, in b->At, in settings);
        for (int i = 0; i < StateFields; i++) ((T*)&b->State)[i] = T.Select(mask, ((T*)&fresh)[i], ((T*)&b->State)[i]);
        for (int i = 0; i < RewardFields; i++) ((T*)&b->Terms)[i] = T.Select(mask, zero, ((T*)&b->Terms)[i]);
        TTask.Observe(in b->State, in scene, in b->At, in settings, out TObservation observation);
        int row = bundle * T.Width;
        for (int lane = 0; lane < T.Width; lane++)
        {
            if (!Chosen(in mask, lane)) continue;
            foreach (var group in _groups)
            {
                float* target = group.Current + ((long)(row + lane) * group.Stride);
                for (int field = 0; field < group.Fields; field++)
                    target[field] = RowMajor.Lane((T*)&observation, group.Offset + field, lane);
            }
            if (_history is not null) ZeroHistory(row + lane);
        }
    }

    private void ZeroHistory(int row)
    {
        _history!.Clear(row);
        var first = _groups[0];
        _history.Show(row, first.Current + ((long)row * first.Stride) + first.Fields);
    }

    /// <summary>Reward 0 and no flags for the masked lanes: what a reset leaves.</summary>
    private void ClearOutcome(int bundle, in T mask)
    {
        int row = bundle * T.Width;
        for (int lane = 0; lane < T.Width; lane++)
        {
            if (!Chosen(in mask, lane)) continue;
            ((float*)_rewards.Pointer)[row + lane] = 0;
            for (int term = 0; term < RewardFields; term++)
                ((float*)_rewardTerms.Pointer)[((long)term * _termStride) + row + lane] = 0;
            _terminatedAt[row + lane] = _truncatedAt[row + lane] = _faultedAt[row + lane] = _successAt[row + lane] = 0;
        }
    }

    private static bool Chosen(in T mask, int lane) => Unsafe.Add(ref Unsafe.As<T, uint>(ref Unsafe.AsRef(in mask)), lane) != 0;
}
