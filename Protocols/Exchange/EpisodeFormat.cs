using Sim.Environments.Episodes;

namespace Sim.Protocols.Exchange;

/// <summary>A foreign format of demonstrations: how to write it and how to read it back.</summary>
/// <param name="Name">What the shell calls it, such as <c>minari</c>.</param>
/// <param name="Title">One line for people: whose format, and what lies on the disk.</param>
/// <param name="Export">
/// Writes episodes to a path that does not exist yet. <see cref="ArgumentException"/> when the format cannot hold
/// them or the path is taken, nothing being written; <see cref="InvalidDataException"/> when the episodes contradict
/// themselves; <see cref="IOException"/> when the disk refuses.
/// </param>
/// <param name="Import">
/// Reads a data set; the episodes are read from the files each time they are enumerated.
/// <see cref="InvalidDataException"/> when the files are not such a data set, here or while enumerating;
/// <see cref="IOException"/> when they cannot be opened.
/// </param>
public sealed record EpisodeFormat(
    string Name,
    string Title,
    Func<EpisodeSet, string, ExportOptions, ExportSummary> Export,
    Func<string, ImportedEpisodes> Import);

/// <summary>What an export wrote.</summary>
/// <param name="Episodes">Episodes in the data set.</param>
/// <param name="Steps">Steps of all of them together.</param>
/// <param name="LeftOut">Episodes that were not written: empty ones, and failures when only successes were asked for.</param>
public sealed record ExportSummary(int Episodes, long Steps, int LeftOut);

/// <summary>What an import read.</summary>
/// <param name="Set">The episodes.</param>
/// <param name="Notes">Sentences about what the files hold and the episodes do not, such as videos.</param>
public sealed record ImportedEpisodes(EpisodeSet Set, IReadOnlyList<string> Notes);
