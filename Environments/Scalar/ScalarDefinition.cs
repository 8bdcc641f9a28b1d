using Sim.Environments.Configuration;
using Sim.Environments.Spaces;

namespace Sim.Environments.Scalar;

/// <summary>A registry row for a scalar kernel: what it is called, what it takes, how its batches are made.</summary>
/// <param name="id">Kebab-case id.</param>
/// <typeparam name="TTask">The kernel.</typeparam>
/// <typeparam name="TState">All that an episode is.</typeparam>
/// <typeparam name="TSettings">The task's configuration record struct.</typeparam>
public sealed class ScalarDefinition<TTask, TState, TSettings>(string id) : EnvironmentDefinition
    where TTask : struct, IScalarTask<TState, TSettings>
    where TState : unmanaged
    where TSettings : unmanaged
{
    public override string Id => id;

    /// <summary>One sentence on the task.</summary>
    public required string Summary { get; init; }

    public override IReadOnlyList<string> Aliases => AlsoKnownAs;

    /// <summary>Names under which other libraries know the task.</summary>
    public IReadOnlyList<string> AlsoKnownAs { get; init; } = [];

    public required Func<TSettings, Discrete> Action { get; init; }

    /// <summary>A box of uint8.</summary>
    public required Func<TSettings, Box> Observation { get; init; }

    /// <summary>Control steps an episode may take; 0 for no limit.</summary>
    public required Func<TSettings, int> TimeLimit { get; init; }

    /// <summary>Seconds between two actions, as people play it.</summary>
    public required Func<TSettings, float> ControlPeriod { get; init; }

    /// <summary>What the reward is called; it has one term.</summary>
    public required string RewardTerm { get; init; }

    /// <summary>Least and greatest reward of one step; unknown when left out.</summary>
    public (float Low, float High) RewardRange { get; init; } = (float.NegativeInfinity, float.PositiveInfinity);

    public bool HasSuccess { get; init; }

    public float? SolvedAt { get; init; }

    public override Func<BatchEnvironment, IActor>? Expert => ScriptedExpert;

    /// <summary>Makes a scripted expert, if there is one.</summary>
    public Func<BatchEnvironment, IActor>? ScriptedExpert { get; init; }

    /// <summary>Throws <see cref="SettingsException"/> when settings contradict each other; ranges are checked by attribute.</summary>
    public Action<TSettings>? Check { get; init; }

    public override object DefaultSettings { get; } = Activator.CreateInstance<TSettings>();

    public override EnvironmentSpec Describe(object settings)
    {
        var typed = (TSettings)settings;
        return new EnvironmentSpec
        {
            Id = Id,
            Summary = Summary,
            Kind = "scalar",
            Observation = Observation(typed),
            Action = Action(typed),
            TimeLimit = TimeLimit(typed),
            ControlPeriod = ControlPeriod(typed),
            RewardRange = RewardRange,
            RewardTerms = [RewardTerm],
            HasSuccess = HasSuccess,
            SolvedAt = SolvedAt,
            Settings = settings,
        };
    }

    public override BatchEnvironment Create(EnvironmentOptions options, object? settings = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        settings ??= DefaultSettings;
        if (settings is not TSettings typed)
            throw new ArgumentException($"{Id} takes {typeof(TSettings).Name}, not {settings.GetType().Name}", nameof(settings));
        CheckSettings(typed);
        return new ScalarEnvironment<TTask, TState, TSettings>(this, typed, BatchOptions.Resolve(options));
    }

    /// <exception cref="SettingsException">A setting is out of its range, or settings contradict each other.</exception>
    internal void CheckSettings(TSettings settings)
    {
        SettingsField.CheckRanges(settings);
        Check?.Invoke(settings);
    }
}
