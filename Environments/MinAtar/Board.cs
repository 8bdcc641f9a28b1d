namespace Sim.Environments.MinAtar;

/// <summary>The board of 10 by 10 cells, column x from the left and row y from the top, and its views.</summary>
internal static class Board
{
    public const int Side = 10;

    public const int Cells = Side * Side;

    /// <summary>Greatest coordinate.</summary>
    public const int Last = Side - 1;

    /// <summary>Pixels of a picture's side, of a cell's side and of the border: 2 + 10 · 6 + 2.</summary>
    public const int Picture = 64, CellPixels = 6, Border = 2;

    /// <summary>Index of a cell's first channel.</summary>
    public static int At(int x, int y, int channels) => ((y * Side) + x) * channels;

    public static bool Has(int x, int y) => (uint)x < Side && (uint)y < Side;

    /// <summary>Channels first.</summary>
    /// <param name="cells">Cells <c>[10, 10, C]</c>.</param>
    /// <param name="planes">Takes <c>[C, 10, 10]</c>.</param>
    public static void ToPlanes(ReadOnlySpan<byte> cells, Span<byte> planes)
    {
        int channels = cells.Length / Cells;
        for (int channel = 0; channel < channels; channel++)
        {
            for (int cell = 0; cell < Cells; cell++) planes[(channel * Cells) + cell] = cells[(cell * channels) + channel];
        }
    }

    /// <summary>A picture, a black one where nothing stands.</summary>
    /// <param name="cells">Cells <c>[10, 10, C]</c>.</param>
    /// <param name="colours">Three bytes a channel.</param>
    /// <param name="pixels">Takes <c>[64, 64, 3]</c>.</param>
    public static void ToPixels(ReadOnlySpan<byte> cells, ReadOnlySpan<byte> colours, Span<byte> pixels)
    {
        pixels.Clear();
        int channels = cells.Length / Cells;
        for (int cell = 0; cell < Cells; cell++)
        {
            var marks = cells.Slice(cell * channels, channels);
            int channel = marks.LastIndexOfAnyExcept((byte)0);
            if (channel >= 0) Fill(pixels, cell % Side, cell / Side, colours.Slice(3 * channel, 3));
        }
    }

    private static void Fill(Span<byte> pixels, int x, int y, ReadOnlySpan<byte> colour)
    {
        int left = Border + (x * CellPixels), top = Border + (y * CellPixels);
        for (int row = top; row < top + CellPixels; row++)
        {
            var line = pixels.Slice(((row * Picture) + left) * 3, CellPixels * 3);
            for (int pixel = 0; pixel < CellPixels; pixel++) colour.CopyTo(line[(3 * pixel)..]);
        }
    }
}
