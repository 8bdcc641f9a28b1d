using System.Text.Json;

namespace Sim.Agents.Metrics;

/// <summary>One line of a run's <c>metrics.jsonl</c>; values that were not finite are absent.</summary>
public sealed record MetricsRecord(long Step, double Seconds, IReadOnlyDictionary<string, double> Values);

/// <summary>Reads back what <see cref="JsonLinesWriter"/> wrote.</summary>
public static class MetricsLog
{
    /// <summary>
    /// The records in file order. A last line cut short by a crash is left out; any other malformed line is an error.
    /// </summary>
    /// <exception cref="InvalidDataException">A line is not a record.</exception>
    public static IReadOnlyList<MetricsRecord> Read(string path)
    {
        var lines = File.ReadAllLines(path);
        var records = new List<MetricsRecord>(lines.Length);
        for (int i = 0; i < lines.Length; i++)
        {
            try
            {
                records.Add(Parse(lines[i]));
            }
            catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                if (i < lines.Length - 1)
                    throw new InvalidDataException($"{path}, line {i + 1}: not a metrics record.", error);
            }
        }
        return records;
    }

    /// <summary>
    /// Drops the records after <paramref name="step"/>: a run resumed from a checkpoint repeats those steps.
    /// </summary>
    public static void DropAfter(string path, long step)
    {
        var kept = File.ReadLines(path).Take(Read(path).TakeWhile(record => record.Step <= step).Count()).ToArray();
        string partial = path + ".partial";
        File.WriteAllLines(partial, kept);
        File.Move(partial, path, overwrite: true);
    }

    private static MetricsRecord Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        var values = root.EnumerateObject()
            .Where(p => p.Name is not ("step" or "seconds") && p.Value.ValueKind == JsonValueKind.Number)
            .ToDictionary(p => p.Name, p => p.Value.GetDouble());
        return new MetricsRecord(root.GetProperty("step").GetInt64(), root.GetProperty("seconds").GetDouble(), values);
    }
}
