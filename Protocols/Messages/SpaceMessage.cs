using MessagePack;
using Sim.Environments.Spaces;

namespace Sim.Protocols.Messages;

/// <summary>A space. Fields that its kind does not have are null.</summary>
[MessagePackObject]
public sealed record SpaceMessage
{
    /// <summary><c>box</c>, <c>discrete</c>, <c>multi_discrete</c> or <c>dict</c>.</summary>
    [Key(0)] public required string Kind { get; init; }

    /// <summary><c>float32</c> or <c>uint8</c> of a box, <c>int32</c> of choices.</summary>
    [Key(1)] public string? DType { get; init; }

    /// <summary>Shape of one element, without the batch.</summary>
    [Key(2)] public int[]? Shape { get; init; }

    /// <summary>Lower limits of a box, row-major; one number where all are alike.</summary>
    [Key(3)] public float[]? Low { get; init; }

    /// <summary>Upper limits of a box, row-major; one number where all are alike.</summary>
    [Key(4)] public float[]? High { get; init; }

    /// <summary>Names of a box's numbers, with units; empty where they have none.</summary>
    [Key(5)] public string[]? Labels { get; init; }

    /// <summary>Options of each choice; one number for <c>discrete</c>.</summary>
    [Key(6)] public int[]? Counts { get; init; }

    /// <summary>Entries of a dict, in their order.</summary>
    [Key(7)] public NamedSpaceMessage[]? Entries { get; init; }

    public static SpaceMessage Of(Space space) => space switch
    {
        Box box => new()
        {
            Kind = "box",
            DType = box.Type.Name(),
            Shape = [.. box.Shape],
            Low = Compact(box.Low),
            High = Compact(box.High),
            Labels = [.. box.Labels],
        },
        Discrete discrete => new() { Kind = "discrete", DType = "int32", Shape = [], Counts = [discrete.Count] },
        MultiDiscrete several => new() { Kind = "multi_discrete", DType = "int32", Shape = [several.Counts.Count], Counts = [.. several.Counts] },
        Dict dict => new() { Kind = "dict", Entries = [.. dict.Entries.Select(entry => new NamedSpaceMessage { Name = entry.Name, Space = Of(entry.Space) })] },
        _ => throw new ArgumentException($"there is no message for {space}", nameof(space)),
    };

    /// <exception cref="ArgumentException">The fields make no space; the message says which.</exception>
    public Space ToSpace() => Kind switch
    {
        "box" => ToBox(),
        "discrete" when Counts is { Length: 1 } => new Discrete(Counts[0]),
        "multi_discrete" when Counts is { Length: > 0 } => new MultiDiscrete(Counts),
        "dict" when Entries is { Length: > 0 } && Entries.All(entry => entry is { Name: not null, Space: not null }) => new Dict([.. Entries.Select(entry => (entry.Name, entry.Space.ToBox()))]),
        _ => throw new ArgumentException($"'{Kind}' with the fields given is no space; known are box, discrete, multi_discrete and dict"),
    };

    private Box ToBox()
    {
        if (Kind != "box" || Shape is null || Low is null || High is null || Shape.Any(extent => extent < 0))
            throw new ArgumentException($"a space of kind '{Kind}' lacks shape or limits of a box");
        long size = Shape.Aggregate(1L, (product, extent) => Math.Min(product * extent, int.MaxValue));
        if (size > MaxNumbers) throw new ArgumentException($"a box of shape [{string.Join(", ", Shape)}] is larger than {MaxNumbers} numbers");
        var type = ElementTypes.Find(DType) ?? throw new ArgumentException($"a box cannot hold '{DType}'; it holds float32 or uint8");
        return new Box(Spread(Low, (int)size), Spread(High, (int)size), Labels is { Length: > 0 } ? Labels : null, Shape, type);
    }

    private const int MaxNumbers = 1 << 24;

    private static float[] Compact(IReadOnlyList<float> limits)
        => limits.Count > 0 && limits.All(limit => limit.Equals(limits[0])) ? [limits[0]] : [.. limits];

    private static float[] Spread(float[] limits, int size)
        => limits.Length == 1 && size != 1 ? [.. Enumerable.Repeat(limits[0], size)] : limits;
}

/// <summary>An entry of a dict space.</summary>
[MessagePackObject]
public sealed record NamedSpaceMessage
{
    [Key(0)] public required string Name { get; init; }

    [Key(1)] public required SpaceMessage Space { get; init; }
}
