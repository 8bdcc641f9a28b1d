using System.Text.RegularExpressions;

namespace Sim.Protocols.Exchange.Minari;

/// <summary>Minari's names of data sets: <c>(namespace/)(environment/)name-v0</c>.</summary>
internal static partial class MinariDatasetId
{
    /// <summary>A name for demonstrations of an environment.</summary>
    public static string Of(string environment)
    {
        string name = NotAllowed().Replace(environment, "-").Trim('-');
        return $"sim/{(name.Length == 0 ? "unknown" : name)}/demonstrations-v0";
    }

    /// <summary>Returns the id.</summary>
    /// <exception cref="ArgumentException">Minari would not take it.</exception>
    public static string Check(string id)
        => Valid().IsMatch(id)
            ? id
            : throw new ArgumentException($"'{id}' is no id of a Minari data set: write (namespace/)name-v0, in letters, digits, '-' and '_'");

    [GeneratedRegex(@"^(?:[-_A-Za-z0-9]{2,}/|[-_A-Za-z0-9]+(?:/[-_A-Za-z0-9]+)+/)?[-_A-Za-z0-9]+-v[0-9]+\z")]
    private static partial Regex Valid();

    [GeneratedRegex("[^-_A-Za-z0-9]+")]
    private static partial Regex NotAllowed();
}
