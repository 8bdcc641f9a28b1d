using System.Runtime.InteropServices;
using NUnit.Framework;
using Sim.Agents.Training;
using Sim.Environments;
using Sim.Environments.Classic;
using Sim.Environments.Configuration;
using Sim.Environments.Episodes;
using Sim.Environments.Spaces;

namespace Sim.Tests.Agents.Training;

public sealed class DemonstrationDataTests
{
    private static readonly EnvironmentSpec s_spec = Pendulum.Definition.Describe(new PendulumSettings { EpisodeSteps = 20 });

    [Test]
    public void Rows_hold_what_was_seen_before_each_step_and_what_was_done_there()
    {
        var set = Set(3);
        var episodes = set.Episodes.ToArray();
        var data = DemonstrationData.Of(s_spec, set);
        Assert.That(data.Rows, Is.EqualTo(60));
        Assert.That(data.Episodes, Is.EqualTo(new DemonstratedEpisode[] { new(0, 20, null), new(20, 20, null), new(40, 20, null) }));
        var seen = MemoryMarshal.Cast<byte, float>(episodes[1].Observations[0].Rows);
        Assert.That(data.Observations.Row(20 + 7).ToArray(), Is.EqualTo(seen.Slice(7 * 3, 3).ToArray()));
        // Torques lie within ±2 N·m.
        Assert.That(data.Actions[20 + 7, 0], Is.EqualTo(episodes[1].Actions[7] / 2));
    }

    [Test]
    public void Several_sets_follow_one_another_and_episodes_without_steps_are_left_out()
    {
        var empty = Set(1).Episodes.Single() with { Length = 0, Actions = [] };
        var data = DemonstrationData.Of(s_spec, Set(1), Set(1) with { Episodes = [empty] }, Set(2));
        Assert.That(data.Episodes.Select(episode => episode.Start), Is.EqualTo(new[] { 0, 20, 40 }));
    }

    [Test]
    public void Actions_beyond_the_limits_count_as_the_limits()
        => Assert.That(DemonstrationData.Of(s_spec, Set(1, episode => episode.Actions[3] = -7)).Actions[3, 0], Is.EqualTo(-1));

    [Test]
    public void Choices_are_whole_numbers()
    {
        var set = EpisodeCollector.Collect(Acrobot.Definition, Acrobot.Definition.Expert!, 1);
        var data = DemonstrationData.Of(Acrobot.Definition.Describe(new AcrobotSettings()), set);
        Assert.That(Enumerable.Range(0, data.Rows).Select(row => (int)data.Actions[row, 0]), Is.EqualTo(set.Episodes.Single().Choices));
    }

    private static IEnumerable<TestCaseData> Strangers()
    {
        var set = Set(1);
        yield return Case(set with { Environment = "acrobot" }, "the demonstrations are of acrobot, not of pendulum", "Another_environment_is_refused");
        yield return Case(set with { Version = 7 }, "the demonstrations are of version 7 of pendulum; this is version 1", "Another_version_is_refused");
        yield return Case(set with { Action = Box.Symmetric(1) }, "the demonstrations act in Box(-1, 1, [1], float32); pendulum takes Box(-2, 2, [1], float32)", "Other_actions_are_refused");
        yield return Case(set with { Action = new Discrete(2) }, "the demonstrations act in Discrete(2)", "Choices_for_numbers_are_refused");
        yield return Case(set with { Observation = Box.Symmetric(4) }, "the demonstrations observe Box(-1, 1, [4], float32); pendulum observes", "Other_observations_are_refused");
        yield return Case(set with { Settings = SettingsJson.Write(new PendulumSettings { EpisodeSteps = 30, G = 9 }) },
            "other settings of pendulum: episode_steps = 30, not 20, g = 9, not 10. To learn for those: --set episode_steps=30 g=9", "Other_settings_are_refused");
        yield return Case(set with { Settings = "{\"g\": " }, "Not the settings of PendulumSettings", "Settings_that_are_no_json_are_refused");
        yield return Case(set with { Episodes = [] }, "the demonstrations of pendulum hold no step to learn from", "A_set_without_episodes_is_refused");
        static TestCaseData Case(EpisodeSet set, string message, string name) => new TestCaseData(set, message).SetName(name);
    }

