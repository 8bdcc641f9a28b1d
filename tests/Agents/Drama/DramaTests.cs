using System.Numerics;
using System.Runtime.InteropServices;
using NUnit.Framework;
using Sim.Agents.Drama;
using Sim.Agents.Metrics;
using Sim.Agents.Mixers;
using Sim.Agents.Torch;
using Sim.Agents.Training;
using Sim.Environments;
using Sim.Environments.Configuration;
using Sim.Environments.MinAtar;
using static TorchSharp.torch;

namespace Sim.Tests.Agents.Drama;

public sealed class DramaTests
{
    /// <summary>Everything of an update, in milliseconds.</summary>
    private static DramaSettings Small { get; } = DramaPresets.Tiny with
    {
        Environments = 3,
        Channels = [4, 8],
        Categoricals = 4,
        Classes = 4,
        Width = 16,
        HeadWidth = 8,
        HeadHidden = 8,
        Hidden = [8],
        CriticHidden = [8],
        VectorHidden = [16],
        Batch = 3,
        Window = 8,
        ImaginedBatch = 6,
        Context = 2,
        Horizon = 4,
        LearningStarts = 60,
        ReplayCapacity = 300,
        RefreshEvery = 5,
        ActingContext = 6,
    };

    [SetUp]
    public void Load() => TorchRuntime.EnsureLoaded();

    [TestCase("falling-dot")]
    [TestCase("minatar-seaquest")]
    [TestCase("cartpole")]
    [TestCase("pendulum")]
    [TestCase("quadrotor-hover")]
    public void Boards_and_vectors_choices_and_numbers_are_learnt_from(string id)
    {
        using var environments = Registry.Make(id, new EnvironmentOptions { Count = 3 });
        using var drama = new Sim.Agents.Drama.Drama(environments, Small, seed: 1);
        var before = Numbers(drama);
        Run(drama, 180);
        Assert.That(Numbers(drama), Is.Not.EqualTo(before));
        var metrics = new List<Metric>();
        drama.Report(metrics);
        Assert.That(metrics.Select(metric => metric.Name), Is.SupersetOf(DramaMetrics.Losses));
        Assert.That(metrics.Select(metric => metric.Value), Is.All.Matches<double>(double.IsFinite));
    }

    [Test]
    public void In_goal_tasks_the_goal_is_observed_too()
    {
        using var environments = Registry.Make("surgical-gym-psm-reach", new EnvironmentOptions { Count = 3 });
        Assert.That(new ObservationForm(environments.Spec).Size, Is.EqualTo(environments.Spec.ActorBox.Size));
        using var goals = Sim.Tests.Agents.Hindsight.Errand.Definition.Create(new() { Count = 3 });
        Assert.That(new ObservationForm(goals.Spec).Size, Is.EqualTo(10), "7 observed numbers, 3 of the goal");
        using var drama = new Sim.Agents.Drama.Drama(goals, Small, seed: 1);
        Run(drama, 90);
    }

    [Test]
    public void Past_actions_in_an_observation_are_left_to_the_memory()
    {
        using var environments = Registry.Make("quadrotor-hover", new EnvironmentOptions { Count = 2 });
        Assert.That(environments.Spec.PastActions, Is.EqualTo(64), "16 of four numbers");
        var form = new ObservationForm(environments.Spec);
        Assert.That(form.Size, Is.EqualTo(18));
        environments.Reset(seed: 1);
        byte[] read = new ObservationReader(environments, form).Read();
        for (int lane = 0; lane < 2; lane++)
            Assert.That(MemoryMarshal.Cast<byte, float>(read.AsSpan(lane * 72, 72)).ToArray(), Is.EqualTo(environments.Observations.Row(lane)[..18].ToArray()));
    }

