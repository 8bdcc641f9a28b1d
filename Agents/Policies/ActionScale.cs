using Sim.Environments;
using Sim.Environments.Spaces;

namespace Sim.Agents.Policies;

/// <summary>
/// Between the [−1, 1] that agents work in and the action space: centre + half-range · a. An unlimited component is
/// taken as it is.
/// </summary>
public sealed class ActionScale
{
    private readonly float[] _centre, _half;

    public ActionScale(Box space)
    {
        ArgumentNullException.ThrowIfNull(space);
        _centre = new float[space.Size];
        _half = new float[space.Size];
        for (int i = 0; i < space.Size; i++)
        {
            bool limited = float.IsFinite(space.Low[i]) && float.IsFinite(space.High[i]);
            _centre[i] = limited ? (space.High[i] + space.Low[i]) / 2 : 0;
            _half[i] = limited ? (space.High[i] - space.Low[i]) / 2 : 1;
        }
    }

    /// <summary>Writes the clipped, scaled action of every environment.</summary>
    /// <param name="normalised">Actions in [−1, 1], row after row.</param>
    /// <param name="environments">Where they go.</param>
    public void Send(ReadOnlySpan<float> normalised, BatchEnvironment environments)
    {
        ArgumentNullException.ThrowIfNull(environments);
        Apply(normalised, environments.Actions);
    }

    /// <summary>Writes the clipped, scaled action of every row, <c>[rows, size]</c>; the two may be the same memory.</summary>
    /// <param name="normalised">Actions in [−1, 1], at least as many as the target takes.</param>
    /// <param name="target">Where they go, in the space's units; whole rows.</param>
    public void Apply(ReadOnlySpan<float> normalised, Span<float> target)
    {
        int width = _centre.Length;
        for (int start = 0; start < target.Length; start += width)
        {
            for (int i = 0; i < width; i++)
                target[start + i] = _centre[i] + (_half[i] * Math.Max(-1, Math.Min(1, normalised[start + i])));
        }
    }

    /// <summary>What <see cref="Apply"/> would turn into the given actions, clipped to [−1, 1]; 0 where the space has one value only.</summary>
    /// <param name="actions">In the space's units; whole rows.</param>
    /// <param name="target">As long; may be the same memory.</param>
    public void Normalise(ReadOnlySpan<float> actions, Span<float> target)
    {
        int width = _centre.Length;
        for (int start = 0; start < actions.Length; start += width)
        {
            for (int i = 0; i < width; i++)
                target[start + i] = _half[i] == 0 ? 0 : Math.Max(-1, Math.Min(1, (actions[start + i] - _centre[i]) / _half[i]));
        }
    }
}
