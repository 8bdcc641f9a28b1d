using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Sim.Environments.Scalar;

namespace Sim.Environments.MinAtar;

/// <summary>State of <c>minatar-freeway</c>. Car i drives on row i + 1; a byte a car in each word.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct FreewayGame
{
    /// <summary>Columns of the cars.</summary>
    public ulong Columns;

    /// <summary>Steps until each car moves.</summary>
    public ulong Timers;

    /// <summary>Signed speeds, 1 to 5, to the right where positive; a car moves every |speed| + 1 steps.</summary>
    public ulong Speeds;

    /// <summary>Steps left.</summary>
    public short Countdown;

    /// <summary>Row of the chicken, whose column is 4.</summary>
    public sbyte Row;

    /// <summary>Steps until the chicken may move.</summary>
    public sbyte MoveTimer;

    public byte Over;
}

/// <summary>Rules of <c>minatar-freeway</c>: cross eight lanes of traffic (+1) as often as 2501 steps allow.</summary>
public readonly struct FreewayRules : IMinAtarGame<FreewayGame>
{
    private const int Cars = 8, Column = 4, MoveSteps = 3, Steps = 2500, MaxSpeed = 5;

    public static int Channels => 7;

    public static ReadOnlySpan<byte> MinimalActions => [MinAtarAction.None, MinAtarAction.Up, MinAtarAction.Down];

    // Chicken, car, and behind it its speed from the fastest to the slowest.
    public static ReadOnlySpan<byte> Colours =>
        [232, 204, 99, 200, 72, 72, 150, 150, 230, 125, 125, 190, 100, 100, 150, 75, 75, 110, 50, 50, 70];

    public static FreewayGame Start<TDraws>(ref TDraws draws) where TDraws : struct, IScalarDraws, allows ref struct
    {
        FreewayGame game = new() { Countdown = Steps, Row = Board.Last, MoveTimer = MoveSteps };
        DrawSpeeds(ref game, ref draws);
        return game;
    }

    public static int Step<TDraws>(ref FreewayGame game, int action, ref TDraws draws, in MinAtarSettings settings)
        where TDraws : struct, IScalarDraws, allows ref struct
    {
        int reward = 0;
        if (action is MinAtarAction.Up or MinAtarAction.Down && game.MoveTimer == 0)
        {
            game.MoveTimer = MoveSteps;
            int row = game.Row + (action == MinAtarAction.Up ? -1 : 1);
            game.Row = (sbyte)Math.Min(Math.Max(row, 0), Board.Last);
        }
        if (game.Row == 0)
        {
            reward = 1;
            DrawSpeeds(ref game, ref draws);
            game.Row = Board.Last;
        }
        Drive(ref game);
        if (game.MoveTimer > 0) game.MoveTimer--;
        game.Countdown--;
        if (game.Countdown < 0) game.Over = 1;
        return reward;
    }

    public static bool IsOver(in FreewayGame game) => game.Over != 0;

    public static void Draw(in FreewayGame game, Span<byte> cells)
    {
        cells.Clear();
        var speeds = Vector128.CreateScalar(game.Speeds).AsSByte();
        ulong sizes = Vector128.Abs(speeds).AsUInt64().ToScalar(), columns = game.Columns;
        ulong behind = Moved(Vector128.CreateScalar(columns).AsSByte(), -speeds).AsUInt64().ToScalar();
        // A foreign state's numbers are on the board too: they were looked at when it came.
        ref byte row = ref MemoryMarshal.GetReference(cells[..(Board.Cells * 7)]);
        for (int car = 0; car < Cars; car++)
        {
            row = ref Unsafe.Add(ref row, Board.Side * 7);
            Unsafe.Add(ref row, ((int)(columns & 0xFF) * 7) + 1) = 1;
            Unsafe.Add(ref row, ((int)(behind & 0xFF) * 7) + 1 + (int)(sizes & 0xFF)) = 1;
            (columns, behind, sizes) = (columns >> 8, behind >> 8, sizes >> 8);
        }
        cells[Board.At(Column, game.Row, 7)] = 1;
    }

    public static bool IsWhole(in FreewayGame game)
    {
        for (int car = 0; car < Cars; car++)
        {
            int speed = (sbyte)ByteOf(game.Speeds, car);
            if (ByteOf(game.Columns, car) >= Board.Side || speed is 0 or < -MaxSpeed or > MaxSpeed) return false;
        }
        return game.Row is >= 0 and < Board.Side;
    }

    private static byte ByteOf(ulong word, int index) => (byte)(word >> (8 * index));

    /// <summary>New speeds and timers; the cars stay where they are.</summary>
    private static void DrawSpeeds<TDraws>(ref FreewayGame game, ref TDraws draws) where TDraws : struct, IScalarDraws, allows ref struct
    {
        ulong sizes = 0, speeds = 0;
        for (int car = 0; car < Cars; car++) sizes |= (ulong)draws.Between(1, MaxSpeed + 1) << (8 * car);
        for (int car = 0; car < Cars; car++)
        {
            int size = ByteOf(sizes, car);
            speeds |= (ulong)(byte)(draws.Unit() < 0.5f ? -size : size) << (8 * car);
        }
        (game.Speeds, game.Timers) = (speeds, sizes);
    }

    /// <summary>
    /// Moves the cars whose timers ran out, all at once. Only the car of the chicken's row can hit it, before or after that
    /// car's move; a chicken that was hit is on row 9, where no car drives.
    /// </summary>
    private static void Drive(ref FreewayGame game)
    {
        var columns = Vector128.CreateScalar(game.Columns).AsSByte();
        var timers = Vector128.CreateScalar(game.Timers).AsSByte();
        var speeds = Vector128.CreateScalar(game.Speeds).AsSByte();
        var due = Vector128.Equals(timers, Vector128<sbyte>.Zero);
        var moved = Moved(columns, speeds);
        var after = Vector128.ConditionalSelect(due, moved, columns);
        ulong ranOut = Vector128.ConditionalSelect(due, Vector128.Abs(speeds), timers - Vector128.Create((sbyte)1)).AsUInt64().ToScalar();
        ulong now = after.AsUInt64().ToScalar();
        int car = game.Row - 1;
        if ((uint)car < Cars && (ByteOf(game.Columns, car) == Column || ByteOf(now, car) == Column)) game.Row = Board.Last;
        (game.Columns, game.Timers) = (now, ranOut);
    }

    /// <summary>Columns one further by the signs of the speeds, around the edges.</summary>
    private static Vector128<sbyte> Moved(Vector128<sbyte> columns, Vector128<sbyte> speeds)
    {
        var left = Vector128.LessThan(speeds, Vector128<sbyte>.Zero);
        var moved = columns + (left | Vector128.Create((sbyte)1));
        moved = Vector128.ConditionalSelect(Vector128.LessThan(moved, Vector128<sbyte>.Zero), Vector128.Create((sbyte)Board.Last), moved);
        return Vector128.ConditionalSelect(Vector128.GreaterThan(moved, Vector128.Create((sbyte)Board.Last)), Vector128<sbyte>.Zero, moved);
    }
}
