using System.Security.Cryptography;
using NUnit.Framework;
using Sim.Agents.Evaluation;
using Sim.Environments;
using Sim.Environments.PixelGames;
using Sim.Tests.Environments.Scalar;

namespace Sim.Tests.Environments.PixelGames;

public sealed class PixelTaskTests
{
    private static IEnumerable<EnvironmentDefinition> Games => [PixelGame.Pong, PixelGame.Breakout];

    /// <summary>Random play loses nearly every point, and breaks a brick or two with five balls.</summary>
    [TestCase("pixel-pong", -21, -20)]
    [TestCase("pixel-breakout", 0.5, 3)]
    public void A_random_policy_scores_next_to_nothing(string id, double least, double most)
    {
        var result = Evaluator.Evaluate(Registry.Find(id), null, _ => new RandomActor(5), 20);
        Assert.That(result.ReturnMean, Is.InRange(least, most));
    }

    /// <summary>The first 20 of the episodes that <c>sim evaluate</c> plays: of all 100 some last 27,000 steps, too long for a test.</summary>
    [Test]
    public void The_scripted_player_of_breakout_scores_more_than_one_wall_is_worth()
    {
        var result = Evaluator.Evaluate(PixelGame.Breakout, null, PixelGame.Breakout.Expert!, 20);
        Assert.That(result.ReturnMean, Is.GreaterThanOrEqualTo(444));
    }

    /// <summary>The SHA-256 of all pictures and rewards under 10,000 random actions, the same on any processor.</summary>
    [TestCase("pixel-pong", "D90DAD35EBEA058CA6AC505B35233ACDA2EDE7FA0FC12DB0A9E6C11EFF405C43")]
    [TestCase("pixel-breakout", "ACC2F7981D94C824258E602520B7F1C5983184A4C66AA20E2DD355E633CA05A5")]
    public void Ten_thousand_actions_show_the_same_pictures_everywhere(string id, string hash)
    {
        using var environments = Registry.Make(id, new EnvironmentOptions { Count = 4 });
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        environments.Reset(seed: 11);
        for (int step = 0; step < 2500; step++)
        {
            RandomActions.Fill(environments, seed: 13, step);
            environments.Step();
            sum.AppendData(environments.Observations.Bytes);
            foreach (float reward in environments.Rewards) sum.AppendData([(byte)(sbyte)reward]);
        }
        Assert.That(Convert.ToHexString(sum.GetHashAndReset()), Is.EqualTo(hash));
    }

    [Test]
    public void A_stack_shows_the_last_pictures_the_oldest_first([ValueSource(nameof(Games))] EnvironmentDefinition game, [Values] PixelView view)
    {
        using var single = game.Create(new(), new PixelSettings { View = view });
        using var stacked = game.Create(new(), new PixelSettings { View = view, FrameStack = 4 });
        single.Reset(seed: 3);
        stacked.Reset(seed: 3);
        int channels = view == PixelView.Rgb64 ? 3 : 1;
        var seen = new List<byte[]> { single.Observations.Bytes.ToArray() };
        for (int step = 0; step < 30; step++)
        {
            for (int i = 0; i < 4; i++)
            {
                byte[] expected = seen[Math.Max(0, seen.Count - 4 + i)];
                for (int pixel = 0; pixel < expected.Length; pixel++)
                {
                    int at = ((pixel / channels * 4) + i) * channels + (pixel % channels);
                    if (stacked.Observations.Bytes[at] != expected[pixel]) Assert.Fail($"step {step}, picture {i}, byte {pixel}");
                }
            }
            foreach (var environments in (BatchEnvironment[])[single, stacked])
            {
                RandomActions.Fill(environments, seed: 4, step);
                environments.Step();
            }
            seen.Add(single.Observations.Bytes.ToArray());
        }
    }

    [Test]
    public void A_lost_life_ends_an_episode_and_the_game_goes_on_in_the_next()
    {
        using var environments = PixelGame.Breakout.Create(new(), new PixelSettings { TerminalOnLifeLoss = true });
        environments.Reset(seed: 2);
        var lives = new List<int>();
        for (int step = 0; lives.Count < 12 && step < 20_000; step++)
        {
            environments.DiscreteActions[0] = 1;
            environments.Step();
            if (environments.Terminated[0]) lives.Add(Lives(environments));
        }
        Assert.That(lives, Is.EqualTo(new[] { 4, 3, 2, 1, 5, 4, 3, 2, 1, 5, 4, 3 }));

        static int Lives(BatchEnvironment batch)
            => ((Sim.Environments.Scalar.ScalarEnvironment<PixelTask<PixelBreakoutRules, PixelBreakoutGame, PixelBreakoutFrame>, PixelState<PixelBreakoutGame, PixelBreakoutFrame>, PixelSettings>)batch).StateOf(0).Game.Lives;
    }

