using NUnit.Framework;
using Sim.Environments;
using Sim.Environments.Configuration;
using Sim.Environments.Spaces;
using Sim.Environments.Surgical.Boards;
using Sim.Environments.Surgical.Manipulation;

namespace Sim.Tests.Environments.Surgical.Boards;

public sealed class MatchBoardTests
{
    private const string Id = "surgical-match-board-ii";

    /// <summary>World units per nominal metre.</summary>
    private const float Scale = 5;

    /// <summary>The y of the handle, the z of the handle and the z of the piece in the observation.</summary>
    private const int HandleY = 23, HandleZ = 24, PieceZ = 9;

    [Test]
    public void Spaces_are_those_of_the_source()
    {
        var spec = MatchBoardII.Definition.Describe(MatchBoardII.Definition.DefaultSettings);
        Assert.That(spec.ObservationBox.Size, Is.EqualTo(25));
        Assert.That(spec.Action.Size, Is.EqualTo(5));
        Assert.That(((Dict)spec.Observation)["achieved_goal"].Size, Is.EqualTo(6));
        Assert.That(((Dict)spec.Observation)["desired_goal"].Size, Is.EqualTo(6));
    }

    [Test]
    public void Goals_are_all_nine_slots_under_the_handle_of_their_row()
    {
        using var environments = Registry.Make(Id, 200);
        environments.Reset(1);
        var slots = new HashSet<(float, float)>();
        for (int lane = 0; lane < 200; lane++)
        {
            var goal = environments.Groups[2].Current.Row(lane);
            slots.Add((goal[0], goal[1]));
            Assert.That(goal[3], Is.EqualTo(goal[0]));
            Assert.That(environments.Groups[1].Current.Row(lane)[3..6].ToArray(), Is.EqualTo(goal[3..6].ToArray()).Within(1e-5), "lids start closed");
        }
        Assert.That(slots, Has.Count.EqualTo(9));
    }

    [Test]
    public void The_expert_reaches_the_subgoals_in_order()
    {
        using var played = new Played(null);
        var seen = new List<int>();
        for (int step = 0; step < 160; step++)
        {
            int subgoal = (int)played.Info[3];
            if (seen.Count == 0 || seen[^1] != subgoal) seen.Add(subgoal);
            played.Follow();
        }
        Assert.That(seen, Is.EqualTo(new[] { 0, 1, 2, 3 }));
    }

    [Test]
    public void A_lid_stays_where_it_is_left()
    {
        using var played = new Played(null);
        while (played.PlanStep < 6) played.Follow();
        float left = played.Observed[HandleY];
        Assert.That(left, Is.GreaterThan(0.055f * Scale), "it has been opened");
        while (played.PlanStep < 10) played.Follow();
        // A tenth of a millimetre: nothing but its weight and its guide holds it.
        Assert.That(played.Observed[HandleY], Is.EqualTo(left).Within(1e-4f * Scale));
    }

    [TestCase(GraspMode.FrictionThenWeld)]
    [TestCase(GraspMode.ProximityWeld)]
    public void A_lid_cannot_be_pulled_beyond_its_travel_nor_lifted(GraspMode mode)
    {
        using var played = new Played(mode);
        while (played.PlanStep < 4) played.Follow();
        float height = played.Observed[HandleZ];
        for (int step = 0; step < 10; step++)
        {
            played.Act(0, 0.3f, step < 5 ? 0 : 0.3f, -1);
            // Springs of 30 Hz hold it; with the jaw welded to the handle they give way by 2 mm before the weld tears.
            Assert.That(played.Observed[HandleY], Is.LessThan((MatchBoard.Travel + 0.003f) * Scale));
            Assert.That(played.Observed[HandleZ], Is.EqualTo(height).Within(0.003f * Scale));
        }
        Assert.That(played.Observed[HandleZ], Is.EqualTo(height).Within(0.0002f * Scale), "the jaw has lost it");
    }

    [Test]
    public void A_piece_that_is_let_go_over_its_slot_falls_in_and_stands()
    {
        using var played = new Played(null);
        while (played.PlanStep < 12) played.Follow();
        // Soft contacts let it sink by some hundredths of a millimetre.
        Assert.That(played.Observed[PieceZ], Is.EqualTo(MatchBoard.PieceHeight * Scale).Within(1e-4f * Scale));
    }

