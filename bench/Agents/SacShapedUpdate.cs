using Sim.Agents.Networks;

namespace Sim.Bench.Agents;

/// <summary>
/// The networks' share of one SAC update on a pendulum-sized task (3 observations, 1 action, batch 100): every pass,
/// Adam step and blend of the algorithm, with made-up losses in place of its sampling.
/// </summary>
internal sealed class SacShapedUpdate : IDisposable
{
    private const int Batch = 100, Observations = 3;

    private readonly INetwork _actor, _critic1, _critic2, _target1, _target2;
    private readonly MatrixBuffer _states = Rows(Observations, 1), _pairs = Rows(Observations + 1, 2);
    private readonly MatrixBuffer _valueGradients = Rows(1, 3), _policyGradients = Rows(2, 4), _pairGradients = Rows(Observations + 1, 5);

    public SacShapedUpdate(int width, NetworkBackend backend)
    {
        var policy = new MlpShape(Observations, [width, width], 2, Activation.Relu);
        var value = new MlpShape(Observations + 1, [width, width], 1, Activation.Relu);
        INetwork Create(MlpShape shape, uint network)
            => NetworkFactory.Create(shape, MlpInitialiser.Uniform(shape, 1, network), new AdamSettings(), Batch, backend);
        _actor = Create(policy, 0);
        _critic1 = Create(value, 1);
        _critic2 = Create(value, 2);
        _target1 = Create(value, 1);
        _target2 = Create(value, 2);
    }

    public void Run()
    {
        var (states, pairs) = (_states.Matrix, _pairs.Matrix);
        _actor.Forward(states);
        _target1.Forward(pairs);
        _target2.Forward(pairs);
        foreach (var critic in (ReadOnlySpan<INetwork>)[_critic1, _critic2])
        {
            critic.Forward(pairs);
            critic.Backward(pairs, _valueGradients.Matrix, true);
            critic.Step(1e-3f);
        }

        _actor.Forward(states);
        foreach (var critic in (ReadOnlySpan<INetwork>)[_critic1, _critic2])
        {
            critic.Forward(pairs);
            critic.Backward(pairs, _valueGradients.Matrix, false, _pairGradients.Matrix);
        }
        _actor.Backward(states, _policyGradients.Matrix, true);
        _actor.Step(1e-3f);
        _target1.BlendFrom(_critic1, 0.005f);
        _target2.BlendFrom(_critic2, 0.005f);
    }

    public void Dispose()
    {
        foreach (var owned in (IDisposable[])[_actor, _critic1, _critic2, _target1, _target2, _states, _pairs,
            _valueGradients, _policyGradients, _pairGradients])
        {
            owned.Dispose();
        }
    }

    private static MatrixBuffer Rows(int columns, int phase)
    {
        var buffer = new MatrixBuffer(Batch, columns);
        for (int row = 0; row < Batch; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                buffer.Matrix[row, column] = MathF.Sin(row + (7 * column) + phase);
            }
        }
        return buffer;
    }
}
