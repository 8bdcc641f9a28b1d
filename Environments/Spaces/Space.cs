namespace Sim.Environments.Spaces;

/// <summary>What an observation or an action may be, in Gymnasium's words.</summary>
public abstract class Space
{
    /// <summary>Shape of one element, without the batch: empty for a scalar.</summary>
    public abstract IReadOnlyList<int> Shape { get; }

    /// <summary>Numbers in one element.</summary>
    public int Size => Shape.Aggregate(1, (product, extent) => product * extent);

    /// <summary>True when <paramref name="values"/> (of length <see cref="Size"/>) lie in the space.</summary>
    public abstract bool Contains(ReadOnlySpan<float> values);

    /// <summary>One line for people, as Gymnasium prints it.</summary>
    public abstract override string ToString();
}
