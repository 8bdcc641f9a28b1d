using System.Runtime.InteropServices;
using Sim.Environments.Scalar;

namespace Sim.Environments.PixelGames;

/// <summary>State of <c>pixel-pong</c>. Lengths are in sixteenths of a pixel, speeds in sixteenths a frame.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct PongGame
{
    /// <summary>Top left of the ball.</summary>
    public int BallX, BallY;

    public int SpeedX, SpeedY;

    /// <summary>Tops of the opponent's paddle, on the left, and of the player's.</summary>
    public int Opponent, Player;

    /// <summary>Way of the player's paddle: −1 up, 1 down. It follows the action by a frame.</summary>
    public sbyte Way;

    /// <summary>To whom the ball is served: −1 to the opponent, 1 to the player.</summary>
    public sbyte ServedTo;

    /// <summary>Frames until the serve; 0 while the ball is in play.</summary>
    public byte ServeTimer;

    public byte OpponentScore, PlayerScore;

    /// <summary>Hits of the rally, 12 at most.</summary>
    public byte Hits;
}

/// <summary>What a raw frame of <c>pixel-pong</c> shows, in pixels.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct PongFrame
{
    public short BallX, BallY;

    public byte Opponent, Player;

    /// <summary>0 between a point and the serve.</summary>
    public byte BallIsThere;

    /// <summary>255 where scores are not shown.</summary>
    public byte OpponentScore, PlayerScore;
}

