using Sim.Environments.Spaces;

namespace Sim.Protocols.Exchange.Spaces;

/// <summary>Names for the numbers of a box that came without.</summary>
internal static class SpaceLabels
{
    /// <summary>The box with labels; as it is where their number does not fit.</summary>
    public static Box On(Box box, IReadOnlyList<string>? labels)
        => labels is { Count: > 0 } && labels.Count == box.Size && labels.All(label => label is not null)
            ? new Box(box.Low, box.High, labels, box.Shape, box.Type)
            : box;
}
