using System.Runtime.InteropServices;
using Sim.Environments.Scalar;

namespace Sim.Environments.PixelGames;

/// <summary>State of <c>pixel-breakout</c>. Lengths are in sixteenths of a pixel, speeds in sixteenths a frame.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct PixelBreakoutGame
{
    public BrickWall Wall;

    /// <summary>Top left of the ball.</summary>
    public int BallX, BallY;

    /// <summary>0 while no ball is in play.</summary>
    public int SpeedX, SpeedY;

    /// <summary>Left of the paddle.</summary>
    public int Paddle;

    public short Score;

    public byte Lives;

    /// <summary>Whether the paddle has its half width: the ball has touched the top wall.</summary>
    public byte IsNarrow;

    /// <summary>Hits of the paddle by this ball, 12 at most.</summary>
    public byte Hits;

    /// <summary>Whether this ball has broken one of the upper bricks.</summary>
    public byte IsFast;

    /// <summary>Walls that have been emptied.</summary>
    public byte Walls;
}

/// <summary>What a raw frame of <c>pixel-breakout</c> shows, in pixels.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct PixelBreakoutFrame
{
    public BrickWall Wall;

    public byte BallX, BallY, Paddle, PaddleWidth;

    /// <summary>0 where no ball is in play.</summary>
    public byte BallIsThere;

    /// <summary>Of five.</summary>
    public byte Lives;

    /// <summary>−1 where it is not shown.</summary>
    public short Score;
}

