using System.Text.Json;
using Sim.Environments.MinAtar;

namespace Sim.Tests.Environments.MinAtar;

/// <summary>Reads the recordings' states into ours.</summary>
internal static class RecordedStates
{
    public static AsterixGame Asterix(JsonElement state)
    {
        AsterixGame game = new()
        {
            PlayerX = Number(state, "player_x"),
            PlayerY = Number(state, "player_y"),
            SpawnInterval = Number(state, "spawn_speed"),
            SpawnTimer = Number(state, "spawn_timer"),
            MoveInterval = Number(state, "move_speed"),
            MoveTimer = Number(state, "move_timer"),
            RampTimer = Number(state, "ramp_timer"),
            RampIndex = state.GetProperty("ramp_index").GetInt16(),
            Over = (byte)Number(state, "terminal"),
        };
        int slot = 0;
        foreach (var entity in state.GetProperty("entities").EnumerateArray())
        {
            if (entity.ValueKind == JsonValueKind.Array)
            {
                byte bit = (byte)(1 << slot);
                game.Full |= bit;
                game.Columns |= (ulong)entity[0].GetInt32() << (8 * slot);
                if (entity[2].GetInt32() != 0) game.Right |= bit;
                if (entity[3].GetInt32() != 0) game.Gold |= bit;
            }
            slot++;
        }
        return game;
    }

    public static BreakoutGame Breakout(JsonElement state)
    {
        uint bricks = 0;
        foreach (var cell in state.GetProperty("brick_map").EnumerateArray()) bricks |= 1u << (cell.GetInt32() - 10);
        return new()
        {
            Bricks = bricks,
            BallX = Number(state, "ball_x"),
            BallY = Number(state, "ball_y"),
            LastX = Number(state, "last_x"),
            LastY = Number(state, "last_y"),
            Direction = (byte)Number(state, "ball_dir"),
            Paddle = Number(state, "pos"),
            Latch = (byte)Number(state, "strike"),
            Over = (byte)Number(state, "terminal"),
        };
    }

    public static FreewayGame Freeway(JsonElement state)
    {
        FreewayGame game = new()
        {
            Row = Number(state, "pos"),
            MoveTimer = Number(state, "move_timer"),
            Countdown = state.GetProperty("terminate_timer").GetInt16(),
            Over = (byte)Number(state, "terminal"),
        };
        int car = 0;
        foreach (var entry in state.GetProperty("cars").EnumerateArray())
        {
            game.Columns |= (ulong)entry[0].GetInt32() << (8 * car);
            game.Timers |= (ulong)entry[2].GetInt32() << (8 * car);
            game.Speeds |= (ulong)(byte)entry[3].GetInt32() << (8 * car);
            car++;
        }
        return game;
    }

    public static SeaquestGame Seaquest(JsonElement state) => new()
    {
        X = Number(state, "sub_x"),
        Y = Number(state, "sub_y"),
        Way = Way(state.GetProperty("sub_or").GetInt32()),
        ShotTimer = Number(state, "shot_timer"),
        Oxygen = state.GetProperty("oxygen").GetInt16(),
        DiverCount = state.GetProperty("diver_count").GetInt32(),
        Surfaced = (byte)Number(state, "surface"),
        Over = (byte)Number(state, "terminal"),
        EnemyInterval = Number(state, "e_spawn_speed"),
        EnemyTimer = Number(state, "e_spawn_timer"),
        DiverTimer = Number(state, "d_spawn_timer"),
        MoveInterval = Number(state, "move_speed"),
        RampIndex = state.GetProperty("ramp_index").GetInt16(),
        FriendlyBullets = List(state, "f_bullets"),
        EnemyBullets = List(state, "e_bullets"),
        Fish = List(state, "e_fish"),
        Submarines = List(state, "e_subs"),
        Divers = List(state, "divers"),
    };

    public static SpaceInvadersGame SpaceInvaders(JsonElement state) => new()
    {
        Aliens = Cells(state, "alien_map"),
        FriendlyBullets = Cells(state, "f_bullet_map"),
        EnemyBullets = Cells(state, "e_bullet_map"),
        Cannon = Number(state, "pos"),
        Direction = Number(state, "alien_dir"),
        AlienInterval = Number(state, "enemy_move_interval"),
        AlienTimer = Number(state, "alien_move_timer"),
        AlienShotTimer = Number(state, "alien_shot_timer"),
        ShotTimer = Number(state, "shot_timer"),
        RampIndex = state.GetProperty("ramp_index").GetInt16(),
        Over = (byte)Number(state, "terminal"),
    };

    private static sbyte Number(JsonElement state, string field) => state.GetProperty(field).GetSByte();

    private static sbyte Way(int right) => right != 0 ? (sbyte)1 : (sbyte)-1;

    private static Swimmers List(JsonElement state, string field)
    {
        Swimmers swimmers = default;
        foreach (var entry in state.GetProperty(field).EnumerateArray())
        {
            int length = entry.GetArrayLength();
            swimmers.Add(new()
            {
                X = entry[0].GetSByte(),
                Y = entry[1].GetSByte(),
                Way = Way(entry[2].GetInt32()),
                MoveTimer = length > 3 ? entry[3].GetSByte() : (sbyte)0,
                ShotTimer = length > 4 ? entry[4].GetSByte() : (sbyte)0,
            });
        }
        return swimmers;
    }

    private static GridSet Cells(JsonElement state, string field)
    {
        GridSet set = default;
        foreach (var cell in state.GetProperty(field).EnumerateArray()) set.Add(cell.GetInt32() % 10, cell.GetInt32() / 10);
        return set;
    }
}
