using Sim.Agents.Networks;
using Sim.Agents.Training;

namespace Sim.Agents.Ppo;

/// <summary>Chosen rows of a rollout, side by side.</summary>
internal sealed class PpoMinibatch : IDisposable
{
    private readonly MatrixBuffer _inputs;
    private readonly MatrixBuffer? _criticInputs;
    private readonly float[] _actions, _logProbabilities, _advantages, _returns, _values;
    private readonly int _actionWidth;
    private int _rows;

    public PpoMinibatch(int capacity, int inputs, int criticInputs, int actionWidth)
    {
        (Capacity, _actionWidth) = (capacity, actionWidth);
        _inputs = new MatrixBuffer(capacity, inputs);
        _criticInputs = criticInputs > 0 ? new MatrixBuffer(capacity, criticInputs) : null;
        _actions = new float[capacity * actionWidth];
        _logProbabilities = new float[capacity];
        _advantages = new float[capacity];
        _returns = new float[capacity];
        _values = new float[capacity];
    }

    public int Capacity { get; }

    public Matrix Inputs => _inputs.First(_rows);

    public Matrix CriticInputs => (_criticInputs ?? _inputs).First(_rows);

    public ReadOnlySpan<float> Actions => _actions.AsSpan(0, _rows * _actionWidth);

    public ReadOnlySpan<float> LogProbabilities => _logProbabilities.AsSpan(0, _rows);

    public ReadOnlySpan<float> Advantages => _advantages.AsSpan(0, _rows);

    public ReadOnlySpan<float> Returns => _returns.AsSpan(0, _rows);

    public ReadOnlySpan<float> Values => _values.AsSpan(0, _rows);

    /// <summary>Copies the chosen rows; advantages are brought to mean 0 and deviation 1 where asked.</summary>
    public void Gather(Rollout rollout, ReadOnlySpan<int> chosen, bool normaliseAdvantages)
    {
        _rows = chosen.Length;
        Matrix from = rollout.Inputs, to = _inputs.Matrix;
        for (int i = 0; i < chosen.Length; i++)
        {
            int row = chosen[i];
            from.Row(row).CopyTo(to.Row(i));
            rollout.Actions.AsSpan(row * _actionWidth, _actionWidth).CopyTo(_actions.AsSpan(i * _actionWidth));
            _logProbabilities[i] = rollout.LogProbabilities[row];
            _advantages[i] = rollout.Advantages[row];
            _returns[i] = rollout.Returns[row];
            _values[i] = rollout.Values[row];
        }
        if (_criticInputs is not null)
        {
            Matrix fromCritic = rollout.CriticInputs, toCritic = _criticInputs.Matrix;
            for (int i = 0; i < chosen.Length; i++) fromCritic.Row(chosen[i]).CopyTo(toCritic.Row(i));
        }
        if (normaliseAdvantages && _rows > 1) Normalise(_advantages.AsSpan(0, _rows));
    }

    public void Dispose()
    {
        _inputs.Dispose();
        _criticInputs?.Dispose();
    }

    /// <summary>(A − mean)/(standard deviation + 1e-8), the deviation with n − 1.</summary>
    private static void Normalise(Span<float> advantages)
    {
        double sum = 0, squares = 0;
        foreach (float advantage in advantages)
        {
            sum += advantage;
            squares += (double)advantage * advantage;
        }
        double mean = sum / advantages.Length;
        double deviation = Math.Sqrt(Math.Max(0, (squares - (sum * mean)) / (advantages.Length - 1)));
        float shift = (float)mean, scale = (float)(1 / (deviation + 1e-8));
        foreach (ref float advantage in advantages) advantage = (advantage - shift) * scale;
    }
}
