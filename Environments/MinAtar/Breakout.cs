using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Sim.Environments.Scalar;

namespace Sim.Environments.MinAtar;

/// <summary>State of <c>minatar-breakout</c>.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct BreakoutGame
{
    /// <summary>Bricks of rows 1 to 3, ten bits a row, the leftmost lowest.</summary>
    public uint Bricks;

    /// <summary>Where the ball is, and where it was a step before.</summary>
    public sbyte BallX, BallY, LastX, LastY;

    /// <summary>Way of the ball: 0 up-left, 1 up-right, 2 down-right, 3 down-left.</summary>
    public byte Direction;

    /// <summary>Column of the paddle, on row 9.</summary>
    public sbyte Paddle;

    /// <summary>Set while the ball is inside the wall after it has broken a brick.</summary>
    public byte Latch;

    public byte Over;
}

/// <summary>Rules of <c>minatar-breakout</c>: three rows of bricks, +1 each; the game ends when the ball is missed.</summary>
public readonly struct BreakoutRules : IMinAtarGame<BreakoutGame>
{
    private const uint FullWall = (1u << 30) - 1;

    public static int Channels => 4;

    public static ReadOnlySpan<byte> MinimalActions => [MinAtarAction.None, MinAtarAction.Left, MinAtarAction.Right];

    // Paddle, ball, trail, brick.
    public static ReadOnlySpan<byte> Colours => [92, 186, 92, 236, 236, 236, 96, 96, 96, 200, 72, 72];

    public static BreakoutGame Start<TDraws>(ref TDraws draws) where TDraws : struct, IScalarDraws, allows ref struct
    {
        bool fromRight = draws.Between(0, 2) == 1;
        sbyte x = fromRight ? (sbyte)Board.Last : (sbyte)0;
        return new()
        {
            Bricks = FullWall,
            BallX = x,
            BallY = 3,
            LastX = x,
            LastY = 3,
            Direction = fromRight ? (byte)3 : (byte)2,
            Paddle = 4,
        };
    }

    public static int Step<TDraws>(ref BreakoutGame game, int action, ref TDraws draws, in MinAtarSettings settings)
        where TDraws : struct, IScalarDraws, allows ref struct
    {
        int paddle = game.Paddle + (action == MinAtarAction.Right ? 1 : 0) - (action == MinAtarAction.Left ? 1 : 0);
        paddle = Math.Min(Math.Max(paddle, 0), Board.Last);
        game.Paddle = (sbyte)paddle;
        int oldX = game.BallX, oldY = game.BallY, direction = game.Direction;
        (game.LastX, game.LastY) = (game.BallX, game.BallY);
        // Ways 1 and 2 go right, 2 and 3 go down; a mirror at a wall swaps 0 with 1, at a floor 0 with 3.
        int x = oldX + (direction is 1 or 2 ? 1 : -1), y = oldY + (direction >= 2 ? 1 : -1);
        if ((uint)x > Board.Last)
        {
            x = x < 0 ? 0 : Board.Last;
            direction ^= 1;
        }
        int reward = 0;
        bool inBrick = false;
        if (y < 0)
        {
            y = 0;
            direction = 3 - direction;
        }
        else if (HasBrick(game.Bricks, x, y))
        {
            inBrick = true;
            if (game.Latch == 0)
            {
                reward = 1;
                game.Bricks &= ~(1u << BrickBit(x, y));
                game.Latch = 1;
                y = oldY;
                direction = 3 - direction;
            }
        }
        else if (y == Board.Last)
        {
            if (game.Bricks == 0) game.Bricks = FullWall;
            if (oldX == paddle)
            {
                direction = 3 - direction;
                y = oldY;
            }
            else if (x == paddle)
            {
                direction ^= 2;
                y = oldY;
            }
            else
            {
                game.Over = 1;
            }
        }
        if (!inBrick) game.Latch = 0;
        (game.BallX, game.BallY, game.Direction) = ((sbyte)x, (sbyte)y, (byte)direction);
        return reward;
    }

    public static bool IsOver(in BreakoutGame game) => game.Over != 0;

    public static void Draw(in BreakoutGame game, Span<byte> cells)
    {
        cells.Clear();
        DrawWall(game.Bricks, cells);
        cells[Board.At(game.Paddle, Board.Last, 4)] = 1;
        cells[Board.At(game.BallX, game.BallY, 4) + 1] = 1;
        cells[Board.At(game.LastX, game.LastY, 4) + 2] = 1;
    }

    public static bool IsWhole(in BreakoutGame game)
        => Board.Has(game.BallX, game.BallY) && Board.Has(game.LastX, game.LastY) && Board.Has(game.Paddle, 0) && game.Direction < 4
            && game.Bricks <= FullWall;

    private static int BrickBit(int x, int y) => ((y - 1) * Board.Side) + x;

    private static bool HasBrick(uint bricks, int x, int y) => y is >= 1 and <= 3 && (bricks >> BrickBit(x, y) & 1) != 0;

    /// <summary>A cell has four channels, so that eight cells are one vector, and the brick's is its highest byte.</summary>
    private static void DrawWall(uint bricks, Span<byte> cells)
    {
        ref uint wall = ref Unsafe.Add(ref Unsafe.As<byte, uint>(ref MemoryMarshal.GetReference(cells)), Board.Side);
        var bits = Vector256.Create(1u, 2, 4, 8, 16, 32, 64, 128);
        for (int brick = 0; brick < 32; brick += 8)
        {
            // Bits 30 and 31 are always clear: the two cells behind the wall stay as they are, empty so far.
            var here = Vector256.Create(bricks >> brick) & bits;
            var marks = ~Vector256.Equals(here, Vector256<uint>.Zero) & Vector256.Create(1u << 24);
            marks.StoreUnsafe(ref wall, (nuint)brick);
        }
    }
}
