namespace Sim.Environments.PixelGames;

/// <summary>
/// How a raster of 160 by 210 pixels is averaged by area to a smaller picture: which raw columns and rows a pixel covers, and how much of each, in whole parts.
/// </summary>
public sealed class PictureScale
{
    public const int RasterWidth = 160, RasterHeight = 210;

    public static PictureScale Rgb64 { get; } = new(64);

    public static PictureScale Grey84 { get; } = new(84);

    private readonly Span[] _columns, _rows;

    private PictureScale(int side)
    {
        Side = side;
        _columns = Spans(RasterWidth, side, out int columnParts);
        _rows = Spans(RasterHeight, side, out int rowParts);
        Parts = columnParts * rowParts;
    }

    /// <summary>Pixels of a side.</summary>
    public int Side { get; }

    /// <summary>Of each column of pixels.</summary>
    public ReadOnlySpan<Span> Columns => _columns;

    /// <summary>Of each row of pixels.</summary>
    public ReadOnlySpan<Span> Rows => _rows;

    /// <summary>Parts of a pixel's area.</summary>
    public int Parts { get; }

    /// <summary>Raw lines that a pixel covers: <paramref name="Count"/> from <paramref name="First"/> on, the first and the last of them in part.</summary>
    public readonly record struct Span(int First, int Count, int FirstWeight, int InnerWeight, int LastWeight)
    {
        /// <summary>Parts of the k-th line.</summary>
        public int Weight(int k) => k == 0 ? FirstWeight : k == Count - 1 ? LastWeight : InnerWeight;
    }

    /// <summary>The first pixel that covers some of a raw line, and the one behind the last that covers some of those before an end.</summary>
    public static (int First, int End) Covering(int from, int end, int raw, int side)
        => ((int)((long)from * side / raw), (int)((((long)end * side) + raw - 1) / raw));

    private static Span[] Spans(int raw, int side, out int parts)
    {
        // In units of 1/side of a raw line a pixel covers raw / g of them, a line side / g, g what both can be divided by.
        int divisor = Divisor(raw, side), pixel = raw / divisor, line = side / divisor;
        parts = pixel;
        var spans = new Span[side];
        for (int i = 0; i < side; i++)
        {
            int from = i * pixel, end = from + pixel, first = from / line, last = (end - 1) / line;
            int firstWeight = Math.Min(end, (first + 1) * line) - from;
            spans[i] = new(first, last - first + 1, firstWeight, line, first == last ? firstWeight : end - (last * line));
        }
        return spans;
    }

    private static int Divisor(int a, int b) => b == 0 ? a : Divisor(b, a % b);
}
