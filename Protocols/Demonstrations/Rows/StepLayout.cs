using Sim.Environments.Spaces;

namespace Sim.Protocols.Demonstrations.Rows;

/// <summary>One column of the steps of a session.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Place">Its number in the session.</param>
/// <param name="LaneBytes">Bytes of one lane in one step; of the step where all lanes share it.</param>
/// <param name="StepBytes">Bytes of one step.</param>
/// <param name="PerLane">Whether each lane has its own.</param>
internal sealed record StepColumn(string Name, int Place, int LaneBytes, int StepBytes, bool PerLane);

/// <summary>The columns of a session: which there are and what they measure.</summary>
internal sealed class StepLayout
{
    public const string TimeName = "time", SourceName = "source", ActionName = "action", RewardName = "reward", FlagsName = "flags",
        HashName = "state_hash", PolicyActionName = "policy_action", InfoName = "info", ObservationPrefix = "observations/";

    private const int MostColumns = 64;

    private StepLayout(IReadOnlyList<StepColumn> columns)
    {
        Columns = columns;
        StepBytes = columns.Sum(column => column.StepBytes);
        Time = Find(TimeName);
        Source = Find(SourceName);
        Action = Find(ActionName)!;
        Reward = Find(RewardName)!;
        Flags = Find(FlagsName)!;
        Hash = Find(HashName);
        PolicyAction = Find(PolicyActionName);
        Info = Find(InfoName);
        Observations = [.. columns.Where(column => column.Name.StartsWith(ObservationPrefix, StringComparison.Ordinal))];
    }

    public IReadOnlyList<StepColumn> Columns { get; }

    /// <summary>Bytes of a step with all its columns.</summary>
    public int StepBytes { get; }

    /// <summary>Microseconds since 1970 when the step was taken.</summary>
    public StepColumn? Time { get; }

    /// <summary>An <see cref="ActionSource"/>.</summary>
    public StepColumn? Source { get; }

    public StepColumn Action { get; }

    public StepColumn Reward { get; }

    /// <summary><see cref="StepFlags"/>.</summary>
    public StepColumn Flags { get; }

    /// <summary>Low bits of the hash of the state after the step; of the final observation after the last.</summary>
    public StepColumn? Hash { get; }

    /// <summary>What a policy would have done where a person took over.</summary>
    public StepColumn? PolicyAction { get; }

    /// <summary>What the task told after the step beside its observation.</summary>
    public StepColumn? Info { get; }

    /// <summary>What was observed after the step, by group: the final observation after the last.</summary>
    public IReadOnlyList<StepColumn> Observations { get; }

    /// <summary>Bytes of a lane's observations, all groups together.</summary>
    public int ObservationBytes => Observations.Sum(column => column.LaneBytes);

    /// <summary>The layout of a session.</summary>
    /// <exception cref="InvalidDataException">The columns do not hold together.</exception>
    public static StepLayout Of(IReadOnlyList<ColumnMessage> columns, int lanes, Space action, Space observation, Box? info)
    {
        if (columns.Count > MostColumns) throw new InvalidDataException($"{columns.Count} columns are more than {MostColumns}");
        var found = new List<StepColumn>();
        long total = 0;
        foreach (var column in columns)
        {
            if (column is null || column.Name is null || column.Width < 0) throw new InvalidDataException("a column has no name, or a negative width");
            long laneBytes = (long)column.Width * SizeOf(column), stepBytes = laneBytes * (column.PerLane ? lanes : 1);
            total += stepBytes;
            if (laneBytes > int.MaxValue || total > int.MaxValue)
                throw new InvalidDataException($"column '{column.Name}': {column.Width} numbers in each of {lanes} environments are more than a chunk holds");
            found.Add(new(column.Name, found.Count, (int)laneBytes, (int)stepBytes, column.PerLane));
        }
        foreach (var (name, bytes) in Expected(action, observation, info))
        {
            var column = found.Find(column => column.Name == name);
            if (column is null && name is not (ActionName or RewardName or FlagsName)) continue;
            if (column is null || column.LaneBytes != bytes || column.PerLane != (name is not (TimeName or SourceName)))
                throw new InvalidDataException($"column '{name}' is {(column is null ? "missing" : $"{column.LaneBytes} bytes wide, not {bytes}, or shared by lanes when it should not be")}");
        }
        if (info is null && found.Any(column => column.Name == InfoName)) throw new InvalidDataException("the info outputs that were kept are of an environment that has none");
        var groups = GroupsOf(observation);
        if (found.Find(column => column.Name.StartsWith(ObservationPrefix, StringComparison.Ordinal) && !groups.Any(group => column.Name == ObservationPrefix + group.Name)) is { } unknown)
            throw new InvalidDataException($"column '{unknown.Name}' is of no group that the environment observes");
        if (found.Select(column => column.Name).Distinct().Count() != found.Count) throw new InvalidDataException("a column stands twice");
        return new(found);
    }

    /// <summary>The columns of a new session.</summary>
    public static ColumnMessage[] Plan(Space action, IEnumerable<(string Name, Box Space)> observations, Box? info, bool hashes, bool policyActions)
    {
        string actionType = action is Box ? "float32" : "int32";
        var columns = new List<ColumnMessage>
        {
            new() { Name = TimeName, DType = "int64", Width = 1, PerLane = false },
            new() { Name = SourceName, DType = "uint8", Width = 1, PerLane = false },
            new() { Name = ActionName, DType = actionType, Width = action.Size, PerLane = true },
            new() { Name = RewardName, DType = "float32", Width = 1, PerLane = true },
            new() { Name = FlagsName, DType = "uint8", Width = 1, PerLane = true },
        };
        if (hashes) columns.Add(new() { Name = HashName, DType = "uint32", Width = 1, PerLane = true });
        if (policyActions) columns.Add(new() { Name = PolicyActionName, DType = actionType, Width = action.Size, PerLane = true });
        if (info is not null) columns.Add(new() { Name = InfoName, DType = "float32", Width = info.Size, PerLane = true });
        foreach (var (name, space) in observations)
            columns.Add(new() { Name = ObservationPrefix + name, DType = space.Type == ElementType.Float32 ? "float32" : "uint8", Width = space.Size, PerLane = true });
        return [.. columns];
    }

    private StepColumn? Find(string name) => Columns.FirstOrDefault(column => column.Name == name);

    private static IEnumerable<(string Name, long Bytes)> Expected(Space action, Space observation, Box? info)
    {
        yield return (TimeName, sizeof(long));
        yield return (SourceName, 1);
        yield return (ActionName, (long)action.Size * sizeof(float));
        yield return (RewardName, sizeof(float));
        yield return (FlagsName, 1);
        yield return (HashName, sizeof(uint));
        yield return (PolicyActionName, (long)action.Size * sizeof(float));
        if (info is not null) yield return (InfoName, (long)info.Size * sizeof(float));
        foreach (var (name, box) in GroupsOf(observation))
            yield return (ObservationPrefix + name, (long)box.Size * (box.Type == ElementType.Float32 ? sizeof(float) : 1));
    }

    /// <summary>The groups of an observation space.</summary>
    public static IReadOnlyList<(string Name, Box Space)> GroupsOf(Space observation)
        => observation is Dict dict ? dict.Entries : [("observation", (Box)observation)];

    private static int SizeOf(ColumnMessage column) => column.DType switch
    {
        "float32" or "int32" or "uint32" => 4,
        "int64" => 8,
        "uint8" => 1,
        _ => throw new InvalidDataException($"column '{column.Name}' holds '{column.DType}'; known are float32, int32, uint32, int64 and uint8"),
    };
}
