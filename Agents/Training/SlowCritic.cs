using Sim.Agents.Networks;

namespace Sim.Agents.Training;

/// <summary>A critic of (state, action), and the slow copy of it that targets are computed with.</summary>
internal sealed class SlowCritic : IDisposable
{
    private readonly MatrixBuffer _gradients;
    private double _loss, _value;

    /// <param name="rows">Rows of a batch.</param>
    /// <param name="create">Makes a network; both begin with equal parameters.</param>
    public SlowCritic(int rows, Func<INetwork> create)
    {
        (Network, Target) = (create(), create());
        _gradients = new MatrixBuffer(rows, 1);
    }

    public INetwork Network { get; }

    public INetwork Target { get; }

    /// <summary>Sum of the losses since the last <see cref="ClearSums"/>.</summary>
    public double LossSum => _loss;

    /// <summary>Sum of the mean values.</summary>
    public double ValueSum => _value;

    /// <summary>Computes mean (Q − y)² and its gradients; a step is still to be taken.</summary>
    public double Regress(in Matrix pairs, ReadOnlySpan<float> targets)
    {
        double loss = CriticLoss.MeanSquare(Network.Forward(pairs), targets, _gradients.Matrix, out double value);
        Network.Backward(pairs, _gradients.Matrix, parameterGradients: true);
        (_loss, _value) = (_loss + loss, _value + value);
        return loss;
    }

    /// <summary>Moves the slow copy on by one Polyak step.</summary>
    public void Blend(float tau) => Target.BlendFrom(Network, tau);

    public void ClearSums() => (_loss, _value) = (0, 0);

    /// <param name="checkpoint">Where to.</param>
    /// <param name="name">Such as <c>critic-1</c>; the copy is called <c>target-critic-1</c>.</param>
    public void Save(Checkpoint checkpoint, string name)
    {
        checkpoint.PutNetwork(name, Network);
        checkpoint.PutNetwork($"target-{name}", Target);
    }

    /// <inheritdoc cref="Save"/>
    public void Load(Checkpoint checkpoint, string name)
    {
        checkpoint.GetNetwork(name, Network);
        checkpoint.GetNetwork($"target-{name}", Target);
    }

    public void Dispose()
    {
        Network.Dispose();
        Target.Dispose();
        _gradients.Dispose();
    }
}