    [TestCaseSource(nameof(Strangers))]
    public void A_set_of_something_else_is_refused(EpisodeSet set, string message)
        => Assert.That(() => DemonstrationData.Of(s_spec, set), Throws.TypeOf<SettingsException>().With.Message.Contains(message));

    [Test]
    public void An_alias_of_the_environment_and_unknown_version_and_settings_are_taken()
        => Assert.That(DemonstrationData.Of(s_spec, Set(1) with { Environment = "Pendulum-v1", Version = 0, Settings = "" }).Rows, Is.EqualTo(20));

    private static IEnumerable<TestCaseData> Damage()
    {
        yield return Case(episode => episode with { Actions = episode.Actions[..19] }, "episode 2 of the demonstrations of pendulum holds 19 numbers of action; 20 steps", "Too_few_actions");
        yield return Case(episode => episode with { Length = 2_000_000_000 }, "holds 252 bytes of observations; 2000000000 steps make 24000000012", "A_length_that_lies");
        yield return Case(episode => episode with { Observations = [] }, "holds no group 'observation'", "No_observations");
        yield return Case(episode => episode with { Observations = [episode.Observations[0] with { Space = Box.Symmetric(2) }] }, "observes Box(-1, 1, [2], float32), not", "Observations_of_another_width");
        yield return Case(episode => Changed(episode, copy => copy.Actions[4] = float.NaN), "acts NaN in step 4, number 0", "An_action_that_is_no_number");
        yield return Case(episode => Changed(episode, copy => BitConverter.TryWriteBytes(copy.Observations[0].Rows.AsSpan(7 * sizeof(float)), float.PositiveInfinity)),
            "in step 2, number 1", "An_observation_that_is_not_finite");
        static TestCaseData Case(Func<RecordedEpisode, RecordedEpisode> change, string message, string name)
            => new TestCaseData(change, message).SetName($"{name}_is_found");
    }

    [TestCaseSource(nameof(Damage))]
    public void A_damaged_episode_is_found(Func<RecordedEpisode, RecordedEpisode> change, string message)
    {
        var episodes = Set(2).Episodes.ToArray();
        episodes[1] = change(episodes[1]);
        Assert.That(() => DemonstrationData.Of(s_spec, Set(2) with { Episodes = episodes }), Throws.TypeOf<InvalidDataException>().With.Message.Contains(message));
    }

    [TestCase(-1)]
    [TestCase(3)]
    public void A_choice_that_there_is_not_is_found(int choice)
    {
        var set = EpisodeCollector.Collect(Acrobot.Definition, Acrobot.Definition.Expert!, 1);
        var episode = Changed(set.Episodes.Single(), copy => copy.Choices[5] = choice);
        Assert.That(() => DemonstrationData.Of(Acrobot.Definition.Describe(new AcrobotSettings()), set with { Episodes = [episode] }),
            Throws.TypeOf<InvalidDataException>().With.Message.EndsWith($"chooses {choice} in step 5; Discrete(3) has 0 to 2"));
    }

    private static EpisodeSet Set(int episodes, Action<RecordedEpisode>? change = null)
    {
        var set = EpisodeCollector.Collect(Pendulum.Definition, Pendulum.Definition.Expert!, episodes, settings: s_spec.Settings);
        foreach (var episode in set.Episodes) change?.Invoke(episode);
        return set;
    }

    private static RecordedEpisode Changed(RecordedEpisode episode, Action<RecordedEpisode> change)
    {
        var copy = episode with
        {
            Actions = [.. episode.Actions],
            Choices = [.. episode.Choices],
            Observations = [.. episode.Observations.Select(group => group with { Rows = [.. group.Rows] })],
        };
        change(copy);
        return copy;
    }
}
