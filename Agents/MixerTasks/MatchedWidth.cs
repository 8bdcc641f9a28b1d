using Sim.Agents.Mixers;
using Sim.Agents.Torch;

namespace Sim.Agents.MixerTasks;

/// <summary>Backbones of different mixers with about the same number of parameters: the width is what makes them so.</summary>
public static class MatchedWidth
{
    /// <summary>Widths are multiples of this, so that two heads have whole widths.</summary>
    private const int Step = 8;

    /// <summary>
    /// Sizes of the backbone whose number of parameters is nearest to a given one. A head is half as wide as the backbone, so that Aaren and DeltaProduct
    /// have two and Mamba-2 four; all else stays as <see cref="MixerSettings"/> has it.
    /// </summary>
    /// <exception cref="Environments.Configuration.SettingsException">There is no mixer of that name.</exception>
    /// <exception cref="TorchUnavailableException">libtorch cannot be loaded.</exception>
    public static MixerSettings Of(string mixer, int parameters, int layers)
    {
        TorchRuntime.EnsureLoaded();
        MixerSettings Sizes(int width) => new() { Width = width, HeadWidth = width / 2, Layers = layers };
        int below = 0;
        for (int width = Step; ; width += Step)
        {
            int count = Count(mixer, Sizes(width));
            if (count >= parameters) return Sizes(below > 0 && parameters - below < count - parameters ? width - Step : width);
            below = count;
        }
    }

    private static int Count(string mixer, MixerSettings sizes)
    {
        using var backbone = new SequenceBackbone(mixer, sizes, seed: 0);
        return (int)backbone.parameters().Sum(parameter => parameter.numel());
    }
}
