using Sim.Agents.Networks;

namespace Sim.Agents.Ppo;

/// <summary>PPO's settings for the tasks of Surgical Gym.</summary>
internal static class SurgicalGymPresets
{
    /// <summary>Ours, for two cores.</summary>
    public static Preset Ours { get; } = new(new PpoSettings
    {
        Environments = 256,
        RolloutSteps = 32,
        Minibatch = 1024,
        Epochs = 4,
        LearningRate = 1e-3f,
        Schedule = LearningRateSchedule.Linear,
        Gamma = 0.97f,
        Lambda = 0.95f,
        ClipValueLoss = false,
        EntropyCoefficient = 0,
        NormaliseObservations = true,
        NormaliseRewards = true,
        InitialLogStd = -0.5f,
        Activation = Activation.Relu,
        Steps = 4_000_000,
    });

    /// <summary>
    /// The source's own, as its configuration files have them; rollouts and minibatches of STAR differ. Its actor and
    /// critic share their hidden layers, ours do not.
    /// </summary>
    public static Preset Published(string id)
    {
        bool isStar = id.StartsWith("surgical-gym-star-", StringComparison.Ordinal);
        int environments = isStar ? 2000 : 4096, rollout = isStar ? 100 : 64;
        return new(new PpoSettings
        {
            Environments = environments,
            RolloutSteps = rollout,
            Minibatch = isStar ? 8000 : 8192,
            Epochs = 8,
            LearningRate = 1e-3f,
            Schedule = LearningRateSchedule.Constant,
            Gamma = 0.99f,
            Lambda = 0.95f,
            ClipRange = 0.2f,
            ClipValueLoss = true,
            ValueCoefficient = 4,
            EntropyCoefficient = 0,
            MaxGradientNorm = 1,
            RewardScale = 0.1f,
            NormaliseObservations = true,
            NormaliseValues = true,
            NormaliseAdvantages = true,
            BoundsCoefficient = 1e-4f,
            Hidden = [256, 128, 64],
            Activation = Activation.Elu,
            Steps = 1500L * environments * rollout,
        });
    }
}
