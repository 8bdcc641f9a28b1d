using Sim.Environments.Spaces;

namespace Sim.Agents.Networks;

/// <summary>
/// A convolution without padding over boards or pictures <c>[Height, Width, Channels]</c>, rectified, before a network's fully connected layers. Its weights are
/// <c>[Kernel, Kernel, Channels, Filters]</c>, its outputs <c>[rows, columns, Filters]</c>.
/// </summary>
/// <param name="Height">Rows of a picture.</param>
/// <param name="Width">Columns of a picture.</param>
/// <param name="Channels">Numbers of a cell.</param>
/// <param name="Filters">Numbers of a cell that comes out.</param>
/// <param name="Kernel">Side of the kernel.</param>
/// <param name="Stride">Cells from one place of the kernel to the next.</param>
public sealed record ConvolutionFront(int Height, int Width, int Channels, int Filters, int Kernel, int Stride)
{
    /// <summary>Largest side for which a kernel of 3 goes over every cell, as the MinAtar paper has it; beyond it 8 by steps of 4, as DQN's first layer.</summary>
    private const int LargestBoard = 20;

    /// <summary>Rows and columns that come out.</summary>
    public int OutRows => ((Height - Kernel) / Stride) + 1;

    /// <inheritdoc cref="OutRows"/>
    public int OutColumns => ((Width - Kernel) / Stride) + 1;

    /// <summary>Cells that come out.</summary>
    public int Places => OutRows * OutColumns;

    /// <summary>Numbers that come out.</summary>
    public int Features => Places * Filters;

    /// <summary>Numbers under the kernel.</summary>
    public int PatchSize => Kernel * Kernel * Channels;

    public int ParameterCount => (PatchSize + 1) * Filters;

    /// <summary>What suits an observation: null where it is no board or picture, or without filters.</summary>
    /// <param name="box">What is observed.</param>
    /// <param name="filters">Numbers of a cell that comes out; 0 for no convolution.</param>
    public static ConvolutionFront? For(Box box, int filters)
    {
        ArgumentNullException.ThrowIfNull(box);
        if (box.Shape is not [int height, int width, int channels] || filters == 0) return null;
        return Math.Max(height, width) <= LargestBoard
            ? new(height, width, channels, filters, Math.Min(3, Math.Min(height, width)), 1)
            : new(height, width, channels, filters, 8, 4);
    }

    /// <exception cref="ArgumentException">A size below 1, a kernel that does not fit, or another number of inputs than the picture has.</exception>
    internal void Validate(int inputs)
    {
        if (Height < 1 || Width < 1 || Channels < 1 || Filters < 1 || Stride < 1 || Kernel < 1 || Kernel > Math.Min(Height, Width))
            throw new ArgumentException($"The convolution{this} needs sizes of 1 or more, and a kernel no larger than the picture.");
        if (inputs != Height * Width * Channels)
            throw new ArgumentException($"The convolution{this} reads {Height * Width * Channels} numbers; the network has {inputs} inputs.");
    }

    /// <summary>For example <c>(10x10x4, 16 of 3x3)</c>.</summary>
    public override string ToString() => $"({Height}x{Width}x{Channels}, {Filters} of {Kernel}x{Kernel}{(Stride == 1 ? "" : $" by {Stride}")})";
}
