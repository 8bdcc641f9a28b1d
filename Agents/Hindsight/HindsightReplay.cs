using Sim.Agents.Networks;
using Sim.Agents.Training;
using Sim.Environments;
using Sim.Physics.Numerics;

namespace Sim.Agents.Hindsight;

/// <summary>
/// Hindsight experience replay (Andrychowicz et al., "Hindsight Experience Replay", 2017): of the steps that are drawn
/// from a buffer, some are given another goal, one that their own episode achieved, and the reward that the environment
/// would have given for it.
/// </summary>
/// <remarks>
/// Whether a step ends the episode is asked anew only where episodes have been seen to end with success: there the step
/// is terminal if the other goal is achieved, and goes on if it was terminal for the old goal's sake alone.
/// </remarks>
public sealed class HindsightReplay
{
    private readonly BatchEnvironment _environments;
    private readonly HindsightGoals _goals;
    private readonly ReplayBuffer _replay;
    private readonly int _start, _size;
    private readonly float _share;
    private float[] _draws = [], _achieved = [], _desired = [], _rewards = [], _best = [];
    private int[] _relabelled = [];
    private bool _endsWithSuccess;

    /// <param name="replay">The transitions, with achieved goals.</param>
    /// <param name="environments">Its <see cref="BatchEnvironment.ComputeRewards"/> says what a goal is worth.</param>
    /// <param name="lanes">Environments that take turns in the buffer.</param>
    /// <param name="goals">Which goals.</param>
    /// <param name="ratio">k: relabelled steps per step that keeps its goal.</param>
    /// <exception cref="ArgumentException">The task has no goals, or no reward for other goals.</exception>
    public HindsightReplay(ReplayBuffer replay, BatchEnvironment environments, int lanes, HindsightGoals goals, float ratio)
    {
        ArgumentNullException.ThrowIfNull(replay);
        ArgumentNullException.ThrowIfNull(environments);
        var spec = environments.Spec;
        var goal = spec.GoalBox ?? throw new ArgumentException($"{spec.Id} has no goals to relabel", nameof(environments));
        (_replay, _environments, _goals) = (replay, environments, goals);
        (_start, _size) = (spec.ObservationBox.Size, goal.Size);
        _share = goals == HindsightGoals.None ? 0 : ratio / (ratio + 1);
        Spans = new EpisodeSpans(replay, lanes);
        if (_share > 0) RequireRewards();
    }

    /// <summary>Which rows belong together.</summary>
    public EpisodeSpans Spans { get; }

    /// <summary>Takes in a row that is written and about to be committed.</summary>
    /// <param name="lane">The environment, whose row stands as far behind the next one.</param>
    /// <param name="ended">Whether the episode ended with it.</param>
    public void Append(int lane, bool ended)
    {
        Spans.Append(lane, ended);
        var transition = _replay.Open(lane);
        _endsWithSuccess |= transition.Term != 0 && transition.Success != 0;
    }

    /// <summary>Gives some of the drawn transitions another goal; one call computes all new rewards.</summary>
    /// <param name="chosen">The rows that were drawn.</param>
    /// <param name="pairs">Their inputs <c>[rows, …]</c>, not normalised; the goal stands behind the observation.</param>
    /// <param name="nextPairs">Their successors' inputs.</param>
    /// <param name="rewards">Their rewards <c>[rows]</c>.</param>
    /// <param name="terms">1 where nothing follows <c>[rows]</c>.</param>
    /// <param name="seed">Of the learner.</param>
    /// <param name="time">Of the draws, of <see cref="RandomStream.Sampling"/>.</param>
    public void Relabel(ReadOnlySpan<int> chosen, in Matrix pairs, in Matrix nextPairs, Span<float> rewards, Span<float> terms, ulong seed, ulong time)
    {
        int count = ChooseGoals(chosen, seed, time);
        if (count == 0) return;
        var desired = _desired.AsSpan(0, count * _size);
        for (int i = 0; i < count; i++)
        {
            _replay[chosen[_relabelled[i]]].Achieved.CopyTo(_achieved.AsSpan(i * _size));
            WriteGoal(desired, i, pairs);
            WriteGoal(desired, i, nextPairs);
        }
        _environments.ComputeRewards(_achieved.AsSpan(0, count * _size), desired, _rewards.AsSpan(0, count));
        for (int i = 0; i < count; i++) rewards[_relabelled[i]] = _rewards[i];
        if (_endsWithSuccess) RelabelTerms(chosen, terms, count);
    }

