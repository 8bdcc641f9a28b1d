using System.Runtime.InteropServices;
using Sim.Environments.Scalar;

namespace Sim.Environments.MinAtar;

/// <summary>State of <c>minatar-seaquest</c>.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct SeaquestGame
{
    /// <summary>Where the submarine is, and which way it faces: −1 left, 1 right.</summary>
    public sbyte X, Y, Way;

    /// <summary>Steps until it may shoot.</summary>
    public sbyte ShotTimer;

    public short Oxygen;

    /// <summary>Divers on board; −1 after surfacing with six, unless that is fixed.</summary>
    public int DiverCount;

    /// <summary>Set while the submarine is at the surface and has not dived since.</summary>
    public byte Surfaced;

    public byte Over;

    /// <summary>Steps between enemies, and until the next.</summary>
    public sbyte EnemyInterval, EnemyTimer;

    /// <summary>Steps until the next diver.</summary>
    public sbyte DiverTimer;

    /// <summary>One less than the steps between moves of an enemy.</summary>
    public sbyte MoveInterval;

    /// <summary>How often the game has got faster.</summary>
    public short RampIndex;

    public Swimmers FriendlyBullets, EnemyBullets, Fish, Submarines, Divers;
}

/// <summary>
/// Rules of <c>minatar-seaquest</c>: shoot fish and submarines (+1), fetch divers, surface for air before it runs out; with
/// six divers on board surfacing pays up to +10. The order of everything within a step is that of the source.
/// </summary>
public readonly struct SeaquestRules : IMinAtarGame<SeaquestGame>
{
    private const int FullOxygen = 200, GaugeCells = 10, MaxDivers = 6;
    private const int FirstEnemyInterval = 20, DiverInterval = 30, DiverMoveInterval = 5, FirstMoveInterval = 5, LeastMoveInterval = 2;
    private const int ShotSteps = 5, EnemyShotSteps = 10, LowestRow = 8;

    public static int Channels => 10;

    public static ReadOnlySpan<byte> MinimalActions =>
        [MinAtarAction.None, MinAtarAction.Left, MinAtarAction.Up, MinAtarAction.Right, MinAtarAction.Down, MinAtarAction.Fire];

    // Front and back of the submarine, friendly bullet, trail, enemy bullet, fish, enemy submarine, oxygen, divers on board, diver.
    public static ReadOnlySpan<byte> Colours =>
    [
        92, 186, 92, 60, 120, 60, 236, 236, 236, 96, 96, 96, 232, 140, 60, 200, 72, 72, 160, 60, 160, 80, 140, 230, 232, 204, 99, 232, 232, 60,
    ];

    public static SeaquestGame Start<TDraws>(ref TDraws draws) where TDraws : struct, IScalarDraws, allows ref struct
        => new()
        {
            X = 5,
            Way = -1,
            Oxygen = FullOxygen,
            Surfaced = 1,
            EnemyInterval = FirstEnemyInterval,
            EnemyTimer = FirstEnemyInterval,
            DiverTimer = DiverInterval,
            MoveInterval = FirstMoveInterval,
        };

    public static int Step<TDraws>(ref SeaquestGame game, int action, ref TDraws draws, in MinAtarSettings settings)
        where TDraws : struct, IScalarDraws, allows ref struct
    {
        if (game.EnemyTimer == 0) SpawnEnemy(ref game, ref draws);
        if (game.DiverTimer == 0) SpawnDiver(ref game, ref draws);
        Steer(ref game, action);
        int reward = MoveFriendlyBullets(ref game);
        MoveDivers(ref game);
        reward += MoveSubmarines(ref game);
        MoveEnemyBullets(ref game);
        reward += MoveFish(ref game);
        if (game.EnemyTimer > 0) game.EnemyTimer--;
        if (game.DiverTimer > 0) game.DiverTimer--;
        if (game.ShotTimer > 0) game.ShotTimer--;
        return reward + Breathe(ref game, in settings);
    }

    public static bool IsOver(in SeaquestGame game) => game.Over != 0;

    public static void Draw(in SeaquestGame game, Span<byte> cells)
    {
        cells.Clear();
        cells[Board.At(game.X, game.Y, 10)] = 1;
        cells[Board.At(game.X - game.Way, game.Y, 10) + 1] = 1;
        int oxygen = Math.Max((int)game.Oxygen, 0) * GaugeCells / FullOxygen;
        for (int x = 0; x < oxygen; x++) cells[Board.At(x, Board.Last, 10) + 7] = 1;
        for (int x = Board.Last - Math.Max(game.DiverCount, 0); x < Board.Last; x++) cells[Board.At(x, Board.Last, 10) + 8] = 1;
        Mark(in game.FriendlyBullets, cells, 2);
        Mark(in game.EnemyBullets, cells, 4);
        MarkWithTrail(in game.Fish, cells, 5);
        MarkWithTrail(in game.Submarines, cells, 6);
        MarkWithTrail(in game.Divers, cells, 9);
    }

    public static bool IsWhole(in SeaquestGame game)
        => Board.Has(game.X, game.Y) && game.Y <= LowestRow && game.Way is -1 or 1 && Board.Has(game.X - game.Way, 0)
            && game.DiverCount <= MaxDivers && game.Oxygen <= FullOxygen && game.EnemyInterval >= 1 && game.MoveInterval >= LeastMoveInterval
            && game.FriendlyBullets.IsWhole() && game.EnemyBullets.IsWhole() && game.Fish.IsWhole() && game.Submarines.IsWhole() && game.Divers.IsWhole();

    private static void Mark(in Swimmers swimmers, Span<byte> cells, int channel)
    {
        for (int i = 0; i < swimmers.Count; i++)
        {
            var swimmer = swimmers.At(i);
            cells[Board.At(swimmer.X, swimmer.Y, 10) + channel] = 1;
        }
    }

    private static void MarkWithTrail(in Swimmers swimmers, Span<byte> cells, int channel)
    {
        for (int i = 0; i < swimmers.Count; i++)
        {
            var swimmer = swimmers.At(i);
            cells[Board.At(swimmer.X, swimmer.Y, 10) + channel] = 1;
            int behind = swimmer.X - swimmer.Way;
            if ((uint)behind < Board.Side) cells[Board.At(behind, swimmer.Y, 10) + 3] = 1;
        }
    }

    private static void SpawnEnemy<TDraws>(ref SeaquestGame game, ref TDraws draws) where TDraws : struct, IScalarDraws, allows ref struct
    {
        sbyte way = draws.Unit() < 0.5f ? (sbyte)1 : (sbyte)-1;
        bool isSubmarine = draws.Unit() < 1f / 3f;
        int row = draws.Between(1, LowestRow + 1);
        game.EnemyTimer = game.EnemyInterval;
        if (game.Fish.HasOpponent(row, way) || game.Submarines.HasOpponent(row, way)) return;
        Swimmer enemy = new() { X = way > 0 ? (sbyte)0 : (sbyte)Board.Last, Y = (sbyte)row, Way = way, MoveTimer = game.MoveInterval };
        if (isSubmarine) game.Submarines.Add(enemy with { ShotTimer = EnemyShotSteps });
        else game.Fish.Add(enemy);
    }

    private static void SpawnDiver<TDraws>(ref SeaquestGame game, ref TDraws draws) where TDraws : struct, IScalarDraws, allows ref struct
    {
        sbyte way = draws.Unit() < 0.5f ? (sbyte)1 : (sbyte)-1;
        int row = draws.Between(1, LowestRow + 1);
        game.Divers.Add(new() { X = way > 0 ? (sbyte)0 : (sbyte)Board.Last, Y = (sbyte)row, Way = way, MoveTimer = DiverMoveInterval });
        game.DiverTimer = DiverInterval;
    }

    private static void Steer(ref SeaquestGame game, int action)
    {
        switch (action)
        {
            case MinAtarAction.Fire when game.ShotTimer == 0:
                game.FriendlyBullets.Add(new() { X = game.X, Y = game.Y, Way = game.Way });
                game.ShotTimer = ShotSteps;
                break;
            case MinAtarAction.Left:
                game.X = (sbyte)Math.Max(game.X - 1, 0);
                game.Way = -1;
                break;
            case MinAtarAction.Right:
                game.X = (sbyte)Math.Min(game.X + 1, Board.Last);
                game.Way = 1;
                break;
            case MinAtarAction.Up:
                game.Y = (sbyte)Math.Max(game.Y - 1, 0);
                break;
            case MinAtarAction.Down:
                game.Y = (sbyte)Math.Min(game.Y + 1, LowestRow);
                break;
        }
    }

    /// <summary>Lists are walked from the newest on: what is taken out never moves what is still to come.</summary>
    private static int MoveFriendlyBullets(ref SeaquestGame game)
    {
        int reward = 0;
        for (int i = game.FriendlyBullets.Count - 1; i >= 0; i--)
        {
            ref var bullet = ref game.FriendlyBullets[i];
            bullet.X += bullet.Way;
            if (!Board.Has(bullet.X, bullet.Y))
            {
                game.FriendlyBullets.RemoveAt(i);
                continue;
            }
            int fish = game.Fish.IndexAt(bullet.X, bullet.Y);
            int submarine = fish >= 0 ? -1 : game.Submarines.IndexAt(bullet.X, bullet.Y);
            if (fish < 0 && submarine < 0) continue;
            if (fish >= 0) game.Fish.RemoveAt(fish);
            else game.Submarines.RemoveAt(submarine);
            game.FriendlyBullets.RemoveAt(i);
            reward++;
        }
        return reward;
    }

    private static void MoveDivers(ref SeaquestGame game)
    {
        for (int i = game.Divers.Count - 1; i >= 0; i--)
        {
            ref var diver = ref game.Divers[i];
            if (!CanPick(in game, diver))
            {
                if (diver.MoveTimer != 0)
                {
                    diver.MoveTimer--;
                    continue;
                }
                diver.MoveTimer = DiverMoveInterval;
                diver.X += diver.Way;
                if (Board.Has(diver.X, diver.Y))
                {
                    if (!CanPick(in game, diver)) continue;
                }
                else
                {
                    game.Divers.RemoveAt(i);
                    continue;
                }
            }
            game.Divers.RemoveAt(i);
            game.DiverCount++;
        }
    }

    private static bool CanPick(in SeaquestGame game, Swimmer diver) => diver.IsAt(game.X, game.Y) && game.DiverCount < MaxDivers;

    private static int MoveSubmarines(ref SeaquestGame game)
    {
        int reward = 0;
        for (int i = game.Submarines.Count - 1; i >= 0; i--)
        {
            bool stays = MoveEnemy(ref game, ref game.Submarines[i], ref reward);
            var submarine = game.Submarines[i];
            if (!stays) game.Submarines.RemoveAt(i);
            // One that has just gone shoots all the same.
            if (submarine.ShotTimer == 0) game.EnemyBullets.Add(new() { X = submarine.X, Y = submarine.Y, Way = submarine.Way });
            if (stays) game.Submarines[i].ShotTimer = submarine.ShotTimer == 0 ? (sbyte)EnemyShotSteps : (sbyte)(submarine.ShotTimer - 1);
        }
        return reward;
    }

    private static int MoveFish(ref SeaquestGame game)
    {
        int reward = 0;
        for (int i = game.Fish.Count - 1; i >= 0; i--)
        {
            if (!MoveEnemy(ref game, ref game.Fish[i], ref reward)) game.Fish.RemoveAt(i);
        }
        return reward;
    }

    /// <summary>Moves an enemy when it is due, and ends the game where it meets the player; whether it stays on the board.</summary>
    private static bool MoveEnemy(ref SeaquestGame game, ref Swimmer enemy, ref int reward)
    {
        if (enemy.IsAt(game.X, game.Y)) game.Over = 1;
        if (enemy.MoveTimer != 0)
        {
            enemy.MoveTimer--;
            return true;
        }
        enemy.MoveTimer = game.MoveInterval;
        enemy.X += enemy.Way;
        if (!Board.Has(enemy.X, enemy.Y)) return false;
        if (enemy.IsAt(game.X, game.Y))
        {
            game.Over = 1;
            return true;
        }
        int bullet = game.FriendlyBullets.IndexAt(enemy.X, enemy.Y);
        if (bullet < 0) return true;
        game.FriendlyBullets.RemoveAt(bullet);
        reward++;
        return false;
    }

    private static void MoveEnemyBullets(ref SeaquestGame game)
    {
        for (int i = game.EnemyBullets.Count - 1; i >= 0; i--)
        {
            ref var bullet = ref game.EnemyBullets[i];
            if (bullet.IsAt(game.X, game.Y)) game.Over = 1;
            bullet.X += bullet.Way;
            if (!Board.Has(bullet.X, bullet.Y)) game.EnemyBullets.RemoveAt(i);
            else if (bullet.IsAt(game.X, game.Y)) game.Over = 1;
        }
    }

    private static int Breathe(ref SeaquestGame game, in MinAtarSettings settings)
    {
        if (game.Oxygen <= 0) game.Over = 1;
        if (game.Y > 0)
        {
            game.Oxygen--;
            game.Surfaced = 0;
            return 0;
        }
        if (game.Surfaced != 0) return 0;
        if (game.DiverCount != 0) return Surface(ref game, in settings);
        game.Over = 1;
        return 0;
    }

    private static int Surface(ref SeaquestGame game, in MinAtarSettings settings)
    {
        int reward = 0;
        game.Surfaced = 1;
        bool delivers = game.DiverCount == MaxDivers;
        if (delivers)
        {
            game.DiverCount = 0;
            reward = game.Oxygen * GaugeCells / FullOxygen;
        }
        game.Oxygen = FullOxygen;
        if (!(delivers && settings.FixedDiverCount)) game.DiverCount--;
        if (settings.Ramping && (game.EnemyInterval > 1 || game.MoveInterval > LeastMoveInterval))
        {
            if (game.MoveInterval > LeastMoveInterval && (game.RampIndex & 1) != 0) game.MoveInterval--;
            if (game.EnemyInterval > 1) game.EnemyInterval--;
            game.RampIndex++;
        }
        return reward;
    }
}
