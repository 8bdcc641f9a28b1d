using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Sim.Environments.Scalar;

namespace Sim.Environments.MinAtar;

/// <summary>State of <c>minatar-space-invaders</c>.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct SpaceInvadersGame
{
    public GridSet Aliens, FriendlyBullets, EnemyBullets;

    /// <summary>Column of the cannon, on row 9.</summary>
    public sbyte Cannon;

    /// <summary>Way of the aliens, −1 to the left or 1 to the right.</summary>
    public sbyte Direction;

    /// <summary>Steps between moves of the aliens, never more than there are aliens, and until the next.</summary>
    public sbyte AlienInterval, AlienTimer;

    /// <summary>Steps until an alien shoots.</summary>
    public sbyte AlienShotTimer;

    /// <summary>Steps until the cannon may shoot.</summary>
    public sbyte ShotTimer;

    public byte Over;

    /// <summary>How often the game has got faster.</summary>
    public short RampIndex;
}

/// <summary>Rules of <c>minatar-space-invaders</c>: shoot aliens (+1 each) that march and shoot back.</summary>
public readonly struct SpaceInvadersRules : IMinAtarGame<SpaceInvadersGame>
{
    private static readonly byte[] s_leftward = Stretches(2), s_rightward = Stretches(3);

    private const int StretchBytes = 32;

    private const int PlayerShotSteps = 5, AlienShotSteps = 10, FirstInterval = 12, LeastInterval = 6;

    /// <summary>Columns 2 to 7 of rows 0 to 3.</summary>
    private static GridSet Wave => new(0b0011111100_0011111100_0011111100_0011111100ul, 0);

    public static int Channels => 6;

    public static ReadOnlySpan<byte> MinimalActions => [MinAtarAction.None, MinAtarAction.Left, MinAtarAction.Right, MinAtarAction.Fire];

    // Cannon, alien, alien on its way left and right, friendly bullet, enemy bullet.
    public static ReadOnlySpan<byte> Colours => [92, 186, 92, 200, 72, 72, 200, 72, 72, 200, 110, 72, 236, 236, 236, 232, 204, 99];

    public static SpaceInvadersGame Start<TDraws>(ref TDraws draws) where TDraws : struct, IScalarDraws, allows ref struct
        => new()
        {
            Aliens = Wave,
            Cannon = 5,
            Direction = -1,
            AlienInterval = FirstInterval,
            AlienTimer = FirstInterval,
            AlienShotTimer = AlienShotSteps,
        };

    public static int Step<TDraws>(ref SpaceInvadersGame game, int action, ref TDraws draws, in MinAtarSettings settings)
        where TDraws : struct, IScalarDraws, allows ref struct
    {
        if (action == MinAtarAction.Fire && game.ShotTimer == 0)
        {
            game.FriendlyBullets.Add(game.Cannon, Board.Last);
            game.ShotTimer = PlayerShotSteps;
        }
        int cannon = game.Cannon + (action == MinAtarAction.Right ? 1 : 0) - (action == MinAtarAction.Left ? 1 : 0);
        cannon = Math.Min(Math.Max(cannon, 0), Board.Last);
        game.Cannon = (sbyte)cannon;

        game.FriendlyBullets = game.FriendlyBullets.Up();
        game.EnemyBullets = game.EnemyBullets.Down();
        if (game.EnemyBullets.Has(cannon, Board.Last) || game.Aliens.Has(cannon, Board.Last)) game.Over = 1;
        if (game.AlienTimer == 0) March(ref game);
        if (game.AlienShotTimer == 0) Shoot(ref game);

        var killed = game.Aliens & game.FriendlyBullets;
        int reward = killed.Count;
        game.Aliens -= killed;
        game.FriendlyBullets -= killed;
        if (game.ShotTimer > 0) game.ShotTimer--;
        game.AlienTimer--;
        game.AlienShotTimer--;
        if (game.Aliens.IsEmpty) NextWave(ref game, settings.Ramping);
        return reward;
    }

    public static bool IsOver(in SpaceInvadersGame game) => game.Over != 0;

    public static void Draw(in SpaceInvadersGame game, Span<byte> cells)
    {
        DrawAliens(game.Aliens, game.Direction, cells);
        Mark(game.FriendlyBullets, cells, 4);
        Mark(game.EnemyBullets, cells, 5);
        cells[Board.At(game.Cannon, Board.Last, 6)] = 1;
    }

    public static bool IsWhole(in SpaceInvadersGame game)
        => game.Aliens.IsWhole && game.FriendlyBullets.IsWhole && game.EnemyBullets.IsWhole && Board.Has(game.Cannon, 0) && game.Direction is -1 or 1;

    /// <summary>
    /// Writes the whole board, with channels 1 and 2 or 1 and 3 in the aliens' cells, five cells at a store. A store is two bytes longer than five cells:
    /// it spoils the beginning of the next five, which are written after it; the last five are two stores that end with the board.
    /// </summary>
    private static void DrawAliens(GridSet aliens, int direction, Span<byte> cells)
    {
        ref byte stretches = ref MemoryMarshal.GetArrayDataReference(direction < 0 ? s_leftward : s_rightward);
        ref byte target = ref MemoryMarshal.GetReference(cells[..(Board.Cells * 6)]);
        ref byte end = ref DrawRows(aliens.Upper, ref stretches, ref target, 10);
        end = ref DrawRows(aliens.Lower, ref stretches, ref end, 9);
        ref byte last = ref Unsafe.Add(ref stretches, (int)(aliens.Lower >> 45) * StretchBytes);
        Vector128.LoadUnsafe(ref last).StoreUnsafe(ref end);
        Vector128.LoadUnsafe(ref last, 14).StoreUnsafe(ref end, 14);
    }

    /// <summary>Writes the cells of the lowest bits, in stretches of five; returns where the next is to go.</summary>
    private static ref byte DrawRows(ulong bits, ref byte stretches, ref byte target, int count)
    {
        for (int stretch = 0; stretch < count; stretch++)
        {
            Vector256.LoadUnsafe(ref stretches, (nuint)(bits & 31) * StretchBytes).StoreUnsafe(ref target);
            target = ref Unsafe.Add(ref target, 30);
            bits >>= 5;
        }
        return ref target;
    }

    /// <summary>Five cells for each set of them, 32 bytes a set.</summary>
    private static byte[] Stretches(int way)
    {
        byte[] stretches = new byte[32 * StretchBytes];
        for (int bits = 0; bits < 32; bits++)
        {
            for (int cell = 0; cell < 5; cell++)
            {
                byte mark = (byte)(bits >> cell & 1);
                stretches[(bits * StretchBytes) + (cell * 6) + 1] = stretches[(bits * StretchBytes) + (cell * 6) + way] = mark;
            }
        }
        return stretches;
    }

    private static void Mark(GridSet set, Span<byte> cells, int channel)
    {
        for (ulong left = set.Upper; left != 0; left &= left - 1) cells[(BitOperations.TrailingZeroCount(left) * 6) + channel] = 1;
        for (ulong left = set.Lower; left != 0; left &= left - 1) cells[((50 + BitOperations.TrailingZeroCount(left)) * 6) + channel] = 1;
    }

    /// <summary>The aliens take a step aside, or at the edge one down and turn around.</summary>
    private static void March(ref SpaceInvadersGame game)
    {
        game.AlienTimer = (sbyte)Math.Min(game.Aliens.Count, game.AlienInterval);
        if (game.Aliens.HasColumn(game.Direction < 0 ? 0 : Board.Last))
        {
            game.Direction = (sbyte)-game.Direction;
            uint landed = game.Aliens.Row(Board.Last);
            if (landed != 0) game.Over = 1;
            game.Aliens = game.Aliens.Down();
            // The lowest row comes back on top.
            game.Aliens.Upper |= landed;
        }
        else
        {
            game.Aliens = game.Direction < 0 ? game.Aliens.Left() : game.Aliens.Right();
        }
        if (game.Aliens.Has(game.Cannon, Board.Last)) game.Over = 1;
    }

    /// <summary>The lowest alien of the column that is nearest to the cannon shoots; of two as near, the left one.</summary>
    private static void Shoot(ref SpaceInvadersGame game)
    {
        game.AlienShotTimer = AlienShotSteps;
        uint columns = game.Aliens.Columns();
        if (columns == 0) return;
        for (int distance = 0; distance < Board.Side; distance++)
        {
            int left = game.Cannon - distance, right = game.Cannon + distance;
            int column = left >= 0 && (columns >> left & 1) != 0 ? left : right < Board.Side && (columns >> right & 1) != 0 ? right : -1;
            if (column < 0) continue;
            game.EnemyBullets.Add(column, game.Aliens.Lowest(column));
            return;
        }
    }

    private static void NextWave(ref SpaceInvadersGame game, bool ramping)
    {
        if (ramping && game.AlienInterval > LeastInterval)
        {
            game.AlienInterval--;
            game.RampIndex++;
        }
        game.Aliens = Wave;
    }
}