/// <summary>
/// Rules of <c>pixel-breakout</c>: two walls of 108 bricks, five balls, points by the row of a brick. Only the look is that of the console's game.
/// </summary>
public readonly struct PixelBreakoutRules : IPixelGame<PixelBreakoutGame, PixelBreakoutFrame>
{
    private const int Unit = 16, LeftWall = 8, RightWall = 152, TopWall = 17, WallBottom = 32;
    private const int BallWidth = 2, BallHeight = 4, PaddleTop = 189, PaddleHeight = 4, WidePaddle = 16, NarrowPaddle = 8;
    private const int PaddleSpeed = 3 * Unit, FirstLives = 5, AllWalls = 2, ServeRow = 120, LostRow = 206;
    private const int ScoreTop = 1, ScoreRight = 80, LivesRight = 128, ScorePlaces = 3;
    private const int TensStill = 10, HundredsStill = 20, LivesStill = 30;

    private static readonly uint s_wall = Sprite.Rgb(142, 142, 142), s_red = Sprite.Rgb(200, 72, 72);

    private static readonly uint[] s_rows =
    [
        Sprite.Rgb(200, 72, 72), Sprite.Rgb(198, 108, 58), Sprite.Rgb(180, 122, 48), Sprite.Rgb(162, 162, 42), Sprite.Rgb(72, 160, 72), Sprite.Rgb(66, 72, 200),
    ];

    private static ReadOnlySpan<byte> Points => [7, 7, 4, 4, 1, 1];

    /// <summary>Nothing, fire, right, left.</summary>
    public static int Actions => 4;

    public static PixelBreakoutGame Start<TDraws>(ref TDraws draws) where TDraws : struct, IScalarDraws, allows ref struct
        => new() { Wall = BrickWall.Full, Lives = FirstLives, Paddle = (LeftWall + RightWall - WidePaddle) / 2 * Unit };

    public static int Step<TDraws>(ref PixelBreakoutGame game, int action, ref TDraws draws) where TDraws : struct, IScalarDraws, allows ref struct
    {
        int move = action switch { 2 => PaddleSpeed, 3 => -PaddleSpeed, _ => 0 };
        game.Paddle = Math.Clamp(game.Paddle + move, LeftWall * Unit, (RightWall - WidthOf(in game)) * Unit);
        if (game.SpeedY == 0)
        {
            if (action == 1) Serve(ref game, ref draws);
            return 0;
        }
        return MoveBall(ref game);
    }

    public static bool IsOver(in PixelBreakoutGame game) => game.Lives == 0;

    public static int Lives(in PixelBreakoutGame game) => game.Lives;

    public static bool IsWhole(in PixelBreakoutGame game)
        => game.Wall.IsWhole && game.BallX is >= LeftWall * Unit and <= (RightWall - BallWidth) * Unit && game.BallY is >= WallBottom * Unit and < 210 * Unit
            && Math.Abs((long)game.SpeedX) <= 48 && Math.Abs((long)game.SpeedY) <= 32
            && game.Paddle is >= LeftWall * Unit and <= (RightWall - NarrowPaddle) * Unit && game.Score is >= 0 and <= 864 && game.Lives <= FirstLives && game.Walls <= AllWalls;

    public static PixelBreakoutFrame Frame(in PixelBreakoutGame game, bool showScore) => new()
    {
        Wall = game.Wall,
        BallX = (byte)(game.BallX >> 4),
        BallY = (byte)(game.BallY >> 4),
        Paddle = (byte)(game.Paddle >> 4),
        PaddleWidth = (byte)WidthOf(in game),
        BallIsThere = game.SpeedY == 0 ? (byte)0 : (byte)1,
        Lives = game.Lives,
        Score = showScore ? game.Score : (short)-1,
    };

    public static bool IsWhole(in PixelBreakoutFrame frame)
        => frame.Wall.IsWhole && frame.BallX <= RightWall - BallWidth && frame.BallY < 210 && frame.PaddleWidth is NarrowPaddle or WidePaddle
            && frame.Paddle is >= LeftWall and <= RightWall - NarrowPaddle && frame.Lives <= FirstLives && frame.Score is >= -1 and <= 864;

    public static void Background(Span<uint> raster)
    {
        for (int y = 0; y < PictureScale.RasterHeight; y++)
        {
            var line = raster.Slice(y * PictureScale.RasterWidth, PictureScale.RasterWidth);
            DrawWalls(y, 0, line);
            DrawBricks(BrickWall.Full, y, 0, line);
        }
    }

    public static bool DrawQuickly(in PixelBreakoutFrame first, in PixelBreakoutFrame second, PictureScale scale, Span<byte> picture)
    {
        if (scale != PictureScale.Rgb64) return false;
        // A brick that only the first frame has is seen all the same.
        var seen = first.Wall.With(second.Wall);
        if (!seen.IsFull) BrickPicture.Draw(seen, picture);
        return true;
    }

    public static int Regions(in PixelBreakoutFrame first, in PixelBreakoutFrame second, bool drawnQuickly, Span<Region> regions)
    {
        var paddle = PaddleOf(in first).Around(PaddleOf(in second));
        var ball = BallOf(in first).Around(BallOf(in second));
        regions[0] = new(paddle.X, paddle.Y, paddle.Right, paddle.Bottom);
        regions[1] = ball.IsEmpty ? default : new(ball.X, ball.Y, ball.Right, ball.Bottom);
        int count = 2;
        if (second.Score >= 0)
        {
            bool same = first.Score == second.Score;
            regions[count++] = DigitAt(ScoreRight, same ? second.Score % 10 : -1);
            if (second.Score >= 10) regions[count++] = DigitAt(ScoreRight - Digits.Pitch, same ? TensStill + (second.Score / 10 % 10) : -1);
            if (second.Score >= 100) regions[count++] = DigitAt(ScoreRight - (2 * Digits.Pitch), same ? HundredsStill + (second.Score / 100) : -1);
            regions[count++] = DigitAt(LivesRight, first.Lives == second.Lives ? LivesStill + second.Lives : -1);
        }
        return drawnQuickly ? count : BrickRegions(in second, regions, count);
    }

    public static int Stills => LivesStill + FirstLives + 1;

    public static (PixelBreakoutFrame Frame, Region Region) Still(int number)
    {
        PixelBreakoutFrame frame = new() { Wall = BrickWall.Full, PaddleWidth = WidePaddle, Paddle = LeftWall };
        if (number >= LivesStill) return (frame with { Lives = (byte)(number - LivesStill) }, DigitAt(LivesRight, number));
        int place = number / 10, digit = number % 10;
        // A nine before it keeps a leading nought from being left out.
        short score = place switch { 0 => (short)digit, 1 => (short)(900 + (10 * digit)), _ => (short)(100 * digit) };
        return (frame with { Score = score }, DigitAt(ScoreRight - (place * Digits.Pitch), number));
    }

    /// <summary>Where bricks are gone: those of the background are all there.</summary>
    private static int BrickRegions(in PixelBreakoutFrame second, Span<Region> regions, int count)
    {
        int before = count;
        for (int row = 0; row < BrickWall.Rows; row++)
        {
            uint gone = ~second.Wall.Row(row) & BrickWall.FullRow;
            if (gone == 0) continue;
            int left = System.Numerics.BitOperations.TrailingZeroCount(gone), right = 32 - System.Numerics.BitOperations.LeadingZeroCount(gone);
            int top = BrickWall.Top + (row * BrickWall.BrickHeight);
            Region region = new(BrickWall.Left + (left * BrickWall.BrickWidth), top, BrickWall.Left + (right * BrickWall.BrickWidth), top + BrickWall.BrickHeight);
            // Rows that lie next to each other share pixels: they are drawn as one.
            bool joins = count > before && regions[count - 1].Bottom == top;
            if (joins)
            {
                var above = regions[count - 1];
                regions[count - 1] = new(Math.Min(above.Left, region.Left), above.Top, Math.Max(above.Right, region.Right), region.Bottom);
            }
            else
            {
                regions[count++] = region;
            }
        }
        return count;
    }

    public static void Line(in PixelBreakoutFrame frame, int y, int left, Span<uint> line)
    {
        DrawWalls(y, left, line);
        DrawBricks(frame.Wall, y, left, line);
        PaddleOf(in frame).Draw(y, left, line);
        BallOf(in frame).Draw(y, left, line);
        if (frame.Score < 0 || y >= ScoreTop + Digits.Height) return;
        Digits.Draw(frame.Score, ScorePlaces, ScoreRight, ScoreTop, s_wall, y, left, line);
        Digits.Draw(frame.Lives, 1, LivesRight, ScoreTop, s_wall, y, left, line);
    }

    public static int NextChange(in PixelBreakoutFrame first, in PixelBreakoutFrame second, int y)
    {
        if (y < ScoreTop + Digits.Height) return Digits.Edge(ScoreTop, y, TopWall);
        int next = y < TopWall ? TopWall : y < WallBottom ? WallBottom : PictureScale.RasterHeight;
        if (y < BrickWall.Bottom) next = Math.Min(next, y < BrickWall.Top ? BrickWall.Top : y + BrickWall.BrickHeight - ((y - BrickWall.Top) % BrickWall.BrickHeight));
        next = PaddleOf(in first).Edge(y, PaddleOf(in second).Edge(y, next));
        return BallOf(in first).Edge(y, BallOf(in second).Edge(y, next));
    }

    private static Region DigitAt(int right, int still) => new(right - Digits.Width, ScoreTop, right, ScoreTop + Digits.Height, still);

    internal static uint ColourOf(int row) => s_rows[row];

    internal static uint WallColour => s_wall;

    private static int WidthOf(in PixelBreakoutGame game) => game.IsNarrow != 0 ? NarrowPaddle : WidePaddle;

    private static Sprite PaddleOf(in PixelBreakoutFrame frame) => new(frame.Paddle, PaddleTop, frame.PaddleWidth, PaddleHeight, s_red);

    private static Sprite BallOf(in PixelBreakoutFrame frame)
        => frame.BallIsThere == 0 ? default : new(frame.BallX, frame.BallY, BallWidth, BallHeight, s_red);

    private static void DrawWalls(int y, int left, Span<uint> line)
    {
        line.Clear();
        if (y < TopWall) return;
        if (y < WallBottom)
        {
            line.Fill(s_wall);
            return;
        }
        new Sprite(0, y, LeftWall, 1, s_wall).Draw(y, left, line);
        new Sprite(RightWall, y, PictureScale.RasterWidth - RightWall, 1, s_wall).Draw(y, left, line);
    }

    private static void DrawBricks(BrickWall wall, int y, int left, Span<uint> line)
    {
        if (y is < BrickWall.Top or >= BrickWall.Bottom) return;
        int row = (y - BrickWall.Top) / BrickWall.BrickHeight;
        uint colour = s_rows[row];
        for (uint bricks = wall.Row(row); bricks != 0;)
        {
            // A run of bricks is one stretch.
            int from = System.Numerics.BitOperations.TrailingZeroCount(bricks), length = System.Numerics.BitOperations.TrailingZeroCount(~(bricks >> from));
            new Sprite(BrickWall.Left + (from * BrickWall.BrickWidth), y, length * BrickWall.BrickWidth, 1, colour).Draw(y, left, line);
            bricks &= ~(((1u << length) - 1) << from);
        }
    }

    private static void Serve<TDraws>(ref PixelBreakoutGame game, ref TDraws draws) where TDraws : struct, IScalarDraws, allows ref struct
    {
        game.BallX = draws.Between(20, 139) * Unit;
        game.BallY = ServeRow * Unit;
        game.SpeedX = draws.Between(0, 2) == 0 ? -Unit : Unit;
        game.SpeedY = Unit;
        (game.Hits, game.IsFast, game.IsNarrow) = (0, 0, 0);
        game.Paddle = Math.Min(game.Paddle, (RightWall - WidePaddle) * Unit);
    }

    private static int MoveBall(ref PixelBreakoutGame game)
    {
        int reward = 0, left = LeftWall * Unit, right = (RightWall - BallWidth) * Unit;
        int beforeX = game.BallX, beforeY = game.BallY;
        game.BallX += game.SpeedX;
        game.BallY += game.SpeedY;
        if (game.BallX < left || game.BallX > right)
        {
            game.BallX = (game.BallX < left ? 2 * left : 2 * right) - game.BallX;
            game.SpeedX = -game.SpeedX;
        }
        if (game.BallY < WallBottom * Unit)
        {
            game.BallY = (2 * WallBottom * Unit) - game.BallY;
            game.SpeedY = -game.SpeedY;
            game.IsNarrow = 1;
        }
        else if (BrickWall.Contact(in game.Wall, beforeX, beforeY, game.BallX, game.BallY, BallWidth * Unit, BallHeight * Unit) is { IsHit: true } contact)
        {
            reward = Break(ref game, contact, beforeX, beforeY);
        }
        else if (game.SpeedY > 0 && beforeY < (PaddleTop + PaddleHeight) * Unit && game.BallY + (BallHeight * Unit) > PaddleTop * Unit)
        {
            Bounce(ref game);
        }
        if (game.BallY >= LostRow * Unit)
        {
            game.Lives--;
            (game.BallX, game.BallY, game.SpeedX, game.SpeedY) = (left, ServeRow * Unit, 0, 0);
        }
        return reward;
    }

    private static int Break(ref PixelBreakoutGame game, BrickContact contact, int beforeX, int beforeY)
    {
        game.Wall.Remove(contact.Column, contact.Row);
        if (contact.IsOnSide) (game.BallX, game.SpeedX) = (beforeX, -game.SpeedX);
        else (game.BallY, game.SpeedY) = (beforeY, -game.SpeedY);
        if (contact.Row < BrickWall.Rows / 2 && game.IsFast == 0)
        {
            game.IsFast = 1;
            SetSpeed(ref game, Math.Sign(game.SpeedX) * Unit);
        }
        int points = Points[contact.Row];
        game.Score += (short)points;
        return points;
    }

    /// <summary>Off the paddle, where it lies under the ball: upwards, to the side by the quarter that was hit.</summary>
    private static void Bounce(ref PixelBreakoutGame game)
    {
        int width = WidthOf(in game) * Unit, middle = game.BallX + (BallWidth * Unit / 2) - game.Paddle;
        if (game.BallX + (BallWidth * Unit) <= game.Paddle || game.BallX >= game.Paddle + width) return;
        // A paddle that is moved into a ball beside it lifts it up.
        game.BallY = (PaddleTop - BallHeight) * Unit;
        game.SpeedY = -game.SpeedY;
        if (game.Hits < 12) game.Hits++;
        SetSpeed(ref game, Math.Clamp(4 * middle / width, 0, 3) switch { 0 => -24, 1 => -12, 2 => 12, _ => 24 });
        if (!game.Wall.IsEmpty || game.Walls + 1 >= AllWalls) return;
        game.Walls++;
        game.Wall = BrickWall.Full;
    }

    /// <summary>Both speeds by the ball's present factor: 1, then 1.5 and 2.</summary>
    /// <param name="game">Whose ball.</param>
    /// <param name="horizontal">Horizontal speed at factor 1.</param>
    private static void SetSpeed(ref PixelBreakoutGame game, int horizontal)
    {
        int halves = game.IsFast != 0 || game.Hits >= 12 ? 4 : game.Hits >= 4 ? 3 : 2;
        game.SpeedX = horizontal * halves / 2;
        game.SpeedY = Math.Sign(game.SpeedY) * Unit * halves / 2;
    }
}
