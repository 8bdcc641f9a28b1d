using NUnit.Framework;
using Sim.Environments;
using Sim.Environments.Configuration;
using Sim.Environments.MinAtar;
using Sim.Tests.Environments.Scalar;

namespace Sim.Tests.Environments.MinAtar;

public sealed class MinAtarTaskTests
{
    private static IEnumerable<EnvironmentDefinition> Games
        => [MinAtarGames.Asterix, MinAtarGames.Breakout, MinAtarGames.Freeway, MinAtarGames.Seaquest, MinAtarGames.SpaceInvaders];

    [Test]
    public void Planes_are_the_board_with_channels_first([ValueSource(nameof(Games))] EnvironmentDefinition game)
    {
        using var boards = game.Create(new() { Count = 3 });
        using var planes = game.Create(new() { Count = 3 }, new MinAtarSettings { View = MinAtarView.Planes });
        Together(boards, planes, 200, () =>
        {
            var board = boards.Observations.RowBytes(1);
            var plane = planes.Observations.RowBytes(1);
            int channels = board.Length / 100;
            for (int channel = 0; channel < channels; channel++)
            {
                for (int cell = 0; cell < 100; cell++) Assert.That(plane[(channel * 100) + cell], Is.EqualTo(board[(cell * channels) + channel]));
            }
        });
    }

    [Test]
    public void A_picture_shows_each_cell_in_the_colour_of_its_last_mark_and_nothing_else([ValueSource(nameof(Games))] EnvironmentDefinition game)
    {
        using var boards = game.Create(new() { Count = 2 });
        using var pictures = game.Create(new() { Count = 2 }, new MinAtarSettings { View = MinAtarView.Pixels });
        Assert.That(pictures.Spec.ObservationBox.Shape, Is.EqualTo(new[] { 64, 64, 3 }));
        var colours = new Dictionary<int, (byte, byte, byte)>();
        Together(boards, pictures, 300, () =>
        {
            for (int y = 0; y < 64; y++)
            {
                for (int x = 0; x < 64; x++)
                {
                    var pixel = pictures.Observations.RowBytes(1).Slice(((y * 64) + x) * 3, 3);
                    var colour = (pixel[0], pixel[1], pixel[2]);
                    int channel = x is < 2 or >= 62 || y is < 2 or >= 62 ? -1 : LastMark(boards.Observations.RowBytes(1), (x - 2) / 6, (y - 2) / 6);
                    if (colours.TryAdd(channel, colour)) continue;
                    Assert.That(colour, Is.EqualTo(colours[channel]), $"pixel {x}, {y}");
                }
            }
        });
        Assert.That(colours[-1], Is.EqualTo(((byte)0, (byte)0, (byte)0)));
        Assert.That(colours.Where(entry => entry.Key >= 0).Select(entry => entry.Value), Does.Not.Contain(((byte)0, (byte)0, (byte)0)));
    }

    [Test]
    public void Minimal_actions_are_the_same_codes_without_those_of_no_use([ValueSource(nameof(Games))] EnvironmentDefinition game)
    {
        using var full = game.Create(new());
        using var minimal = game.Create(new(), new MinAtarSettings { MinimalActions = true });
        int[] codes = game.Id switch
        {
            "minatar-breakout" => [0, 1, 3],
            "minatar-freeway" => [0, 2, 4],
            "minatar-asterix" => [0, 1, 2, 3, 4],
            "minatar-space-invaders" => [0, 1, 3, 5],
            _ => [0, 1, 2, 3, 4, 5],
        };
        full.Reset(seed: 5);
        minimal.Reset(seed: 5);
        for (int step = 0; step < 300; step++)
        {
            RandomActions.Fill(minimal, seed: 2, step);
            full.DiscreteActions[0] = codes[minimal.DiscreteActions[0]];
            full.Step();
            minimal.Step();
            Assert.That(minimal.Observations.Bytes.SequenceEqual(full.Observations.Bytes), $"step {step}");
        }
    }

    [Test]
    public void A_snapshot_with_something_off_the_board_is_refused([ValueSource(nameof(Games))] EnvironmentDefinition game)
    {
        using var environments = game.Create(new());
        environments.Reset();
        var snapshot = environments.Snapshot(0);
        byte[] broken = snapshot.Data.ToArray();
        broken.AsSpan(21, environments.StateBytes - 21).Fill(0x7F);
        Assert.That(() => environments.Restore(0, snapshot with { Data = broken }), Throws.ArgumentException.With.Message.Contains("off the board"));
        environments.Step();
    }

    [Test]
    public void No_snapshot_that_is_taken_breaks_a_step([ValueSource(nameof(Games))] EnvironmentDefinition game) => SnapshotFuzz.Run(game, 3000);

    [Test]
    public void An_action_that_sticks_across_episodes_is_an_option()
    {
        Assert.That(FirstMoves(across: false), Is.Zero);
        Assert.That(FirstMoves(across: true), Is.GreaterThan(0));

        // The paddle moves left in every step of an episode but the first, where nothing is done unless the action before sticks.
        static int FirstMoves(bool across)
        {
            using var environments = Registry.Make("minatar-breakout", new EnvironmentOptions { Count = 500 }, new MinAtarSettings { StickyAcrossEpisodes = across });
            environments.Reset();
            bool[] began = new bool[500];
            int moved = 0;
            for (int step = 0; step < 100; step++)
            {
                for (int lane = 0; lane < 500; lane++) environments.DiscreteActions[lane] = began[lane] ? MinAtarAction.None : MinAtarAction.Left;
                environments.Step();
                for (int lane = 0; lane < 500; lane++)
                {
                    if (began[lane] && environments.Observations.RowBytes(lane)[((9 * 10) + 3) * 4] != 0) moved++;
                    began[lane] = environments.Terminated[lane];
                }
            }
            return moved;
        }
    }

    [Test]
    public void A_setting_of_another_game_is_refused_by_name()
        => Assert.That(() => MinAtarGames.Breakout.Create(new(), new MinAtarSettings { FixedDiverCount = true }),
            Throws.TypeOf<SettingsException>().With.Message.Contains("fixed_diver_count=true").And.Message.Contains("minatar-seaquest"));

    [Test]
    public void A_player_that_reads_boards_refuses_pictures()
    {
        using var environments = MinAtarGames.Breakout.Create(new(), new MinAtarSettings { View = MinAtarView.Pixels });
        Assert.That(() => MinAtarGames.Breakout.Expert!(environments), Throws.ArgumentException);
    }

    private static void Together(BatchEnvironment first, BatchEnvironment second, int steps, Action check)
    {
        first.Reset(seed: 9);
        second.Reset(seed: 9);
        for (int step = 0; step < steps; step++)
        {
            foreach (var environments in (BatchEnvironment[])[first, second])
            {
                RandomActions.Fill(environments, seed: 8, step);
                environments.Step();
            }
            if (step % 7 == 0) check();
        }
    }

    private static int LastMark(ReadOnlySpan<byte> board, int x, int y)
    {
        int channels = board.Length / 100;
        return board.Slice(((y * 10) + x) * channels, channels).LastIndexOfAnyExcept((byte)0);
    }
}
