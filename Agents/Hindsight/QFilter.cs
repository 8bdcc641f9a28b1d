using Sim.Agents.Networks;
using Sim.Agents.Training;

namespace Sim.Agents.Hindsight;

/// <summary>
/// The demonstrated actions of a batch, and which of them are worth imitating: those that a slow critic rates higher
/// than what the policy does there.
/// </summary>
internal sealed class QFilter : IDisposable
{
    private readonly ReplayBatch _batch;
    private readonly bool _filters;
    private readonly MatrixBuffer _actions;
    private readonly float[] _values, _mask;

    /// <param name="batch">Has demonstrated rows.</param>
    /// <param name="filters">Whether to compare; else every demonstrated action is worth it.</param>
    public QFilter(ReplayBatch batch, bool filters)
    {
        (_batch, _filters) = (batch, filters);
        _actions = new MatrixBuffer(batch.Demonstrated, batch.Actions.Columns);
        _values = new float[batch.Demonstrated];
        _mask = new float[batch.Demonstrated];
        Array.Fill(_mask, 1);
    }

    /// <summary>The demonstrated actions <c>[rows, width]</c>.</summary>
    public Matrix Actions => _actions.Matrix;

    /// <summary>1 where the action is worth imitating <c>[rows]</c>.</summary>
    public ReadOnlySpan<float> Mask => _mask;

    /// <summary>Keeps the demonstrated actions and their values, while they still stand in the batch.</summary>
    public void TakeDemonstrated(INetwork critic)
    {
        var pairs = _batch.DemonstratedPairs;
        _batch.ActionsOf(pairs).CopyTo(Actions);
        if (!_filters) return;
        var values = critic.Forward(pairs);
        for (int row = 0; row < _values.Length; row++) _values[row] = values[row, 0];
    }

    /// <summary>Compares with the policy's actions, which stand in the batch by now; the share worth imitating.</summary>
    public double Compare(INetwork critic) => _filters ? ImitationLoss.Filter(_values, critic.Forward(_batch.DemonstratedPairs), _mask) : 1;

    public void Dispose() => _actions.Dispose();
}
