using Sim.Environments.Episodes;
using Sim.Environments.Spaces;

namespace Sim.Protocols.Exchange.LeRobot;

/// <summary>The columns of one row group that an import needs.</summary>
internal sealed record FrameColumns(long[] EpisodeIndex, float[][] Observations, float[] Actions, long[] Choices, float[] Rewards,
    bool[] Terminated, bool[] Truncated, bool[]? Success)
{
    public int Rows => EpisodeIndex.Length;

    /// <exception cref="InvalidDataException">A column is missing, damaged or of another size than its feature says.</exception>
    public static FrameColumns Read(ParquetTable table, int group, LeRobotImport.Layout layout)
    {
        long[] index = table.Read(group, LeRobotFeature.EpisodeIndex).ToLongs();
        bool isBox = layout.Action.Space is Box;
        var action = table.Read(group, LeRobotFeature.Action);
        // Who writes one flag writes "done"; what it was that ended the episode is then unknown, and an end is an end.
        string end = table.Has(LeRobotFeature.Terminated) ? LeRobotFeature.Terminated : LeRobotFeature.Done;
        return new(index,
            [.. layout.Groups.Select(known => table.Read(group, known.Feature.Name).ToFloats(known.Feature.Size))],
            isBox ? action.ToFloats(layout.ActionFeature.Size) : [],
            isBox ? [] : action.ToLongs(layout.ActionFeature.Size),
            table.Has(LeRobotFeature.Reward) ? table.Read(group, LeRobotFeature.Reward).ToFloats(1) : new float[index.Length],
            Flags(table, group, end) ?? new bool[index.Length],
            Flags(table, group, LeRobotFeature.Truncated) ?? new bool[index.Length],
            Flags(table, group, LeRobotFeature.Success));
    }

    private static bool[]? Flags(ParquetTable table, int group, string name) => table.Has(name) ? table.Read(group, name).ToFlags() : null;
}

/// <summary>Collects the frames of one episode, which may lie in several row groups.</summary>
internal sealed class EpisodeBuffer(LeRobotImport.Layout layout)
{
    private readonly List<float>[] _observations = [.. layout.Groups.Select(_ => new List<float>())];
    private readonly List<float> _actions = [], _rewards = [];
    private readonly List<long> _choices = [];
    private readonly List<bool> _terminated = [], _truncated = [], _success = [];

    /// <summary>Frames so far.</summary>
    public int Length => _rewards.Count;

    public void Add(FrameColumns columns, int first, int count)
    {
        for (int i = 0; i < _observations.Length; i++)
            Append(_observations[i], columns.Observations[i], first, count, columns.Rows);
        Append(_actions, columns.Actions, first, count, columns.Rows);
        Append(_choices, columns.Choices, first, count, columns.Rows);
        Append(_rewards, columns.Rewards, first, count, columns.Rows);
        Append(_terminated, columns.Terminated, first, count, columns.Rows);
        Append(_truncated, columns.Truncated, first, count, columns.Rows);
        if (columns.Success is { } success)
            Append(_success, success, first, count, columns.Rows);
    }

    /// <summary>The episode that was collected; the buffer is empty after it.</summary>
    /// <param name="ours">What our own file says of it; null where there is none.</param>
    /// <exception cref="InvalidDataException">A choice is out of range.</exception>
    public RecordedEpisode Take(SourceTable.Row? ours)
    {
        int steps = Length;
        bool[] terminated = new bool[steps], truncated = new bool[steps];
        (terminated[^1], truncated[^1]) = (_terminated[^1], _truncated[^1]);
        var episode = new RecordedEpisode
        {
            Length = steps,
            Start = ours?.Start,
            Options = ours?.Options ?? new Dictionary<string, string>(),
            Operator = ours?.Operator ?? "",
            Observations = [.. layout.Groups.Select((group, i) => Rows(group, _observations[i], ours?.Final.GetValueOrDefault(group.Feature.Name)))],
            Actions = [.. _actions],
            Choices = layout.Action.Space is Box ? [] : ChoiceNumbers.FromZero([.. _choices], layout.Action, LeRobotFeature.Action),
            Rewards = [.. _rewards],
            Terminated = terminated,
            Truncated = truncated,
            Success = _success.Count == steps ? [.. _success] : null,
        };
        Clear();
        return episode;
    }

    private static void Append<T>(List<T> list, T[] values, int first, int count, int rows)
    {
        int size = values.Length / rows;
        list.AddRange(values.AsSpan(first * size, count * size));
    }

    /// <summary>The rows of a group, and behind them the last observation, or the last row once more.</summary>
    private static RecordedObservations Rows(LeRobotImport.Group group, List<float> rows, float[]? final)
    {
        int size = group.Leaf.Space.Size;
        float[] all = [.. rows, .. final ?? [.. rows.Slice(rows.Count - size, size)]];
        byte[] bytes = group.Leaf.Space.Type == ElementType.UInt8 ? Array.ConvertAll(all, ToByte) : RowBytes.Of(all);
        return new(Spaces.ObservationLayout.NameOf(group.Leaf), group.Leaf.Space, bytes);
    }

    private static byte ToByte(float number) => number is >= byte.MinValue and <= byte.MaxValue
        ? (byte)number
        : throw new InvalidDataException($"{number} is no byte");

    private void Clear()
    {
        foreach (var observations in _observations) observations.Clear();
        _actions.Clear();
        _choices.Clear();
        _rewards.Clear();
        _terminated.Clear();
        _truncated.Clear();
        _success.Clear();
    }
}
