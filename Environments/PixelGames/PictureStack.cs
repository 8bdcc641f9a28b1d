using System.Runtime.Intrinsics;

namespace Sim.Environments.PixelGames;

/// <summary>Pictures one after the other in the channels of one.</summary>
internal static class PictureStack
{
    /// <summary>Interleaves pictures pixel by pixel.</summary>
    /// <param name="pictures"><c>[count, pixels, bytes]</c>.</param>
    /// <param name="count">How many.</param>
    /// <param name="bytes">Bytes of a pixel.</param>
    /// <param name="target">Takes <c>[pixels, count, bytes]</c>.</param>
    public static void Interleave(ReadOnlySpan<byte> pictures, int count, int bytes, Span<byte> target)
    {
        int length = pictures.Length / count, pixels = length / bytes, done = 0;
        if (count == 4 && bytes == 1) done = InterleaveFour(pictures, length, target);
        for (int picture = 0; picture < count; picture++)
        {
            var source = pictures.Slice(picture * length, length);
            for (int pixel = done; pixel < pixels; pixel++)
            {
                for (int k = 0; k < bytes; k++) target[(((pixel * count) + picture) * bytes) + k] = source[(pixel * bytes) + k];
            }
        }
    }

    /// <summary>Four bytes a pixel, sixteen pixels at a time; how many are done.</summary>
    private static int InterleaveFour(ReadOnlySpan<byte> pictures, int length, Span<byte> target)
    {
        int pixel = 0;
        for (; pixel + Vector128<byte>.Count <= length; pixel += Vector128<byte>.Count)
        {
            var (low0, high0) = Vector128.Widen(Vector128.Create(pictures[pixel..]));
            var (low1, high1) = Vector128.Widen(Vector128.Create(pictures[(length + pixel)..]));
            var (low2, high2) = Vector128.Widen(Vector128.Create(pictures[((2 * length) + pixel)..]));
            var (low3, high3) = Vector128.Widen(Vector128.Create(pictures[((3 * length) + pixel)..]));
            // Two bytes each, first and second picture, third and fourth; then both pairs.
            Store(low0 | (low1 << 8), low2 | (low3 << 8), target[(4 * pixel)..]);
            Store(high0 | (high1 << 8), high2 | (high3 << 8), target[((4 * pixel) + 32)..]);
        }
        return pixel;
    }

    private static void Store(Vector128<ushort> first, Vector128<ushort> second, Span<byte> target)
    {
        var (firstLow, firstHigh) = Vector128.Widen(first);
        var (secondLow, secondHigh) = Vector128.Widen(second);
        (firstLow | (secondLow << 16)).AsByte().CopyTo(target);
        (firstHigh | (secondHigh << 16)).AsByte().CopyTo(target[16..]);
    }
}
