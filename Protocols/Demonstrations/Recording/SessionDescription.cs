using System.Runtime.InteropServices;
using Sim.Environments;
using Sim.Protocols.Demonstrations.Rows;
using Sim.Protocols.Messages;

namespace Sim.Protocols.Demonstrations.Recording;

/// <summary>What a session says about itself, and whether two say the same.</summary>
internal static class SessionDescription
{
    public static SessionMessage Of(BatchEnvironment environments, RecordingOptions options, IReadOnlyList<ObservationGroup> observed)
    {
        bool alone = environments.Count == 1;
        var columns = StepLayout.Plan(environments.Spec.Action, observed.Select(group => (group.Name, group.Space)), environments.Spec.Info, options.StepHashes ?? alone, options.PolicyActions ?? alone);
        return new()
        {
            Id = Guid.NewGuid().ToString("N"),
            Started = UnixClock.Now,
            Software = Software,
            Spec = SpecMessage.Of(environments.Spec),
            Lanes = environments.Count,
            Autoreset = environments.Autoreset == AutoresetMode.SameStep ? SessionMessage.SameStep : SessionMessage.Disabled,
            Columns = columns,
            Determinism = "D2",
            SnapshotBytes = environments.SnapshotBytes,
            StateBytes = environments.StateBytes,
            Privileged = environments.Privileged is not null,
            CheckpointEvery = options.CheckpointEvery,
            LaneWidth = environments.Lanes,
            Threads = environments.Threads,
            Platform = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors, .NET {Environment.Version}",
            Demonstrator = options.Demonstrator,
            Operator = options.Operator,
            Devices = [.. options.Devices],
            Licence = options.Licence,
        };
    }

    /// <summary>Name and version of this library, with the build.</summary>
    public static string Software { get; } = $"Sim {SdkVersion.Text}";

    /// <exception cref="ArgumentException">Two sessions are of different environments; the message says in what.</exception>
    public static void CheckSame(SessionMessage before, SessionMessage after, string path)
    {
        if (Difference(before.Spec, after.Spec) is { } difference)
            throw new ArgumentException($"{path} holds {before.Spec.Id}, version {before.Spec.Version}, and cannot take this in: {difference}");
    }

    /// <summary>In what two specs differ, in words; null where episodes of both may stand together.</summary>
    public static string? Difference(SpecMessage before, SpecMessage after)
    {
        if (before.Id != after.Id) return $"the other environment is {after.Id}";
        if (before.Version != after.Version) return $"the other version is {after.Version}";
        if (!SameBytes(before.Action, after.Action)) return $"the other actions are {after.Action.ToSpace()}, not {before.Action.ToSpace()}";
        if (!SameBytes(before.Observation, after.Observation)) return $"the other observations are {after.Observation.ToSpace()}, not {before.Observation.ToSpace()}";
        // Recordings from before a task had info outputs may stand beside later ones.
        if (before.Info is not null && after.Info is not null && !(SameBytes(before.Info, after.Info) && SameBytes(before.InfoNames, after.InfoNames)))
            return $"the other info outputs are {string.Join(", ", after.Info.Labels ?? [])} with other limits or names";
        if (before.Settings != after.Settings) return $"the settings differ: {FirstDifference(before.Settings, after.Settings)}";
        return null;
    }

    /// <exception cref="ArgumentOutOfRangeException">There is no such episode or quality.</exception>
    public static void CheckLabel(LabelMessage label, int episodes)
    {
        if (label.Episode < 0 || label.Episode >= episodes)
            throw new ArgumentOutOfRangeException(nameof(label), label.Episode, episodes == 0 ? $"there is no episode {label.Episode}: the file holds none" : $"there is no episode {label.Episode}: the file holds 0 to {episodes - 1}");
        if (label.Quality is < 0 or > 5)
            throw new ArgumentOutOfRangeException(nameof(label), label.Quality, $"quality {label.Quality} is not valid: expected 0 (useless) to 5 (as good as can be)");
    }

    private static bool SameBytes<T>(T before, T after) => Schema.Write(before).AsSpan().SequenceEqual(Schema.Write(after));

    private static string FirstDifference(string before, string after)
    {
        var lines = before.Split('\n').Zip(after.Split('\n')).FirstOrDefault(pair => pair.First != pair.Second);
        return lines.First is null ? "one has more than the other" : $"{lines.First.Trim(' ', ',')} here, {lines.Second.Trim(' ', ',')} there";
    }
}
