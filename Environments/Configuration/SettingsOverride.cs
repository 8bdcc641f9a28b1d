using System.Reflection;
using System.Runtime.CompilerServices;

namespace Sim.Environments.Configuration;

/// <summary>
/// Applies assignments such as <c>learning_rate=1e-4</c> or <c>network.hidden=128,128</c> to settings records. Keys
/// may be written in snake_case, kebab-case or PascalCase. The given records stay as they are; copies come back.
/// </summary>
public static class SettingsOverride
{
    /// <summary>Applies assignments in order; the last of one key counts.</summary>
    /// <exception cref="SettingsException">A key is unknown, or a value of the wrong type or out of range.</exception>
    public static T Apply<T>(T settings, params IEnumerable<string> assignments) where T : notnull
    {
        IReadOnlyList<SettingsGroup> groups = [new SettingsGroup("", settings)];
        return (T)Apply(groups, assignments)[0].Settings;
    }

    /// <summary>
    /// Applies assignments to several groups, such as an environment's and an agent's. A key that only one group has
    /// needs no prefix.
    /// </summary>
    /// <exception cref="SettingsException">As above, or a key is found in several groups.</exception>
    public static IReadOnlyList<SettingsGroup> Apply(IReadOnlyList<SettingsGroup> groups, params IEnumerable<string> assignments)
    {
        var result = groups.ToArray();
        foreach (string assignment in assignments)
        {
            int equals = assignment.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw new SettingsException($"'{assignment}' is not an assignment: write key=value, such as {Example(result)}.");
            string key = assignment[..equals].Trim(), text = assignment[(equals + 1)..].Trim();
            var (index, field) = Find(result, key);
            object value = Read(field, key, text)!;
            result[index] = result[index] with { Settings = Replace(result[index].Settings, field.Path, value) };
        }
        return result;
    }

    private static (int Group, SettingsField Field) Find(SettingsGroup[] groups, string key)
    {
        var keys = groups.SelectMany((group, index) => SettingsField.Of(group.Settings).Select(field => (Index: index, Field: field, Full: FullKey(group, field)))).ToArray();
        var matches = keys.Where(candidate => SettingsValue.SameName(candidate.Full, key)).ToArray();
        if (matches.Length == 0)
            matches = [.. keys.Where(candidate => SettingsValue.SameName(candidate.Field.Key, key))];
        if (matches.Length == 1)
            return (matches[0].Index, matches[0].Field);
        if (matches.Length > 1)
            throw new SettingsException($"'{key}' is ambiguous: write {string.Join(" or ", matches.Select(match => match.Full))}.");

        string? nearest = Nearest(key, [.. keys.Select(candidate => (candidate.Full, candidate.Field.Key))]);
        throw new SettingsException(nearest is null
            ? $"There is no setting '{key}': there are none to set."
            : $"There is no setting '{key}'; the nearest is '{nearest}'.");
    }

    /// <summary>A name without dots may mean the last part of one that has them.</summary>
    private static string? Nearest(string key, (string Full, string Key)[] keys)
    {
        if (key.Contains('.', StringComparison.Ordinal))
            return NearestName.Of(key, keys.Select(candidate => candidate.Full));
        string? name = NearestName.Of(key, keys.Select(candidate => LastPart(candidate.Key)));
        return keys.FirstOrDefault(candidate => LastPart(candidate.Key) == name).Key;
    }

    private static string LastPart(string key) => key[(key.LastIndexOf('.') + 1)..];

    private static object? Read(SettingsField field, string key, string text)
    {
        if (!SettingsValue.TryRead(field.Type, text, out object? value))
            throw new SettingsException($"'{text}' is no value for {key}: expected {field.Expected}{NearestEnum(field, text)}.");
        if (!field.Admits(value))
            throw new SettingsException($"{key} = {text} is out of range: expected {field.Expected}.");
        return value;
    }

    private static string NearestEnum(SettingsField field, string text)
    {
        var type = Nullable.GetUnderlyingType(field.Type) ?? field.Type;
        return type.IsEnum ? $"; the nearest is '{NearestName.Of(text, SettingsValue.EnumNames(type))}'" : "";
    }

    private static string FullKey(SettingsGroup group, SettingsField field)
        => group.Name.Length == 0 ? field.Key : $"{group.Name}.{field.Key}";

    private static string Example(SettingsGroup[] groups)
        => groups.SelectMany(group => SettingsField.Of(group.Settings)).FirstOrDefault() is { } field ? $"{field.Key}={field.Value}" : "gravity=9.8";

    /// <summary>Copies the record with the value at the end of the path replaced, and every record on the way.</summary>
    private static object Replace(object settings, IReadOnlyList<PropertyInfo> path, object? value)
    {
        object copy = Copy(settings);
        if (path.Count > 1)
            value = Replace(path[0].GetValue(copy)!, [.. path.Skip(1)], value);
        // Reflection may call an init accessor, and on a boxed struct it changes the box.
        path[0].SetValue(copy, value);
        return copy;
    }

    private static object Copy(object settings)
    {
        if (settings.GetType().IsValueType)
            return RuntimeHelpers.GetObjectValue(settings);
        var clone = settings.GetType().GetMethod("<Clone>$")
            ?? throw new ArgumentException($"{settings.GetType()} must be a record to be overridden.", nameof(settings));
        return clone.Invoke(settings, null)!;
    }
}
