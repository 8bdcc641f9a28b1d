using Sim.Agents.Networks;
using Sim.Environments;

namespace Sim.Agents.Training;

/// <summary>
/// What N environments did over T steps, row t·N + n: normalised inputs, actions, rewards, ends. Advantages follow
/// Schulman et al., "High-Dimensional Continuous Control Using Generalized Advantage Estimation" (2016).
/// </summary>
public sealed class Rollout : IDisposable
{
    private readonly MatrixBuffer _inputs;
    private readonly MatrixBuffer? _criticInputs;
    private MatrixBuffer _finalInputs;
    private readonly List<int> _finalRows = [];

    /// <param name="steps">T.</param>
    /// <param name="environments">N.</param>
    /// <param name="inputs">Width of an actor's input.</param>
    /// <param name="criticInputs">Width of a critic's input; 0 when it reads what the actor reads.</param>
    /// <param name="actions">Numbers of an action.</param>
    public Rollout(int steps, int environments, int inputs, int criticInputs, int actions)
    {
        (Steps, Environments, ActionWidth) = (steps, environments, actions);
        int rows = Rows = checked(steps * environments);
        _inputs = new MatrixBuffer(rows, inputs);
        _criticInputs = criticInputs > 0 ? new MatrixBuffer(rows, criticInputs) : null;
        _finalInputs = new MatrixBuffer(Math.Max(64, environments), criticInputs > 0 ? criticInputs : inputs);
        Actions = new float[rows * actions];
        LogProbabilities = new float[rows];
        Values = new float[rows];
        Rewards = new float[rows];
        Advantages = new float[rows];
        Returns = new float[rows];
        NextValues = new float[rows];
        Terminated = new bool[rows];
        Done = new bool[rows];
    }

    public int Steps { get; }

    public int Environments { get; }

    public int ActionWidth { get; }

    public int Rows { get; }

    /// <summary>Actor inputs <c>[T·N, width]</c>.</summary>
    public Matrix Inputs => _inputs.Matrix;

    /// <summary>Critic inputs <c>[T·N, width]</c>; the actor's where they are the same.</summary>
    public Matrix CriticInputs => (_criticInputs ?? _inputs).Matrix;

    /// <summary>Actions as sampled, not clipped <c>[T·N, actions]</c>.</summary>
    public float[] Actions { get; }

    public float[] LogProbabilities { get; }

    /// <summary>V(s_t), written once the rollout is complete.</summary>
    public float[] Values { get; }

    public float[] Rewards { get; }

    public float[] Advantages { get; }

    /// <summary>Advantage plus value: what the critic learns.</summary>
    public float[] Returns { get; }

    public bool[] Terminated { get; }

    /// <summary>Terminated or truncated.</summary>
    public bool[] Done { get; }

    /// <summary>Critic inputs of the last observations of truncated episodes, one a row of <see cref="FinalRows"/>.</summary>
    public Matrix FinalInputs => _finalInputs.First(_finalRows.Count);

    /// <summary>Rows whose episode was cut off: they bootstrap from their final observation.</summary>
    public IReadOnlyList<int> FinalRows => _finalRows;

    /// <summary>V(s'_t): of the next row, of the final observation where truncated.</summary>
    public float[] NextValues { get; }

    /// <summary>Forgets the truncations of the rollout before.</summary>
    public void Clear() => _finalRows.Clear();

    /// <summary>Notes the flags of step <paramref name="step"/>, and room for each final observation.</summary>
    /// <param name="step">t.</param>
    /// <param name="environments">After the step.</param>
    /// <param name="writeFinal">Writes the critic's input of one environment's final observation.</param>
    public void RecordEnds(int step, BatchEnvironment environments, Action<int, Matrix> writeFinal)
    {
        ArgumentNullException.ThrowIfNull(environments);
        ArgumentNullException.ThrowIfNull(writeFinal);
        var terminated = environments.Terminated;
        var truncated = environments.Truncated;
        int start = step * Environments;
        for (int lane = 0; lane < Environments; lane++)
        {
            Terminated[start + lane] = terminated[lane];
            Done[start + lane] = terminated[lane] || truncated[lane];
            if (!truncated[lane] || terminated[lane]) continue;
            _finalRows.Add(start + lane);
            if (_finalRows.Count > _finalInputs.Matrix.Rows) Grow();
            writeFinal(lane, _finalInputs.Matrix.Slice(_finalRows.Count - 1, 1));
        }
    }

    /// <summary>
    /// δ_t = r_t + γ (1 − term_t) V(s'_t) − V(s_t);  A_t = δ_t + γ λ (1 − done_t) A_{t+1};  R_t = A_t + V(s_t).
    /// </summary>
    /// <param name="gamma">Discount γ.</param>
    /// <param name="lambda">λ.</param>
    /// <param name="lastValues">Values of the observations after the last step <c>[N]</c>.</param>
    /// <param name="finalValues">Values of <see cref="FinalInputs"/>.</param>
    public void Estimate(float gamma, float lambda, ReadOnlySpan<float> lastValues, ReadOnlySpan<float> finalValues)
    {
        Array.Copy(Values, Environments, NextValues, 0, Rows - Environments);
        lastValues.CopyTo(NextValues.AsSpan(Rows - Environments));
        for (int i = 0; i < _finalRows.Count; i++) NextValues[_finalRows[i]] = finalValues[i];
        for (int row = Rows - 1; row >= 0; row--)
        {
            float next = Terminated[row] ? 0 : NextValues[row];
            float later = row + Environments < Rows && !Done[row] ? Advantages[row + Environments] : 0;
            Advantages[row] = Rewards[row] + (gamma * next) - Values[row] + (gamma * lambda * later);
            Returns[row] = Advantages[row] + Values[row];
        }
    }

    public void Dispose()
    {
        _inputs.Dispose();
        _criticInputs?.Dispose();
        _finalInputs.Dispose();
    }

    private void Grow()
    {
        var old = _finalInputs;
        _finalInputs = new MatrixBuffer(old.Matrix.Rows * 2, old.Matrix.Columns);
        old.Matrix.CopyTo(_finalInputs.Matrix.Slice(0, old.Matrix.Rows));
        old.Dispose();
    }
}
