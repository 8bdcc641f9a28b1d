using Sim.Agents.Training;
using Sim.Environments;
using static TorchSharp.torch;

namespace Sim.Agents.Drama;

/// <summary>
/// What happened, a ring of steps for each environment: an observation, the action taken on it, and the reward and end that came of it. Windows never cross a
/// ring's writing place. Every step counts how often a window that begins there was learnt and imagined from.
/// </summary>
public sealed class SequenceReplay
{
    private readonly ObservationForm _form;
    private readonly int _environments, _capacity, _actions;
    private readonly byte[][] _observations;
    private readonly float[] _action, _reward;
    private readonly bool[] _end, _first;
    private readonly int[] _trained, _imagined;
    private readonly float[] _exponents, _noise;
    private readonly Dictionary<int, byte[]> _gathered = [];
    private int _next;

    /// <param name="form">How observations are kept.</param>
    /// <param name="environments">Rings.</param>
    /// <param name="capacity">Steps of a ring.</param>
    /// <param name="actions">Numbers of an action.</param>
    public SequenceReplay(ObservationForm form, int environments, int capacity, int actions)
    {
        ArgumentNullException.ThrowIfNull(form);
        (_form, _environments, _capacity, _actions) = (form, environments, capacity, actions);
        int steps = environments * capacity;
        _observations = [.. Enumerable.Range(0, environments).Select(_ => new byte[(long)capacity * form.Bytes])];
        _action = new float[(long)steps * actions];
        _reward = new float[steps];
        _end = new bool[steps];
        _first = new bool[steps];
        _trained = new int[steps];
        _imagined = new int[steps];
        _exponents = new float[steps];
        _noise = new float[steps];
    }

    /// <summary>Steps that each ring holds.</summary>
    public int Count { get; private set; }

    /// <summary>Windows of a length that there are, in all rings.</summary>
    public int WindowsOf(int length) => Math.Max(0, Count - length + 1) * _environments;

    /// <summary>Begins a step of every environment with what it shows.</summary>
    /// <param name="observations">Rows <c>[N]</c> of <see cref="ObservationForm.Bytes"/>.</param>
    /// <param name="first">Whether each begins an episode.</param>
    public void Observe(ReadOnlySpan<byte> observations, ReadOnlySpan<bool> first)
    {
        int overwritten = Count == _capacity ? 1 : 0, trained = overwritten * Mean(_trained), imagined = overwritten * Mean(_imagined);
        for (int ring = 0; ring < _environments; ring++)
        {
            observations.Slice(ring * _form.Bytes, _form.Bytes).CopyTo(_observations[ring].AsSpan(_next * _form.Bytes));
            int at = (ring * _capacity) + _next;
            _first[at] = first[ring];
            // A full ring's newest step would otherwise be drawn before all others for long.
            (_trained[at], _imagined[at]) = (trained, imagined);
        }
    }

    /// <summary>Ends the step with what was done and what came of it.</summary>
    /// <param name="actions"><c>[N, actions]</c>.</param>
    /// <param name="environments">As the step left them.</param>
    public void Complete(ReadOnlySpan<float> actions, BatchEnvironment environments)
    {
        ArgumentNullException.ThrowIfNull(environments);
        for (int ring = 0; ring < _environments; ring++)
        {
            int at = (ring * _capacity) + _next;
            actions.Slice(ring * _actions, _actions).CopyTo(_action.AsSpan(at * _actions));
            _reward[at] = environments.Rewards[ring];
            _end[at] = environments.Terminated[ring];
        }
        _next = (_next + 1) % _capacity;
        Count = Math.Min(Count + 1, _capacity);
    }

    /// <summary>Draws starts of windows to learn from, and counts them.</summary>
    /// <param name="starts">Where they go: steps, oldest first, ring after ring.</param>
    /// <param name="settings">Length and manner.</param>
    /// <param name="seed">The learner's.</param>
    /// <param name="time">Number of the draw.</param>
    public void DrawForModel(Span<int> starts, DramaSettings settings, ulong seed, ulong time)
    {
        ArgumentNullException.ThrowIfNull(settings);
        FrequencySampling.ForModel(_trained, settings.SamplingTemperature, _exponents);
        Draw(starts, settings.Window, settings, _trained, seed, time);
    }

    /// <summary>Draws starts of windows to imagine from, and counts them.</summary>
    /// <inheritdoc cref="DrawForModel"/>
    public void DrawForPolicy(Span<int> starts, DramaSettings settings, ulong seed, ulong time)
    {
        ArgumentNullException.ThrowIfNull(settings);
        FrequencySampling.ForPolicy(_trained, _imagined, (float)settings.ImaginedBatch / settings.Batch, 1, 1, settings.SamplingTemperature, _exponents);
        Draw(starts, settings.Context + 1, settings, _imagined, seed, time);
    }

    /// <summary>Starts uniformly drawn and not counted, to look at.</summary>
    public void DrawToInspect(Span<int> starts, int length, ulong seed, ulong time)
    {
        _exponents.AsSpan().Clear();
        Pick(starts, length, seed, time);
    }

