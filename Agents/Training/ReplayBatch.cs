using Sim.Agents.Hindsight;
using Sim.Agents.Networks;
using Sim.Physics.Numerics;

namespace Sim.Agents.Training;

/// <summary>
/// Transitions drawn from a replay buffer, laid out as critics read them. Actors read the first columns of the same
/// rows, and new actions are written into the last ones, so that nothing is copied twice. Demonstrated transitions stand
/// behind the agent's own, so that one pass of a network covers both.
/// </summary>
public sealed class ReplayBatch : IDisposable
{
    private readonly OffPolicyCollector _source;
    private readonly MatrixBuffer _pairs, _nextPairs;
    private readonly int[] _chosen;
    private readonly float[] _rewards, _terms;

    /// <param name="source">Where the transitions come from.</param>
    /// <param name="rows">How many of the agent's own are drawn.</param>
    /// <param name="demonstrated">How many demonstrated ones are drawn, where the source has any.</param>
    public ReplayBatch(OffPolicyCollector source, int rows, int demonstrated = 0)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        _source = source;
        (Own, Demonstrated) = (rows, source.Demonstrations is null ? 0 : demonstrated);
        _pairs = new MatrixBuffer(Rows, source.CriticInputs + source.ActionWidth);
        _nextPairs = new MatrixBuffer(Rows, source.CriticInputs + source.ActionWidth);
        _chosen = new int[Rows];
        _rewards = new float[Rows];
        _terms = new float[Rows];
    }

    /// <summary>The agent's own transitions: the first rows.</summary>
    public int Own { get; }

    /// <summary>Demonstrated transitions: the last rows.</summary>
    public int Demonstrated { get; }

    public int Rows => Own + Demonstrated;

    /// <summary>Critic inputs and actions <c>[rows, CriticInputs + ActionWidth]</c>.</summary>
    public Matrix Pairs => _pairs.Matrix;

    /// <summary>The successors' critic inputs, and room for the actions taken there.</summary>
    public Matrix NextPairs => _nextPairs.Matrix;

    /// <summary>The demonstrated rows of <see cref="Pairs"/>.</summary>
    public Matrix DemonstratedPairs => _pairs.Matrix.Slice(Own, Demonstrated);

    /// <summary>What actors read of <see cref="Pairs"/>.</summary>
    public Matrix Inputs => _pairs.Matrix.SliceColumns(0, _source.Observations);

    /// <summary>What actors read of <see cref="NextPairs"/>.</summary>
    public Matrix NextInputs => _nextPairs.Matrix.SliceColumns(0, _source.Observations);

    /// <summary>The action columns of <see cref="Pairs"/>.</summary>
    public Matrix Actions => ActionsOf(_pairs.Matrix);

    /// <summary>The action columns of <see cref="NextPairs"/>.</summary>
    public Matrix NextActions => ActionsOf(_nextPairs.Matrix);

    public ReadOnlySpan<float> Rewards => _rewards;

    /// <summary>1 where nothing follows.</summary>
    public ReadOnlySpan<float> Terms => _terms;

    /// <summary>The columns of a matrix laid out as <see cref="Pairs"/> that belong to the action.</summary>
    public Matrix ActionsOf(in Matrix pairs) => pairs.SliceColumns(_source.CriticInputs, _source.ActionWidth);

    /// <summary>Draws with replacement, of <see cref="RandomStream.Sampling"/>, replaces goals in hindsight, and normalises.</summary>
    /// <param name="seed">Of the learner.</param>
    /// <param name="time">Moves on by one a draw.</param>
    public void Draw(ulong seed, ref ulong time)
    {
        Draw(_source.Replay, _source.Hindsight, 0, Own, seed, ref time);
        if (Demonstrated > 0) Draw(_source.Demonstrations!.Replay, _source.Demonstrations.Hindsight, Own, Demonstrated, seed, ref time);
        _source.Normalise(Pairs);
        _source.Normalise(NextPairs);
    }

    public void Dispose()
    {
        _pairs.Dispose();
        _nextPairs.Dispose();
    }

    private void Draw(ReplayBuffer replay, HindsightReplay? hindsight, int start, int rows, ulong seed, ref ulong time)
    {
        var chosen = _chosen.AsSpan(start, rows);
        Matrix pairs = Pairs.Slice(start, rows), nextPairs = NextPairs.Slice(start, rows);
        Span<float> rewards = _rewards.AsSpan(start, rows), terms = _terms.AsSpan(start, rows);
        CounterRandom.FillIndices(chosen, replay.Count, seed, RandomStream.Sampling, time++);
        replay.Gather(chosen, pairs, nextPairs, rewards, terms);
        hindsight?.Relabel(chosen, pairs, nextPairs, rewards, terms, seed, time++);
    }
}