    [Test]
    public void A_piece_cannot_be_dropped_through_a_closed_lid()
    {
        // The expert opens the lid of its row; the piece is let go over another one.
        using var played = new Played(null);
        while (played.PlanStep < 9) played.Follow();
        float goal = played.GoalX, other = (goal > MatchBoard.X * Scale ? MatchBoard.X - 0.024f : MatchBoard.X + 0.024f) * Scale;
        for (int step = 0; step < 60 && MathF.Abs(played.Observed[0] - other) + MathF.Abs(played.Observed[1]) > 0.01f; step++)
            played.Act(Way(other - played.Observed[0]), Way(0.03f - played.Observed[1]), 0, -1);
        for (int step = 0; step < 10; step++) played.Act(0, 0, 0, 1);
        Assert.That(played.Observed[PieceZ], Is.GreaterThan((MatchBoard.Table + 0.011f) * Scale), "it lies on the lid");

        static float Way(float distance) => Math.Clamp(distance / (0.01f * Scale), -0.5f, 0.5f);
    }

    [Test]
    public void The_reward_is_a_function_of_the_six_numbers_of_the_goals()
    {
        using var environments = Registry.Make(Id, new EnvironmentOptions { Count = 32, Privileged = true });
        using var expert = Registry.Find(Id).Expert!(environments);
        environments.Reset(1);
        float[] rewards = new float[32];
        int reached = 0;
        for (int step = 1; step < 160; step++)
        {
            expert.Act(environments);
            environments.Step();
            environments.ComputeRewards(environments.Groups[1].Current.Floats, environments.Groups[2].Current.Floats, rewards);
            Assert.That(environments.Rewards.SequenceEqual(rewards), Is.True, $"step {step}");
            reached += rewards.Count(reward => reward == 0);
        }
        Assert.That(reached, Is.InRange(100, 3200), "both rewards were seen");
    }

    [TestCase("lid_mass=0", "lid_mass")]
    [TestCase("start_turn=2", "start_turn")]
    [TestCase("world.detections=7", "world.detections 7 does not divide the 48 substeps")]
    public void Impossible_settings_are_refused_by_name(string setting, string message)
        => Assert.That(() => SettingsOf(setting), Throws.TypeOf<SettingsException>().With.Message.Contains(message));

    private static void SettingsOf(string setting)
    {
        object settings = SettingsOverride.Apply([new SettingsGroup("environment", MatchBoardII.Definition.DefaultSettings)], setting)[0].Settings;
        MatchBoardII.Definition.Create(new EnvironmentOptions(), settings).Dispose();
    }

    /// <summary>One episode of seed 1, which its expert solves.</summary>
    private sealed class Played : IDisposable
    {
        private readonly BatchEnvironment _environments;
        private readonly IActor _expert;

        public Played(GraspMode? mode)
        {
            var settings = new MatchBoardIISettings();
            if (mode is { } other) settings = settings with { World = settings.World with { Grasp = other } };
            _environments = Registry.Make(Id, new EnvironmentOptions { Privileged = true, Autoreset = AutoresetMode.Disabled }, settings);
            _expert = MatchBoardII.Definition.Expert!(_environments);
            _environments.Reset(1);
        }

        public float PlanStep => _environments.Privileged!.Current.Row(0)[5];

        public ReadOnlySpan<float> Info => _environments.Info!.Current.Row(0);

        public ReadOnlySpan<float> Observed => _environments.Observations.Row(0);

        public float GoalX => _environments.Groups[2].Current.Row(0)[0];

        public void Follow()
        {
            Assert.That(_environments.Truncated[0], Is.False, "the episode is not over");
            _expert.Act(_environments);
            _environments.Step();
        }

        public void Act(float x, float y, float z, float jaw)
        {
            float[] action = [x, y, z, 0, jaw];
            action.CopyTo(_environments.Actions);
            _environments.Step();
        }

        public void Dispose()
        {
            _expert.Dispose();
            _environments.Dispose();
        }
    }
}
