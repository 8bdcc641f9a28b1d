namespace Sim.Protocols.Exchange.LeRobot;

/// <summary>Where LeRobot v3.0 keeps what.</summary>
internal static class LeRobotLayout
{
    public const string CodebaseVersion = "v3.0";

    /// <summary>A data file takes no further episode once it has this many MB.</summary>
    public const int DataFileMegabytes = 100;

    /// <summary>Files of a folder.</summary>
    public const int FilesInAChunk = 1000;

    public const string Info = "meta/info.json", Stats = "meta/stats.json", Tasks = "meta/tasks.parquet",
        Episodes = "meta/episodes/chunk-000/file-000.parquet", DataFolder = "data",
        DataTemplate = "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet";

    /// <summary>
    /// Ours: what LeRobot has no place for. Beside its files and not in them, so that its own tools can add to the data
    /// set without meeting columns that they do not know.
    /// </summary>
    public const string Source = "meta/sim.json", SourceEpisodes = "meta/sim_episodes.parquet";

    /// <summary>Path of a data file below the data set's folder.</summary>
    public static string DataFile(int chunk, int file) => $"data/chunk-{chunk:000}/file-{file:000}.parquet";
}
