using System.ComponentModel.DataAnnotations;

namespace Sim.Environments.PixelGames;

/// <summary>How a picture is shown.</summary>
public enum PixelView
{
    /// <summary>64 by 64 pixels of red, green and blue, as world models take them.</summary>
    Rgb64,

    /// <summary>84 by 84 pixels of grey, as DQN takes them.</summary>
    Grey84,
}

/// <summary>Whose conventions of evaluation hold.</summary>
public enum AtariProtocol
{
    /// <summary>100,000 steps of practice, actions that do not stick: Drama and most who report on them.</summary>
    Atari100k,

    /// <summary>Each raw frame repeats the action before with probability 0.25 (Machado et al., "Revisiting the Arcade Learning Environment", 2018).</summary>
    Machado2018,
}

/// <summary>Configuration of the pixel games: the conventions of Atari play.</summary>
public record struct PixelSettings()
{
    /// <summary>Decides whether actions stick.</summary>
    public AtariProtocol Protocol { get; init; } = AtariProtocol.Atari100k;

    public PixelView View { get; init; } = PixelView.Rgb64;

    /// <summary>Pictures shown, the newest last, one after the other in the channels.</summary>
    [Range(1, 4)] public int FrameStack { get; init; } = 1;

    /// <summary>Raw frames, 60 a second, that an action lasts.</summary>
    [Range(1, 16)] public int FrameSkip { get; init; } = 4;

    /// <summary>Most raw frames without an action before an episode's first step, their number drawn; 0 for none.</summary>
    [Range(0, 1000)] public int NoopMax { get; init; } = 30;

    /// <summary>
    /// Whether a lost life ends the episode; the game then goes on in the next, until none is left. Such an episode depends on the one before it and
    /// cannot be replayed from its seed alone.
    /// </summary>
    public bool TerminalOnLifeLoss { get; init; }

    /// <summary>Whether only the sign of a reward counts.</summary>
    public bool ClipRewards { get; init; }

    /// <summary>Whether the scores are drawn.</summary>
    public bool ShowScore { get; init; } = true;

    /// <summary>Steps after which an episode is truncated, 30 minutes of play by default; 0 for none.</summary>
    [Range(0, 100_000_000)] public int EpisodeSteps { get; init; } = 27_000;

    /// <summary>Probability with which a raw frame repeats the action of the one before.</summary>
    internal readonly float Sticky => Protocol == AtariProtocol.Machado2018 ? 0.25f : 0;
}
