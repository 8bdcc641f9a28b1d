using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sim.Environments.PixelGames;

/// <summary>
/// Pictures of a game: the greater of two raw frames, channel by channel, averaged by area and rounded. Only what may differ from the background is worked out; that is
/// exact, so that it matters to nobody how.
/// </summary>
public static class PixelPicture<TRules, TGame, TFrame>
    where TRules : struct, IPixelGame<TGame, TFrame>
    where TGame : unmanaged
    where TFrame : unmanaged
{
    /// <summary>Most regions, and raw pixels of a region's row.</summary>
    private const int MostRegions = 12, Widest = PictureScale.RasterWidth;

    private static readonly byte[] s_rgb64 = Background(PictureScale.Rgb64), s_rgb84 = Background(PictureScale.Grey84);
    private static readonly byte[][] s_stills64 = Stills(PictureScale.Rgb64), s_stills84 = Stills(PictureScale.Grey84);

    /// <summary>Writes red, green and blue of every pixel.</summary>
    /// <param name="first">The raw frame before the last.</param>
    /// <param name="second">The last.</param>
    /// <param name="scale">To which size.</param>
    /// <param name="picture">Takes <c>[side, side, 3]</c>.</param>
    public static void Draw(in TFrame first, in TFrame second, PictureScale scale, Span<byte> picture)
    {
        bool small = scale.Side == PictureScale.Rgb64.Side;
        (small ? s_rgb64 : s_rgb84).CopyTo(picture);
        Span<Region> regions = stackalloc Region[MostRegions];
        int count = TRules.Regions(in first, in second, TRules.DrawQuickly(in first, in second, scale, picture), regions);
        for (int i = 0; i < count; i++)
        {
            if (regions[i].Left >= regions[i].Right) continue;
            if (regions[i].Still >= 0) Paste((small ? s_stills64 : s_stills84)[regions[i].Still], scale, regions[i], picture);
            else DrawRegion(in first, in second, scale, regions[i], picture);
        }
    }

    /// <summary>The same in grey: 0.299 red, 0.587 green and 0.114 blue, rounded.</summary>
    /// <param name="rgb"><c>[pixels, 3]</c>.</param>
    /// <param name="grey">Takes a byte a pixel, every <paramref name="stride"/>-th.</param>
    /// <param name="stride">Bytes from one pixel to the next.</param>
    public static void ToGrey(ReadOnlySpan<byte> rgb, Span<byte> grey, int stride)
    {
        for (int pixel = 0; pixel * 3 < rgb.Length; pixel++)
            grey[pixel * stride] = (byte)(((299 * rgb[3 * pixel]) + (587 * rgb[(3 * pixel) + 1]) + (114 * rgb[(3 * pixel) + 2]) + 500) / 1000);
    }

    private static void DrawRegion(in TFrame first, in TFrame second, PictureScale scale, Region region, Span<byte> picture)
    {
        var (left, right) = PictureScale.Covering(region.Left, region.Right, PictureScale.RasterWidth, scale.Side);
        var (top, bottom) = PictureScale.Covering(region.Top, region.Bottom, PictureScale.RasterHeight, scale.Side);
        int columns = right - left, from = scale.Columns[left].First, width = scale.Columns[right - 1].First + scale.Columns[right - 1].Count - from;
        Span<uint> line = stackalloc uint[Widest], other = stackalloc uint[Widest];
        Span<Vector128<int>> sums = stackalloc Vector128<int>[columns], totals = stackalloc Vector128<int>[columns];
        int known = -1;
        for (int row = top; row < bottom; row++)
        {
            totals.Clear();
            var span = scale.Rows[row];
            for (int k = 0; k < span.Count; k++)
            {
                int y = span.First + k;
                if (y >= known)
                {
                    Merge(in first, in second, y, from, line[..width], other[..width]);
                    Sum(line, scale.Columns.Slice(left, columns), from, sums);
                    known = TRules.NextChange(in first, in second, y);
                }
                var weight = Vector128.Create(span.Weight(k));
                for (int column = 0; column < columns; column++) totals[column] += sums[column] * weight;
            }
            Store(totals, scale.Parts, picture[(((row * scale.Side) + left) * 3)..]);
        }
    }

    /// <summary>A row of both frames, the greater of each channel.</summary>
    private static void Merge(in TFrame first, in TFrame second, int y, int left, Span<uint> line, Span<uint> other)
    {
        TRules.Line(in first, y, left, line);
        TRules.Line(in second, y, left, other);
        Span<byte> bytes = MemoryMarshal.AsBytes(line), others = MemoryMarshal.AsBytes(other);
        int at = 0;
        for (; at + Vector128<byte>.Count <= bytes.Length; at += Vector128<byte>.Count)
            Vector128.Max(Vector128.Create<byte>(bytes[at..]), Vector128.Create<byte>(others[at..])).CopyTo(bytes[at..]);
        for (; at < bytes.Length; at++) bytes[at] = Math.Max(bytes[at], others[at]);
    }

    /// <summary>What each column of pixels gets of a raw row, channel by channel.</summary>
    private static void Sum(ReadOnlySpan<uint> line, ReadOnlySpan<PictureScale.Span> columns, int from, Span<Vector128<int>> sums)
    {
        for (int column = 0; column < columns.Length; column++)
        {
            var span = columns[column];
            var sum = Vector128<int>.Zero;
            for (int k = 0; k < span.Count; k++) sum += Channels(line[span.First - from + k]) * span.Weight(k);
            sums[column] = sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Channels(uint pixel)
        => Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(pixel).AsByte())).AsInt32();

    private static void Store(ReadOnlySpan<Vector128<int>> totals, int parts, Span<byte> pixels)
    {
        // Sums below 2^18 and their quotients by a number are told apart by float32.
        var half = Vector128.Create(parts / 2);
        var divisor = Vector128.Create((float)parts);
        for (int column = 0; column < totals.Length; column++)
        {
            var rounded = Vector128.ConvertToInt32(Vector128.ConvertToSingle(totals[column] + half) / divisor).AsUInt32();
            uint rgb = Vector128.Narrow(Vector128.Narrow(rounded, rounded), Vector128<ushort>.Zero).AsUInt32().ToScalar();
            var target = pixels.Slice(3 * column, 3);
            (target[0], target[1], target[2]) = ((byte)rgb, (byte)(rgb >> 8), (byte)(rgb >> 16));
        }
    }

    /// <summary>Copies the pixels of a region.</summary>
    private static void Paste(ReadOnlySpan<byte> still, PictureScale scale, Region region, Span<byte> picture)
    {
        var (left, right) = PictureScale.Covering(region.Left, region.Right, PictureScale.RasterWidth, scale.Side);
        var (top, bottom) = PictureScale.Covering(region.Top, region.Bottom, PictureScale.RasterHeight, scale.Side);
        int bytes = (right - left) * 3;
        for (int row = top; row < bottom; row++)
            still.Slice((row - top) * bytes, bytes).CopyTo(picture[(((row * scale.Side) + left) * 3)..]);
    }

    /// <summary>The pixels of every still, cut out of a picture that shows it.</summary>
    private static byte[][] Stills(PictureScale scale)
    {
        byte[] picture = new byte[scale.Side * scale.Side * 3];
        var stills = new byte[TRules.Stills][];
        for (int number = 0; number < stills.Length; number++)
        {
            var (frame, region) = TRules.Still(number);
            DrawRegion(in frame, in frame, scale, region, picture);
            var (left, right) = PictureScale.Covering(region.Left, region.Right, PictureScale.RasterWidth, scale.Side);
            var (top, bottom) = PictureScale.Covering(region.Top, region.Bottom, PictureScale.RasterHeight, scale.Side);
            stills[number] = [.. Enumerable.Range(top, bottom - top).SelectMany(row => picture[(((row * scale.Side) + left) * 3)..(((row * scale.Side) + right) * 3)])];
        }
        return stills;
    }

    /// <summary>The background alone.</summary>
    private static byte[] Background(PictureScale scale)
    {
        uint[] raster = new uint[PictureScale.RasterWidth * PictureScale.RasterHeight];
        TRules.Background(raster);
        byte[] picture = new byte[scale.Side * scale.Side * 3];
        var sums = new Vector128<int>[scale.Side];
        var totals = new Vector128<int>[scale.Side];
        for (int row = 0; row < scale.Side; row++)
        {
            Array.Clear(totals);
            var span = scale.Rows[row];
            for (int k = 0; k < span.Count; k++)
            {
                Sum(raster.AsSpan((span.First + k) * PictureScale.RasterWidth, PictureScale.RasterWidth), scale.Columns, 0, sums);
                for (int column = 0; column < scale.Side; column++) totals[column] += sums[column] * span.Weight(k);
            }
            Store(totals, scale.Parts, picture.AsSpan(row * scale.Side * 3));
        }
        return picture;
    }
}
