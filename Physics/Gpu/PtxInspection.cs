using System.Text.RegularExpressions;

namespace Sim.Physics.Gpu;

/// <summary>What can be said of a kernel by reading its PTX.</summary>
public sealed partial record PtxInspection
{
    /// <summary>Length of the text in bytes.</summary>
    public required int Bytes { get; init; }

    /// <summary>Functions that the module calls and does not hold: the driver refuses to load it.</summary>
    public required IReadOnlyList<string> Unresolved { get; init; }

    /// <summary>Functions beside the entry: what the compiler did not inline.</summary>
    public required int Functions { get; init; }

    /// <summary>Bytes of local memory declared: what does not fit in registers by name.</summary>
    public required int LocalBytes { get; init; }

    /// <summary>Instructions of low accuracy, such as <c>sin.approx.f32</c>, each once.</summary>
    public required IReadOnlyList<string> Approximate { get; init; }

    /// <summary>Instructions by name without type, most frequent first.</summary>
    public required IReadOnlyList<(string Name, int Count)> Instructions { get; init; }

    public static PtxInspection Of(PtxKernel kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        string text = kernel.Text;
        return new PtxInspection
        {
            Bytes = text.Length,
            Unresolved = [.. Extern().Matches(text).Select(match => match.Groups["name"].Value)],
            Functions = Function().Count(text),
            LocalBytes = Local().Matches(text).Sum(match => int.Parse(match.Groups["bytes"].Value, null)),
            Approximate = [.. Approximation().Matches(text).Select(match => match.Value).Distinct().Order()],
            Instructions = [.. Instruction().Matches(text).GroupBy(match => match.Groups["name"].Value)
                .Select(group => (group.Key, group.Count())).OrderByDescending(pair => pair.Item2)],
        };
    }

    [GeneratedRegex(@"\.extern \.func (\([^)]*\) )?(?<name>\w+)")]
    private static partial Regex Extern();

    [GeneratedRegex(@"\.visible \.func [^;{]*\{")]
    private static partial Regex Function();

    [GeneratedRegex(@"\.local\s+\.align\s+\d+\s+\.b8\s+\w+\[(?<bytes>\d+)\]")]
    private static partial Regex Local();

    [GeneratedRegex(@"\b\w+\.approx(\.\w+)*")]
    private static partial Regex Approximation();

    [GeneratedRegex(@"^\t(@!?%p\d+ )?(?<name>[a-z]\w*)", RegexOptions.Multiline)]
    private static partial Regex Instruction();
}
