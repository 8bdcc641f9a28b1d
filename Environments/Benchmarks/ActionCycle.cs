namespace Sim.Environments.Benchmarks;

/// <summary>
/// Random actions made beforehand, a new one for every environment in every step: each step copies another window
/// of one pool, which stays in the cache. An environment sees no action twice within <see cref="Offsets"/> steps, so
/// its episodes are those of a random policy.
/// </summary>
public sealed class ActionCycle
{
    /// <summary>Windows of the pool; prime, so that the stride visits all of them.</summary>
    public const int Offsets = 1021;

    private const int Stride = 397;

    private readonly float[] _actions;
    private readonly int[] _choices;
    private readonly int _width;
    private int _offset;

    public ActionCycle(BatchEnvironment environments)
    {
        ArgumentNullException.ThrowIfNull(environments);
        int count = environments.Count;
        _width = environments.Actions.Length / count;
        _actions = new float[(count + Offsets) * _width];
        _choices = new int[environments.DiscreteActions.Length == 0 ? 0 : count + Offsets];
        for (int filled = 0, call = 0; filled < count + Offsets; filled += count, call++)
        {
            RandomActions.Fill(environments, seed: 0, call);
            int rows = Math.Min(count, count + Offsets - filled);
            environments.Actions[..(rows * _width)].CopyTo(_actions.AsSpan(filled * _width));
            if (_choices.Length > 0) environments.DiscreteActions[..rows].CopyTo(_choices.AsSpan(filled));
        }
    }

    /// <summary>Writes the next action of every environment.</summary>
    public void Load(BatchEnvironment environments)
    {
        ArgumentNullException.ThrowIfNull(environments);
        _offset = (_offset + Stride) % Offsets;
        _actions.AsSpan(_offset * _width, environments.Actions.Length).CopyTo(environments.Actions);
        _choices.AsSpan(_choices.Length == 0 ? 0 : _offset, environments.DiscreteActions.Length).CopyTo(environments.DiscreteActions);
    }
}
