using Sim.Environments.Scalar;

namespace Sim.Environments.PixelGames.Players;

/// <summary>
/// Serves, and keeps the paddle under the ball or where the ball will come down. It knows the game's state: a yardstick for those who see pictures alone.
/// </summary>
public sealed class PixelBreakoutPlayer : IActor
{
    private const int Fire = 1, Right = 2, Left = 3, PaddleTop = 189 * 16, LeftMost = 8 * 16, RightMost = 150 * 16;

    private readonly ScalarEnvironment<PixelTask<PixelBreakoutRules, PixelBreakoutGame, PixelBreakoutFrame>, PixelState<PixelBreakoutGame, PixelBreakoutFrame>, PixelSettings> _games;

    /// <exception cref="ArgumentException">The batch is of another task.</exception>
    public PixelBreakoutPlayer(BatchEnvironment environments)
        => _games = environments as ScalarEnvironment<PixelTask<PixelBreakoutRules, PixelBreakoutGame, PixelBreakoutFrame>, PixelState<PixelBreakoutGame, PixelBreakoutFrame>, PixelSettings>
            ?? throw new ArgumentException($"this player plays pixel-breakout, not {environments?.Spec.Id}");

    public void Act(BatchEnvironment environments)
    {
        var choices = _games.DiscreteActions;
        for (int lane = 0; lane < choices.Length; lane++) choices[lane] = Choose(in _games.StateOf(lane).Game);
    }

    public void Dispose()
    {
    }

    private static int Choose(in PixelBreakoutGame game)
    {
        if (game.SpeedY == 0) return Fire;
        int width = (game.IsNarrow != 0 ? 8 : 16) * 16;
        int target = (game.SpeedY > 0 ? Landing(in game) : game.BallX) + 16 - (width / 2);
        int distance = target - game.Paddle;
        // A step moves the paddle twelve pixels: what it hits with changes from ball to ball, and with it the ball's way.
        return Math.Abs(distance) <= 96 ? 0 : distance < 0 ? Left : Right;
    }

    /// <summary>Left of the ball when it reaches the paddle, bricks on the way apart.</summary>
    private static int Landing(in PixelBreakoutGame game)
    {
        int frames = Math.Max(0, (PaddleTop - 64 - game.BallY) / game.SpeedY);
        int x = game.BallX + (frames * game.SpeedX), width = RightMost - LeftMost;
        x = (x - LeftMost) % (2 * width);
        if (x < 0) x += 2 * width;
        return LeftMost + (x <= width ? x : (2 * width) - x);
    }
}
