namespace Sim.Protocols.Exchange.LeRobot;

/// <summary>Where an episode's frames lie, and their statistics.</summary>
internal sealed record EpisodeRow(int Index, int Length, long FirstFrame, int Chunk, int File, IReadOnlyList<FeatureStatistics> Statistics);

/// <summary>Writes <c>meta/episodes</c>: one row an episode, statistics as lists in columns of their own.</summary>
internal sealed class EpisodeTable : IDisposable
{
    /// <summary>Rows that are written as one row group.</summary>
    private const int RowsAtOnce = 500;

    private static readonly string[] s_places =
    [
        "length", "data/chunk_index", "data/file_index", "dataset_from_index", "dataset_to_index",
        "meta/episodes/chunk_index", "meta/episodes/file_index",
    ];

    private readonly IReadOnlyList<LeRobotFeature> _features;
    private readonly string _task;
    private readonly ParquetTableWriter _writer;
    private readonly List<EpisodeRow> _pending = [];

    public EpisodeTable(string path, IReadOnlyList<LeRobotFeature> features, string task, ExportCompression compression)
    {
        (_features, _task) = (features, task);
        List<ParquetColumn> columns = [new("episode_index", typeof(long), false), new("tasks", typeof(string), true)];
        columns.AddRange(s_places.Select(name => new ParquetColumn(name, typeof(long), false)));
        foreach (var feature in features)
            columns.AddRange(StatisticNames().Select(name => new ParquetColumn($"stats/{feature.Name}/{name}", TypeOf(feature, name), true)));
        _writer = new(path, columns, [], compression);
    }

    public void Add(EpisodeRow row)
    {
        _pending.Add(row);
        if (_pending.Count == RowsAtOnce)
            Flush();
    }

    public void Dispose()
    {
        Flush();
        _writer.Dispose();
    }

    private void Flush()
    {
        if (_pending.Count == 0)
            return;
        List<Array> columns =
        [
            Longs(row => row.Index), _pending.Select(_ => _task).ToArray(), Longs(row => row.Length), Longs(row => row.Chunk), Longs(row => row.File),
            Longs(row => row.FirstFrame), Longs(row => row.FirstFrame + row.Length), Longs(_ => 0), Longs(_ => 0),
        ];
        for (int i = 0; i < _features.Count; i++)
            columns.AddRange(StatisticNames().Select(name => Statistics(i, name)));
        _writer.Write(_pending.Count, columns);
        _pending.Clear();
    }

    private long[] Longs(Func<EpisodeRow, long> value) => [.. _pending.Select(value)];

    /// <summary>One statistic of one feature over the pending episodes, in the type that LeRobot gives it.</summary>
    private Array Statistics(int feature, string name)
    {
        double[] values = [.. _pending.SelectMany(row => Values(row.Statistics[feature], name))];
        var type = TypeOf(_features[feature], name);
        if (type == typeof(long)) return Array.ConvertAll(values, value => (long)value);
        return type == typeof(bool) ? Array.ConvertAll(values, value => value != 0) : values;
    }

    /// <summary>The names of all statistics, in LeRobot's order.</summary>
    public static IEnumerable<string> StatisticNames() => ["min", "max", "mean", "std", "count", .. FeatureStatistics.Parts.Select(part => part.Name)];

    /// <summary>The numbers of one statistic.</summary>
    public static double[] Values(FeatureStatistics statistics, string name) => name switch
    {
        "min" => statistics.Min,
        "max" => statistics.Max,
        "mean" => statistics.Mean,
        "std" => statistics.Std,
        "count" => [statistics.Count],
        _ => statistics.Quantiles[FeatureStatistics.Parts.Select(part => part.Name).ToList().IndexOf(name)],
    };

    private static Type TypeOf(LeRobotFeature feature, string statistic)
    {
        if (statistic == "count") return typeof(long);
        bool isOneOfTheValues = statistic is "min" or "max";
        return feature.DType switch
        {
            "int64" or "uint8" when isOneOfTheValues => typeof(long),
            "bool" when isOneOfTheValues => typeof(bool),
            _ => typeof(double),
        };
    }
}