    [Test]
    public void Pictures_are_learnt_from()
    {
        using var environments = MinAtarGames.Breakout.Create(new() { Count = 2 }, new MinAtarSettings { View = MinAtarView.Pixels });
        var settings = Small with { Channels = [2, 4], Strides = [2, 2], Kernel = 4, Norm = Sim.Agents.Networks.Torch.ChannelNormKind.Batch };
        using var drama = new Sim.Agents.Drama.Drama(environments, settings, seed: 1);
        Run(drama, 120);
        using var folder = new Sim.Tests.TemporaryFolder();
        drama.Illustrate(folder.Path);
        Assert.That(Directory.GetFiles(folder.Path, "world-model-*.png"), Has.Length.EqualTo(1));
    }

    [TestCase("act_on=prior")]
    [TestCase("reference_quirks=true")]
    [TestCase("reset_on_episode_start=false")]
    [TestCase("frequency_sampling=false")]
    [TestCase("refresh_every=0")]
    [TestCase("precision=bfloat16")]
    public void Every_switch_changes_what_is_learnt(string change)
    {
        Assert.That(Trained(SettingsOverride.Apply(Small, change)), Is.Not.EqualTo(Trained(Small)));

        static ulong Trained(DramaSettings settings)
        {
            using var environments = Registry.Make("falling-dot", new EnvironmentOptions { Count = 3 }, new Sim.Environments.FallingDot.FallingDotSettings { Drops = 1 });
            using var drama = new Sim.Agents.Drama.Drama(environments, settings, seed: 1);
            Run(drama, 300);
            return Numbers(drama);
        }
    }

    [Test]
    public void Every_mixer_is_a_backbone([ValueSource(nameof(Mixers))] string mixer)
    {
        using var environments = Registry.Make("falling-dot", new EnvironmentOptions { Count = 3 });
        using var drama = new Sim.Agents.Drama.Drama(environments, Small with { Mixer = mixer }, seed: 1);
        Run(drama, 100);
        Assert.That(drama.Model.parameters().All(parameter => parameter.isfinite().all().item<bool>()));
    }

    [Test]
    public void A_loaded_learner_continues_bit_for_bit([Values("falling-dot", "pendulum")] string id)
    {
        Checkpoint half = new(), whole = new(), continued = new();
        using (var environments = Registry.Make(id, new EnvironmentOptions { Count = 3 }))
        using (var drama = new Sim.Agents.Drama.Drama(environments, Small, seed: 1))
        {
            Run(drama, 120);
            drama.Save(half);
            Go(drama, 240);
            drama.Save(whole);
        }
        using var fresh = Registry.Make(id, new EnvironmentOptions { Count = 3, Seed = 99 });
        using var resumed = new Sim.Agents.Drama.Drama(fresh, Small, seed: 1);
        resumed.Load(half);
        Go(resumed, 240);
        resumed.Save(continued);
        foreach (string name in whole.Names) Assert.That(continued.Get<byte>(name), Is.EqualTo(whole.Get<byte>(name)), name);
    }

    [Test]
    public void A_saved_policy_acts_as_the_learner_s_does_and_begins_each_episode_anew()
    {
        using var environments = Registry.Make("falling-dot", new EnvironmentOptions { Count = 3 });
        using var drama = new Sim.Agents.Drama.Drama(environments, Small, seed: 1);
        Run(drama, 180);
        var checkpoint = new Checkpoint();
        drama.Save(checkpoint);
        using var loaded = DramaPolicy.Load(environments.Spec, Small, checkpoint);
        int[][] own = Actions(drama.Policy), saved = Actions(loaded);
        Assert.That(saved, Is.EqualTo(own));

        static int[][] Actions(DramaPolicy policy)
        {
            using var batch = Registry.Make("falling-dot", new EnvironmentOptions { Count = 5 });
            batch.Reset(seed: 7);
            using var actor = policy.ActIn(batch);
            var actions = new int[200][];
            for (int step = 0; step < actions.Length; step++)
            {
                actor.Act(batch);
                actions[step] = batch.DiscreteActions.ToArray();
                batch.Step();
            }
            return actions;
        }
    }

