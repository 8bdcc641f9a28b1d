using NUnit.Framework;
using Sim.Environments.Configuration;
using Limits = System.ComponentModel.DataAnnotations.RangeAttribute;

namespace Sim.Tests.Environments.Configuration;

public sealed class SettingsOverrideTests
{
    public enum Schedule { Constant, LinearDecay }

    public sealed record Network
    {
        public int[] Hidden { get; init; } = [64, 64];
        public bool LayerNorm { get; init; }
    }

    public sealed record Learner
    {
        [Limits(0.0, 1.0, MinimumIsExclusive = true)]
        public float LearningRate { get; init; } = 3e-4f;

        [Limits(1, int.MaxValue)]
        public int Epochs { get; init; } = 4;
        public long Steps { get; init; } = 1_000_000;
        public Schedule Schedule { get; init; }
        public float? TargetKl { get; init; } = 0.01f;
        public string Note { get; init; } = "";
        public Network Network { get; init; } = new();
        public int TwiceEpochs => 2 * Epochs;
    }

    public readonly record struct Body(float Mass, float Length)
    {
        public Body() : this(1, 2)
        {
        }
    }

    public record struct World
    {
        public World()
        {
        }

        public float Gravity { get; init; } = 9.81f;
        public Body Body { get; init; } = new();
    }

    [TestCase("learning_rate=1e-3")]
    [TestCase("learning-rate=0.001")]
    [TestCase("LearningRate=1e-3")]
    public void A_key_may_be_written_in_any_case(string assignment)
        => Assert.That(SettingsOverride.Apply(new Learner(), assignment).LearningRate, Is.EqualTo(1e-3f));

    [Test]
    public void Every_kind_of_value_is_read()
    {
        var changed = SettingsOverride.Apply(
            new Learner(), "epochs=10", "steps=5e6", "schedule=linear_decay", "target_kl=none", "note=a = b", "network.hidden=128,32", "network.layer_norm=true");

        Assert.That(changed.Epochs, Is.EqualTo(10));
        Assert.That(changed.Steps, Is.EqualTo(5_000_000));
        Assert.That(changed.Schedule, Is.EqualTo(Schedule.LinearDecay));
        Assert.That(changed.TargetKl, Is.Null);
        Assert.That(changed.Note, Is.EqualTo("a = b"));
        Assert.That(changed.Network.Hidden, Is.EqualTo(new[] { 128, 32 }));
        Assert.That(changed.Network.LayerNorm, Is.True);
    }

    [Test]
    public void The_given_records_are_left_as_they_were()
    {
        var before = new Learner();
        SettingsOverride.Apply(before, "epochs=10", "network.layer_norm=true");
        Assert.That(before.Epochs, Is.EqualTo(4));
        Assert.That(before.Network.LayerNorm, Is.False);
    }

    [Test]
    public void Record_structs_and_records_within_them_are_changed_too()
    {
        var world = new World();
        var changed = SettingsOverride.Apply(world, "gravity=1.62", "body.mass=3");
        Assert.That(changed, Is.EqualTo(new World { Gravity = 1.62f, Body = new Body(3, 2) }));
        Assert.That(world.Gravity, Is.EqualTo(9.81f));
    }

    [Test]
    public void A_key_that_one_group_has_needs_no_prefix()
    {
        IReadOnlyList<SettingsGroup> groups = [new("ppo", new Learner()), new("environment", new World())];
        var changed = SettingsOverride.Apply(groups, "gravity=1", "ppo.epochs=2");
        Assert.That(((World)changed[1].Settings).Gravity, Is.EqualTo(1));
        Assert.That(((Learner)changed[0].Settings).Epochs, Is.EqualTo(2));
    }

    [Test]
    public void A_key_of_two_groups_needs_its_prefix()
    {
        IReadOnlyList<SettingsGroup> groups = [new("a", new World()), new("b", new World())];
        Assert.That(() => SettingsOverride.Apply(groups, "gravity=1"),
            Throws.TypeOf<SettingsException>().With.Message.Contains("a.gravity or b.gravity"));
    }

    [TestCase("learning_rat=1", "'learning_rate'")]
    [TestCase("network.hiden=1", "'network.hidden'")]
    [TestCase("twice_epochs=1", "'epochs'")]
    [TestCase("epochs=ten", "'ten' is no value for epochs: expected a whole number, at least 1")]
    [TestCase("epochs=1.5", "expected a whole number, at least 1")]
    [TestCase("epochs=99999999999", "expected a whole number, at least 1")]
    [TestCase("epochs=0", "epochs = 0 is out of range: expected a whole number, at least 1")]
    [TestCase("learning_rate=0", "expected a finite number, 0 (excluded) to 1")]
    [TestCase("learning_rate=NaN", "expected a finite number")]
    [TestCase("learning_rate=1e60", "expected a finite number")]
    [TestCase("schedule=linear", "expected one of constant, linear_decay; the nearest is 'linear_decay'")]
    [TestCase("network.layer_norm=yes", "expected true or false")]
    [TestCase("network.hidden=64,x", "values with commas between, each a whole number")]
    [TestCase("epochs", "write key=value, such as learning_rate=0.0003")]
    [TestCase("=3", "write key=value")]
    public void A_bad_assignment_is_named_with_what_is_valid(string assignment, string message)
        => Assert.That(() => SettingsOverride.Apply(new Learner(), assignment),
            Throws.TypeOf<SettingsException>().With.Message.Contains(message));

    [Test]
    public void Settings_survive_json_and_unknown_keys_are_refused()
    {
        var settings = new Learner { Epochs = 7, Schedule = Schedule.LinearDecay, Network = new Network { LayerNorm = true } };
        string json = SettingsJson.Write(settings);
        Assert.That(json, Does.Contain("\"schedule\": \"linear_decay\"").And.Contain("\"layer_norm\": true"));

        var read = SettingsJson.Read<Learner>(json);
        Assert.That(SettingsJson.Write(read), Is.EqualTo(json));
        Assert.That(() => SettingsJson.Read<World>("""{"gravty": 1}"""), Throws.TypeOf<SettingsException>().With.Message.Contains("gravty"));
    }
}
