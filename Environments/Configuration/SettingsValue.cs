using System.Globalization;
using System.Text.Json;

namespace Sim.Environments.Configuration;

/// <summary>Reads a value of a settings record from what a person typed.</summary>
internal static class SettingsValue
{
    public static bool IsReadable(Type type)
    {
        var inner = Nullable.GetUnderlyingType(type) ?? type;
        if (inner.IsArray)
            return IsReadable(inner.GetElementType()!);
        return inner.IsEnum || IsInteger(inner) || inner == typeof(float) || inner == typeof(double)
            || inner == typeof(bool) || inner == typeof(string);
    }

    /// <summary>What to type for a value of this type, in words.</summary>
    public static string Describe(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return $"{Describe(inner)}, or none";
        if (type.IsArray)
            return $"values with commas between, each {Describe(type.GetElementType()!)}";
        if (type.IsEnum)
            return $"one of {string.Join(", ", EnumNames(type))}";
        if (type == typeof(bool))
            return "true or false";
        if (type == typeof(string))
            return "a text";
        return IsInteger(type) ? "a whole number" : "a finite number";
    }

    /// <summary>A value as it would be typed.</summary>
    public static string Write(object? value) => value switch
    {
        null => "none",
        bool flag => flag ? "true" : "false",
        Enum choice => JsonNamingPolicy.SnakeCaseLower.ConvertName(choice.ToString()),
        Array array => string.Join(",", array.Cast<object>().Select(Write)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    /// <summary>The values of an enum as typed in the shell: snake_case.</summary>
    public static IEnumerable<string> EnumNames(Type type) => Enum.GetNames(type).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName);

    /// <summary>False when the text does not spell a value of the type.</summary>
    public static bool TryRead(Type type, string text, out object? value)
    {
        value = null;
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return text is "none" or "null" || TryRead(inner, text, out value);
        if (type == typeof(string))
            value = text;
        else if (type == typeof(bool))
            value = bool.TryParse(text, out bool flag) ? flag : null;
        else if (type.IsEnum)
            value = ReadEnum(type, text);
        else if (type.IsArray)
            value = ReadArray(type.GetElementType()!, text);
        else if (IsInteger(type))
            value = ReadInteger(type, text);
        else if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(type == typeof(float) ? (float)number : number))
            value = Convert.ChangeType(number, type, CultureInfo.InvariantCulture);
        return value is not null;
    }

    /// <summary>Names are compared without case, underscores and hyphens.</summary>
    public static bool SameName(string a, string b)
        => string.Equals(Plain(a), Plain(b), StringComparison.OrdinalIgnoreCase);

    private static string Plain(string name) => name.Replace("_", "").Replace("-", "");

    private static object? ReadEnum(Type type, string text)
    {
        string? name = Enum.GetNames(type).FirstOrDefault(candidate => SameName(candidate, text));
        return name is null ? null : Enum.Parse(type, name);
    }

    private static Array? ReadArray(Type element, string text)
    {
        string[] parts = text.Trim('[', ']').Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var array = Array.CreateInstance(element, parts.Length);
        for (int i = 0; i < parts.Length; i++)
        {
            if (!TryRead(element, parts[i], out object? value))
                return null;
            array.SetValue(value, i);
        }
        return array;
    }

    /// <summary>Accepts 5000000, 5_000_000 and 5e6, if whole and within the type.</summary>
    private static object? ReadInteger(Type type, string text)
    {
        if (!decimal.TryParse(text.Replace("_", ""), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) || decimal.Truncate(number) != number)
            return null;
        try
        {
            return Convert.ChangeType(number, type, CultureInfo.InvariantCulture);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static bool IsInteger(Type type)
        => type == typeof(int) || type == typeof(long) || type == typeof(uint) || type == typeof(ulong)
        || type == typeof(short) || type == typeof(ushort) || type == typeof(byte) || type == typeof(sbyte);
}
