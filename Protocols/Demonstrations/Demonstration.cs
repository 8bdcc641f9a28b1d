using Sim.Protocols.Demonstrations.Files;
using Sim.Protocols.Demonstrations.Reading;
using Sim.Protocols.Demonstrations.Rows;

namespace Sim.Protocols.Demonstrations;

/// <summary>How a recording was found.</summary>
public enum DemonstrationCondition
{
    /// <summary>It was closed, and all its bytes are accounted for.</summary>
    Clean,

    /// <summary>It was not closed, or its end is damaged: it is read up to its last good chunk.</summary>
    Recovered,
}

/// <summary>
/// A <c>.simdemo</c> file, open for reading: episodes are found by their number and read when asked for. The file is
/// never changed.
/// </summary>
public sealed class Demonstration : IDisposable
{
    private readonly ChunkFile _file;
    private readonly EpisodeDirectory _directory;
    private readonly EpisodeSweep _sweep;

    private Demonstration(string path, ChunkFile file)
    {
        (Path, _file) = (path, file);
        _directory = EpisodeDirectory.Read(file);
        _sweep = new EpisodeSweep(file, _directory);
        StepRows? last = null;
        All = [.. _directory.Entries.Select(entry => entry.ToEpisode(
            entry.End is null ? _sweep.LastFlags(entry, ref last) : StepFlags.None, Sessions[entry.Session].Message.Spec.HasSuccess))];
        Episodes = [.. All.Where(episode => episode is { IsHidden: false, Length: > 0 })];
    }

    /// <summary>The file, as it was given.</summary>
    public string Path { get; }

    public DemonstrationCondition Condition => _file.IsClosed && _file.LostBytes == 0 ? DemonstrationCondition.Clean : DemonstrationCondition.Recovered;

    /// <summary>Bytes that belong to no good chunk.</summary>
    public long LostBytes => _file.LostBytes;

    /// <summary>Bytes of the file.</summary>
    public long FileBytes => _file.Length;

    /// <summary>Sittings, in their order; at least one.</summary>
    public IReadOnlyList<DemonstrationSession> Sessions => _directory.Sessions;

    /// <summary>Episodes that have steps and were not discarded, by number.</summary>
    public IReadOnlyList<DemonstrationEpisode> Episodes { get; }

    /// <summary>All episodes, by number: those that were discarded, and those that have no step, too.</summary>
    public IReadOnlyList<DemonstrationEpisode> All { get; }

    internal ulong EndStep => _directory.EndStep;

    internal int EpisodeCount => All.Count;

    internal ChunkFile File => _file;

    /// <summary>Opens a recording.</summary>
    /// <param name="path">The file.</param>
    /// <param name="salvage">Whether to go on behind damaged chunks, rather than to end at the first.</param>
    /// <exception cref="InvalidDataException">The file is no recording, or damaged beyond its end.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Demonstration Open(string path, bool salvage = false)
    {
        var file = ChunkFile.Open(path, salvage);
        try
        {
            return new(path, file);
        }
        catch (InvalidDataException error)
        {
            file.Dispose();
            throw new InvalidDataException($"{path}: {error.Message}", error);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads every byte of a file; returns what is wrong with them, nothing when all is well.</summary>
    /// <exception cref="InvalidDataException">The file is no recording.</exception>
    public static IReadOnlyList<string> CheckBytes(string path) => ChunkFile.Check(path);

    /// <summary>All that is kept of one episode.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public EpisodeRows Read(DemonstrationEpisode episode) => ReadAll([episode]).First();

    /// <summary>All that is kept of some episodes, in the order of their ends; one pass over the file.</summary>
    /// <inheritdoc cref="Read"/>
    public IEnumerable<EpisodeRows> ReadAll(IEnumerable<DemonstrationEpisode> episodes) => _sweep.Read(episodes);

    /// <summary>What people did in an episode, in its order.</summary>
    /// <inheritdoc cref="Read"/>
    public IEnumerable<InputEvent> ReadEvents(DemonstrationEpisode episode) => _sweep.ReadEvents(episode);

    public void Dispose() => _file.Dispose();
}
