using System.Runtime.InteropServices;
using Sim.Environments.Scalar;

namespace Sim.Environments.MinAtar;

/// <summary>State of <c>minatar-asterix</c>. Slot i holds what moves on row i + 1: a bit a slot in each set, a byte a slot in <see cref="Columns"/>.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct AsterixGame
{
    /// <summary>Column of each slot's entity; 0 where there is none.</summary>
    public ulong Columns;

    /// <summary>Slots that hold an entity; those of them that move to the right, and those that are gold.</summary>
    public byte Full, Right, Gold;

    public sbyte PlayerX, PlayerY;

    /// <summary>Steps between spawns, and until the next.</summary>
    public sbyte SpawnInterval, SpawnTimer;

    /// <summary>Steps between moves of the entities, and until the next.</summary>
    public sbyte MoveInterval, MoveTimer;

    /// <summary>Steps until the game gets faster.</summary>
    public sbyte RampTimer;

    public byte Over;

    /// <summary>How often it has got faster.</summary>
    public short RampIndex;
}

/// <summary>Rules of <c>minatar-asterix</c>: take gold (+1), keep out of the way of enemies, which end the game.</summary>
public readonly struct AsterixRules : IMinAtarGame<AsterixGame>
{
    private const int Slots = 8, RampSteps = 100;

    public static int Channels => 4;

    public static ReadOnlySpan<byte> MinimalActions => [MinAtarAction.None, MinAtarAction.Left, MinAtarAction.Up, MinAtarAction.Right, MinAtarAction.Down];

    // Player, enemy, trail, gold.
    public static ReadOnlySpan<byte> Colours => [92, 186, 92, 200, 72, 72, 96, 96, 96, 232, 204, 99];

    public static AsterixGame Start<TDraws>(ref TDraws draws) where TDraws : struct, IScalarDraws, allows ref struct
        => new()
        {
            PlayerX = 5,
            PlayerY = 5,
            SpawnInterval = 10,
            SpawnTimer = 10,
            MoveInterval = 5,
            MoveTimer = 5,
            RampTimer = RampSteps,
        };

    public static int Step<TDraws>(ref AsterixGame game, int action, ref TDraws draws, in MinAtarSettings settings)
        where TDraws : struct, IScalarDraws, allows ref struct
    {
        if (game.SpawnTimer == 0) Spawn(ref game, ref draws);
        int x = game.PlayerX + (action == MinAtarAction.Right ? 1 : 0) - (action == MinAtarAction.Left ? 1 : 0);
        int y = game.PlayerY + (action == MinAtarAction.Down ? 1 : 0) - (action == MinAtarAction.Up ? 1 : 0);
        game.PlayerX = (sbyte)Math.Min(Math.Max(x, 0), Board.Last);
        game.PlayerY = (sbyte)Math.Min(Math.Max(y, 1), Slots);

        // Only the slot of the player's row can meet the player.
        int reward = Meet(ref game);
        if (game.MoveTimer == 0)
        {
            game.MoveTimer = game.MoveInterval;
            Move(ref game);
            reward += Meet(ref game);
        }
        game.SpawnTimer--;
        game.MoveTimer--;
        if (settings.Ramping && (game.SpawnInterval > 1 || game.MoveInterval > 1)) Ramp(ref game);
        return reward;
    }

    public static bool IsOver(in AsterixGame game) => game.Over != 0;

    public static void Draw(in AsterixGame game, Span<byte> cells)
    {
        cells.Clear();
        cells[Board.At(game.PlayerX, game.PlayerY, 4)] = 1;
        for (uint left = game.Full; left != 0; left &= left - 1)
        {
            int slot = System.Numerics.BitOperations.TrailingZeroCount(left);
            int x = Column(in game, slot), row = Board.At(0, slot + 1, 4);
            cells[row + (4 * x) + 1 + (2 * (game.Gold >> slot & 1))] = 1;
            int behind = x - Way(in game, slot);
            if ((uint)behind < Board.Side) cells[row + (4 * behind) + 2] = 1;
        }
    }

    public static bool IsWhole(in AsterixGame game)
    {
        for (int slot = 0; slot < Slots; slot++)
        {
            if (Column(in game, slot) >= Board.Side) return false;
        }
        return game.PlayerX is >= 0 and < Board.Side && game.PlayerY is >= 1 and <= Slots && game.SpawnInterval >= 1 && game.MoveInterval >= 1;
    }

    internal static int Column(in AsterixGame game, int slot) => (int)(game.Columns >> (8 * slot)) & 0xFF;

    private static int Way(in AsterixGame game, int slot) => (2 * (game.Right >> slot & 1)) - 1;

    private static void Spawn<TDraws>(ref AsterixGame game, ref TDraws draws) where TDraws : struct, IScalarDraws, allows ref struct
    {
        bool right = draws.Unit() < 0.5f, gold = draws.Unit() < 1f / 3f;
        game.SpawnTimer = game.SpawnInterval;
        uint free = (byte)~game.Full;
        if (free == 0) return;
        for (int skip = draws.Between(0, System.Numerics.BitOperations.PopCount(free)); skip > 0; skip--) free &= free - 1;
        int slot = System.Numerics.BitOperations.TrailingZeroCount(free);
        byte bit = (byte)(1 << slot);
        game.Full |= bit;
        if (right) game.Right |= bit;
        else game.Columns |= (ulong)Board.Last << (8 * slot);
        if (gold) game.Gold |= bit;
    }

    /// <summary>What happens where an entity stands on the player's cell: gold is taken, an enemy ends the game and stays.</summary>
    private static int Meet(ref AsterixGame game)
    {
        int slot = game.PlayerY - 1;
        if ((game.Full >> slot & 1) == 0 || Column(in game, slot) != game.PlayerX) return 0;
        if ((game.Gold >> slot & 1) == 0)
        {
            game.Over = 1;
            return 0;
        }
        Remove(ref game, slot);
        return 1;
    }

    private static void Move(ref AsterixGame game)
    {
        for (uint left = game.Full; left != 0; left &= left - 1)
        {
            int slot = System.Numerics.BitOperations.TrailingZeroCount(left);
            int x = Column(in game, slot) + Way(in game, slot);
            if ((uint)x < Board.Side) game.Columns = (game.Columns & ~(0xFFul << (8 * slot))) | ((ulong)x << (8 * slot));
            else Remove(ref game, slot);
        }
    }

    /// <summary>Empties a slot, to the last bit: equal games have equal states.</summary>
    private static void Remove(ref AsterixGame game, int slot)
    {
        byte others = (byte)~(1 << slot);
        game.Full &= others;
        game.Right &= others;
        game.Gold &= others;
        game.Columns &= ~(0xFFul << (8 * slot));
    }

    private static void Ramp(ref AsterixGame game)
    {
        if (game.RampTimer >= 0)
        {
            game.RampTimer--;
            return;
        }
        if (game.MoveInterval > 1 && (game.RampIndex & 1) != 0) game.MoveInterval--;
        if (game.SpawnInterval > 1) game.SpawnInterval--;
        game.RampIndex++;
        game.RampTimer = RampSteps;
    }
}
