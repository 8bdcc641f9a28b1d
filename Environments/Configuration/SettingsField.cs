using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Sim.Environments.Configuration;

/// <summary>
/// One value in a settings record, or in a record nested in it. A settings record is a <c>record</c> or
/// <c>record struct</c> whose public <c>init</c> properties are bool, integers, floats, strings, enums, arrays of
/// these, or further records.
/// </summary>
/// <param name="Key">Its name for the shell: snake_case, with dots between nested records.</param>
/// <param name="Type">Type of the value.</param>
/// <param name="Value">Its present value.</param>
/// <param name="Range">The limits its <see cref="RangeAttribute"/> states, if any.</param>
public sealed record SettingsField(string Key, Type Type, object? Value, RangeAttribute? Range)
{
    /// <summary>The properties from the outermost record to the value.</summary>
    internal IReadOnlyList<PropertyInfo> Path { get; init; } = [];

    /// <summary>All values of a settings record, in the order of declaration.</summary>
    public static IReadOnlyList<SettingsField> Of(object settings)
    {
        var fields = new List<SettingsField>();
        Collect(settings, "", [], fields);
        return fields;
    }

    /// <summary>The valid range in words, such as "0 to 1" or "above 0"; null where anything goes.</summary>
    public string? RangeText
    {
        get
        {
            if (Range is null)
                return null;
            double low = Number(Range.Minimum), high = Number(Range.Maximum);
            bool openBelow = low <= -float.MaxValue, openAbove = high == int.MaxValue || high >= long.MaxValue;
            string lowText = Text(low) + (Range.MinimumIsExclusive ? " (excluded)" : "");
            string highText = Text(high) + (Range.MaximumIsExclusive ? " (excluded)" : "");
            return (openBelow, openAbove) switch
            {
                (true, true) => null,
                (false, true) => Range.MinimumIsExclusive ? $"above {Text(low)}" : $"at least {Text(low)}",
                (true, false) => Range.MaximumIsExclusive ? $"below {Text(high)}" : $"at most {Text(high)}",
                _ => $"{lowText} to {highText}",
            };
        }
    }

    /// <summary>The present value as it would be typed.</summary>
    public string ValueText => SettingsValue.Write(Value);

    /// <exception cref="SettingsException">A value lies outside its range; the message names key, value and range.</exception>
    internal static void CheckRanges(object settings)
    {
        foreach (var field in Of(settings))
        {
            if (!field.Admits(field.Value))
                throw new SettingsException($"{field.Key} = {Convert.ToString(field.Value, CultureInfo.InvariantCulture)} is out of range: expected {field.Expected}.");
        }
    }

    /// <summary>What the value may be, in words.</summary>
    public string Expected => RangeText is { } range ? $"{SettingsValue.Describe(Type)}, {range}" : SettingsValue.Describe(Type);

    /// <summary>Whether every number of a value is finite and within the stated limits.</summary>
    internal bool Admits(object? value) => Numbers(value).All(Admits);

    private bool Admits(double value)
    {
        if (!double.IsFinite(value))
            return false;
        if (Range is null)
            return true;
        double low = Number(Range.Minimum), high = Number(Range.Maximum);
        return (Range.MinimumIsExclusive ? value > low : value >= low)
            && (Range.MaximumIsExclusive ? value < high : value <= high);
    }

    private static void Collect(object settings, string prefix, PropertyInfo[] path, List<SettingsField> fields)
    {
        foreach (var property in settings.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.SetMethod is not { IsPublic: true } || property.GetIndexParameters().Length > 0)
                continue;
            string key = prefix + JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
            object? value = property.GetValue(settings);
            PropertyInfo[] longer = [.. path, property];
            if (SettingsValue.IsReadable(property.PropertyType))
                fields.Add(new SettingsField(key, property.PropertyType, value, property.GetCustomAttribute<RangeAttribute>()) { Path = longer });
            else if (value is not null)
                Collect(value, key + ".", longer, fields);
        }
    }

    private static IEnumerable<double> Numbers(object? value) => value switch
    {
        Array array => array.Cast<object>().SelectMany(Numbers),
        null or bool or string or Enum => [],
        _ => [Convert.ToDouble(value, CultureInfo.InvariantCulture)],
    };

    private static double Number(object limit) => Convert.ToDouble(limit, CultureInfo.InvariantCulture);

    /// <summary>Limits that came from a float read as the float was written: 0.1, not 0.10000000149.</summary>
    private static string Text(double value)
        => value == Math.Floor(value) && Math.Abs(value) < 1e15
            ? value.ToString("0", CultureInfo.InvariantCulture)
            : ((float)value).ToString("G7", CultureInfo.InvariantCulture);
}
