using System.Globalization;
using System.Text.RegularExpressions;

namespace Sim.Physics.Gpu;

/// <summary>Turns the compiler's PTX into the same text on every run, with every rounding stated.</summary>
internal static partial class PtxText
{
    /// <summary>Normalises the text and reads its entry function.</summary>
    /// <exception cref="PtxException">There is not exactly one entry function.</exception>
    public static PtxKernel Parse(string text)
    {
        text = StateDivergence(StateRounding(Renumber(WithoutUncalled(text.ReplaceLineEndings("\n")))));
        var entries = Entry().Matches(text);
        if (entries.Count != 1) throw new PtxException($"the compiler wrote {entries.Count} entry functions, not 1");
        var parameters = Parameter().Matches(entries[0].Groups["parameters"].Value).Select(ReadParameter);
        return new PtxKernel(text, entries[0].Groups["name"].Value, [.. parameters]);
    }

    /// <summary>Drops functions that nothing calls: what is left of operations that became instructions.</summary>
    private static string WithoutUncalled(string text)
    {
        string[] lines = text.Split('\n');
        return Function().Replace(text, match
            => lines.Any(line => line.Contains(match.Groups["name"].Value) && !line.Contains(".func")) ? match.Value : "");
    }

    /// <summary>The compiler numbers names by a counter of the process; here they count from 0 in order of appearance.</summary>
    private static string Renumber(string text)
    {
        var numbers = new Dictionary<string, int>();
        return NumberedName().Replace(text, match =>
        {
            string number = match.Groups["number"].Value;
            if (!numbers.TryGetValue(number, out int own)) numbers[number] = own = numbers.Count;
            return match.Groups["stem"].Value + own.ToString(CultureInfo.InvariantCulture);
        });
    }

    /// <summary>
    /// Without a rounding modifier the driver may contract a product and a sum into one instruction. With one it may
    /// not, so a kernel rounds operation by operation, as <see cref="Numerics.Lane1"/> does.
    /// </summary>
    private static string StateRounding(string text) => Unrounded().Replace(text, "${operation}.rn.f32");

    /// <summary>
    /// The compiler takes what a thread loads or computes to be equal in all threads, and promises the driver by
    /// <c>.uni</c> that a branch on it does not diverge. It may: without the promise the driver finds out for itself.
    /// </summary>
    private static string StateDivergence(string text) => GuardedUniformBranch().Replace(text, "${guard}bra");

    private static PtxParameter ReadParameter(Match match)
    {
        int size = int.Parse(match.Groups["bits"].Value, CultureInfo.InvariantCulture) / 8;
        int count = match.Groups["count"].Success ? int.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture) : 1;
        int alignment = match.Groups["align"].Success ? int.Parse(match.Groups["align"].Value, CultureInfo.InvariantCulture) : size;
        return new PtxParameter(size * count, alignment);
    }

    [GeneratedRegex(@"\.entry\s+(?<name>\w+)\s*\((?<parameters>[^)]*)\)")]
    private static partial Regex Entry();

    [GeneratedRegex(@"\.param\s+(\.align\s+(?<align>\d+)\s+)?\.[bfus](?<bits>\d+)\s+\w+(\[(?<count>\d+)\])?")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^\.visible \.func (\([^)]*\) )?(?<name>\w+)\([^)]*\)\n(;\n|\{\n.*?^\}\n)\n*", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Function();

    // Parameters end in an underscore and a number, labels are L, an underscore and one.
    [GeneratedRegex(@"(?<stem>\b(_\w*?|L)_)(?<number>\d+)\b")]
    private static partial Regex NumberedName();

    [GeneratedRegex(@"(?<guard>@!?%p\d+\s+)bra\.uni\b")]
    private static partial Regex GuardedUniformBranch();

    [GeneratedRegex(@"\b(?<operation>add|sub|mul)\.f32\b")]
    private static partial Regex Unrounded();
}
