namespace Sim.Environments.PixelGames;

/// <summary>A rectangle of one colour on the raster of 160 by 210 pixels.</summary>
/// <param name="X">Left column.</param>
/// <param name="Y">Top row.</param>
/// <param name="Width">Columns; 0 for nothing.</param>
/// <param name="Height">Rows.</param>
/// <param name="Colour">Red, green and blue from the lowest byte on.</param>
internal readonly record struct Sprite(int X, int Y, int Width, int Height, uint Colour)
{
    public int Right => X + Width;

    public int Bottom => Y + Height;

    public bool IsEmpty => Width == 0;

    public static uint Rgb(byte red, byte green, byte blue) => red | ((uint)green << 8) | ((uint)blue << 16);

    /// <summary>Writes its part of a row, of which the columns from <paramref name="left"/> on are asked for.</summary>
    public void Draw(int y, int left, Span<uint> line)
    {
        if (y < Y || y >= Bottom) return;
        int from = Math.Max(X - left, 0), to = Math.Min(Right - left, line.Length);
        if (from < to) line[from..to].Fill(Colour);
    }

    /// <summary>The nearest row below <paramref name="y"/> at which it begins or ends, or what was known before.</summary>
    public int Edge(int y, int nearest) => Y > y ? Math.Min(nearest, Y) : Bottom > y ? Math.Min(nearest, Bottom) : nearest;

    /// <summary>The smallest rectangle around both.</summary>
    public Sprite Around(Sprite other)
    {
        if (IsEmpty) return other;
        if (other.IsEmpty) return this;
        int x = Math.Min(X, other.X), y = Math.Min(Y, other.Y);
        return new(x, y, Math.Max(Right, other.Right) - x, Math.Max(Bottom, other.Bottom) - y, Colour);
    }
}