    /// <summary>The goals of rows as <see cref="Relabel"/> would give them, into inputs whose rewards nobody asks for.</summary>
    /// <inheritdoc cref="Relabel" path="/param"/>
    public void RelabelInputs(ReadOnlySpan<int> chosen, in Matrix inputs, ulong seed, ulong time)
    {
        int count = ChooseGoals(chosen, seed, time);
        for (int i = 0; i < count; i++) WriteGoal(_desired, i, inputs);
    }

    public void Save(Checkpoint checkpoint, string name)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        Spans.Save(checkpoint, name);
        checkpoint.Put<byte>($"{name}/ends-with-success", [_endsWithSuccess ? (byte)1 : (byte)0]);
    }

    /// <inheritdoc cref="EpisodeSpans.Load"/>
    public void Load(Checkpoint checkpoint, string name)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        Spans.Load(checkpoint, name);
        _endsWithSuccess = checkpoint.Get<byte>($"{name}/ends-with-success")[0] != 0;
    }

    /// <summary>Draws which rows take which goals; returns how many, noted in order.</summary>
    private int ChooseGoals(ReadOnlySpan<int> chosen, ulong seed, ulong time)
    {
        if (_share == 0) return 0;
        if (_relabelled.Length < chosen.Length) Grow(chosen.Length);
        var draws = _draws.AsSpan(0, 2 * chosen.Length);
        CounterRandom.FillUniform(draws, seed, RandomStream.Sampling, time);
        int count = 0;
        for (int i = 0; i < chosen.Length; i++)
        {
            if (draws[2 * i] >= _share) continue;
            int later = ChooseStep(chosen[i], draws[(2 * i) + 1]);
            _replay[Spans.Row(chosen[i], later)].Achieved.CopyTo(_desired.AsSpan(count * _size));
            _relabelled[count++] = i;
        }
        return count;
    }

    /// <summary>How many steps after the row the goal was achieved: 0 is the row's own step.</summary>
    private int ChooseStep(int row, float draw)
    {
        int after = Spans.After(row);
        if (_goals == HindsightGoals.Final) return after;
        int before = _goals == HindsightGoals.Episode ? Spans.Before(row) : 0;
        int steps = before + after + 1;
        return Math.Min((int)(draw * steps), steps - 1) - before;
    }

    private void WriteGoal(ReadOnlySpan<float> goals, int index, in Matrix inputs)
        => goals.Slice(index * _size, _size).CopyTo(inputs.Row(_relabelled[index])[_start..]);

    private void RelabelTerms(ReadOnlySpan<int> chosen, Span<float> terms, int count)
    {
        var desired = _desired.AsSpan(0, count * _size);
        _environments.ComputeRewards(desired, desired, _best.AsSpan(0, count));
        for (int i = 0; i < count; i++)
        {
            int row = _relabelled[i];
            bool endedOtherwise = terms[row] != 0 && _replay[chosen[row]].Success == 0;
            terms[row] = endedOtherwise || _rewards[i] >= _best[i] ? 1 : 0;
        }
    }

    private void Grow(int rows)
    {
        _draws = new float[2 * rows];
        _relabelled = new int[rows];
        _achieved = new float[rows * _size];
        _desired = new float[rows * _size];
        _rewards = new float[rows];
        _best = new float[rows];
    }

    private void RequireRewards()
    {
        try
        {
            _environments.ComputeRewards([], [], []);
        }
        catch (NotSupportedException error)
        {
            throw new ArgumentException($"{_environments.Spec.Id} has goals, but no reward for other goals than its own: set hindsight=none", error);
        }
    }
}
