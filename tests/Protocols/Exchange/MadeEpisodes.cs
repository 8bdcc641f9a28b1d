using System.Runtime.InteropServices;
using Sim.Environments;
using Sim.Environments.Episodes;
using Sim.Environments.Spaces;

namespace Sim.Tests.Protocols.Exchange;

/// <summary>Episodes that no environment of the registry has: goals, bytes, images, several choices, hard numbers.</summary>
internal static class MadeEpisodes
{
    /// <summary>Numbers that a careless conversion would change.</summary>
    private static readonly float[] s_hard = [float.Epsilon, -0f, 1f / 3, float.MaxValue, -1e-30f, 16777217, 0.1f];

    /// <summary>A goal task with a byte vector, success and options; three episodes of 4, 1 and 6 steps.</summary>
    public static EpisodeSet Goals(Space? action = null)
    {
        var observation = new Dict(
            ("observation", Box.Unbounded(["x m", "y m", "z m"])),
            ("achieved_goal", Box.Symmetric(2, float.PositiveInfinity)),
            ("desired_goal", Box.Symmetric(2, 5)),
            ("touch", new Box([0, 0, 0], [255, 255, 255], null, null, ElementType.UInt8)));
        return Make(observation, action ?? new Box([-2, -0.5f], [3, 0.25f], ["left", "right"]), 4, 1, 6);
    }

    /// <summary>A task that shows pictures of a size that Minari takes for images.</summary>
    public static EpisodeSet Pictures()
    {
        const int Numbers = 32 * 40 * 3;
        return Make(new Box(new float[Numbers], [.. Enumerable.Repeat(255f, Numbers)], null, [32, 40, 3], ElementType.UInt8), new Discrete(3), 2, 3);
    }

    private static EpisodeSet Make(Space observation, Space action, params int[] lengths) => new()
    {
        Environment = "made-up",
        Version = 3,
        Settings = """{"gravity": 9.81}""",
        Observation = observation,
        Action = action,
        ControlPeriod = 0.05f,
        TimeLimit = 6,
        Episodes = [.. lengths.Select((length, index) => Episode(observation, action, index, length))],
    };

    private static RecordedEpisode Episode(Space observation, Space action, int index, int length)
    {
        var groups = observation is Dict dict ? dict.Entries : [("observation", (Box)observation)];
        return new()
        {
            Start = index == 0 ? null : new EpisodeStart(ulong.MaxValue - (ulong)index, (uint)index - 1),
            Options = index == 2 ? new Dictionary<string, string> { ["low"] = "-0.2", ["mass.tool"] = "0.10", ["mode"] = "slow" } : new Dictionary<string, string>(),
            Operator = index == 1 ? "Ärztin 7" : "",
            Length = length,
            Observations = [.. groups.Select((group, g) => new RecordedObservations(group.Item1, group.Item2, Rows(group.Item2, length + 1, (index * 10) + g)))],
            Actions = action is Box box ? Floats(length * box.Size, index) : [],
            Choices = action is Box ? [] : [.. Enumerable.Range(0, length * action.Size).Select(i => (i + index) % Least(action))],
            Rewards = Floats(length, index + 3),
            Terminated = Last(length, index != 2),
            Truncated = Last(length, index != 0),
            Success = [.. Enumerable.Range(0, length).Select(step => index != 0 && step >= length - 2)],
        };
    }

    private static int Least(Space action) => action is MultiDiscrete several ? several.Counts.Min() : ((Discrete)action).Count;

    private static bool[] Last(int length, bool value)
    {
        bool[] flags = new bool[length];
        flags[^1] = value;
        return flags;
    }

    private static byte[] Rows(Box box, int rows, int offset) => box.Type == ElementType.UInt8
        ? [.. Enumerable.Range(0, rows * box.Size).Select(i => (byte)((i * 7) + offset))]
        : MemoryMarshal.AsBytes<float>(Floats(rows * box.Size, offset)).ToArray();

    private static float[] Floats(int count, int offset)
        => [.. Enumerable.Range(0, count).Select(i => i % 3 == 0 ? s_hard[(i + offset) % s_hard.Length] : (i * 0.37f) - offset)];
}
