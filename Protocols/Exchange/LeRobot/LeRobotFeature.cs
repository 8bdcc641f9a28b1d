using System.Text.Json.Nodes;
using Sim.Environments.Episodes;
using Sim.Environments.Spaces;
using Sim.Protocols.Messages;

namespace Sim.Protocols.Exchange.LeRobot;

/// <summary>A column of frames.</summary>
/// <param name="Name">LeRobot's dotted name, such as <c>observation.state</c>.</param>
/// <param name="DType">Numpy's name of the element type.</param>
/// <param name="Size">Numbers in a frame; 1 makes a plain column, more make lists.</param>
/// <param name="Names">Names of the numbers; empty where they have none.</param>
internal sealed record LeRobotFeature(string Name, string DType, int Size, IReadOnlyList<string> Names)
{
    public const string Action = "action", Reward = "next.reward", Done = "next.done", Terminated = "next.terminated",
        Truncated = "next.truncated", Success = "next.success", Timestamp = "timestamp", FrameIndex = "frame_index",
        EpisodeIndex = "episode_index", Index = "index", TaskIndex = "task_index", ObservationPrefix = "observation.", InfoPrefix = "info.";

    /// <summary>The features that a set's frames have, in the order of their columns.</summary>
    /// <exception cref="ArgumentException">LeRobot has no column for one of its spaces.</exception>
    public static IReadOnlyList<LeRobotFeature> Of(EpisodeSet set, bool hasSuccess)
    {
        List<LeRobotFeature> features = [.. EpisodeShape.Groups(set.Observation).Select(group => OfGroup(group.Name, group.Space))];
        features.Add(OfAction(set.Action));
        features.Add(Scalar(Reward, "float32"));
        features.AddRange(new[] { Done, Terminated, Truncated }.Select(name => Scalar(name, "bool")));
        if (hasSuccess)
            features.Add(Scalar(Success, "bool"));
        features.AddRange(InfoColumn.Of(set).Select(info => Scalar(InfoPrefix + info.Label, info.IsCategory ? "int64" : "float32")));
        features.Add(Scalar(Timestamp, "float32"));
        features.AddRange(new[] { FrameIndex, EpisodeIndex, Index, TaskIndex }.Select(name => Scalar(name, "int64")));
        if (features.GroupBy(feature => feature.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ArgumentException($"two observation groups would both be called '{twice.Key}'");
        return features;
    }

    /// <summary>
    /// LeRobot's name of an observation group. Its policies read <c>observation.state</c>, and beside it
    /// <c>observation.environment_state</c>, which is where a goal belongs.
    /// </summary>
    public static string NameOf(string group) => group switch
    {
        "observation" => "observation.state",
        "desired_goal" => "observation.environment_state",
        _ => ObservationPrefix + group.Replace('/', '.'),
    };

    /// <summary>The entry of <c>info.json</c>.</summary>
    public JsonObject ToInfo() => new()
    {
        ["dtype"] = DType,
        ["shape"] = new JsonArray(Size),
        ["names"] = Names.Count == 0 ? null : new JsonArray([.. Names.Select(name => JsonValue.Create(name))]),
    };

    /// <summary>The same in the words of Hugging Face's data sets, which the files carry.</summary>
    public JsonObject ToHuggingFace()
    {
        var value = new JsonObject { ["dtype"] = DType, ["_type"] = "Value" };
        return Size == 1 ? value : new JsonObject { ["feature"] = value, ["length"] = Size, ["_type"] = "Sequence" };
    }

    private static LeRobotFeature OfGroup(string name, Box box)
    {
        if (box.Shape.Count > 1)
            throw new ArgumentException($"'{name}' has the shape [{string.Join(", ", box.Shape)}]; the export to LeRobot writes vectors alone: export to minari or robomimic");
        if (box.Size == 0)
            throw new ArgumentException($"'{name}' has no numbers, which LeRobot has no column for");
        return new(NameOf(name), box.Type.Name(), box.Size, box.Labels);
    }

    private static LeRobotFeature OfAction(Space space) => space switch
    {
        Box box when box.Shape.Count == 1 && box.Size > 0 => new(Action, "float32", box.Size, box.Labels),
        Discrete => Scalar(Action, "int64"),
        MultiDiscrete several => new(Action, "int64", several.Counts.Count, []),
        _ => throw new ArgumentException($"the export to LeRobot writes actions that are vectors or choices, not {space}"),
    };

    private static LeRobotFeature Scalar(string name, string type) => new(name, type, 1, []);
}
