namespace Sim.Protocols.Demonstrations;

/// <summary>What to keep of an episode.</summary>
public sealed record Trim
{
    /// <summary>First step to keep; the part begins there, or at the nearest whole state before it.</summary>
    public int From { get; init; }

    /// <summary>The step behind the last to keep; null for all.</summary>
    public int? To { get; init; }

    /// <summary>
    /// Drop what is idle for at least so many steps at the front, and at the end where the episode was broken off. Idle
    /// is a step whose action is that of the step before.
    /// </summary>
    public int? IdleSteps { get; init; }

    /// <summary>The part <c>[from, to)</c> of an episode.</summary>
    /// <exception cref="ArgumentException">Nothing would be left.</exception>
    internal (int From, int To) Of(EpisodeRows rows)
    {
        int from = From, to = Math.Min(To ?? rows.Length, rows.Length);
        if (IdleSteps is { } least)
        {
            int front = IdleFront(rows);
            if (front >= least) from = Math.Max(from, front);
            // An end that means something stays.
            int back = rows.Episode.IsComplete ? 0 : IdleBack(rows);
            if (back >= least) to = Math.Min(to, rows.Length - back);
        }
        if (from >= to && rows.Length > 0)
            throw new ArgumentException($"nothing would be left of the {rows.Length} steps of episode {rows.Episode.Number} between {from} and {to}");
        return (rows.Checkpoints.LastOrDefault(checkpoint => checkpoint.Step <= from && !checkpoint.Snapshot.IsEmpty)?.Step ?? 0, to);
    }

    private static int IdleFront(EpisodeRows rows)
    {
        int step = 1;
        while (step < rows.Length && IsIdle(rows, step)) step++;
        // The last of them leads into what follows.
        return step - 1;
    }

    private static int IdleBack(EpisodeRows rows)
    {
        int step = rows.Length - 1;
        while (step > 0 && IsIdle(rows, step)) step--;
        return rows.Length - 1 - step;
    }

    private static bool IsIdle(EpisodeRows rows, int step)
    {
        int size = rows.Actions.Length / rows.Length;
        return rows.Actions.Slice(step * size, size).SequenceEqual(rows.Actions.Slice((step - 1) * size, size));
    }

    /// <summary>Steps of an episode whose action is that of the step before.</summary>
    public static int CountIdle(EpisodeRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Enumerable.Range(1, Math.Max(0, rows.Length - 1)).Count(step => IsIdle(rows, step));
    }
}

/// <summary>What was kept of an episode.</summary>
/// <param name="Episode">Its number in the source.</param>
/// <param name="Length">Its steps there.</param>
/// <param name="From">First step that was kept.</param>
/// <param name="To">The step behind the last.</param>
public sealed record TrimmedEpisode(int Episode, int Length, int From, int To);
