using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sim.Environments.Episodes;

namespace Sim.Protocols.Exchange.LeRobot;

/// <summary>
/// Writes a LeRobot v3.0 data set of state vectors: frames in <c>data</c>, one row group an episode, and what describes
/// them in <c>meta</c>. Memory: one episode, and the statistics of 500.
/// </summary>
internal static class LeRobotExport
{
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };

    /// <summary>Writes the data set, as <see cref="EpisodeFormat.Export"/> says.</summary>
    public static ExportSummary Write(EpisodeSet set, string path, ExportOptions options)
    {
        int framesPerSecond = options.FramesPerSecond ?? FramesPerSecond(set.ControlPeriod);
        var selection = EpisodeSelection.Of(set, options);
        var features = LeRobotFeature.Of(set, selection.Outlines.Any(outline => outline.HasSuccess));
        string task = KnownEnvironment.Find(set.Environment) is { } known ? known.Describe(known.DefaultSettings).Summary : set.Environment;
        using var target = new PendingTarget(path);
        var statistics = WriteEpisodes(target.Path, set, selection, features, task, framesPerSecond, options.Compression);
        WriteTasks(Path.Combine(target.Path, LeRobotLayout.Tasks), task, options.Compression);
        WriteInfo(target.Path, set, selection, features, framesPerSecond);
        WriteJson(target.Path, LeRobotLayout.Stats, Statistics(features, statistics));
        WriteJson(target.Path, LeRobotLayout.Source, JsonNode.Parse(SourceDescription.Of(set).ToJson().GetRawText())!);
        target.Commit();
        return selection.Summary;
    }

    /// <summary>Frames come at a whole number a second, or not at all.</summary>
    private static int FramesPerSecond(float controlPeriod)
    {
        if (controlPeriod <= 0)
            throw new ArgumentException("the episodes do not say how long a step takes: name LeRobot's frames a second");
        double rate = 1 / (double)controlPeriod;
        int whole = (int)Math.Clamp(Math.Round(rate), 1, 100_000);
        return Math.Abs(rate - whole) <= 1e-3 * whole
            ? whole
            : throw new ArgumentException($"a step of {controlPeriod} s makes {rate:g5} frames a second, and LeRobot takes whole ones: name them");
    }

    private static FeatureStatistics[] WriteEpisodes(string folder, EpisodeSet set, EpisodeSelection selection, IReadOnlyList<LeRobotFeature> features,
        string task, int framesPerSecond, ExportCompression compression)
    {
        FeatureStatistics[]? total = null;
        long firstFrame = 0;
        int observations = EpisodeShape.Groups(set.Observation).Count;
        using var data = new DataFiles(folder, features, compression);
        using var table = new EpisodeTable(Path.Combine(folder, LeRobotLayout.Episodes), features, task, compression);
        using var source = SourceTable.Open(Path.Combine(folder, LeRobotLayout.SourceEpisodes), features.Take(observations), compression);
        foreach (var (outline, episode) in selection.Read())
        {
            var columns = EpisodeFrames.Columns(set, episode, features, outline.Index, firstFrame, framesPerSecond);
            FeatureStatistics[] statistics = [.. features.Zip(columns, (feature, column) => FeatureStatistics.Of(column, feature.Size))];
            total = total is null ? statistics : [.. total.Zip(statistics, (sum, one) => sum.With(one))];
            var (chunk, file) = data.Write(episode.Length, columns);
            table.Add(new(outline.Index, episode.Length, firstFrame, chunk, file, statistics));
            SourceTable.Write(source, outline, episode);
            firstFrame += episode.Length;
        }
        return total!;
    }

    private static void WriteInfo(string folder, EpisodeSet set, EpisodeSelection selection, IReadOnlyList<LeRobotFeature> features, int framesPerSecond)
    {
        var info = new JsonObject
        {
            ["codebase_version"] = LeRobotLayout.CodebaseVersion,
            ["robot_type"] = set.Environment,
            ["total_episodes"] = selection.Outlines.Count,
            ["total_frames"] = selection.Steps,
            ["total_tasks"] = 1,
            ["chunks_size"] = LeRobotLayout.FilesInAChunk,
            ["data_files_size_in_mb"] = LeRobotLayout.DataFileMegabytes,
            ["video_files_size_in_mb"] = 200,
            ["fps"] = framesPerSecond,
            ["splits"] = new JsonObject { ["train"] = $"0:{selection.Outlines.Count}" },
            ["data_path"] = LeRobotLayout.DataTemplate,
            ["video_path"] = null,
            ["features"] = new JsonObject(features.Select(feature => KeyValuePair.Create(feature.Name, (JsonNode?)feature.ToInfo()))),
        };
        WriteJson(folder, LeRobotLayout.Info, info);
    }

    private static JsonObject Statistics(IReadOnlyList<LeRobotFeature> features, FeatureStatistics[] statistics)
        => new(features.Zip(statistics, (feature, of) => KeyValuePair.Create(feature.Name, (JsonNode?)new JsonObject(
            EpisodeTable.StatisticNames().Select(name => KeyValuePair.Create(name,
                (JsonNode?)new JsonArray([.. EpisodeTable.Values(of, name).Select(value => JsonValue.Create(value))])))))));

    /// <summary>A pandas frame whose index is the text of the task.</summary>
    private static void WriteTasks(string path, string task, ExportCompression compression)
    {
        var metadata = new Dictionary<string, string> { ["pandas"] = PandasIndex };
        using var writer = new ParquetTableWriter(path, [new("task_index", typeof(long), false), new("task", typeof(string), false)], metadata, compression);
        writer.Write(1, [new long[1], new[] { task }]);
    }

    /// <summary>What pandas reads to make <c>task</c> the index again.</summary>
    private const string PandasIndex = """
        {"index_columns": ["task"], "column_indexes": [{"name": null, "field_name": null, "pandas_type": "unicode", "numpy_type": "object", "metadata": {"encoding": "UTF-8"}}], "columns": [{"name": "task_index", "field_name": "task_index", "pandas_type": "int64", "numpy_type": "int64", "metadata": null}, {"name": "task", "field_name": "task", "pandas_type": "unicode", "numpy_type": "object", "metadata": null}], "creator": {"library": "sim", "version": "0.1.0"}, "pandas_version": "1.5.3"}
        """;

    private static void WriteJson(string folder, string name, JsonNode json)
        => File.WriteAllText(Path.Combine(folder, name), json.ToJsonString(s_json));

    /// <summary>The files of frames: a new one is begun when one is full.</summary>
    private sealed class DataFiles(string folder, IReadOnlyList<LeRobotFeature> features, ExportCompression compression) : IDisposable
    {
        private int _chunk, _file;
        private ParquetTableWriter? _writer;

        /// <summary>Writes an episode as one row group and returns where.</summary>
        public (int Chunk, int File) Write(int rows, Array[] columns)
        {
            if (_writer is { Length: >= LeRobotLayout.DataFileMegabytes * 1_000_000L })
            {
                _writer.Dispose();
                _writer = null;
                (_chunk, _file) = _file + 1 < LeRobotLayout.FilesInAChunk ? (_chunk, _file + 1) : (_chunk + 1, 0);
            }
            _writer ??= Open();
            _writer.Write(rows, columns);
            return (_chunk, _file);
        }

        public void Dispose() => _writer?.Dispose();

        private ParquetTableWriter Open()
        {
            var huggingFace = new JsonObject
            {
                ["info"] = new JsonObject
                {
                    ["features"] = new JsonObject(features.Select(feature => KeyValuePair.Create(feature.Name, (JsonNode?)feature.ToHuggingFace()))),
                },
            };
            return new(Path.Combine(folder, LeRobotLayout.DataFile(_chunk, _file)),
                [.. features.Select(feature => new ParquetColumn(feature.Name, ElementOf(feature.DType), feature.Size > 1))],
                new() { ["huggingface"] = huggingFace.ToJsonString() }, compression);
        }

        private static Type ElementOf(string type) => type switch
        {
            "float32" => typeof(float),
            "uint8" => typeof(byte),
            "bool" => typeof(bool),
            _ => typeof(long),
        };
    }
}
