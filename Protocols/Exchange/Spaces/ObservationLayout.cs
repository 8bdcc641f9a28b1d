using Sim.Environments.Spaces;

namespace Sim.Protocols.Exchange.Spaces;

/// <summary>One box of a foreign observation space.</summary>
/// <param name="Path">Keys from the outermost dictionary on, slashes between; empty where the space is the box itself.</param>
/// <param name="Space">What a row may hold.</param>
internal sealed record ObservationLeaf(string Path, Box Space);

/// <summary>A foreign observation space, flattened to its boxes.</summary>
internal sealed record ObservationLayout(IReadOnlyList<ObservationLeaf> Leaves)
{
    /// <summary>Name of the group that a leaf becomes.</summary>
    public static string NameOf(ObservationLeaf leaf) => leaf.Path.Length == 0 ? "observation" : leaf.Path;

    /// <summary>The layout with names on its numbers, by group.</summary>
    public ObservationLayout WithLabels(Func<string, IReadOnlyList<string>?> labels)
        => new([.. Leaves.Select(leaf => leaf with { Space = SpaceLabels.On(leaf.Space, labels(NameOf(leaf))) })]);

    /// <summary>A lone box, or a dictionary of all.</summary>
    public Space ToSpace()
        => Leaves is [{ Path: "" }] ? Leaves[0].Space : new Dict([.. Leaves.Select(leaf => (NameOf(leaf), leaf.Space))]);
}

/// <summary>A foreign action space.</summary>
/// <param name="Space">The space, its choices counted from 0.</param>
/// <param name="Start">The number of each first choice; empty for a box.</param>
internal sealed record ActionLayout(Space Space, IReadOnlyList<long> Start)
{
    public ActionLayout WithLabels(IReadOnlyList<string>? labels)
        => Space is Box box ? this with { Space = SpaceLabels.On(box, labels) } : this;
}
