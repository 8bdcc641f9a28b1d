namespace Sim.Environments.PixelGames;

/// <summary>
/// The wall of <c>pixel-breakout</c> in pictures of 64 by 64: how much of each pixel a row of bricks covers is the sum of what stretches of five bricks cover, which
/// begin 16 pixels apart, and a pixel has at most two rows in it, so that its colour stands in a table.
/// </summary>
internal static class BrickPicture
{
    private const int StretchBricks = 5, StretchPixels = 16, Stretches = 4, Sets = 1 << StretchBricks, Padded = 32;

    /// <summary>Parts of a pixel across; a row covers 0 to 5 of them.</summary>
    private const int Across = 5, Levels = Across + 1;

    /// <summary>Parts of the first and of the last pixel that the room's walls cover.</summary>
    private const int WallParts = 1;

    private static readonly PictureScale s_scale = PictureScale.Rgb64;
    private static readonly (int First, int End) s_columns = PictureScale.Covering(BrickWall.Left, BrickWall.Left + (BrickWall.Columns * BrickWall.BrickWidth), PictureScale.RasterWidth, s_scale.Side);
    private static readonly (int First, int End) s_rows = PictureScale.Covering(BrickWall.Top, BrickWall.Bottom, PictureScale.RasterHeight, s_scale.Side);

    /// <summary>Parts covered by each set of five bricks, <see cref="Padded"/> pixels a set.</summary>
    private static readonly byte[] s_covered = Covered();

    /// <summary>Rows of bricks in each row of pixels, and the colours of every pair of coverings.</summary>
    private static readonly (int Upper, int Lower, uint[] Colours)[] s_pixelRows = PixelRows();

    /// <summary>Draws a wall over the background.</summary>
    public static void Draw(BrickWall wall, Span<byte> picture)
    {
        Span<byte> coverings = stackalloc byte[BrickWall.Rows * Stretches * Padded];
        coverings.Clear();
        int stride = Stretches * Padded, columns = s_columns.End - s_columns.First;
        for (int row = 0; row < BrickWall.Rows; row++) Cover(wall.Row(row), coverings.Slice(row * stride, stride));
        for (int row = s_rows.First; row < s_rows.End; row++)
        {
            var (upper, lower, colours) = s_pixelRows[row - s_rows.First];
            ReadOnlySpan<byte> above = coverings.Slice(upper * stride, columns), below = coverings.Slice(lower * stride, columns);
            var pixels = picture.Slice(((row * s_scale.Side) + s_columns.First) * 3, columns * 3);
            for (int column = 0; column < above.Length; column++)
            {
                // At both edges a part of a pixel is of the room's wall; their colours stand behind the others.
                int edge = column == 0 || column == above.Length - 1 ? Levels * Levels : 0;
                uint colour = colours[edge + (above[column] * Levels) + below[column]];
                var target = pixels.Slice(3 * column, 3);
                (target[0], target[1], target[2]) = ((byte)colour, (byte)(colour >> 8), (byte)(colour >> 16));
            }
        }
    }

    /// <summary>Adds up the parts that a row of bricks covers of each pixel.</summary>
    private static void Cover(uint bricks, Span<byte> parts)
    {
        for (int stretch = 0; stretch < Stretches; stretch++, bricks >>= StretchBricks)
        {
            var covered = s_covered.AsSpan((int)(bricks & (Sets - 1)) * Padded, StretchPixels + 1);
            var target = parts.Slice(stretch * StretchPixels, StretchPixels + 1);
            // The last pixel of a stretch is the first of the next.
            target[0] += covered[0];
            covered[1..].CopyTo(target[1..]);
        }
    }

    private static byte[] Covered()
    {
        byte[] covered = new byte[Sets * Padded];
        for (int set = 0; set < Sets; set++)
        {
            for (int pixel = 0; pixel <= StretchPixels; pixel++)
            {
                var span = s_scale.Columns[s_columns.First + pixel];
                for (int k = 0; k < span.Count; k++)
                {
                    int brick = (span.First + k - BrickWall.Left) / BrickWall.BrickWidth;
                    if (span.First + k >= BrickWall.Left && brick < StretchBricks && (set >> brick & 1) != 0) covered[(set * Padded) + pixel] += (byte)span.Weight(k);
                }
            }
        }
        return covered;
    }

    private static (int, int, uint[])[] PixelRows()
    {
        var rows = new (int, int, uint[])[s_rows.End - s_rows.First];
        for (int row = 0; row < rows.Length; row++)
        {
            var span = s_scale.Rows[s_rows.First + row];
            int[] weights = new int[BrickWall.Rows];
            for (int k = 0; k < span.Count; k++)
            {
                int y = span.First + k - BrickWall.Top;
                if (y >= 0 && y < BrickWall.Rows * BrickWall.BrickHeight) weights[y / BrickWall.BrickHeight] += span.Weight(k);
            }
            int upper = Array.FindIndex(weights, weight => weight > 0), lower = Array.FindLastIndex(weights, weight => weight > 0);
            // One row alone counts once.
            if (upper == lower) lower = upper == 0 ? 1 : upper - 1;
            uint[] colours = new uint[2 * Levels * Levels];
            for (int i = 0; i < colours.Length; i++)
            {
                int pair = i % (Levels * Levels), wall = i / (Levels * Levels) * WallParts * (s_scale.Parts / Across);
                colours[i] = Mixed((pair / Levels * weights[upper], PixelBreakoutRules.ColourOf(upper)), (pair % Levels * weights[lower], PixelBreakoutRules.ColourOf(lower)), (wall, PixelBreakoutRules.WallColour));
            }
            rows[row] = (upper, lower, colours);
        }
        return rows;
    }

    /// <summary>Colours by their parts of a pixel, the rest black, rounded.</summary>
    private static uint Mixed(params ReadOnlySpan<(int Parts, uint Colour)> colours)
    {
        uint mixed = 0;
        for (int shift = 0; shift < 24; shift += 8)
        {
            int sum = s_scale.Parts / 2;
            foreach (var (parts, colour) in colours) sum += parts * (int)(colour >> shift & 0xFF);
            mixed |= (uint)(sum / s_scale.Parts) << shift;
        }
        return mixed;
    }
}
