namespace Sim.Environments.PixelGames;

/// <summary>Numbers on the raster: digits of 12 by 15 pixels in seven strokes of three, right-aligned.</summary>
internal static class Digits
{
    public const int Width = 12, Height = 15, Gap = 4, Pitch = Width + Gap;

    private const int Stroke = 3, Middle = 6;

    /// <summary>Bits from the lowest on: top, upper left, upper right, middle, lower left, lower right, bottom.</summary>
    private static ReadOnlySpan<byte> Strokes =>
        [0b1110111, 0b0100100, 0b1011101, 0b1101101, 0b0101110, 0b1101011, 0b1111011, 0b0100101, 0b1111111, 0b1101111];

    /// <summary>Writes part of a row of a number.</summary>
    /// <param name="number">0 or more.</param>
    /// <param name="places">Digits shown at most; leading zeros are left out.</param>
    /// <param name="right">Column behind the last digit.</param>
    /// <param name="top">First row.</param>
    /// <param name="colour">Of the strokes.</param>
    /// <param name="y">The row.</param>
    /// <param name="left">First column asked for.</param>
    /// <param name="line">Takes the pixels.</param>
    public static void Draw(int number, int places, int right, int top, uint colour, int y, int left, Span<uint> line)
    {
        if (y < top || y >= top + Height) return;
        for (int place = 0; place < places; place++, number /= 10)
        {
            if (place > 0 && number == 0) return;
            int x = right - Width - (place * Pitch);
            Draw(Strokes[number % 10], x, top, colour, y, left, line);
        }
    }

    /// <summary>The nearest row below <paramref name="y"/> at which strokes begin or end, or what was known before.</summary>
    public static int Edge(int top, int y, int nearest)
    {
        foreach (int edge in (ReadOnlySpan<int>)[0, Stroke, Middle, Middle + Stroke, Height - Stroke, Height])
        {
            if (top + edge > y) return Math.Min(nearest, top + edge);
        }
        return nearest;
    }

    private static void Draw(int strokes, int x, int top, uint colour, int y, int left, Span<uint> line)
    {
        int row = y - top;
        // Bits of the bar across, if any lies on this row, and of the strokes at the sides.
        int across = row < Stroke ? 0 : row is >= Middle and < Middle + Stroke ? 3 : row >= Height - Stroke ? 6 : -1;
        if (across >= 0 && (strokes >> across & 1) != 0) Bar(x, Width, line);
        int sides = (row < Middle + Stroke ? strokes >> 1 & 3 : 0) | (row >= Middle ? strokes >> 4 & 3 : 0);
        if ((sides & 1) != 0) Bar(x, Stroke, line);
        if ((sides & 2) != 0) Bar(x + Width - Stroke, Stroke, line);

        void Bar(int from, int width, Span<uint> target) => new Sprite(from, y, width, 1, colour).Draw(y, left, target);
    }
}
