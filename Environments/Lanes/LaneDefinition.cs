using System.Reflection;
using Sim.Environments.Configuration;
using Sim.Environments.Spaces;
using Sim.Physics.Numerics;

namespace Sim.Environments.Lanes;

/// <summary>A registry row for a lane task: what it is called, what it takes, how its batches are made.</summary>
/// <typeparam name="TSettings">The task's configuration record struct.</typeparam>
public sealed class LaneDefinition<TSettings> : EnvironmentDefinition, ILaneDefinition where TSettings : unmanaged
{
    private readonly Type _task;
    private readonly Type[] _structs;

    /// <param name="id">Kebab-case id.</param>
    /// <param name="task">The open generic struct that implements <see cref="ILaneTask{T, TTask, TState, TAction, TObservation, TReward, TSettings}"/> or <see cref="ISceneTask{T, TTask, TState, TAction, TObservation, TReward, TSettings}"/>, such as <c>typeof(PendulumTask&lt;&gt;)</c>.</param>
    public LaneDefinition(string id, Type task)
    {
        ArgumentNullException.ThrowIfNull(task);
        Id = id;
        _task = task;
        _structs = Contract(typeof(Lane1));
        HasScene = !task.MakeGenericType(typeof(Lane1)).GetInterfaces()
            .Any(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ILaneTask<,,,,,,>));
        Groups = FieldLayout.Groups(StructOf(3));
        if (Groups.SkipLast(1).Any(group => group.Name == InfoGroup))
            throw new ArgumentException($"{id}: the group Info stands last in the observation struct");
    }

    /// <summary>The group of an observation struct that is no observation.</summary>
    internal const string InfoGroup = "info";

    public override string Id { get; }

    /// <inheritdoc/>
    public Type Task => _task;

    /// <inheritdoc/>
    public bool HasScene { get; }

    /// <summary>Version of every task with a world: raised when the solver takes bodies elsewhere than it did. 2 lets resting compounds keep their contacts.</summary>
    private const int SceneVersion = 2;

    /// <summary>One sentence on the task.</summary>
    public required string Summary { get; init; }

    public override IReadOnlyList<string> Aliases => AlsoKnownAs;

    /// <summary>Names under which other libraries know the task.</summary>
    public IReadOnlyList<string> AlsoKnownAs { get; init; } = [];

    public required Space Action { get; init; }

    /// <summary>Limits of the observation group, by field; unbounded when left out.</summary>
    public Func<TSettings, IReadOnlyList<(float Low, float High)>>? ObservationBounds { get; init; }

    /// <summary>Past actions shown at the end of the observation group.</summary>
    public int ActionHistory { get; init; }

    /// <summary>Limits of info outputs, by field; unbounded when left out. Those of <see cref="InfoNames"/> need none.</summary>
    public Func<TSettings, IReadOnlyDictionary<string, (float Low, float High)>>? InfoBounds { get; init; }

    /// <summary>
    /// Info outputs that are categories, such as the phase of a task: what the whole numbers 0, 1, … of the field are
    /// called, in order.
    /// </summary>
    public Dictionary<string, IReadOnlyList<string>> InfoNames { get; } = [];

    /// <summary>Control steps an episode may take.</summary>
    public required Func<TSettings, int> TimeLimit { get; init; }

    /// <summary>Seconds between two actions.</summary>
    public required Func<TSettings, float> ControlPeriod { get; init; }

    /// <summary>Least and greatest reward of one step; unknown when left out.</summary>
    public Func<TSettings, (float Low, float High)>? RewardRange { get; init; }

    public bool HasSuccess { get; init; }

    /// <summary>Reward by goals alone, in goal tasks: see <see cref="BatchEnvironment.ComputeRewards"/>.</summary>
    public GoalReward<TSettings>? GoalReward { get; init; }

    public override Func<BatchEnvironment, IActor>? Expert => ScriptedExpert;

    /// <summary>Makes a scripted expert, if there is one.</summary>
    public Func<BatchEnvironment, IActor>? ScriptedExpert { get; init; }

    public float? SolvedAt { get; init; }

    /// <summary>Throws <see cref="SettingsException"/> when settings contradict each other; ranges are checked by attribute.</summary>
    public Action<TSettings>? Check { get; init; }

    public override object DefaultSettings => Defaults;

    /// <summary>Configuration where nobody gives one; the record's own defaults when left out.</summary>
    public TSettings Defaults { get; init; } = Activator.CreateInstance<TSettings>();

    public override EnvironmentSpec Describe(object settings)
    {
        var typed = (TSettings)settings;
        var boxes = Groups.Where(group => group.Name != InfoGroup)
            .Select(group => (group.Name, BoxOf(group.Name, group.Fields, typed))).ToArray();
        return new EnvironmentSpec
        {
            Id = Id,
            Summary = Summary,
            Kind = HasScene ? "scene" : "lanes",
            Version = HasScene ? SceneVersion : 1,
            Observation = boxes.Length == 1 ? boxes[0].Item2 : new Dict(boxes),
            Info = Groups[^1] is { Name: InfoGroup } info ? BoxOf(InfoGroup, info.Fields, typed) : null,
            InfoNames = InfoNames,
            Action = Action,
            TimeLimit = TimeLimit(typed),
            ControlPeriod = ControlPeriod(typed),
            RewardRange = RewardRange?.Invoke(typed) ?? (float.NegativeInfinity, float.PositiveInfinity),
            RewardTerms = FieldLayout.Names(StructOf(4)),
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
        options = BatchOptions.Resolve(options);
        var lane = options.Lanes switch
        {
            1 => typeof(Lane1),
            8 => typeof(Lane8),
            _ => typeof(Lane16),
        };
        var contract = Contract(lane);
        var type = typeof(LaneEnvironment<,,,,,,>).MakeGenericType([lane, _task.MakeGenericType(lane), .. contract[2..]]);
        return (BatchEnvironment)Activator.CreateInstance(type, BindingFlags.Instance | BindingFlags.NonPublic, null, [this, typed, options], null)!;
    }

    /// <exception cref="SettingsException">A setting is out of its range, or settings contradict each other.</exception>
    internal void CheckSettings(TSettings settings)
    {
        SettingsField.CheckRanges(settings);
        Check?.Invoke(settings);
    }

    /// <summary>The box of a group: its fields, and behind the first group's the action history.</summary>
    internal Box BoxOf(string name, IReadOnlyList<string> fields, TSettings settings)
    {
        if (name == InfoGroup) return InfoBox(fields, settings);
        bool first = name == "observation";
        var bounds = first && ObservationBounds is not null
            ? [.. ObservationBounds(settings)]
            : Enumerable.Repeat((Low: float.NegativeInfinity, High: float.PositiveInfinity), fields.Count).ToList();
        if (bounds.Count != fields.Count)
            throw new ArgumentException($"{Id}: {bounds.Count} bounds for {fields.Count} observation fields");
        var labels = fields.ToList();
        if (first && ActionHistory > 0)
        {
            var action = (Box)Action;
            for (int age = ActionHistory; age >= 1; age--)
            {
                for (int i = 0; i < action.Size; i++)
                {
                    bounds.Add((action.Low[i], action.High[i]));
                    labels.Add(EnvironmentSpec.PastActionLabel(age, i));
                }
            }
        }
        return new Box([.. bounds.Select(bound => bound.Low)], [.. bounds.Select(bound => bound.High)], labels);
    }

    private Box InfoBox(IReadOnlyList<string> fields, TSettings settings)
    {
        var bounds = InfoBounds?.Invoke(settings) ?? new Dictionary<string, (float, float)>();
        if (bounds.Keys.Concat(InfoNames.Keys).FirstOrDefault(key => !fields.Contains(key)) is { } unknown)
            throw new ArgumentException($"{Id}: no info output is called '{unknown}'; there are {string.Join(", ", fields)}");
        (float Low, float High)[] limits = [.. fields.Select(field
            => InfoNames.TryGetValue(field, out var names) ? (0, names.Count - 1)
            : bounds.TryGetValue(field, out var limit) ? limit
            : (float.NegativeInfinity, float.PositiveInfinity))];
        return new Box([.. limits.Select(limit => limit.Low)], [.. limits.Select(limit => limit.High)], fields);
    }

    /// <summary>Groups of the observation struct: name, first field, fields.</summary>
    internal IReadOnlyList<(string Name, int Offset, IReadOnlyList<string> Fields)> Groups { get; }

    private Type StructOf(int position) => _structs[position + 1];

    /// <summary>Type arguments of the task's contract over one lane type: T, task, state, action, observation, reward, settings.</summary>
    private Type[] Contract(Type lane)
    {
        var task = _task.MakeGenericType(lane);
        var contract = task.GetInterfaces().FirstOrDefault(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ISceneTask<,,,,,,>))
            ?? throw new ArgumentException($"{_task.Name} is no lane task");
        return contract.GetGenericArguments();
    }
}
