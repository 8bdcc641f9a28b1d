using System.Text.Json;
using System.Text.Json.Nodes;
using Sim.Environments.Episodes;
using Sim.Protocols.Exchange.Spaces;

namespace Sim.Protocols.Exchange.Minari;

/// <summary>What stands in <c>metadata.json</c> beside the episodes.</summary>
internal static class MinariMetadata
{
    public const string FileName = "metadata.json";

    public const string DataFile = "main_data.hdf5";

    /// <summary>The release of Minari whose layout is written; its readers accept no other text here.</summary>
    public const string Version = "0.5.3";

    /// <summary>Where Python finds a function that makes an environment of ours.</summary>
    private const string EntryPoint = "simclient.making:make";

    private static readonly JsonSerializerOptions s_json = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    /// <summary>Writes the file.</summary>
    /// <param name="path">Where.</param>
    /// <param name="set">The episodes' spaces and environment.</param>
    /// <param name="id">Name of the data set.</param>
    /// <param name="summary">How many episodes and steps were written.</param>
    /// <param name="dataBytes">Size of the file of episodes.</param>
    public static void Write(string path, EpisodeSet set, string id, ExportSummary summary, long dataBytes)
    {
        var source = SourceDescription.Of(set);
        var metadata = new JsonObject
        {
            ["dataset_id"] = id,
            ["minari_version"] = Version,
            ["total_episodes"] = summary.Episodes,
            ["total_steps"] = summary.Steps,
            ["data_format"] = "hdf5",
            ["jpeg_encoding"] = false,
            ["observation_space"] = source.ObservationSpace,
            ["action_space"] = source.ActionSpace,
            ["dataset_size"] = Math.Round(dataBytes / 1e6, 1),
            ["description"] = $"{summary.Episodes} episodes of {set.Environment}, exported by Sim.",
            ["sim"] = JsonNode.Parse(source.ToJson().GetRawText()),
        };
        if (KnownEnvironment.Find(set.Environment) is not null)
            metadata["env_spec"] = EnvSpec(set);
        File.WriteAllText(path, metadata.ToJsonString(s_json));
    }

    /// <summary>
    /// Gymnasium's <c>EnvSpec</c> as JSON, by which <c>recover_environment</c> makes the environment through our
    /// Python client.
    /// </summary>
    private static string EnvSpec(EpisodeSet set)
    {
        var settings = set.Settings.Length == 0 ? null : JsonNode.Parse(PythonJson.Read(set.Settings, "the settings").GetRawText());
        var spec = new JsonObject
        {
            ["id"] = KnownEnvironment.GymnasiumId(set.Environment),
            ["entry_point"] = EntryPoint,
            ["reward_threshold"] = null,
            ["nondeterministic"] = false,
            ["max_episode_steps"] = set.TimeLimit > 0 ? set.TimeLimit : null,
            ["order_enforce"] = true,
            ["disable_env_checker"] = false,
            ["kwargs"] = new JsonObject { ["id"] = set.Environment, ["settings"] = settings ?? new JsonObject() },
            ["additional_wrappers"] = new JsonArray(),
            ["vector_entry_point"] = $"{EntryPoint}_vec",
        };
        return spec.ToJsonString();
    }
}
