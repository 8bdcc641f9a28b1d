using System.Runtime.InteropServices;
using Sim.Environments;
using Sim.Environments.Spaces;
using Sim.Protocols.Demonstrations.Rows;

namespace Sim.Protocols.Demonstrations.Replaying;

/// <summary>Plays one recorded episode in the first lane of a batch, from its start or from a state on its way.</summary>
internal sealed class EpisodePlayer
{
    private readonly BatchEnvironment _environments;
    private readonly EpisodeRows _rows;

    /// <param name="environments">A batch that <see cref="ReplayPlan.Create"/> made.</param>
    /// <param name="rows">What to play.</param>
    /// <param name="step">Steps of the episode to stand behind: the last whole state at or before it is restored, and the rest played.</param>
    public EpisodePlayer(BatchEnvironment environments, EpisodeRows rows, int step)
    {
        (_environments, _rows) = (environments, rows);
        environments.Reset();
        var from = rows.Checkpoints.LastOrDefault(checkpoint => checkpoint.Step <= step && !checkpoint.Snapshot.IsEmpty);
        Step = from?.Step ?? 0;
        if (from is null) Begin(environments, 0, rows);
        else Restore(environments, 0, from.Snapshot);
        while (Step < step) Advance();
    }

    /// <summary>Steps of the episode so far.</summary>
    public int Step { get; private set; }

    /// <summary>Takes the next recorded step.</summary>
    public void Advance()
    {
        var actions = _environments.Spec.Action is Box ? MemoryMarshal.AsBytes(_environments.Actions) : MemoryMarshal.AsBytes(_environments.DiscreteActions);
        int size = actions.Length / _environments.Count;
        _rows.Actions.Slice(Step * size, size).CopyTo(actions);
        _environments.Step();
        Step++;
    }

    /// <summary>Compares the state with the hash that was kept of it, if one was.</summary>
    /// <exception cref="InvalidDataException">They differ: what was played is not what was recorded.</exception>
    public void CheckState()
    {
        var hash = new LaneHasher(_environments).Of(0);
        bool same = Step == 0 ? hash == _rows.StartHash
            : _rows.Checkpoints.FirstOrDefault(checkpoint => checkpoint.Step == Step) is { } kept ? hash == kept.Hash
            : _rows.Hashes.IsEmpty || hash.Short == _rows.Hashes[Step - 1];
        if (!same) throw new InvalidDataException($"episode {_rows.Episode.Number}, played again to step {Step}, is not in the state that was recorded");
    }

    /// <summary>Puts a lane where an episode starts.</summary>
    /// <exception cref="InvalidDataException">The start does not fit the environment.</exception>
    public static void Begin(BatchEnvironment environments, int lane, EpisodeRows rows)
    {
        if (!rows.StartSnapshot.IsEmpty)
        {
            Restore(environments, lane, rows.StartSnapshot);
            return;
        }
        try
        {
            environments.BeginEpisode(lane, rows.Episode.Start, rows.Episode.Options);
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"episode {rows.Episode.Number} cannot be started: {error.Message}", error);
        }
    }

    private static void Restore(BatchEnvironment environments, int lane, ReadOnlyMemory<byte> snapshot)
    {
        try
        {
            environments.Restore(lane, new LaneSnapshot(environments.Spec.SnapshotName, snapshot));
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"a state of the recording cannot be restored: {error.Message}", error);
        }
    }
}
