using Sim.Agents.Training;

namespace Sim.Agents.Hindsight;

/// <summary>
/// Which rows of a replay buffer belong to the same episode: how many steps of it lie before each row and how many
/// after, of those that the buffer still holds. Environments take turns in the rows, so an episode's steps stand as many
/// rows apart as there are environments.
/// </summary>
public sealed class EpisodeSpans
{
    /// <summary>Stands for the steps after a row while its episode is running.</summary>
    private const int Running = -1;

    private readonly ReplayBuffer _replay;
    private readonly int[] _before, _after, _steps;

    /// <param name="replay">Whose rows; every commit adds one row an environment.</param>
    /// <param name="environments">Environments that take turns.</param>
    public EpisodeSpans(ReplayBuffer replay, int environments)
    {
        ArgumentNullException.ThrowIfNull(replay);
        ArgumentOutOfRangeException.ThrowIfLessThan(environments, 1);
        _replay = replay;
        _before = new int[replay.Capacity];
        _after = new int[replay.Capacity];
        _steps = new int[environments];
    }

    private int Environments => _steps.Length;

    /// <summary>Takes in a row that is about to be committed.</summary>
    /// <param name="lane">The environment, whose row stands as far behind the next one.</param>
    /// <param name="ended">Whether the episode ended with it.</param>
    public void Append(int lane, bool ended)
    {
        int row = Shift(_replay.Next, lane), before = _steps[lane]++;
        _before[row] = before;
        _after[row] = Running;
        if (!ended) return;
        _steps[lane] = 0;
        // No further back than once around the ring.
        int held = Math.Min(before, (_replay.Capacity - 1) / Environments);
        for (int i = 0; i <= held; i++) _after[Shift(row, -(long)i * Environments)] = i;
    }

    /// <summary>Steps of the row's episode that lie before it and are still held.</summary>
    public int Before(int row)
    {
        int oldest = Shift(_replay.Next, -_replay.Count);
        return Math.Min(_before[row], Shift(row, -oldest) / Environments);
    }

    /// <summary>Steps of the row's episode that lie after it; of a running episode, those that exist.</summary>
    public int After(int row) => _after[row] != Running ? _after[row] : Shift(_replay.Next, -1L - row) / Environments;

    /// <summary>The row of the same episode that lies some steps later, or earlier where negative.</summary>
    public int Row(int row, int steps) => Shift(row, (long)steps * Environments);

    public void Save(Checkpoint checkpoint, string name)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        checkpoint.Put<int>($"{name}/before", _before.AsSpan(0, _replay.Count));
        checkpoint.Put<int>($"{name}/after", _after.AsSpan(0, _replay.Count));
        checkpoint.Put<int>($"{name}/steps", _steps);
    }

    /// <exception cref="InvalidDataException">The saved spans do not fit the buffer, which is loaded first.</exception>
    public void Load(Checkpoint checkpoint, string name)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        checkpoint.Get($"{name}/before", _before.AsSpan(0, _replay.Count));
        checkpoint.Get($"{name}/after", _after.AsSpan(0, _replay.Count));
        checkpoint.Get($"{name}/steps", _steps.AsSpan());
        // A damaged count would send a goal to another episode's row, or out of the buffer.
        if (_steps.Any(steps => steps < 0) || _before.Any(steps => steps < 0) || _after.Any(steps => steps < Running || steps >= _replay.Capacity))
            throw new InvalidDataException($"the checkpoint's '{name}' counts fewer than no steps");
    }

    private int Shift(int row, long rows)
    {
        long shifted = (row + rows) % _replay.Capacity;
        return (int)(shifted < 0 ? shifted + _replay.Capacity : shifted);
    }
}
