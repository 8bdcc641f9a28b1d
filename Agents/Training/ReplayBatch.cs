using Sim.Agents.Networks;
using Sim.Physics.Numerics;

namespace Sim.Agents.Training;

/// <summary>
/// Transitions drawn from a replay buffer, laid out as critics read them. Actors read the first columns of the same
/// rows, and new actions are written into the last ones, so that nothing is copied twice.
/// </summary>
public sealed class ReplayBatch : IDisposable
{
    private readonly OffPolicyCollector _source;
    private readonly MatrixBuffer _pairs, _nextPairs;
    private readonly int[] _chosen;
    private readonly float[] _rewards, _terms;

    /// <param name="source">Where the transitions come from.</param>
    /// <param name="rows">How many are drawn.</param>
    public ReplayBatch(OffPolicyCollector source, int rows)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        _source = source;
        _pairs = new MatrixBuffer(rows, source.CriticInputs + source.ActionWidth);
        _nextPairs = new MatrixBuffer(rows, source.CriticInputs + source.ActionWidth);
        _chosen = new int[rows];
        _rewards = new float[rows];
        _terms = new float[rows];
    }

    /// <summary>Critic inputs and actions <c>[rows, CriticInputs + ActionWidth]</c>.</summary>
    public Matrix Pairs => _pairs.Matrix;

    /// <summary>The successors' critic inputs, and room for the actions taken there.</summary>
    public Matrix NextPairs => _nextPairs.Matrix;

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

    /// <summary>Draws with replacement, of <see cref="RandomStream.Sampling"/>, and normalises.</summary>
    public void Draw(ulong seed, ulong time)
    {
        CounterRandom.FillIndices(_chosen, _source.Replay.Count, seed, RandomStream.Sampling, time);
        _source.Replay.Gather(_chosen, Pairs, NextPairs, _rewards, _terms);
        _source.Normalise(Pairs);
        _source.Normalise(NextPairs);
    }

    public void Dispose()
    {
        _pairs.Dispose();
        _nextPairs.Dispose();
    }
}
