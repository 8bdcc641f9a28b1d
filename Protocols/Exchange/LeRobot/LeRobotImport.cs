using Sim.Environments.Episodes;
using Sim.Environments.Spaces;
using Sim.Protocols.Exchange.Spaces;

namespace Sim.Protocols.Exchange.LeRobot;

/// <summary>
/// Reads a LeRobot v3.0 data set, of ours or of LeRobot's. Vectors become observation groups; images and videos are left
/// out, with a note. LeRobot keeps nothing of what was seen after an episode's last action: where our own file beside its
/// files does not tell, the last observation stands twice.
/// </summary>
internal static class LeRobotImport
{
    /// <summary>Reads the data set, as <see cref="EpisodeFormat.Import"/> says.</summary>
    public static ImportedEpisodes Read(string path)
    {
        string infoPath = Path.Combine(path, LeRobotLayout.Info);
        if (!File.Exists(infoPath))
            throw new FileNotFoundException($"{path} is no LeRobot data set: it has no {LeRobotLayout.Info}");
        var info = LeRobotInfo.Read(infoPath);
        string sourcePath = Path.Combine(path, LeRobotLayout.Source);
        var source = File.Exists(sourcePath) ? SourceDescription.Read(PythonJson.ReadFile(sourcePath)) : null;
        var layout = source is null ? Unlimited(info) : Described(info, source);
        string[] files = DataFiles(path);
        var ours = Path.Combine(path, LeRobotLayout.SourceEpisodes) is { } table && File.Exists(table) && source is not null
            ? SourceTable.Read(table, [.. layout.Groups.Select(group => group.Feature)])
            : [];
        List<string> notes = [.. info.LeftOut];
        if (ours.Count == 0)
            notes.Add("the last observation of each episode stands twice, since LeRobot keeps none after the last action");
        var episodes = Episodes(files, info.Episodes, layout, ours);
        var observation = new ObservationLayout([.. layout.Groups.Select(group => group.Leaf)]).ToSpace();
        return new(source?.ToSet(observation, layout.Action.Space, episodes) ?? new()
        {
            Environment = KnownEnvironment.Find(info.RobotType)?.Id ?? info.RobotType,
            Observation = observation,
            Action = layout.Action.Space,
            ControlPeriod = info.ControlPeriod,
            Episodes = episodes,
        }, notes);
    }

    /// <summary>Files by chunk and number; their names pad both with zeros.</summary>
    private static string[] DataFiles(string path)
    {
        string folder = Path.Combine(path, LeRobotLayout.DataFolder);
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.parquet", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 }) : [];
        Array.Sort(files, StringComparer.Ordinal);
        return files.Length > 0 ? files : throw new InvalidDataException($"{path} has no Parquet files in '{LeRobotLayout.DataFolder}'");
    }

    /// <summary>Groups and actions of a foreign data set, without limits.</summary>
    private static Layout Unlimited(LeRobotInfo info)
    {
        var observations = info.Features.Where(feature => feature.Name.StartsWith(LeRobotFeature.ObservationPrefix, StringComparison.Ordinal)).ToArray();
        if (observations.Length == 0)
            throw new InvalidDataException("the data set has no observations that are vectors of numbers; images alone are not imported");
        bool isLone = observations is [{ Name: "observation.state" }];
        var groups = observations.Select(feature => new Group(feature, new(isLone ? "" : GroupOf(feature.Name), BoxOf(feature)))).ToArray();
        if (groups.Select(group => group.Leaf.Path).Distinct().Count() != groups.Length)
            throw new InvalidDataException("two features of the data set would become one observation group");
        return new(groups, new(BoxOf(ActionOf(info)), []), ActionOf(info));
    }

    private static string GroupOf(string feature) => feature == "observation.state" ? "observation" : feature[LeRobotFeature.ObservationPrefix.Length..];

    private static Box BoxOf(LeRobotFeature feature)
    {
        bool isBytes = feature.DType == "uint8";
        float[] low = [.. Enumerable.Repeat(isBytes ? 0 : float.NegativeInfinity, feature.Size)], high = [.. Enumerable.Repeat(isBytes ? byte.MaxValue : float.PositiveInfinity, feature.Size)];
        return new Box(low, high, feature.Names, null, isBytes ? ElementType.UInt8 : ElementType.Float32);
    }

    /// <summary>Groups and actions as our own export described them.</summary>
    private static Layout Described(LeRobotInfo info, SourceDescription source)
    {
        var observation = SpaceText.ReadObservation(source.ObservationSpace).WithLabels(source.LabelsOf);
        var action = SpaceText.ReadAction(source.ActionSpace).WithLabels(source.ActionLabels);
        var groups = observation.Leaves.Select(leaf => new Group(Feature(info, LeRobotFeature.NameOf(ObservationLayout.NameOf(leaf)), leaf.Space.Size), leaf)).ToArray();
        return new(groups, action, Feature(info, LeRobotFeature.Action, action.Space.Size));
    }

    private static LeRobotFeature ActionOf(LeRobotInfo info)
        => info.Features.FirstOrDefault(feature => feature.Name == LeRobotFeature.Action)
            ?? throw new InvalidDataException("the data set has no 'action' that is a vector of numbers");

    private static LeRobotFeature Feature(LeRobotInfo info, string name, int size)
        => info.Features.FirstOrDefault(feature => feature.Name == name && feature.Size == size)
            ?? throw new InvalidDataException($"the data set has no feature '{name}' of {size} numbers");

    private static IEnumerable<RecordedEpisode> Episodes(string[] files, int count, Layout layout, Dictionary<long, SourceTable.Row> ours)
    {
        int found = 0;
        long last = -1;
        var frames = new EpisodeBuffer(layout);
        foreach (string file in files)
        {
            using var table = ParquetTable.Open(file);
            for (int group = 0; group < table.RowGroups; group++)
            {
                var columns = FrameColumns.Read(table, group, layout);
                for (int first = 0, next; first < columns.Rows; first = next)
                {
                    long index = columns.EpisodeIndex[first];
                    for (next = first + 1; next < columns.Rows && columns.EpisodeIndex[next] == index;) next++;
                    if (index != last && frames.Length > 0)
                    {
                        yield return frames.Take(ours.GetValueOrDefault(last));
                        found++;
                    }
                    if (index < last)
                        throw new InvalidDataException($"{file}: frames of episode {index} follow those of episode {last}");
                    last = index;
                    frames.Add(columns, first, next - first);
                }
            }
        }
        if (frames.Length > 0)
        {
            yield return frames.Take(ours.GetValueOrDefault(last));
            found++;
        }
        if (found != count)
            throw new InvalidDataException($"the data files hold {found} episodes, and {LeRobotLayout.Info} counts {count}");
    }

    /// <summary>An observation feature and the box that it becomes.</summary>
    internal sealed record Group(LeRobotFeature Feature, ObservationLeaf Leaf);

    /// <summary>What the columns become.</summary>
    internal sealed record Layout(IReadOnlyList<Group> Groups, ActionLayout Action, LeRobotFeature ActionFeature);
}
