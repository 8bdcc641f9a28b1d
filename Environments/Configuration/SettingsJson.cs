using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sim.Environments.Configuration;

/// <summary>
/// Settings records as JSON, keys and enum values in snake_case: what a run folder keeps and the shell prints.
/// </summary>
public static class SettingsJson
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        IgnoreReadOnlyProperties = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Indented JSON of any settings record.</summary>
    public static string Write(object settings) => JsonSerializer.Serialize(settings, settings.GetType(), s_options);

    /// <summary>The record as a JSON tree, to be put into a larger document.</summary>
    public static JsonElement Element(object settings) => JsonSerializer.SerializeToElement(settings, settings.GetType(), s_options);

    /// <exception cref="SettingsException">The text is not JSON of this record, or names settings it lacks.</exception>
    public static T Read<T>(string json) where T : notnull => (T)Read(typeof(T), json);

    /// <inheritdoc cref="Read{T}(string)"/>
    public static object Read(Type type, string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, type, s_options)
                ?? throw new SettingsException($"Expected the settings of {type.Name}, found null.");
        }
        catch (JsonException error)
        {
            throw new SettingsException($"Not the settings of {type.Name}: {error.Message}", error);
        }
    }
}
