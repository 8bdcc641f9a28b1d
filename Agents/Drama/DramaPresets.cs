using System.Collections.ObjectModel;
using Sim.Agents.Networks.Torch;
using Sim.Environments;

namespace Sim.Agents.Drama;

/// <summary>Drama's settings by environment and by name; <c>docs/agents/drama.md</c> has what they reach.</summary>
public static class DramaPresets
{
    /// <summary>For small boards on a CPU: minutes.</summary>
    public static DramaSettings Tiny { get; } = new()
    {
        Environments = 4,
        Steps = 20_000,
        Categoricals = 8,
        Classes = 8,
        Width = 64,
        Layers = 1,
        HeadHidden = 32,
        Hidden = [64, 64],
        CriticHidden = [64, 64],
        Batch = 8,
        Window = 32,
        ImaginedBatch = 64,
        Context = 4,
        Horizon = 10,
        StepsPerUpdate = 2,
        ModelLearningRate = 1e-3f,
        AgentLearningRate = 3e-4f,
        RateWarmup = 100,
    };

    /// <summary>For vectors on a CPU: more latents than boards of a few dots take, and many imagined episodes, since a step of numbers tells little.</summary>
    public static DramaSettings VectorCpu { get; } = Tiny with
    {
        Categoricals = 16,
        Classes = 16,
        StepsPerUpdate = 1,
        ImaginedBatch = 512,
        AgentLearningRate = 5e-4f,
        Entropy = 1e-3f,
    };

    /// <summary>For MinAtar on a CPU: an hour or two for 20,000 steps.</summary>
    public static DramaSettings MinAtarCpu { get; } = new()
    {
        Environments = 4,
        Steps = 20_000,
        Hidden = [128, 128],
        ModelLearningRate = 1e-3f,
        AgentLearningRate = 3e-4f,
        RateWarmup = 200,
    };

    /// <summary>For MinAtar on a GPU.</summary>
    public static DramaSettings MinAtarGpu { get; } = new()
    {
        Environments = 16,
        Steps = 100_000,
        Channels = [32, 64],
        Categoricals = 32,
        Classes = 32,
        Width = 256,
        HeadWidth = 64,
        HeadHidden = 128,
        Hidden = [256, 256, 256],
        CriticHidden = [256, 256, 256],
        Batch = 16,
        Window = 128,
        ImaginedBatch = 1024,
        Context = 8,
        Horizon = 15,
        ModelLearningRate = 1e-4f,
        AgentLearningRate = 1e-4f,
    };

    /// <summary>For pictures of 64 by 64 on a CPU.</summary>
    public static DramaSettings Pixel64Cpu { get; } = new()
    {
        Environments = 4,
        Steps = 20_000,
        Channels = [8, 16, 24, 32],
        Strides = [2, 2, 2, 2],
        Kernel = 4,
        Width = 192,
        HeadHidden = 96,
        Hidden = [128, 128],
        Window = 32,
        ModelLearningRate = 1e-4f,
        AgentLearningRate = 1e-4f,
    };

    /// <summary>The published sizes, four environments: for a large GPU.</summary>
    public static DramaSettings Pixel64H100 { get; } = new()
    {
        Environments = 4,
        Steps = 100_000,
        Channels = [16, 32, 48, 64, 64],
        Strides = [1, 2, 2, 2, 2],
        Kernel = 5,
        Norm = ChannelNormKind.Batch,
        Categoricals = 32,
        Classes = 32,
        Width = 512,
        HeadWidth = 64,
        HeadHidden = 256,
        Hidden = [256, 256, 256],
        CriticHidden = [512, 512, 512],
        Batch = 32,
        Window = 128,
        ImaginedBatch = 1024,
        Context = 8,
        Horizon = 16,
        ModelLearningRate = 4e-5f,
        AgentLearningRate = 4e-5f,
    };

    private static ReadOnlyDictionary<string, Preset> ByName { get; } = new Dictionary<string, Preset>
    {
        ["tiny"] = new(Tiny),
        ["vector-cpu"] = new(VectorCpu),
        ["minatar-cpu"] = new(MinAtarCpu),
        ["minatar-gpu"] = new(MinAtarGpu),
        ["pixel64-cpu"] = new(Pixel64Cpu),
        ["pixel64-h100"] = new(Pixel64H100),
    }.AsReadOnly();

    /// <summary>Every configuration suits every environment whose observations it can read; vectors have no convolutions.</summary>
    public static IReadOnlyDictionary<string, Preset> Named(EnvironmentSpec spec) => ByName;

    /// <summary>What suits an environment on a CPU.</summary>
    public static Preset For(EnvironmentSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        // A swing takes one or two seconds, 20 to 40 steps.
        if (spec.Id == "pendulum") return new(VectorCpu with { Gamma = 0.95f });
        if (spec.Id == "falling-dot") return ByName["tiny"];
        return new ObservationForm(spec).Kind switch
        {
            ObservationKind.Vector => ByName["vector-cpu"],
            ObservationKind.Picture => ByName["pixel64-cpu"],
            _ => ByName["minatar-cpu"],
        };
    }
}