/// <summary>
/// Rules of <c>pixel-pong</c>: the player's paddle is the right one; the first to 21 points wins. Only the look is that of the console's game.
/// </summary>
public readonly struct PongRules : IPixelGame<PongGame, PongFrame>
{
    internal const int Unit = 16, Top = 34, Bottom = 194, PaddleHeight = 16, PlayerX = 140, BallWidth = 2, BallHeight = 4;
    internal const int PlayerSpeed = 3 * Unit, OpponentSpeed = 2 * Unit, OpponentFace = (OpponentX + PaddleWidth) * Unit, HalfWay = PictureScale.RasterWidth / 2 * Unit;
    private const int PaddleWidth = 4, OpponentX = 16, DeadZone = 2 * Unit;
    private const int ServeFrames = 60, WinningScore = 21, Scores = WinningScore + 1, Hidden = 255;
    private const int ScoreTop = 5, OpponentScoreRight = 60, PlayerScoreRight = 132;

    private static readonly uint s_field = Sprite.Rgb(144, 72, 17), s_white = Sprite.Rgb(236, 236, 236);
    private static readonly uint s_opponent = Sprite.Rgb(213, 130, 74), s_player = Sprite.Rgb(92, 186, 92);

    /// <summary>Vertical speed after a hit on each eighth of the paddle, from the top.</summary>
    private static ReadOnlySpan<sbyte> Bounces => [-32, -24, -16, -8, 8, 16, 24, 32];

    /// <summary>Nothing, fire, up, down, and both of these with fire.</summary>
    public static int Actions => 6;

    public static PongGame Start<TDraws>(ref TDraws draws) where TDraws : struct, IScalarDraws, allows ref struct
    {
        int middle = (Top + Bottom - PaddleHeight) / 2 * Unit;
        return new() { Opponent = middle, Player = middle, ServeTimer = ServeFrames, ServedTo = draws.Between(0, 2) == 0 ? (sbyte)-1 : (sbyte)1 };
    }

    public static int Step<TDraws>(ref PongGame game, int action, ref TDraws draws) where TDraws : struct, IScalarDraws, allows ref struct
    {
        MovePlayer(ref game, action);
        if (game.ServeTimer > 0)
        {
            bool fires = action is 1 or 4 or 5;
            if (--game.ServeTimer == 0 || fires) Serve(ref game, ref draws);
            return 0;
        }
        // It waits for the ball in its own half: as fast as the steepest ball, it would hardly ever miss one that it followed all the way.
        if (game.SpeedX < 0 && game.BallX < HalfWay) MoveOpponent(ref game);
        return MoveBall(ref game);
    }

    public static bool IsOver(in PongGame game) => Math.Max(game.OpponentScore, game.PlayerScore) >= WinningScore;

    public static int Lives(in PongGame game) => 0;

    public static bool IsWhole(in PongGame game)
        => InField(game.Opponent) && InField(game.Player) && game.Way is >= -1 and <= 1 && game.ServedTo is -1 or 1 && game.ServeTimer <= ServeFrames
            && game.BallX is > -64 * Unit and < 224 * Unit && game.BallY is >= 0 and < 210 * Unit && Math.Abs((long)game.SpeedX) <= 40 && Math.Abs((long)game.SpeedY) <= 32
            && game.OpponentScore <= WinningScore && game.PlayerScore <= WinningScore && game.Hits <= 12;

    public static PongFrame Frame(in PongGame game, bool showScore) => new()
    {
        BallX = (short)(game.BallX >> 4),
        BallY = (short)(game.BallY >> 4),
        Opponent = (byte)(game.Opponent >> 4),
        Player = (byte)(game.Player >> 4),
        BallIsThere = game.ServeTimer == 0 ? (byte)1 : (byte)0,
        OpponentScore = showScore ? game.OpponentScore : (byte)Hidden,
        PlayerScore = showScore ? game.PlayerScore : (byte)Hidden,
    };

    public static bool IsWhole(in PongFrame frame)
        => InField(frame.Opponent * Unit) && InField(frame.Player * Unit) && frame.BallX is > -64 and < 224 && frame.BallY is >= 0 and < 210
            && (frame.OpponentScore <= WinningScore || frame.OpponentScore == Hidden) && (frame.PlayerScore <= WinningScore || frame.PlayerScore == Hidden);

    public static void Background(Span<uint> raster)
    {
        for (int y = 0; y < PictureScale.RasterHeight; y++) raster.Slice(y * PictureScale.RasterWidth, PictureScale.RasterWidth).Fill(BackgroundAt(y));
    }

    public static bool DrawQuickly(in PongFrame first, in PongFrame second, PictureScale scale, Span<byte> picture) => false;

    public static int Regions(in PongFrame first, in PongFrame second, bool drawnQuickly, Span<Region> regions)
    {
        regions[0] = Of(OpponentOf(in first).Around(OpponentOf(in second)));
        regions[1] = Of(PlayerOf(in first).Around(PlayerOf(in second)));
        regions[2] = Of(BallOf(in first).Around(BallOf(in second)));
        if (second.OpponentScore == Hidden) return 3;
        regions[3] = ScoreAt(OpponentScoreRight, first.OpponentScore == second.OpponentScore ? second.OpponentScore : -1);
        regions[4] = ScoreAt(PlayerScoreRight, first.PlayerScore == second.PlayerScore ? Scores + second.PlayerScore : -1);
        return 5;
    }

    public static int Stills => 2 * Scores;

    public static (PongFrame Frame, Region Region) Still(int number)
    {
        byte score = (byte)(number % Scores);
        return (new() { OpponentScore = score, PlayerScore = score }, ScoreAt(number < Scores ? OpponentScoreRight : PlayerScoreRight, number));
    }

    public static void Line(in PongFrame frame, int y, int left, Span<uint> line)
    {
        line.Fill(BackgroundAt(y));
        OpponentOf(in frame).Draw(y, left, line);
        PlayerOf(in frame).Draw(y, left, line);
        BallOf(in frame).Draw(y, left, line);
        if (frame.OpponentScore == Hidden || y >= ScoreTop + Digits.Height) return;
        Digits.Draw(frame.OpponentScore, 2, OpponentScoreRight, ScoreTop, s_opponent, y, left, line);
        Digits.Draw(frame.PlayerScore, 2, PlayerScoreRight, ScoreTop, s_player, y, left, line);
    }

    public static int NextChange(in PongFrame first, in PongFrame second, int y)
    {
        if (y < ScoreTop + Digits.Height) return Digits.Edge(ScoreTop, y, Top - 10);
        int next = y < Top - 10 ? Top - 10 : y < Top ? Top : y < Bottom ? Bottom : y < Bottom + 10 ? Bottom + 10 : PictureScale.RasterHeight;
        next = OpponentOf(in first).Edge(y, OpponentOf(in second).Edge(y, next));
        next = PlayerOf(in first).Edge(y, PlayerOf(in second).Edge(y, next));
        return BallOf(in first).Edge(y, BallOf(in second).Edge(y, next));
    }

    private static Region ScoreAt(int right, int still) => new(right - Digits.Pitch - Digits.Width, ScoreTop, right, ScoreTop + Digits.Height, still);

    private static uint BackgroundAt(int y) => y is >= Top - 10 and < Top or >= Bottom and < Bottom + 10 ? s_white : s_field;

    private static Region Of(Sprite around) => around.IsEmpty ? default : new(around.X, around.Y, around.Right, around.Bottom);

    private static Sprite OpponentOf(in PongFrame frame) => new(OpponentX, frame.Opponent, PaddleWidth, PaddleHeight, s_opponent);

    private static Sprite PlayerOf(in PongFrame frame) => new(PlayerX, frame.Player, PaddleWidth, PaddleHeight, s_player);

    private static Sprite BallOf(in PongFrame frame)
    {
        // What is beyond the edges cannot be seen.
        int left = Math.Max((int)frame.BallX, 0), right = Math.Min(frame.BallX + BallWidth, PictureScale.RasterWidth);
        return frame.BallIsThere == 0 || left >= right ? default : new(left, frame.BallY, right - left, BallHeight, s_white);
    }

    private static bool InField(int paddle) => paddle is >= Top * Unit and <= (Bottom - PaddleHeight) * Unit;

    private static void MovePlayer(ref PongGame game, int action)
    {
        // The way of the frame before: one frame to start, one to stop.
        game.Player = Math.Clamp(game.Player + (game.Way * PlayerSpeed), Top * Unit, (Bottom - PaddleHeight) * Unit);
        game.Way = action switch { 2 or 4 => -1, 3 or 5 => 1, _ => 0 };
    }

    private static void MoveOpponent(ref PongGame game)
    {
        int distance = game.BallY + (BallHeight * Unit / 2) - game.Opponent - (PaddleHeight * Unit / 2);
        if (Math.Abs(distance) <= DeadZone) return;
        int move = Math.Clamp(distance, -OpponentSpeed, OpponentSpeed);
        game.Opponent = Math.Clamp(game.Opponent + move, Top * Unit, (Bottom - PaddleHeight) * Unit);
    }

    private static void Serve<TDraws>(ref PongGame game, ref TDraws draws) where TDraws : struct, IScalarDraws, allows ref struct
    {
        game.ServeTimer = 0;
        game.Hits = 0;
        game.BallX = (PictureScale.RasterWidth - BallWidth) / 2 * Unit;
        game.BallY = draws.Between(60, 166) * Unit;
        game.SpeedX = game.ServedTo * 24;
        game.SpeedY = draws.Between(0, 4) switch { 0 => -16, 1 => -8, 2 => 8, _ => 16 };
    }

    private static int MoveBall(ref PongGame game)
    {
        int before = game.BallX;
        game.BallX += game.SpeedX;
        game.BallY += game.SpeedY;
        int highest = Top * Unit, lowest = (Bottom - BallHeight) * Unit;
        if (game.BallY < highest || game.BallY > lowest)
        {
            game.BallY = (game.BallY < highest ? 2 * highest : 2 * lowest) - game.BallY;
            game.SpeedY = -game.SpeedY;
        }
        Bounce(ref game, before);
        if (game.BallX + (BallWidth * Unit) <= 0) return Point(ref game, ref game.PlayerScore, servedTo: -1, 1);
        return game.BallX >= PictureScale.RasterWidth * Unit ? Point(ref game, ref game.OpponentScore, servedTo: 1, -1) : 0;
    }

    /// <summary>Off a paddle whose face the ball went through in this frame.</summary>
    private static void Bounce(ref PongGame game, int before)
    {
        const int Width = BallWidth * Unit, PlayerFace = PlayerX * Unit;
        if (game.SpeedX > 0 && before + Width <= PlayerFace && game.BallX + Width > PlayerFace && Touches(in game, game.Player))
        {
            game.BallX = (2 * PlayerFace) - (2 * Width) - game.BallX;
            Return(ref game, game.Player, -1);
        }
        else if (game.SpeedX < 0 && before >= OpponentFace && game.BallX < OpponentFace && Touches(in game, game.Opponent))
        {
            game.BallX = (2 * OpponentFace) - game.BallX;
            Return(ref game, game.Opponent, 1);
        }
    }

    private static bool Touches(in PongGame game, int paddle)
        => game.BallY + (BallHeight * Unit) > paddle && game.BallY < paddle + (PaddleHeight * Unit);

    private static void Return(ref PongGame game, int paddle, int way)
    {
        game.SpeedY = SpeedAfter(game.BallY, paddle);
        if (game.Hits < 12) game.Hits++;
        game.SpeedX = way * SpeedAfter(game.Hits);
    }

    /// <summary>Vertical speed of a ball that a paddle returns.</summary>
    internal static int SpeedAfter(int ballY, int paddle)
        => Bounces[Math.Clamp((ballY + (BallHeight * Unit / 2) - paddle) / (PaddleHeight * Unit / 8), 0, 7)];

    /// <summary>Horizontal speed after some hits of a rally.</summary>
    internal static int SpeedAfter(int hits) => hits >= 12 ? 40 : hits >= 4 ? 32 : 24;

    private static int Point(ref PongGame game, ref byte score, sbyte servedTo, int reward)
    {
        score++;
        game.ServedTo = servedTo;
        game.ServeTimer = ServeFrames;
        (game.BallX, game.BallY, game.SpeedX, game.SpeedY) = (0, Top * Unit, 0, 0);
        return reward;
    }
}
