using Sim.Protocols.Demonstrations;

namespace Sim.Protocols.Server;

/// <summary>Where and how a server records the batches of its clients.</summary>
/// <param name="Folder">Folder of the files; made when it is first needed.</param>
public sealed record RecordingRules(string Folder)
{
    /// <summary>The one file that takes every batch, one after the other, whatever clients ask for; null where they name files.</summary>
    public string? File { get; init; }

    /// <summary>What recordings keep; demonstrator and operator come from the client where they are empty.</summary>
    public RecordingOptions Options { get; init; } = new();

    /// <summary>Called after a step in which an episode ended, by the session's thread; false hides the episode.</summary>
    public Func<EndedEpisode, bool>? Keep { get; init; }
}
