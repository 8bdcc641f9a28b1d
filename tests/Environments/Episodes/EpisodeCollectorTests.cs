using System.Runtime.InteropServices;
using NUnit.Framework;
using Sim.Environments;
using Sim.Environments.Classic;
using Sim.Environments.Configuration;
using Sim.Environments.Episodes;
using Sim.Environments.Quadrotors;

namespace Sim.Tests.Environments.Episodes;

public sealed class EpisodeCollectorTests
{
    [Test]
    public void Collected_actions_lead_from_the_start_to_the_recorded_observations_and_rewards()
    {
        var set = EpisodeCollector.Collect(Hover.Definition, Hover.Definition.Expert!, 3, seed: 7, new HoverSettings { EpisodeSteps = 50 }, "pilot");
        foreach (var episode in set.Episodes)
        {
            using var environments = Hover.Definition.Create(
                new EnvironmentOptions { Privileged = true, Autoreset = AutoresetMode.Disabled }, new HoverSettings { EpisodeSteps = 50 });
            environments.Reset();
            environments.BeginEpisode(0, episode.Start!.Value);
            AssertRow(0);
            for (int step = 0; step < episode.Length; step++)
            {
                episode.Actions.AsSpan(step * 4, 4).CopyTo(environments.Actions);
                environments.Step();
                AssertRow(step + 1);
                Assert.That(environments.Rewards[0], Is.EqualTo(episode.Rewards[step]));
                Assert.That((environments.Terminated[0], environments.Truncated[0], environments.IsSuccess[0]),
                    Is.EqualTo((episode.Terminated[step], episode.Truncated[step], episode.Success![step])));
            }
            Assert.That(episode.Terminated[^1] || episode.Truncated[^1], Is.True);

            void AssertRow(int row)
            {
                Assert.That(episode.Observations.Select(group => group.Name), Is.EqualTo(new[] { "observation", "privileged" }));
                foreach (var (recorded, group) in episode.Observations.Zip(environments.Groups))
                    Assert.That(MemoryMarshal.Cast<byte, float>(recorded.Rows).Slice(row * group.Space.Size, group.Space.Size).ToArray(),
                        Is.EqualTo(group.Current.Row(0).ToArray()), $"{group.Name}, row {row}");
            }
        }
    }

    [Test]
    public void The_set_says_what_it_was_played_in()
    {
        var settings = new CartPoleSettings { EpisodeSteps = 30 };
        var set = EpisodeCollector.Collect(CartPole.Definition, CartPole.Definition.Expert!, 2, settings: settings, demonstrator: "regulator");
        Assert.That((set.Environment, set.Version, set.ControlPeriod, set.TimeLimit), Is.EqualTo(("cartpole", 1, 0.02f, 30)));
        Assert.That(SettingsJson.Read<CartPoleSettings>(set.Settings), Is.EqualTo(settings));
        var episode = set.Episodes.First();
        Assert.That((episode.Length, episode.Choices.Length, episode.Actions.Length, episode.Operator), Is.EqualTo((30, 30, 0, "regulator")));
        Assert.That(episode.Success, Is.Null, "cartpole has no success");
    }

    /// <summary>515 episodes take two batches.</summary>
    [Test]
    public void Episode_k_is_that_of_seed_plus_k_however_many_are_collected()
    {
        var settings = new AcrobotSettings { EpisodeSteps = 20 };
        var many = EpisodeCollector.Collect(Acrobot.Definition, Acrobot.Definition.Expert!, 515, seed: 100, settings).Episodes.ToArray();
        var one = EpisodeCollector.Collect(Acrobot.Definition, Acrobot.Definition.Expert!, 1, seed: 614, settings).Episodes.Single();
        Assert.That(many, Has.Length.EqualTo(515));
        Assert.That(many[514].Start, Is.EqualTo(one.Start));
        Assert.That(many[514].Observations[0].Rows, Is.EqualTo(one.Observations[0].Rows));
        Assert.That(many[514].Observations[0].Rows, Is.Not.EqualTo(many[513].Observations[0].Rows));
    }

    [Test]
    public void An_episode_ends_with_its_own_last_observation_and_not_with_the_next_start()
    {
        var episode = EpisodeCollector.Collect(MountainCar.Definition, MountainCar.Definition.Expert!, 1).Episodes.Single();
        var positions = MemoryMarshal.Cast<byte, float>(episode.Observations[0].Rows);
        Assert.That(positions.Length, Is.EqualTo(2 * (episode.Length + 1)));
        Assert.That(positions[^2], Is.GreaterThanOrEqualTo(0.5f), "the flag");
        Assert.That(episode.IsSuccess, Is.True);
    }
}
