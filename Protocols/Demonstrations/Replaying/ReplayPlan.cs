using Sim.Environments;
using Sim.Environments.Configuration;
using Sim.Protocols.Demonstrations.Recording;
using Sim.Protocols.Messages;

namespace Sim.Protocols.Demonstrations.Replaying;

/// <summary>How the environment of a session is made again.</summary>
internal sealed class ReplayPlan
{
    private readonly DemonstrationSession _session;
    private readonly EnvironmentDefinition? _definition;
    private readonly object? _settings;

    private ReplayPlan(DemonstrationSession session, EnvironmentDefinition? definition, object? settings, string obstacle)
        => (_session, _definition, _settings, Obstacle) = (session, definition, settings, obstacle);

    /// <summary>Why it cannot be made, in a sentence; empty when it can.</summary>
    public string Obstacle { get; }

    public bool IsPossible => Obstacle.Length == 0;

    public EnvironmentDefinition Definition => _definition ?? throw new InvalidOperationException(Obstacle);

    public object Settings => _settings ?? throw new InvalidOperationException(Obstacle);

    /// <param name="session">What was recorded.</param>
    /// <param name="definition">The environment; looked up by its id when null.</param>
    public static ReplayPlan For(DemonstrationSession session, EnvironmentDefinition? definition)
    {
        var spec = session.Message.Spec;
        if (session.Message.Determinism == "D0") return new(session, null, null, "it comes from elsewhere, and nothing is promised of a replay");
        try
        {
            definition ??= Registry.Find(spec.Id);
            object settings = SettingsJson.Read(definition.DefaultSettings.GetType(), spec.Settings);
            var now = SpecMessage.Of(definition.Describe(settings));
            // Settings that came later have the value that stood for them before.
            string? difference = SessionDescription.Difference(spec, now with { Settings = spec.Settings });
            if (difference is not null) return new(session, null, null, $"it was recorded in version {spec.Version} of {spec.Id}, and {difference.Replace("the other", "this", StringComparison.Ordinal)}");
            using var trial = definition.Create(Options(session, 1), settings);
            return trial.SnapshotBytes == session.Message.SnapshotBytes && trial.StateBytes == session.Message.StateBytes
                ? new(session, definition, settings, "")
                : new(session, null, null, $"a state of {spec.Id} was {session.Message.StateBytes} of {session.Message.SnapshotBytes} bytes, and is {trial.StateBytes} of {trial.SnapshotBytes}");
        }
        catch (ArgumentException error)
        {
            return new(session, null, null, error.Message);
        }
    }

    /// <summary>A batch whose lanes stand still where an episode has ended.</summary>
    /// <param name="count">Environments.</param>
    /// <param name="lanes">Lane width; changes no bit.</param>
    /// <param name="threads">Threads; changes no bit.</param>
    public BatchEnvironment Create(int count, int lanes = 0, int threads = 1)
        => Definition.Create(Options(_session, count) with { Lanes = lanes, Threads = threads }, _settings);

    private static EnvironmentOptions Options(DemonstrationSession session, int count)
        => new() { Count = count, Autoreset = AutoresetMode.Disabled, Privileged = session.Message.Privileged };
}
