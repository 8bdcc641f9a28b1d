using Sim.Environments.PixelGames.Players;
using Sim.Environments.Scalar;
using Sim.Environments.Spaces;

namespace Sim.Environments.PixelGames;

/// <summary>Registry rows of the pixel games.</summary>
public static class PixelGame
{
    public static ScalarDefinition<PixelTask<PongRules, PongGame, PongFrame>, PixelState<PongGame, PongFrame>, PixelSettings> Pong { get; }
        = Of<PongRules, PongGame, PongFrame>("pixel-pong", "Play the ball past the other paddle, from pictures; the first to 21 points wins.",
            environments => new PongPlayer(environments), (-1, 1));

    public static ScalarDefinition<PixelTask<PixelBreakoutRules, PixelBreakoutGame, PixelBreakoutFrame>, PixelState<PixelBreakoutGame, PixelBreakoutFrame>, PixelSettings> Breakout { get; }
        = Of<PixelBreakoutRules, PixelBreakoutGame, PixelBreakoutFrame>("pixel-breakout", "Break two walls of bricks with five balls, from pictures.",
            environments => new PixelBreakoutPlayer(environments), (0, 28));

    private static ScalarDefinition<PixelTask<TRules, TGame, TFrame>, PixelState<TGame, TFrame>, PixelSettings> Of<TRules, TGame, TFrame>(
        string id, string summary, Func<BatchEnvironment, IActor> expert, (float, float) rewards)
        where TRules : struct, IPixelGame<TGame, TFrame>
        where TGame : unmanaged
        where TFrame : unmanaged
        => new(id)
        {
            Summary = summary,
            Action = _ => new Discrete(TRules.Actions),
            Observation = settings => settings.View == PixelView.Rgb64
                ? BoardBox.Of(64, 64, 3 * settings.FrameStack, high: 255)
                : BoardBox.Of(84, 84, settings.FrameStack, high: 255),
            TimeLimit = settings => settings.EpisodeSteps,
            ControlPeriod = settings => settings.FrameSkip / 60f,
            RewardTerm = "score",
            RewardRange = rewards,
            ScriptedExpert = expert,
        };
}
