using static TorchSharp.torch;

namespace Sim.Agents.Mixers;

/// <summary>Sizes of a mixer. What a mixer has no use for, it ignores.</summary>
public sealed record MixerSettings
{
    /// <summary>Numbers D of a moment.</summary>
    public required int Width { get; init; }

    /// <summary>Times that the inner width of Mamba is D.</summary>
    public int Expansion { get; init; } = 2;

    /// <summary>Numbers N of the state: of a channel in Mamba-1 and S4D, of a row of a head in Mamba-2.</summary>
    public int StateSize { get; init; } = 16;

    /// <summary>Moments K that Mamba's convolution sees.</summary>
    public int Convolution { get; init; } = 4;

    /// <summary>Numbers P of a head of Mamba-2, Aaren and DeltaProduct.</summary>
    public int HeadWidth { get; init; } = 64;

    /// <summary>Groups G of heads of Mamba-2 that share B and C.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Rank R of the step widths of Mamba-1; 0 for D / 16, rounded up.</summary>
    public int StepRank { get; init; }

    /// <summary>Householder steps a moment of DeltaProduct.</summary>
    public int HouseholderSteps { get; init; } = 2;

    /// <summary>Moments Q that are computed at once.</summary>
    public int Chunk { get; init; } = 64;

    /// <summary>Units of the backbone that the mixer is one of, by whose root its output begins smaller.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>Type of all parameters: float32, or float64 to compare with.</summary>
    public ScalarType Type { get; init; } = ScalarType.Float32;

    /// <summary>Type in which both Mambas multiply by their projections, bfloat16 for speed on a GPU; null for that of the parameters. Decays and states stay.</summary>
    public ScalarType? Products { get; init; }

    /// <summary>Mamba's inner width Di.</summary>
    public int Inner => Width * Expansion;

    /// <summary>Heads of <see cref="HeadWidth"/> that make the width.</summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    internal int Heads(string mixer) => Width % HeadWidth == 0 ? Width / HeadWidth
        : throw new ArgumentException($"{mixer}: a width of {Width} does not make heads of {HeadWidth}");

    /// <exception cref="ArgumentException">A size is out of range, or sizes do not divide each other.</exception>
    public void Validate()
    {
        foreach (var (name, value) in new[] { ("width", Width), ("expansion", Expansion), ("state size", StateSize), ("head width", HeadWidth), ("groups", Groups), ("chunk", Chunk), ("layers", Layers), ("number of Householder steps", HouseholderSteps) })
        {
            if (value < 1) throw new ArgumentException($"the {name} of a mixer is {value}; it must be 1 or more");
        }
        if (Convolution < 2) throw new ArgumentException($"the convolution of a mixer sees {Convolution} moments; it must see 2 or more");
        if (StepRank < 0) throw new ArgumentException($"the step rank of a mixer is {StepRank}; it must be 0 or more");
    }
}
