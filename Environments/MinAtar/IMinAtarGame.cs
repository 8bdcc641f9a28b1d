using Sim.Environments.Scalar;

namespace Sim.Environments.MinAtar;

/// <summary>
/// The rules of one game on a board of 10 by 10, written from a description of MinAtar 1.0.15 (Young and Tian, "MinAtar: An
/// Atari-Inspired Testbed for Thorough and Reproducible Reinforcement Learning Experiments", 2019, arXiv 1903.03176) and recordings of it.
/// </summary>
/// <typeparam name="TGame">The game's state.</typeparam>
public interface IMinAtarGame<TGame> where TGame : unmanaged
{
    /// <summary>Channels of a cell.</summary>
    static abstract int Channels { get; }

    /// <summary>Codes of the actions that the game has a use for.</summary>
    static abstract ReadOnlySpan<byte> MinimalActions { get; }

    /// <summary>Red, green and blue of each channel, three bytes a channel; later channels are drawn over earlier ones.</summary>
    static abstract ReadOnlySpan<byte> Colours { get; }

    /// <summary>A new game.</summary>
    static abstract TGame Start<TDraws>(ref TDraws draws) where TDraws : struct, IScalarDraws, allows ref struct;

    /// <summary>One step of a game that is not over, under an action code of <see cref="MinAtarAction"/>; returns the reward.</summary>
    static abstract int Step<TDraws>(ref TGame game, int action, ref TDraws draws, in MinAtarSettings settings)
        where TDraws : struct, IScalarDraws, allows ref struct;

    /// <summary>Whether the game is over.</summary>
    static abstract bool IsOver(in TGame game);

    /// <summary>Writes all cells <c>[10, 10, C]</c>, 1 where something stands and 0 elsewhere, whatever was in them.</summary>
    static abstract void Draw(in TGame game, Span<byte> cells);

    /// <summary>Whether every index in a foreign state lies on the board.</summary>
    static abstract bool IsWhole(in TGame game);
}

/// <summary>The six action codes, the same in every game.</summary>
public static class MinAtarAction
{
    public const int None = 0, Left = 1, Up = 2, Right = 3, Down = 4, Fire = 5, Count = 6;
}