    [Test]
    public void Nothing_flows_from_the_agent_s_losses_into_the_world_model_and_nothing_from_an_ended_episode_into_its_returns()
    {
        using var scope = NewDisposeScope();
        var (windows, form) = WorldModelTests.Played(windows: 6, length: 3);
        var actionForm = new ActionForm(new Sim.Environments.Spaces.Discrete(3));
        using var model = new WorldModel(form, 3, Small, seed: 1);
        using var agent = new ActorCritic(model.StateSize, actionForm, Small, seed: 2);
        using var scale = new ReturnScale(CPU);
        ulong time = 0;
        var imagination = new Imagination(model, Small, 1, CPU);
        var imagined = imagination.Play(imagination.Begin(windows, 2, ref time), agent, 4, ref time);
        agent.Losses(imagined, scale).Total.backward();
        Assert.That(model.parameters().All(parameter => parameter.grad is null));
        Assert.That(agent.Learnt.All(parameter => parameter.grad is not null));

        // The second step ends the episode: what comes after it changes no gradient.
        var ended = imagined with { Ends = tensor(new float[] { 0, 1, 0, 0 }).expand(6, 4).contiguous() };
        var other = ended with { Rewards = cat([ended.Rewards.narrow(1, 0, 2), ended.Rewards.narrow(1, 2, 2) + 10], 1), Actions = cat([ended.Actions.narrow(1, 0, 2), ended.Actions.narrow(1, 2, 2).flip(2)], 1) };
        Assert.That(Gradients(other), Is.EqualTo(Gradients(ended)));

        ulong Gradients(ImaginedEpisodes episodes)
        {
            // New ones, since both remember what they have seen; the spread of returns stays below 1, where it divides nothing.
            using var fresh = new ActorCritic(model.StateSize, actionForm, Small, seed: 2);
            using var spread = new ReturnScale(CPU);
            fresh.Losses(episodes, spread).Total.backward();
            return Sum(fresh.Learnt.Select(parameter => parameter.grad!));
        }
    }

    [Test]
    public void Native_memory_stays_flat_over_updates()
    {
        using var environments = Registry.Make("falling-dot", new EnvironmentOptions { Count = 3 });
        using var drama = new Sim.Agents.Drama.Drama(environments, Small, seed: 1);
        Run(drama, 150);
        long before = Tensor.TotalCount;
        Go(drama, 450);
        Assert.That(Tensor.TotalCount, Is.LessThanOrEqualTo(before));
    }

    [TestCase("backend=fused", "backend")]
    [TestCase("mixer=mamba3", "mamba2")]
    [TestCase("strides=1", "strides")]
    [TestCase("replay_capacity=40", "replay_capacity = 40")]
    [TestCase("head_width=24", "heads of 24")]
    public void Settings_that_cannot_be_are_refused_by_name(string change, string named)
    {
        using var environments = Registry.Make("falling-dot", new EnvironmentOptions { Count = 3 });
        var settings = SettingsOverride.Apply(Small, change);
        Assert.That(() => new Sim.Agents.Drama.Drama(environments, settings, seed: 1), Throws.TypeOf<SettingsException>().With.Message.Contains(named));
    }

    private static IEnumerable<string> Mixers => SequenceMixers.All.Select(kind => kind.Name);

    private static void Run(Sim.Agents.Drama.Drama drama, long steps)
    {
        drama.Begin();
        Go(drama, steps);
    }

    private static void Go(Sim.Agents.Drama.Drama drama, long steps)
    {
        while (drama.Steps < steps) drama.Iterate();
    }

    /// <summary>All parameters of a learner, as one number.</summary>
    private static ulong Numbers(Sim.Agents.Drama.Drama drama) => Sum([.. drama.Model.parameters(), .. drama.Agent.parameters()]);

    private static ulong Sum(IEnumerable<Tensor> tensors)
    {
        ulong sum = 0;
        foreach (var tensor in tensors)
        {
            foreach (float number in tensor.data<float>()) sum = (BitOperations.RotateLeft(sum, 5) ^ BitConverter.SingleToUInt32Bits(number)) * 0x9E3779B97F4A7C15;
        }
        return sum;
    }
}
