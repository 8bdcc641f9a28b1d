using Sim.Environments.Scalar;

namespace Sim.Environments.PixelGames;

/// <summary>
/// The rules and the pictures of a game on a raster of 160 by 210 pixels, 60 frames a second, in whole sixteenths of a pixel: every processor plays it alike.
/// </summary>
/// <typeparam name="TGame">The game's state.</typeparam>
/// <typeparam name="TFrame">What one raw frame shows.</typeparam>
public interface IPixelGame<TGame, TFrame>
    where TGame : unmanaged
    where TFrame : unmanaged
{
    /// <summary>Number of choices.</summary>
    static abstract int Actions { get; }

    static abstract TGame Start<TDraws>(ref TDraws draws) where TDraws : struct, IScalarDraws, allows ref struct;

    /// <summary>One raw frame; returns the reward.</summary>
    static abstract int Step<TDraws>(ref TGame game, int action, ref TDraws draws) where TDraws : struct, IScalarDraws, allows ref struct;

    static abstract bool IsOver(in TGame game);

    /// <summary>Lives left; always the same in a game without any.</summary>
    static abstract int Lives(in TGame game);

    /// <summary>Whether every number of a foreign state lies in its range.</summary>
    static abstract bool IsWhole(in TGame game);

    /// <summary>What the game shows now.</summary>
    static abstract TFrame Frame(in TGame game, bool showScore);

    /// <summary>Whether a foreign frame can be drawn.</summary>
    static abstract bool IsWhole(in TFrame frame);

    /// <summary>What no frame changes: pixels <c>[210, 160]</c>.</summary>
    static abstract void Background(Span<uint> raster);

    /// <summary>Parts of the raster in which a frame may differ from the background, each drawn exactly; unused ones are empty.</summary>
    /// <returns>How many.</returns>
    static abstract int Regions(in TFrame first, in TFrame second, bool drawnQuickly, Span<Region> regions);

    /// <summary>
    /// Draws what a game knows a quicker way for than by regions, exactly as regions would, over the background and before them; whether it did, and
    /// <see cref="Regions"/> may leave it out.
    /// </summary>
    static abstract bool DrawQuickly(in TFrame first, in TFrame second, PictureScale scale, Span<byte> picture);

    /// <summary>Regions that few different pictures are shown in, such as digits: how many pictures in all.</summary>
    static abstract int Stills { get; }

    /// <summary>A frame that shows one of them, and where.</summary>
    static abstract (TFrame Frame, Region Region) Still(int number);

    /// <summary>Writes some pixels of a frame's row.</summary>
    static abstract void Line(in TFrame frame, int y, int left, Span<uint> line);

    /// <summary>A row below <paramref name="y"/> up to which all rows of both frames are like it.</summary>
    static abstract int NextChange(in TFrame first, in TFrame second, int y);
}

/// <summary>A part of the raster, columns and rows up to but not including the last.</summary>
/// <param name="Left">First column.</param>
/// <param name="Top">First row.</param>
/// <param name="Right">Column behind the last.</param>
/// <param name="Bottom">Row behind the last.</param>
/// <param name="Still">Number of the picture that both frames show here, where it is one of <see cref="IPixelGame{TGame, TFrame}.Stills"/>; else −1.</param>
public readonly record struct Region(int Left, int Top, int Right, int Bottom, int Still = -1);