    /// <summary>The last steps of every ring, oldest first.</summary>
    public SequenceWindows Latest(int length, Device device)
    {
        int[] starts = [.. Enumerable.Range(0, _environments).Select(ring => Slot(ring, Count - length))];
        return Read(starts, length, device);
    }

    /// <summary>Windows on the device.</summary>
    public SequenceWindows Read(ReadOnlySpan<int> starts, int length, Device device)
    {
        int steps = starts.Length * length, bytes = _form.Bytes;
        if (!_gathered.TryGetValue(steps, out byte[]? rows)) _gathered[steps] = rows = new byte[steps * bytes];
        float[] actions = new float[steps * _actions], rewards = new float[steps], ends = new float[steps];
        bool[] first = new bool[steps];
        for (int window = 0; window < starts.Length; window++)
        {
            int ring = starts[window] / _capacity, slot = starts[window] % _capacity;
            for (int step = 0; step < length; step++)
            {
                int row = (window * length) + step, place = (slot + step) % _capacity, at = (ring * _capacity) + place;
                _observations[ring].AsSpan(place * bytes, bytes).CopyTo(rows.AsSpan(row * bytes));
                _action.AsSpan(at * _actions, _actions).CopyTo(actions.AsSpan(row * _actions));
                (rewards[row], ends[row], first[row]) = (_reward[at], _end[at] ? 1 : 0, _first[at]);
            }
        }
        long[] shape = [starts.Length, length];
        return new(_form.Read(rows, device), tensor(actions, [.. shape, _actions]).to(device), tensor(rewards, shape).to(device),
            tensor(ends, shape).to(device), tensor(first, shape).to(device));
    }

    public void Save(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        checkpoint.Put<int>("replay/place", [_next, Count]);
        // Until a ring is full its steps are the first ones.
        for (int ring = 0; ring < _environments; ring++)
        {
            checkpoint.Put<byte>($"replay/{ring}/observations", _observations[ring].AsSpan(0, Count * _form.Bytes));
            checkpoint.Put<float>($"replay/{ring}/actions", _action.AsSpan(ring * _capacity * _actions, Count * _actions));
            checkpoint.Put<float>($"replay/{ring}/rewards", _reward.AsSpan(ring * _capacity, Count));
            checkpoint.Put<bool>($"replay/{ring}/ends", _end.AsSpan(ring * _capacity, Count));
            checkpoint.Put<bool>($"replay/{ring}/first", _first.AsSpan(ring * _capacity, Count));
            checkpoint.Put<int>($"replay/{ring}/trained", _trained.AsSpan(ring * _capacity, Count));
            checkpoint.Put<int>($"replay/{ring}/imagined", _imagined.AsSpan(ring * _capacity, Count));
        }
    }

    /// <exception cref="InvalidDataException">The checkpoint holds another replay.</exception>
    public void Load(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        int[] place = new int[2];
        checkpoint.Get<int>("replay/place", place);
        (_next, Count) = (place[0], place[1]);
        if (Count < 0 || Count > _capacity || _next < 0 || _next >= _capacity)
            throw new InvalidDataException($"the checkpoint's replay holds {Count} steps, the next at {_next}; this one takes {_capacity}");
        for (int ring = 0; ring < _environments; ring++)
        {
            checkpoint.Get($"replay/{ring}/observations", _observations[ring].AsSpan(0, Count * _form.Bytes));
            checkpoint.Get($"replay/{ring}/actions", _action.AsSpan(ring * _capacity * _actions, Count * _actions));
            checkpoint.Get($"replay/{ring}/rewards", _reward.AsSpan(ring * _capacity, Count));
            checkpoint.Get($"replay/{ring}/ends", _end.AsSpan(ring * _capacity, Count));
            checkpoint.Get($"replay/{ring}/first", _first.AsSpan(ring * _capacity, Count));
            checkpoint.Get($"replay/{ring}/trained", _trained.AsSpan(ring * _capacity, Count));
            checkpoint.Get($"replay/{ring}/imagined", _imagined.AsSpan(ring * _capacity, Count));
        }
    }

    private void Draw(Span<int> starts, int length, DramaSettings settings, int[] counts, ulong seed, ulong time)
    {
        if (!settings.FrequencySampling) _exponents.AsSpan().Clear();
        Pick(starts, length, seed, time);
        foreach (int start in starts) counts[start]++;
    }

    private void Pick(Span<int> starts, int length, ulong seed, ulong time)
    {
        for (int ring = 0; ring < _environments; ring++)
        {
            // The newest steps, and places never written, begin no window of this length.
            for (int age = Math.Max(0, Count - length + 1); age < _capacity; age++) _exponents[Slot(ring, age)] = float.NegativeInfinity;
        }
        FrequencySampling.Draw(_exponents, starts, _noise, seed, time);
    }

    /// <summary>Place of a ring's step by age, 0 the oldest.</summary>
    private int Slot(int ring, int age)
    {
        int oldest = Count == _capacity ? _next : 0;
        return (ring * _capacity) + ((oldest + age) % _capacity);
    }

    private static int Mean(int[] counts)
    {
        long sum = 0;
        foreach (int count in counts) sum += count;
        return (int)(sum / counts.Length);
    }
}
