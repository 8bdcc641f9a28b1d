using System.Runtime.InteropServices;
using Sim.Agents.Networks;
using Sim.Agents.Training;
using Sim.Environments;
using Sim.Environments.Spaces;
using Sim.Physics.Numerics;

namespace Sim.Agents.Dqn;

/// <summary>
/// The last transitions under choices. Observations are kept as the environment shows them, a board's cell a byte, and become numbers when they are drawn.
/// </summary>
internal sealed class ChoiceReplay
{
    private readonly Box _box;
    private readonly int _bytes, _capacity;
    private readonly byte[] _before, _after;
    private readonly int[] _choice;
    private readonly float[] _reward;
    private readonly bool[] _terminated;
    private readonly int[] _rows;
    private int _next;

    /// <param name="box">What is observed.</param>
    /// <param name="capacity">Transitions.</param>
    /// <param name="batch">Transitions of a draw.</param>
    public ChoiceReplay(Box box, int capacity, int batch)
    {
        (_box, _capacity) = (box, capacity);
        _bytes = box.Size * (box.Type == ElementType.UInt8 ? 1 : sizeof(float));
        _before = new byte[(long)capacity * _bytes];
        _after = new byte[(long)capacity * _bytes];
        _choice = new int[capacity];
        _reward = new float[capacity];
        _terminated = new bool[capacity];
        _rows = new int[batch];
    }

    public int Count { get; private set; }

    /// <summary>Adds what a step of every environment did.</summary>
    /// <param name="before">Observations before it, as bytes, row after row.</param>
    /// <param name="environments">After it, with the choices that led there.</param>
    public void Add(ReadOnlySpan<byte> before, BatchEnvironment environments)
    {
        for (int lane = 0; lane < environments.Count; lane++)
        {
            bool done = environments.Terminated[lane] || environments.Truncated[lane];
            before.Slice(lane * _bytes, _bytes).CopyTo(_before.AsSpan(_next * _bytes));
            // What an episode ended with is not what the next one begins with.
            (done ? environments.FinalObservations : environments.Observations).RowBytes(lane).CopyTo(_after.AsSpan(_next * _bytes));
            (_choice[_next], _reward[_next], _terminated[_next]) = (environments.DiscreteActions[lane], environments.Rewards[lane], environments.Terminated[lane]);
            _next = (_next + 1) % _capacity;
            Count = Math.Min(Count + 1, _capacity);
        }
    }

    /// <summary>Draws transitions uniformly, with replacement.</summary>
    /// <param name="before">Takes observations <c>[batch, size]</c>.</param>
    /// <param name="after">Takes those after the step.</param>
    /// <param name="steps">Takes what happened between.</param>
    /// <param name="seed">The learner's.</param>
    /// <param name="time">Number of the draw.</param>
    public void Draw(in Matrix before, in Matrix after, Span<ChoiceStep> steps, ulong seed, ulong time)
    {
        CounterRandom.FillIndices(_rows, Count, seed, RandomStream.Sampling, time);
        for (int i = 0; i < _rows.Length; i++)
        {
            int row = _rows[i];
            Read(_before, row, before.Row(i));
            Read(_after, row, after.Row(i));
            steps[i] = new(_choice[row], _reward[row], _terminated[row]);
        }
    }

    public void Save(Checkpoint checkpoint)
    {
        checkpoint.Put<int>("replay/place", [_next, Count]);
        checkpoint.Put<byte>("replay/before", _before.AsSpan(0, Count * _bytes));
        checkpoint.Put<byte>("replay/after", _after.AsSpan(0, Count * _bytes));
        checkpoint.Put<int>("replay/choices", _choice.AsSpan(0, Count));
        checkpoint.Put<float>("replay/rewards", _reward.AsSpan(0, Count));
        checkpoint.Put<bool>("replay/terminated", _terminated.AsSpan(0, Count));
    }

    /// <exception cref="InvalidDataException">The checkpoint holds another replay.</exception>
    public void Load(Checkpoint checkpoint)
    {
        int[] place = new int[2];
        checkpoint.Get<int>("replay/place", place);
        (_next, Count) = (place[0], place[1]);
        if (Count < 0 || Count > _capacity || _next < 0 || _next >= _capacity)
            throw new InvalidDataException($"the checkpoint's replay holds {Count} transitions, the next at {_next}; this one takes {_capacity}");
        checkpoint.Get("replay/before", _before.AsSpan(0, Count * _bytes));
        checkpoint.Get("replay/after", _after.AsSpan(0, Count * _bytes));
        checkpoint.Get("replay/choices", _choice.AsSpan(0, Count));
        checkpoint.Get("replay/rewards", _reward.AsSpan(0, Count));
        checkpoint.Get("replay/terminated", _terminated.AsSpan(0, Count));
    }

    private void Read(byte[] rows, int row, Span<float> target)
    {
        var bytes = rows.AsSpan(row * _bytes, _bytes);
        if (_box.Type == ElementType.UInt8) _box.ToUnit(bytes, target);
        else MemoryMarshal.Cast<byte, float>(bytes).CopyTo(target);
    }
}

/// <summary>What happened between two observations.</summary>
internal readonly record struct ChoiceStep(int Choice, float Reward, bool Terminated);
