using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sim.Environments.PixelGames;

/// <summary>
/// Pictures of a game: the greater of two raw frames, channel by channel, averaged by area and rounded. Only what may differ from the background is worked out; that is
/// exact, so that it matters to nobody how.
/// </summary>
/// <typeparam name="TRules">The game.</typeparam>
/// <typeparam name="TGame">The game's state.</typeparam>
/// <typeparam name="TFrame">What one raw frame shows.</typeparam>
/// <typeparam name="TFormat">Size and colours of the pictures.</typeparam>
public static class PixelPicture<TRules, TGame, TFrame, TFormat>
    where TRules : struct, IPixelGame<TGame, TFrame>
    where TGame : unmanaged
    where TFrame : unmanaged
    where TFormat : struct, IPictureFormat
{
    /// <summary>Most regions, and raw pixels of a region's row.</summary>
    private const int MostRegions = 12, Widest = PictureScale.RasterWidth;

    private static readonly byte[] s_background = Background();
    private static readonly byte[][] s_stills = Stills();

    private static PictureScale Scale => TFormat.Scale;

    /// <summary>Bytes of a row of pixels.</summary>
    private static int RowBytes => TFormat.Scale.Side * TFormat.Bytes;

    /// <summary>Writes every pixel.</summary>
    /// <param name="first">The raw frame before the last.</param>
    /// <param name="second">The last.</param>
    /// <param name="picture">Takes <c>[side, side, bytes]</c>.</param>
    public static void Draw(in TFrame first, in TFrame second, Span<byte> picture)
    {
        s_background.CopyTo(picture);
        Span<Region> regions = stackalloc Region[MostRegions];
        int count = TRules.Regions(in first, in second, TRules.DrawQuickly(in first, in second, Scale, picture), regions);
        for (int i = 0; i < count; i++)
        {
            if (regions[i].Left >= regions[i].Right) continue;
            if (regions[i].Still >= 0) Paste(s_stills[regions[i].Still], regions[i], picture);
            else DrawRegion(in first, in second, regions[i], picture);
        }
    }

    private static void DrawRegion(in TFrame first, in TFrame second, Region region, Span<byte> picture)
    {
        var scale = Scale;
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
            Store(totals, picture[((row * RowBytes) + (left * TFormat.Bytes))..]);
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

    private static void Store(ReadOnlySpan<Vector128<int>> totals, Span<byte> pixels)
    {
        // Sums below 2^18 and their quotients by a number are told apart by float32.
        var half = Vector128.Create(Scale.Parts / 2);
        var divisor = Vector128.Create((float)Scale.Parts);
        for (int column = 0; column < totals.Length; column++)
        {
            var rounded = Vector128.ConvertToInt32(Vector128.ConvertToSingle(totals[column] + half) / divisor).AsUInt32();
            uint rgb = Vector128.Narrow(Vector128.Narrow(rounded, rounded), Vector128<ushort>.Zero).AsUInt32().ToScalar();
            TFormat.Write(rgb, pixels.Slice(column * TFormat.Bytes, TFormat.Bytes));
        }
    }

    /// <summary>Copies the pixels of a region.</summary>
    private static void Paste(ReadOnlySpan<byte> still, Region region, Span<byte> picture)
    {
        var (left, top, bytes, rows) = Place(region);
        for (int row = 0; row < rows; row++)
            still.Slice(row * bytes, bytes).CopyTo(picture[(((top + row) * RowBytes) + left)..]);
    }

    /// <summary>Where a region's pixels lie: bytes to the left, rows above, bytes of a row, rows.</summary>
    private static (int Left, int Top, int Bytes, int Rows) Place(Region region)
    {
        var (left, right) = PictureScale.Covering(region.Left, region.Right, PictureScale.RasterWidth, Scale.Side);
        var (top, bottom) = PictureScale.Covering(region.Top, region.Bottom, PictureScale.RasterHeight, Scale.Side);
        return (left * TFormat.Bytes, top, (right - left) * TFormat.Bytes, bottom - top);
    }

    /// <summary>The pixels of every still, cut out of a picture that shows it.</summary>
    private static byte[][] Stills()
    {
        byte[] picture = new byte[Scale.Side * RowBytes];
        var stills = new byte[TRules.Stills][];
        for (int number = 0; number < stills.Length; number++)
        {
            var (frame, region) = TRules.Still(number);
            DrawRegion(in frame, in frame, region, picture);
            var (left, top, bytes, rows) = Place(region);
            stills[number] = [.. Enumerable.Range(top, rows).SelectMany(row => picture.AsSpan((row * RowBytes) + left, bytes).ToArray())];
        }
        return stills;
    }

    /// <summary>The background alone.</summary>
    private static byte[] Background()
    {
        uint[] raster = new uint[PictureScale.RasterWidth * PictureScale.RasterHeight];
        TRules.Background(raster);
        byte[] picture = new byte[Scale.Side * RowBytes];
        var sums = new Vector128<int>[Scale.Side];
        var totals = new Vector128<int>[Scale.Side];
        for (int row = 0; row < Scale.Side; row++)
        {
            Array.Clear(totals);
            var span = Scale.Rows[row];
            for (int k = 0; k < span.Count; k++)
            {
                Sum(raster.AsSpan((span.First + k) * PictureScale.RasterWidth, PictureScale.RasterWidth), Scale.Columns, 0, sums);
                for (int column = 0; column < Scale.Side; column++) totals[column] += sums[column] * span.Weight(k);
            }
            Store(totals, picture.AsSpan(row * RowBytes));
        }
        return picture;
    }
}
