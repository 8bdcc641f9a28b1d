using Sim.Environments.Spaces;

namespace Sim.Protocols.Exchange.Robomimic;

/// <summary>
/// Between an action box and the −1 … 1 that robomimic asks for. A box that is −1 … 1 already stays bit for bit;
/// others come back to within a rounding of float32. Numbers beyond the box are clipped, as the tasks clip them.
/// </summary>
internal sealed class ActionScale
{
    private readonly float[] _low, _high;

    /// <exception cref="ArgumentException">A limit is infinite, or a number may have one value only.</exception>
    public ActionScale(IReadOnlyList<float> low, IReadOnlyList<float> high)
    {
        (_low, _high) = ([.. low], [.. high]);
        for (int i = 0; i < _low.Length; i++)
        {
            if (!float.IsFinite(_low[i]) || !float.IsFinite(_high[i]) || !(_low[i] < _high[i]))
                throw new ArgumentException($"robomimic's actions lie in -1 to 1; action {i} lies in {_low[i]} to {_high[i]}, which cannot be scaled to that");
        }
    }

    public ActionScale(Box box) : this(box.Low, box.High)
    {
    }

    /// <summary>Actions <c>[T, size]</c> in −1 … 1.</summary>
    public float[] ToUnit(ReadOnlySpan<float> actions)
    {
        float[] scaled = new float[actions.Length];
        for (int i = 0; i < actions.Length; i++)
        {
            var (low, high) = (_low[i % _low.Length], _high[i % _low.Length]);
            float value = IsUnit(low, high) ? actions[i] : (float)((2 * (((double)actions[i] - low) / ((double)high - low))) - 1);
            scaled[i] = Math.Clamp(value, -1, 1);
        }
        return scaled;
    }

    /// <summary>Actions <c>[T, size]</c> in the box.</summary>
    public float[] FromUnit(ReadOnlySpan<float> actions)
    {
        float[] scaled = new float[actions.Length];
        for (int i = 0; i < actions.Length; i++)
        {
            var (low, high) = (_low[i % _low.Length], _high[i % _low.Length]);
            scaled[i] = IsUnit(low, high) ? actions[i] : (float)(low + (((double)actions[i] + 1) / 2 * ((double)high - low)));
        }
        return scaled;
    }

    private static bool IsUnit(float low, float high) => low == -1 && high == 1;
}
