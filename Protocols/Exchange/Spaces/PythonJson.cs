using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Sim.Protocols.Exchange.Spaces;

/// <summary>
/// JSON as Python's <c>json</c> module writes and reads it: <c>Infinity</c>, <c>-Infinity</c> and <c>NaN</c> stand
/// bare where other readers allow digits alone.
/// </summary>
internal static class PythonJson
{
    private static readonly string[] s_bareNumbers = ["-Infinity", "Infinity", "NaN"];

    /// <summary>More than the metadata of any data set we know of; what is larger is no metadata.</summary>
    private const long MaxBytes = 64 << 20;

    /// <summary>A JSON file.</summary>
    /// <exception cref="InvalidDataException">It is no JSON, or too large to be metadata.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static JsonElement ReadFile(string path)
    {
        long length = new FileInfo(path).Length;
        if (length > MaxBytes)
            throw new InvalidDataException($"{path} has {length} bytes: too many for a description of a data set");
        return Read(File.ReadAllText(path), path);
    }

    /// <summary>The value in a text; bare numbers that JSON lacks become strings.</summary>
    /// <param name="text">The JSON.</param>
    /// <param name="what">What it is, for the error's sentence.</param>
    /// <exception cref="InvalidDataException">It is no JSON.</exception>
    public static JsonElement Read(string text, string what)
    {
        try
        {
            return JsonDocument.Parse(QuoteBareNumbers(text)).RootElement;
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{what} is no JSON: {error.Message}", error);
        }
    }

    /// <summary>The number in an element, bare ones included; null for what is none.</summary>
    public static double? Number(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.String => element.GetString() switch
        {
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            "NaN" => double.NaN,
            _ => null,
        },
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => null,
    };

    /// <summary>A float as Python shows the double of the same value.</summary>
    public static string Format(double value)
    {
        if (double.IsPositiveInfinity(value)) return "Infinity";
        if (double.IsNegativeInfinity(value)) return "-Infinity";
        if (double.IsNaN(value)) return "NaN";
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0";
    }

    private static string QuoteBareNumbers(string text)
    {
        if (!text.Contains("Infinity", StringComparison.Ordinal) && !text.Contains("NaN", StringComparison.Ordinal))
            return text;
        var quoted = new StringBuilder(text.Length + 64);
        for (int at = 0; at < text.Length;)
        {
            int length = text[at] == '"' ? StringLength(text, at) : BareLength(text, at);
            bool isBare = length > 0 && text[at] != '"';
            if (isBare) quoted.Append('"');
            quoted.Append(text, at, Math.Max(length, 1));
            if (isBare) quoted.Append('"');
            at += Math.Max(length, 1);
        }
        return quoted.ToString();
    }

    private static int StringLength(string text, int start)
    {
        for (int at = start + 1; at < text.Length; at++)
        {
            if (text[at] == '\\') at++;
            else if (text[at] == '"') return at + 1 - start;
        }
        return text.Length - start;
    }

    private static int BareLength(string text, int start)
        => s_bareNumbers.FirstOrDefault(name => string.CompareOrdinal(text, start, name, 0, name.Length) == 0)?.Length ?? 0;
}
