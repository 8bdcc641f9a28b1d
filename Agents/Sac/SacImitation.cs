using Sim.Agents.Hindsight;
using Sim.Agents.Networks;
using Sim.Agents.Training;

namespace Sim.Agents.Sac;

/// <summary>
/// What demonstrations add to SAC's actor loss: the squared distance between tanh μ, what the policy does when it is
/// judged, and the demonstrated action, where the Q-filter lets it through.
/// </summary>
internal sealed class SacImitation : IDisposable
{
    private readonly QFilter _filter;
    private readonly int _own;
    private readonly float _weight;
    private readonly MatrixBuffer _actions, _gradients;

    /// <param name="batch">Has demonstrated rows.</param>
    /// <param name="settings">Weight and filter.</param>
    public SacImitation(ReplayBatch batch, DemonstratedSettings settings)
    {
        _filter = new QFilter(batch, settings.QFilter);
        (_own, _weight) = (batch.Own, settings.CloningWeight);
        _actions = new MatrixBuffer(batch.Demonstrated, batch.Actions.Columns);
        _gradients = new MatrixBuffer(batch.Demonstrated, batch.Actions.Columns);
    }

    /// <inheritdoc cref="QFilter.TakeDemonstrated"/>
    public void TakeDemonstrated(INetwork critic) => _filter.TakeDemonstrated(critic);

    /// <inheritdoc cref="QFilter.Compare"/>
    public double Compare(INetwork critic) => _filter.Compare(critic);

    /// <summary>Returns the loss, and adds its gradient by μ.</summary>
    /// <param name="means">μ of the whole batch, field-major <c>[width, rows]</c>.</param>
    /// <param name="actorGradients">Gradients by the actor's outputs <c>[rows, 2 · width]</c>.</param>
    public double AddGradients(in Matrix means, in Matrix actorGradients)
    {
        Matrix actions = _actions.Matrix, gradients = _gradients.Matrix;
        for (int row = 0; row < actions.Rows; row++)
        {
            for (int i = 0; i < actions.Columns; i++) actions[row, i] = MathF.Tanh(means[i, _own + row]);
        }
        _gradients.Floats.Clear();
        double loss = ImitationLoss.Squared(actions, _filter.Actions, _filter.Mask, _weight, gradients);
        for (int row = 0; row < actions.Rows; row++)
        {
            for (int i = 0; i < actions.Columns; i++)
                actorGradients[_own + row, i] += gradients[row, i] * (1 - (actions[row, i] * actions[row, i]));
        }
        return loss;
    }

    public void Dispose()
    {
        _filter.Dispose();
        _actions.Dispose();
        _gradients.Dispose();
    }
}
