using System.Collections.ObjectModel;
using Sim.Agents.Networks;
using Sim.Environments;
using Sim.Environments.Spaces;

namespace Sim.Agents.Ppo;

/// <summary>
/// PPO's settings by environment. The classic tasks follow the tuned values of RL Baselines3 Zoo, whose Pendulum row
/// also uses state-dependent exploration, which we lack.
/// </summary>
public static class PpoPresets
{
    /// <summary>
    /// All quadrotor tasks. The first action holds the vehicle (0.61 of the half-range is hover thrust): a policy that
    /// begins by falling learns to fall. Wide exploration at first is what finds the saves from steep starts.
    /// </summary>
    private static PpoSettings Quadrotor => new()
    {
        Environments = 256,
        RolloutSteps = 32,
        Minibatch = 1024,
        Epochs = 3,
        LearningRate = 1.5e-3f,
        Schedule = LearningRateSchedule.Linear,
        Gamma = 0.985f,
        Lambda = 0.93f,
        ClipValueLoss = false,
        EntropyCoefficient = 0,
        NormaliseObservations = true,
        NormaliseRewards = true,
        InitialAction = 0.61f,
        InitialLogStd = -0.5f,
        Activation = Activation.Relu,
        Steps = 4_000_000,
    };

    /// <summary>
    /// Hover is judged by the task's own settings and trained in episodes of 0.64 s: whether a start is saved is decided
    /// by then, and long flights near the target would drown those steps. Guided starts keep the target in view. Motion
    /// costs little while exploration moves a lot, and distance costs more than it is judged by, for precision.
    /// </summary>
    private static Preset Hover => new(Quadrotor)
    {
        TrainingOverrides =
        [
            "episode_steps=64", "guided_starts=0.3", "alive_reward=1.5", "position_cost=3", "yaw_cost=0.05", "action_cost=0.05",
        ],
        Stop = new EarlyStop(0.985, Every: 250_000, Episodes: 300),
    };

    private static readonly Dictionary<string, Preset> s_byEnvironment = new()
    {
        ["cartpole"] = new(new PpoSettings
        {
            Environments = 8,
            RolloutSteps = 32,
            Minibatch = 256,
            Epochs = 20,
            LearningRate = 1e-3f,
            Gamma = 0.98f,
            Lambda = 0.8f,
            AnnealClipRange = true,
            ClipValueLoss = false,
            EntropyCoefficient = 0,
            Steps = 100_000,
        }),
        ["pendulum"] = new(new PpoSettings
        {
            Environments = 4,
            RolloutSteps = 1024,
            Minibatch = 64,
            Epochs = 10,
            LearningRate = 1e-3f,
            Schedule = LearningRateSchedule.Constant,
            Gamma = 0.9f,
            ClipValueLoss = false,
            EntropyCoefficient = 0,
            Steps = 100_000,
        }),
        ["acrobot"] = new(ManyStarts with { RolloutSteps = 256, Lambda = 0.94f }),
        ["quadrotor-hover"] = Hover,
        ["mountain-car"] = new(ManyStarts with { RolloutSteps = 16, Lambda = 0.98f }),
    };

    /// <summary>What suits an environment: its own row, its family's, or what its kind of action suggests.</summary>
    public static Preset For(EnvironmentSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (s_byEnvironment.TryGetValue(spec.Id, out var preset)) return preset;
        if (spec.Id.StartsWith("quadrotor-", StringComparison.Ordinal)) return new Preset(Quadrotor);
        if (IsSurgicalGym(spec)) return SurgicalGymPresets.Ours;
        if (spec.Id.StartsWith("minatar-", StringComparison.Ordinal)) return MinAtar;
        return spec.Action is Discrete ? Choices : Continuous;
    }

    /// <summary>Presets that a run asks for by name: <c>published</c>, what an environment's source trained with.</summary>
    public static IReadOnlyDictionary<string, Preset> Named(EnvironmentSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (IsSurgicalGym(spec)) return new Dictionary<string, Preset> { ["published"] = SurgicalGymPresets.Published(spec.Id) };
        return spec.Id.StartsWith("minatar-", StringComparison.Ordinal) ? new Dictionary<string, Preset> { ["short"] = MinAtarShort } : ReadOnlyDictionary<string, Preset>.Empty;
    }

    private static bool IsSurgicalGym(EnvironmentSpec spec) => spec.Id.StartsWith("surgical-gym-", StringComparison.Ordinal);

    /// <summary>The settings of <see cref="For"/>, to train in process.</summary>
    public static PpoSettings SettingsFor(EnvironmentSpec spec) => (PpoSettings)For(spec).Settings;

    private static PpoSettings ManyStarts => new()
    {
        Environments = 16,
        Minibatch = 64,
        Epochs = 4,
        LearningRate = 3e-4f,
        Schedule = LearningRateSchedule.Constant,
        ClipValueLoss = false,
        EntropyCoefficient = 0,
        NormaliseObservations = true,
        NormaliseRewards = true,
        Steps = 1_000_000,
    };

    /// <summary>Boards by a convolution of 16 filters and 128 units, for actor and critic each.</summary>
    private static PpoSettings Boards => new()
    {
        Environments = 64,
        RolloutSteps = 128,
        Minibatch = 1024,
        Epochs = 4,
        LearningRate = 4e-3f,
        Gamma = 0.99f,
        Lambda = 0.95f,
        ClipRange = 0.2f,
        ClipValueLoss = false,
        EntropyCoefficient = 0.01f,
        Hidden = [128],
        Activation = Activation.Relu,
        Steps = 5_000_000,
    };

    private static Preset MinAtar { get; } = new(Boards);

    /// <summary>The same for as few as 20,000 steps: rollouts as small as they can be.</summary>
    private static Preset MinAtarShort { get; } = new(Boards with { Environments = 8, RolloutSteps = 64, Minibatch = 128, LearningRate = 1e-3f, Steps = 20_000 });

    /// <summary>CleanRL's defaults for discrete actions, with more environments at once.</summary>
    private static Preset Choices { get; } = new(new PpoSettings { Environments = 16, Minibatch = 256, Steps = 1_000_000 });

    /// <summary>CleanRL's defaults for continuous actions, over a batch.</summary>
    private static Preset Continuous { get; } = new(new PpoSettings
    {
        Environments = 64,
        RolloutSteps = 64,
        Minibatch = 256,
        Epochs = 10,
        LearningRate = 3e-4f,
        EntropyCoefficient = 0,
        NormaliseObservations = true,
        NormaliseRewards = true,
        Steps = 1_000_000,
    });
}
