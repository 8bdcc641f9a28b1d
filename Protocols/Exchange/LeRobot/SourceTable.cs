using System.Text.Json;
using Sim.Environments;
using Sim.Environments.Episodes;

namespace Sim.Protocols.Exchange.LeRobot;

/// <summary>
/// Writes and reads <c>meta/sim_episodes.parquet</c>: start, options and operator of each episode, and what was seen
/// after its last action.
/// </summary>
internal static class SourceTable
{
    private const string Index = "episode_index", Seed = "start_seed", Number = "start_number", Options = "options", Operator = "operator", Final = "final.";

    /// <summary>Stands where an episode's start is not known.</summary>
    private const long NoStart = -1;

    /// <summary>An episode's row.</summary>
    public sealed record Row(EpisodeStart? Start, IReadOnlyDictionary<string, string> Options, string Operator, IReadOnlyDictionary<string, float[]> Final);

    /// <summary>A writer whose every row group is one episode.</summary>
    public static ParquetTableWriter Open(string path, IEnumerable<LeRobotFeature> observations, ExportCompression compression)
        => new(path,
        [
            new(Index, typeof(long), false), new(Seed, typeof(long), false), new(Number, typeof(long), false),
            new(Options, typeof(string), false), new(Operator, typeof(string), false),
            .. observations.Select(feature => new ParquetColumn(Final + feature.Name, ElementOf(feature), true)),
        ], [], compression);

    public static void Write(ParquetTableWriter writer, EpisodeOutline outline, RecordedEpisode episode)
        => writer.Write(1,
        [
            // Parquet.Net has no use for unsigned numbers here; the bits are what counts.
            new[] { (long)outline.Index }, new[] { unchecked((long)(outline.Start?.Seed ?? 0)) }, new[] { outline.Start?.Number ?? NoStart },
            new[] { JsonSerializer.Serialize(outline.Options) }, new[] { outline.Operator },
            .. episode.Observations.Select(group => EpisodeFrames.Numbers(group, episode.Length, 1)),
        ]);

    /// <summary>All rows by the number of their episode.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static Dictionary<long, Row> Read(string path, IReadOnlyList<LeRobotFeature> observations)
    {
        var rows = new Dictionary<long, Row>();
        using var table = ParquetTable.Open(path);
        for (int group = 0; group < table.RowGroups; group++)
        {
            long[] index = table.Read(group, Index).ToLongs(), seed = table.Read(group, Seed).ToLongs(), number = table.Read(group, Number).ToLongs();
            string[] options = table.Read(group, Options).ToTexts(), operators = table.Read(group, Operator).ToTexts();
            var final = observations.ToDictionary(feature => feature.Name, feature => table.Read(group, Final + feature.Name).ToFloats(feature.Size));
            for (int i = 0; i < index.Length; i++)
            {
                EpisodeStart? start = number[i] is >= 0 and <= uint.MaxValue ? new(unchecked((ulong)seed[i]), (uint)number[i]) : null;
                int row = i;
                rows[index[i]] = new(start, ReadOptions(options[i]), operators[i],
                    observations.ToDictionary(feature => feature.Name, feature => final[feature.Name].AsSpan(row * feature.Size, feature.Size).ToArray()));
            }
        }
        return rows;
    }

    private static Dictionary<string, string> ReadOptions(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(text) ?? [];
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"the options '{text}' of an episode are no JSON object of texts", error);
        }
    }

    private static Type ElementOf(LeRobotFeature feature) => feature.DType == "uint8" ? typeof(byte) : typeof(float);
}