    [Test]
    public void Clipped_rewards_are_the_signs_of_those_that_are_not()
    {
        using var raw = PixelGame.Breakout.Create(new() { Count = 4 });
        using var clipped = PixelGame.Breakout.Create(new() { Count = 4 }, new PixelSettings { ClipRewards = true });
        using var player = PixelGame.Breakout.Expert!(raw);
        raw.Reset(seed: 6);
        clipped.Reset(seed: 6);
        float most = 0;
        for (int step = 0; step < 800; step++)
        {
            player.Act(raw);
            raw.DiscreteActions.CopyTo(clipped.DiscreteActions);
            raw.Step();
            clipped.Step();
            for (int lane = 0; lane < 4; lane++)
            {
                Assert.That(clipped.Rewards[lane], Is.EqualTo(MathF.Sign(raw.Rewards[lane])));
                most = Math.Max(most, raw.Rewards[lane]);
            }
        }
        Assert.That(most, Is.GreaterThan(1), "an upper brick was broken");
    }

    /// <summary>A paddle told to go left, and then right: a frame that sticks moves it left once more.</summary>
    [Test]
    public void Actions_stick_frame_by_frame_by_the_protocol()
    {
        Assert.That(Repeated(AtariProtocol.Atari100k), Is.Zero);
        double share = Repeated(AtariProtocol.Machado2018);
        Assert.That(share, Is.EqualTo(0.25).Within(4 * Math.Sqrt(0.25 * 0.75 / 4000)));

        static double Repeated(AtariProtocol protocol)
        {
            using var environments = (Sim.Environments.Scalar.ScalarEnvironment<PixelTask<PixelBreakoutRules, PixelBreakoutGame, PixelBreakoutFrame>, PixelState<PixelBreakoutGame, PixelBreakoutFrame>, PixelSettings>)
                PixelGame.Breakout.Create(new() { Count = 4000 }, new PixelSettings { Protocol = protocol, FrameSkip = 1 });
            environments.Reset(seed: 8);
            int stuck = 0;
            for (int step = 0; step < 2; step++)
            {
                environments.DiscreteActions.Fill(step == 0 ? 3 : 2);
                int[] before = [.. Enumerable.Range(0, 4000).Select(lane => environments.StateOf(lane).Executed + 0)];
                environments.Step();
                if (step == 0) continue;
                for (int lane = 0; lane < 4000; lane++)
                {
                    int executed = environments.StateOf(lane).Executed;
                    Assert.That(executed == 2 || executed == before[lane]);
                    if (executed != 2) stuck++;
                }
            }
            return stuck / 4000.0;
        }
    }

    [Test]
    public void A_step_lasts_as_long_as_its_frames([ValueSource(nameof(Games))] EnvironmentDefinition game)
    {
        Assert.That(game.Describe(new PixelSettings()).ControlPeriod, Is.EqualTo(1 / 15f));
        Assert.That(game.Describe(new PixelSettings { FrameSkip = 1 }).ControlPeriod, Is.EqualTo(1 / 60f));
    }

    [Test]
    public void Episodes_begin_after_some_frames_without_an_action([ValueSource(nameof(Games))] EnvironmentDefinition game)
    {
        Assert.That(Starts(0), Is.EqualTo(1));
        // In breakout nothing moves before the first serve; in pong only the time until it passes.
        Assert.That(Starts(30), game.Id == "pixel-pong" ? Is.GreaterThan(20) : Is.EqualTo(1));

        int Starts(int most)
        {
            using var environments = game.Create(new() { Count = 200 }, new PixelSettings { NoopMax = most });
            environments.Reset(seed: 9);
            return Enumerable.Range(0, 200).Select(lane => game.Id == "pixel-pong" ? Timer(environments, lane) : 0).Distinct().Count();
        }

        static int Timer(BatchEnvironment batch, int lane)
            => ((Sim.Environments.Scalar.ScalarEnvironment<PixelTask<PongRules, PongGame, PongFrame>, PixelState<PongGame, PongFrame>, PixelSettings>)batch).StateOf(lane).Game.ServeTimer;
    }

    [Test]
    public void No_snapshot_that_is_taken_breaks_a_step([ValueSource(nameof(Games))] EnvironmentDefinition game) => SnapshotFuzz.Run(game, 2000);
}
