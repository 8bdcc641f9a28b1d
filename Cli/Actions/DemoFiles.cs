using System.Globalization;
using Sim.Environments.Configuration;
using Sim.Protocols.Demonstrations;

namespace Sim.Cli.Actions;

/// <summary>Recordings as they are named on the command line.</summary>
internal static class DemoFiles
{
    /// <exception cref="BadInputException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no recording.</exception>
    public static Demonstration Open(string path)
    {
        RequireFile(path);
        return Demonstration.Open(path);
    }

    /// <exception cref="BadInputException">There is no such file; the message names the nearest.</exception>
    public static void RequireFile(string path)
    {
        if (File.Exists(path)) return;
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".";
        string? nearest = Directory.Exists(folder) ? NearestName.Of(Path.GetFileName(path), Directory.EnumerateFiles(folder, "*.simdemo").Select(file => Path.GetFileName(file))) : null;
        throw new BadInputException(nearest is null ? $"there is no file {path}" : $"there is no file {path}; the nearest is '{nearest}'");
    }

    /// <exception cref="BadInputException">The file exists.</exception>
    public static void RequireFree(string path)
    {
        if (File.Exists(path) || Directory.Exists(path)) throw new BadInputException($"{path} exists: nothing is ever overwritten, choose another name");
        string? folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (!Directory.Exists(folder)) throw new BadInputException($"there is no folder {folder} to write {Path.GetFileName(path)} into");
    }

    /// <summary>One episode, discarded or not.</summary>
    /// <exception cref="BadInputException">There is none of this number.</exception>
    public static DemonstrationEpisode Episode(Demonstration demonstration, int number)
        => number < demonstration.All.Count
            ? demonstration.All[number]
            : throw new BadInputException(demonstration.All.Count == 0 ? $"{demonstration.Path} holds no episode" : $"{demonstration.Path} holds no episode {number}: it holds 0 to {demonstration.All.Count - 1}");

    public static string Condition(Demonstration demonstration) => demonstration.Condition == DemonstrationCondition.Clean ? "clean"
        : demonstration.LostBytes == 0 ? "not closed" : $"broken, {demonstration.LostBytes} bytes lost";

    public static string Date(long microseconds)
        => DateTime.UnixEpoch.AddTicks(Math.Clamp(microseconds, 0, (DateTime.MaxValue - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond) * TimeSpan.TicksPerMicrosecond)
            .ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    public static string Success(bool? success) => success switch { null => "-", true => "yes", false => "no" };

    public static string Ending(DemonstrationEpisode episode) => episode.Ending switch
    {
        EpisodeEnding.Unknown => "incomplete",
        _ => episode.Ending.ToString().ToLowerInvariant(),
    };
}
