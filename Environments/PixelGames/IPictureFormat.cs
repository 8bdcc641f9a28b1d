namespace Sim.Environments.PixelGames;

/// <summary>Size and colours of a picture.</summary>
public interface IPictureFormat
{
    static abstract PictureScale Scale { get; }

    /// <summary>Bytes of a pixel.</summary>
    static abstract int Bytes { get; }

    /// <summary>Writes a pixel.</summary>
    /// <param name="rgb">Red, green and blue from the lowest byte on.</param>
    /// <param name="pixel">Takes <see cref="Bytes"/>.</param>
    static abstract void Write(uint rgb, Span<byte> pixel);
}

/// <summary>64 by 64 pixels of red, green and blue.</summary>
public readonly struct Rgb64Format : IPictureFormat
{
    public static PictureScale Scale => PictureScale.Rgb64;

    public static int Bytes => 3;

    public static void Write(uint rgb, Span<byte> pixel) => (pixel[0], pixel[1], pixel[2]) = ((byte)rgb, (byte)(rgb >> 8), (byte)(rgb >> 16));
}

/// <summary>84 by 84 pixels of grey: 0.299 red, 0.587 green and 0.114 blue, rounded.</summary>
public readonly struct Grey84Format : IPictureFormat
{
    public static PictureScale Scale => PictureScale.Grey84;

    public static int Bytes => 1;

    public static void Write(uint rgb, Span<byte> pixel)
        => pixel[0] = (byte)(((299 * (rgb & 0xFF)) + (587 * (rgb >> 8 & 0xFF)) + (114 * (rgb >> 16 & 0xFF)) + 500) / 1000);
}
