using System.Runtime.InteropServices;
using Sim.Agents.Networks;

namespace Sim.Agents.Training;

/// <summary>
/// Past transitions in a ring, one packed row each: <c>inputs | action | reward | next inputs | term</c>, the inputs an
/// actor's input and the privileged part, and in goal tasks <c>| achieved goal | success</c>; padded to 8 floats, so that sampling reads whole neighbouring cache lines. Observations
/// are stored raw.
/// </summary>
public sealed unsafe class ReplayBuffer : IDisposable
{
    private const nuint Alignment = 64;

    /// <summary>Floats of one checkpoint entry; a large buffer is saved in several.</summary>
    private const int PartFloats = 1 << 26;

    private readonly int _inputs, _actions, _goals, _stride;
    private float* _rows;
    private int _next;

    /// <param name="capacity">Transitions kept, 1 or more; the oldest are overwritten.</param>
    /// <param name="inputs">Numbers of an actor's input, the privileged part included.</param>
    /// <param name="actions">Numbers of an action.</param>
    /// <param name="goals">Numbers of a goal; 0 where the task has none.</param>
    public ReplayBuffer(int capacity, int inputs, int actions, int goals = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(actions, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(goals);
        (Capacity, _inputs, _actions, _goals) = (capacity, inputs, actions, goals);
        _stride = (Used + 7) / 8 * 8;

        // Not cleared: pages that no transition has reached yet cost nothing.
        _rows = (float*)NativeMemory.AlignedAlloc((nuint)capacity * (nuint)_stride * sizeof(float), Alignment);
    }

    public int Capacity { get; }

    /// <summary>Transitions that it holds.</summary>
    public int Count { get; private set; }

    /// <summary>The row that is written next: the oldest one once the buffer is full.</summary>
    public int Next => _next;

    private int Used => (2 * _inputs) + _actions + 2 + (_goals > 0 ? _goals + 1 : 0);

    /// <summary>A view of the next row to be written; <see cref="Commit"/> makes it count.</summary>
    /// <param name="ahead">Rows behind the next one, below <see cref="Capacity"/>.</param>
    public Transition Open(int ahead = 0)
    {
        ObjectDisposedException.ThrowIf(_rows == null, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)ahead, (uint)Capacity);
        int row = (int)(((long)_next + ahead) % Capacity);

        // The padding is saved too: equal buffers are to be equal byte for byte.
        new Span<float>(_rows + ((nint)row * _stride) + Used, _stride - Used).Clear();
        return At(row);
    }

    /// <summary>Makes the next <paramref name="rows"/> rows, written through <see cref="Open"/>, part of the buffer.</summary>
    public void Commit(int rows)
    {
        _next = (int)(((long)_next + rows) % Capacity);
        Count = (int)Math.Min(Capacity, (long)Count + rows);
    }

    /// <summary>The stored transition of row <paramref name="row"/>, 0 … <see cref="Count"/> − 1.</summary>
    public Transition this[int row]
    {
        get
        {
            ObjectDisposedException.ThrowIf(_rows == null, this);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Count);
            return At(row);
        }
    }

    /// <summary>Copies chosen transitions side by side.</summary>
    /// <param name="chosen">Rows, each 0 … <see cref="Count"/> − 1.</param>
    /// <param name="pairs">Target <c>[rows, inputs + actions]</c>: inputs and actions.</param>
    /// <param name="nextPairs">Target of the same size: the next inputs; its action columns stay as they are.</param>
    /// <param name="rewards">Target <c>[rows]</c>.</param>
    /// <param name="terms">Target <c>[rows]</c>: 1 where nothing follows, else 0.</param>
    public void Gather(ReadOnlySpan<int> chosen, in Matrix pairs, in Matrix nextPairs, Span<float> rewards, Span<float> terms)
    {
        ObjectDisposedException.ThrowIf(_rows == null, this);
        int width = _inputs + _actions;
        for (int i = 0; i < chosen.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)chosen[i], (uint)Count, nameof(chosen));
            float* row = _rows + ((nint)chosen[i] * _stride);
            Copy(row, pairs.Data + ((nint)i * pairs.Stride), width);
            Copy(row + width + 1, nextPairs.Data + ((nint)i * nextPairs.Stride), _inputs);
            rewards[i] = row[width];
            terms[i] = row[width + 1 + _inputs];
        }
    }

    /// <summary>Writes all transitions that it holds.</summary>
    public void Save(Checkpoint checkpoint, string name)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        checkpoint.Put<int>($"{name}/position", [Count, _next]);
        long floats = (long)Count * _stride;
        for (long start = 0; start < floats; start += PartFloats)
            checkpoint.Put<float>($"{name}/rows-{start / PartFloats}", new(_rows + start, (int)Math.Min(PartFloats, floats - start)));
    }

    /// <exception cref="InvalidDataException">The saved transitions do not fit.</exception>
    public void Load(Checkpoint checkpoint, string name)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        int[] position = checkpoint.Get<int>($"{name}/position");
        if (position is not [var count and >= 0, var next and >= 0] || count > Capacity || next >= Capacity)
            throw new InvalidDataException($"the checkpoint's '{name}' stands at {string.Join(", ", position)}; this buffer holds {Capacity} transitions");
        long floats = (long)count * _stride;
        for (long start = 0; start < floats; start += PartFloats)
            checkpoint.Get($"{name}/rows-{start / PartFloats}", new Span<float>(_rows + start, (int)Math.Min(PartFloats, floats - start)));
        (Count, _next) = (count, next);
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_rows);
        _rows = null;
    }

    private Transition At(int row) => new(_rows + ((nint)row * _stride), _inputs, _actions, _goals);

    /// <summary>A call of the block copy costs more than a handful of floats.</summary>
    private static void Copy(float* source, float* target, int count)
    {
        if (count > 16)
        {
            new ReadOnlySpan<float>(source, count).CopyTo(new Span<float>(target, count));
            return;
        }
        for (int i = 0; i < count; i++) target[i] = source[i];
    }
}

/// <summary>One row of a <see cref="ReplayBuffer"/>, in place.</summary>
public readonly unsafe ref struct Transition
{
    private readonly float* _row;
    private readonly int _inputs, _actions, _goals;

    internal Transition(float* row, int inputs, int actions, int goals)
    {
        _row = row;
        (_inputs, _actions, _goals) = (inputs, actions, goals);
    }

    /// <summary>What the actor reads, then the privileged part.</summary>
    public Span<float> Inputs => new(_row, _inputs);

    /// <summary>In [−1, 1].</summary>
    public Span<float> Action => new(_row + _inputs, _actions);

    public ref float Reward => ref _row[_inputs + _actions];

    /// <summary>What followed, of the same episode even where it ended.</summary>
    public Span<float> NextInputs => new(_row + _inputs + _actions + 1, _inputs);

    /// <summary>1 where the episode terminated, so that nothing follows; a truncated one goes on in the critic's eyes.</summary>
    public ref float Term => ref _row[(2 * _inputs) + _actions + 1];

    /// <summary>The goal that was achieved after the step; empty where the task has none.</summary>
    public Span<float> Achieved => new(_row + (2 * _inputs) + _actions + 2, _goals);

    /// <summary>1 where the episode counted as a success after the step, in goal tasks alone.</summary>
    public ref float Success
    {
        get
        {
            if (_goals == 0) throw new InvalidOperationException("transitions of a task without goals keep no mark of success");
            return ref _row[(2 * _inputs) + _actions + 2 + _goals];
        }
    }
}
