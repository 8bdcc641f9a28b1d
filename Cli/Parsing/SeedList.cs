using System.Globalization;

namespace Sim.Cli.Parsing;

/// <summary>Reads lists of seeds: <c>0-4</c>, <c>1,3,5</c> or <c>0-2,10</c>.</summary>
public static class SeedList
{
    /// <summary>More are surely a slip of the fingers.</summary>
    private const int Most = 1000;

    /// <summary>The seeds in the order given.</summary>
    /// <exception cref="BadInputException">The text is no list of seeds, or names one twice.</exception>
    public static IReadOnlyList<ulong> Parse(string text)
    {
        var seeds = new List<ulong>();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] ends = part.Split('-');
            if (ends.Length > 2 || !TryRead(ends[0], out ulong first) || !TryRead(ends[^1], out ulong last))
                throw new BadInputException($"'{text}' is no list of seeds: write a range such as 0-4, or seeds with commas between, such as 1,3,5.");
            if (last < first)
                throw new BadInputException($"The range of seeds '{part}' runs backwards: write {last}-{first}.");
            if (last - first >= Most || seeds.Count + (int)(last - first) >= Most)
                throw new BadInputException($"'{text}' holds more than {Most} seeds.");
            for (ulong seed = first; seed <= last; seed++)
                seeds.Add(seed);
        }
        if (seeds.GroupBy(seed => seed).FirstOrDefault(group => group.Count() > 1) is { } repeated)
            throw new BadInputException($"Seed {repeated.Key} stands twice in '{text}'.");
        return seeds;
    }

    private static bool TryRead(string text, out ulong seed)
        => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seed) && seed <= long.MaxValue;
}
