using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Sim.Environments.Configuration;

namespace Sim.Cli.Parsing;

/// <summary>Options whose errors name the value that was typed and what would be valid.</summary>
internal static class Options
{
    /// <summary>A whole number, of which 5M, 300k, 2e6 and 1_000_000 are spellings.</summary>
    public static Option<long?> Count(string name, string description, long low, long high = long.MaxValue) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => Read<long?>(result, text =>
        {
            string range = high == long.MaxValue ? $"at least {low}" : $"{low} to {high}";
            return TryCount(text, out long count) && count >= low && count <= high
                ? (count, null)
                : (null, $"{name} {text} is not valid: expected a whole number, {range}.");
        }),
    };

    public static Option<string?> Choice(string name, string description, params string[] choices)
    {
        var option = new Option<string?>(name)
        {
            Description = description,
            HelpName = string.Join('|', choices),
            CustomParser = result => Read<string>(result, text => choices.Contains(text)
                ? (text, null)
                : (null, $"{name} {text} is not valid: expected {string.Join(", ", choices)}; the nearest is '{NearestName.Of(text, choices)}'.")),
        };
        option.CompletionSources.Add(choices);
        return option;
    }

    /// <summary>Several of the choices, with commas between, each once.</summary>
    public static Option<IReadOnlyList<string>?> Names(string name, string description, params string[] choices)
    {
        var option = new Option<IReadOnlyList<string>?>(name)
        {
            Description = $"{description} Of {string.Join(", ", choices)}.",
            HelpName = "A,B,...",
            CustomParser = result => Read<IReadOnlyList<string>?>(result, text =>
            {
                string[] names = [.. text.Split(',', StringSplitOptions.TrimEntries).Distinct()];
                return names.FirstOrDefault(typed => !choices.Contains(typed)) is { } wrong
                    ? (null, $"{name} {wrong} is not valid: expected {string.Join(", ", choices)}; the nearest is '{NearestName.Of(wrong, choices)}'.")
                    : (names, null);
            }),
        };
        option.CompletionSources.Add(choices);
        return option;
    }

    /// <summary><c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>.</summary>
    public static Option<string?> Device() => new("--device")
    {
        Description = "Where networks are trained.",
        HelpName = "cpu|cuda|cuda:N",
        CustomParser = result => Read<string>(result, text =>
        {
            bool valid = text is "cpu" or "cuda"
                || (text.StartsWith("cuda:", StringComparison.Ordinal) && byte.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out _));
            return valid
                ? (text, null)
                : (null, $"--device {text} is not valid: expected cpu, cuda or cuda:N; the nearest is '{NearestName.Of(text, ["cpu", "cuda"])}'.");
        }),
    };

    public static Option<IReadOnlyList<ulong>?> Seeds() => new("--seeds")
    {
        Description = "Train once for each seed and report mean and interval.",
        HelpName = "0-4",
        CustomParser = result => Read<IReadOnlyList<ulong>?>(result, text =>
        {
            try
            {
                return (SeedList.Parse(text), null);
            }
            catch (BadInputException error)
            {
                return (null, error.Message);
            }
        }),
    };

    /// <summary>Assignments to settings; several may follow one <c>--set</c>.</summary>
    public static Option<string[]> Set() => new("--set")
    {
        Description = "Change settings of the environment or the agent ('sim info' lists them).",
        HelpName = "key=value",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    /// <summary>A number between two limits.</summary>
    public static Option<float?> Number(string name, string description, float low, float high) => new(name)
    {
        Description = description,
        HelpName = "X",
        CustomParser = result => Read<float?>(result, text
            => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float number) && number >= low && number <= high
                ? (number, null)
                : (null, string.Create(CultureInfo.InvariantCulture, $"{name} {text} is not valid: expected a number, {low} to {high}."))),
    };

    /// <summary>One file or more; several may follow one name.</summary>
    public static Option<string[]> Files(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "FILE...",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    public static Option<string?> Folder(string name, string description) => new(name) { Description = description, HelpName = "DIR" };

    private static T? Read<T>(ArgumentResult result, Func<string, (T? Value, string? Error)> read)
    {
        var (value, error) = read(result.Tokens[0].Value);
        if (error is not null)
            result.AddError(error);
        return value;
    }

    private static bool TryCount(string text, out long count)
    {
        count = 0;
        decimal scale = text.Length == 0 ? 0 : text[^1] switch { 'k' or 'K' => 1e3m, 'M' or 'm' => 1e6m, 'G' or 'g' => 1e9m, _ => 1 };
        string digits = (scale == 1 ? text : text[..^1]).Replace("_", "", StringComparison.Ordinal);
        if (scale == 0 || !decimal.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number))
            return false;
        if (Math.Abs(number) > long.MaxValue / scale || decimal.Truncate(number * scale) != number * scale)
            return false;
        count = (long)(number * scale);
        return true;
    }
}
