using NUnit.Framework;
using Sim.Agents.Cloning;
using Sim.Agents.Training;
using Sim.Environments.Classic;
using Sim.Environments.Configuration;
using Sim.Environments.Episodes;

namespace Sim.Tests.Agents.Cloning;

public sealed class CloningSplitTests
{
    [Test]
    public void Every_step_is_learnt_from_or_judged_by_and_whole_episodes_go_one_way()
    {
        var data = Demonstrated(20);
        var split = CloningSplit.Of(data, new CloningSettings { ValidationFraction = 0.25f }, seed: 3);
        Assert.That(split.Training.Concat(split.Validation).Order(), Is.EqualTo(Enumerable.Range(0, data.Rows)));
        bool[] judges = [.. data.Episodes.Select(episode => split.Validation.Contains(episode.Start))];
        Assert.That(judges.Count(judge => judge), Is.EqualTo(5));
        foreach (var (episode, judge) in data.Episodes.Zip(judges))
        {
            int[] rows = [.. Enumerable.Range(episode.Start, episode.Length)];
            Assert.That(judge ? split.Validation : split.Training, Is.SupersetOf(rows));
        }
    }

    [Test]
    public void The_split_follows_from_the_seed()
    {
        var data = Demonstrated(20);
        var settings = new CloningSettings();
        var split = CloningSplit.Of(data, settings, seed: 3);
        Assert.That(CloningSplit.Of(data, settings, seed: 3).Validation, Is.EqualTo(split.Validation));
        Assert.That(CloningSplit.Of(data, settings, seed: 4).Validation, Is.Not.EqualTo(split.Validation));
    }

    [TestCase(1, 0.5f, 0, TestName = "A_single_episode_is_learnt_from")]
    [TestCase(2, 0.01f, 1, TestName = "A_small_fraction_keeps_one_episode_out")]
    [TestCase(3, 0.9f, 2, TestName = "One_episode_is_always_learnt_from")]
    [TestCase(10, 0f, 0, TestName = "A_fraction_of_0_keeps_none_out")]
    public void Episodes_kept_out(int episodes, float fraction, int kept)
    {
        var data = Demonstrated(episodes);
        var split = CloningSplit.Of(data, new CloningSettings { ValidationFraction = fraction }, seed: 1);
        Assert.That(data.Episodes.Count(episode => split.Validation.Contains(episode.Start)), Is.EqualTo(kept));
        Assert.That(split.Training, Is.Not.Empty);
    }

    [Test]
    public void Only_successes_are_used_where_that_is_asked_for()
    {
        // 85 steps are too few for about half of the starts.
        var data = Demonstrated(20);
        int[] failed = [.. data.Episodes.Where(episode => episode.IsSuccess == false).SelectMany(episode => Enumerable.Range(episode.Start, episode.Length))];
        Assert.That(failed, Is.Not.Empty, "the demonstrations hold failures, or the test shows nothing");
        var split = CloningSplit.Of(data, new CloningSettings { OnlySuccess = true }, seed: 1);
        Assert.That(split.Training.Concat(split.Validation).Intersect(failed), Is.Empty);
        Assert.That(split.Training.Length + split.Validation.Length, Is.EqualTo(data.Rows - failed.Length));
    }

    [Test]
    public void Only_success_without_a_success_is_refused()
    {
        Assert.That(() => CloningSplit.Of(Demonstrated(3, steps: 10), new CloningSettings { OnlySuccess = true }, 1),
            Throws.TypeOf<SettingsException>().With.Message.EqualTo("only_success = true: none of the 3 demonstrated episodes ended in success"));
        var cartpole = CartPole.Definition.Describe(new CartPoleSettings());
        var data = DemonstrationData.Of(cartpole, EpisodeCollector.Collect(CartPole.Definition, CartPole.Definition.Expert!, 1));
        Assert.That(() => CloningSplit.Of(data, new CloningSettings { OnlySuccess = true }, 1),
            Throws.TypeOf<SettingsException>().With.Message.Contains("cartpole does not say when an episode succeeds"));
    }

    private static DemonstrationData Demonstrated(int episodes, int steps = 85)
    {
        var settings = new AcrobotSettings { EpisodeSteps = steps };
        return DemonstrationData.Of(Acrobot.Definition.Describe(settings), EpisodeCollector.Collect(Acrobot.Definition, Acrobot.Definition.Expert!, episodes, settings: settings));
    }
}
