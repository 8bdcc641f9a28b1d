using Sim.Environments.Scalar;

namespace Sim.Environments.PixelGames.Players;

/// <summary>
/// Goes where the ball will come, to the place from which it returns it farthest from where the opponent can be by then. It knows the game's state: a yardstick for
/// those who see pictures alone.
/// </summary>
public sealed class PongPlayer : IActor
{
    private const int Up = 2, Down = 3, Step = 4, LongRally = 300, Unit = PongRules.Unit;
    private const int Highest = PongRules.Top * Unit, LowestBall = (PongRules.Bottom - PongRules.BallHeight) * Unit;
    private const int PaddleHeight = PongRules.PaddleHeight * Unit, LowestPaddle = (PongRules.Bottom * Unit) - PaddleHeight, Middle = (Highest + LowestPaddle) / 2;
    private const int Face = (PongRules.PlayerX - PongRules.BallWidth) * Unit, BallHeight = PongRules.BallHeight * Unit;

    private readonly ScalarEnvironment<PixelTask<PongRules, PongGame, PongFrame>, PixelState<PongGame, PongFrame>, PixelSettings> _games;
    private readonly (int Points, int Steps)[] _rallies;

    /// <exception cref="ArgumentException">The batch is of another task.</exception>
    public PongPlayer(BatchEnvironment environments)
    {
        _games = environments as ScalarEnvironment<PixelTask<PongRules, PongGame, PongFrame>, PixelState<PongGame, PongFrame>, PixelSettings>
            ?? throw new ArgumentException($"this player plays pixel-pong, not {environments?.Spec.Id}");
        _rallies = new (int, int)[environments.Count];
    }

    public void Act(BatchEnvironment environments)
    {
        var choices = _games.DiscreteActions;
        for (int lane = 0; lane < choices.Length; lane++)
        {
            ref readonly var game = ref _games.StateOf(lane).Game;
            int points = (game.OpponentScore * 32) + game.PlayerScore;
            _rallies[lane] = (points, _rallies[lane].Points == points ? _rallies[lane].Steps + 1 : 0);
            choices[lane] = Choose(in game, _rallies[lane].Steps);
        }
    }

    public void Dispose()
    {
    }

    private static int Choose(in PongGame game, int steps)
    {
        // Where the paddle comes to rest if nothing more is done.
        int rest = game.Player + (game.Way * PongRules.PlayerSpeed);
        int target = game.SpeedX > 0 ? Best(in game, rest, steps) : Middle;
        return target == rest ? 0 : target < rest ? Up : Down;
    }

    /// <summary>Of the places that the paddle can be at, twelve pixels apart, the best in reach.</summary>
    private static int Best(in PongGame game, int rest, int steps)
    {
        int frames = Math.Max(0, (Face - game.BallX + game.SpeedX - 1) / game.SpeedX), y = Height(game.BallY, game.SpeedY, frames);
        int reach = Math.Max(0, frames - Step) * PongRules.PlayerSpeed, best = Middle, highest = int.MinValue;
        for (int place = Highest; place <= LowestPaddle; place += Step * PongRules.PlayerSpeed)
        {
            int distance = Math.Abs(place - rest);
            bool touches = y + BallHeight > place && y < place + PaddleHeight;
            int worth = !touches ? -1_000_000 - Math.Abs(y + (BallHeight / 2) - place - (PaddleHeight / 2)) : distance > reach ? -100_000 - distance : Lead(in game, y, place) + Whim(place, steps);
            if (worth > highest) (best, highest) = (place, worth);
        }
        return best;
    }

    /// <summary>In a rally that goes on and on both do the same again and again: then places are liked that change with time.</summary>
    private static int Whim(int place, int steps) => steps < LongRally ? 0 : (place / Unit * 7919 * (steps / 32)) % 1024 * 2;

    /// <summary>How far from the opponent's reach the ball comes to its side after a return.</summary>
    private static int Lead(in PongGame game, int y, int place)
    {
        int speed = PongRules.SpeedAfter(Math.Min(game.Hits + 1, 12)), frames = (Face - PongRules.OpponentFace + speed - 1) / speed;
        int arrival = Height(y, PongRules.SpeedAfter(y, place), frames);
        return Math.Abs(arrival + (BallHeight / 2) - game.Opponent - (PaddleHeight / 2)) - ((PongRules.HalfWay - PongRules.OpponentFace) / speed * PongRules.OpponentSpeed);
    }

    /// <summary>Top of the ball after some frames between the borders.</summary>
    private static int Height(int y, int speed, int frames)
    {
        int height = LowestBall - Highest, way = (y + (frames * speed) - Highest) % (2 * height);
        if (way < 0) way += 2 * height;
        return Highest + (way <= height ? way : (2 * height) - way);
    }
}
