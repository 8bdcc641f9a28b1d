namespace Sim.Environments.Configuration;

/// <summary>Finds what a mistyped name most probably meant.</summary>
public static class NearestName
{
    /// <summary>
    /// The choice nearest to <paramref name="text"/>: one that starts with it or contains it, else the one with the
    /// fewest insertions, deletions, replacements and swaps of neighbours. Null when there are no choices.
    /// </summary>
    public static string? Of(string text, IEnumerable<string> choices)
        => choices.OrderBy(choice => Rank(text, choice)).ThenBy(choice => choice.Length).FirstOrDefault();

    private static int Rank(string text, string choice)
    {
        if (text.Length >= 2 && choice.StartsWith(text, StringComparison.OrdinalIgnoreCase))
            return 0;
        int distance = Distance(text.ToLowerInvariant(), choice.ToLowerInvariant());
        bool contains = text.Length >= 3 && choice.Contains(text, StringComparison.OrdinalIgnoreCase);
        return contains ? Math.Min(1, distance) : distance;
    }

    /// <summary>Optimal string alignment distance (Damerau 1964), three rows at a time.</summary>
    private static int Distance(string a, string b)
    {
        var (before, last, row) = (new int[b.Length + 1], new int[b.Length + 1], new int[b.Length + 1]);
        for (int j = 0; j <= b.Length; j++)
            last[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, 1 + Math.Min(last[j], row[j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
            }
            (before, last, row) = (last, row, before);
        }
        return last[b.Length];
    }
}
