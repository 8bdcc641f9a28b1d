using NUnit.Framework;
using Sim.Agents.Drama;
using Sim.Agents.Mixers;
using Sim.Agents.Networks.Torch;
using Sim.Agents.Torch;
using Sim.Environments;
using Sim.Environments.FallingDot;
using Sim.Environments.MinAtar;
using TorchSharp;
using static TorchSharp.torch;

namespace Sim.Tests.Agents.Drama;

public sealed class WorldModelTests
{
    [SetUp]
    public void Load() => TorchRuntime.EnsureLoaded();

    /// <summary>Numbers of the published model with 18 actions, computed from its shapes.</summary>
    [TestCase("mamba2", 3_743_648, 7_161_603)]
    [TestCase("mamba1", 3_925_504, 7_343_459)]
    public void The_published_sizes_have_their_numbers_of_parameters(string mixer, long sequence, long total)
    {
        var settings = DramaPresets.Pixel64H100 with { Mixer = mixer };
        using var model = new WorldModel(Pictures(), 18, settings, seed: 1);
        Assert.That(model.ParameterCounts, Is.EqualTo(new Dictionary<string, long>
        {
            ["encoder"] = 232_272,
            ["posterior"] = 1_049_600,
            ["prior"] = 525_312,
            ["decoder"] = 1_281_811,
            ["sequence"] = sequence,
            ["reward"] = 197_119,
            ["end"] = 131_841,
        }));
        Assert.That(model.ParameterCounts.Values.Sum(), Is.EqualTo(total));
        Assert.That(model.parameters().Sum(parameter => parameter.numel()), Is.EqualTo(total), "every parameter is registered, and once");
        using var agent = new ActorCritic(model.StateSize, new ActionForm(new Sim.Environments.Spaces.Discrete(18)), settings, seed: 1);
        Assert.That(agent.ParameterCounts, Is.EqualTo((530_450L, 1_444_607L)));
    }

    [Test]
    public void What_is_decoded_has_the_form_of_what_was_encoded([Values("tiny", "pixel64-cpu", "pixel64-h100")] string preset)
    {
        using var scope = NewDisposeScope();
        var form = preset == "tiny" ? new ObservationForm(Registry.Find("minatar-seaquest").Describe(new MinAtarSettings())) : Pictures();
        var settings = (DramaSettings)DramaPresets.Named(FallingDotGame.Definition.Describe(new FallingDotSettings()))[preset].Settings;
        using var model = new WorldModel(form, 6, settings, seed: 1);
        var observations = form.Read(new byte[3 * form.Bytes], CPU);
        Assert.That(observations.shape, Is.EqualTo(new long[] { 3, form.Channels, form.Height, form.Width }));
        var posterior = model.Posterior(observations);
        Assert.That(posterior.shape, Is.EqualTo(new long[] { 3, settings.Categoricals, settings.Classes }));
        Assert.That(model.Decode(posterior.exp().flatten(1)).shape, Is.EqualTo(observations.shape));
    }

    [Test]
    public void Bytes_of_a_board_become_its_planes()
    {
        using var scope = NewDisposeScope();
        using var boards = MinAtarGames.Breakout.Create(new() { Count = 2 });
        using var planes = MinAtarGames.Breakout.Create(new() { Count = 2 }, new MinAtarSettings { View = MinAtarView.Planes });
        boards.Reset(seed: 4);
        planes.Reset(seed: 4);
        var read = new ObservationForm(boards.Spec).Read(boards.Observations.Bytes.ToArray(), CPU);
        Assert.That(read.contiguous().data<float>().ToArray(), Is.EqualTo(new ObservationForm(planes.Spec).Read(planes.Observations.Bytes.ToArray(), CPU).data<float>().ToArray()));
        Assert.That(read.contiguous().data<float>().ToArray(), Is.EqualTo(planes.Observations.Bytes.ToArray().Select(cell => (float)cell)));
    }

    [Test]
    public void Three_hundred_updates_on_one_batch_leave_a_tenth_of_its_reconstruction_loss()
    {
        using var scope = NewDisposeScope();
        var (windows, form) = Played(windows: 8, length: 32);
        var settings = DramaPresets.Tiny;
        using var model = new WorldModel(form, 3, settings, seed: 3);
        using var optimiser = new LaProp(model.parameters());
        double first = 0, last = 0;
        for (int update = 0; update < 300; update++)
        {
            using var inner = NewDisposeScope();
            var losses = model.Losses(windows, rand([8, 32, settings.Categoricals], generator: new Generator((ulong)update)));
            losses.Total.backward();
            optimiser.Step(1e-3, settings.ModelGradientNorm);
            last = losses.Reconstruction.ToDouble();
            if (update == 0) first = last;
        }
        Assert.That(last, Is.LessThan(first / 10));
    }

    [Test]
    public void Steps_remember_what_windows_remember_whatever_the_mixer([Values] bool resets, [ValueSource(nameof(Mixers))] string mixer)
    {
        using var scope = NewDisposeScope();
        using var withoutGraph = no_grad();
        var (windows, form) = Played(windows: 5, length: 12);
        var settings = DramaPresets.Tiny with { Mixer = mixer, ResetOnEpisodeStart = resets };
        using var model = new WorldModel(form, 3, settings, seed: 3);
        model.eval();
        var latents = Categoricals.Sample(model.Posterior(windows.Observations), rand([60, settings.Categoricals], generator: new Generator(5))).view(5, 12, -1);
        var (memories, _) = model.Remember(latents, windows.Actions, null, windows.First);
        var state = model.InitialState(5, CPU);
        var worst = 0.0;
        for (int step = 0; step < 12; step++)
        {
            (var memory, state) = model.RememberStep(latents.select(1, step), windows.Actions.select(1, step), state, windows.First.select(1, step));
            worst = Math.Max(worst, (memory - memories.select(1, step)).abs().max().ToDouble());
        }
        Assert.That(worst, Is.LessThan(2e-5));
    }

    [Test]
    public void A_divergence_across_the_beginning_of_an_episode_is_not_learnt_from()
    {
        using var scope = NewDisposeScope();
        var posterior = Categoricals.LogProbabilities(randn([2, 4, 3, 5], generator: new Generator(1)) * 5);
        var prior = Categoricals.LogProbabilities(randn([2, 4, 3, 5], generator: new Generator(2)) * 5).requires_grad_();
        var first = tensor(new[] { true, false, true, false, false, false, false, true }, [2, 4]);
        var (dynamics, _) = Categoricals.DivergenceLosses(posterior, prior, first);
        dynamics.backward();
        // The moment before each beginning, and the last of each window.
        var learnt = prior.grad!.abs().sum([-2, -1]).gt(0).data<bool>().ToArray();
        Assert.That(learnt, Is.EqualTo(new[] { true, false, true, false, true, true, false, false }));
    }

    [Test]
    public void Vectors_are_compared_in_standard_units()
    {
        using var environments = Registry.Make("cartpole", new EnvironmentOptions { Count = 2 });
        var form = new ObservationForm(environments.Spec);
        int[] starts = new int[8];
        var replay = Fill(environments, form, 200);
        replay.DrawToInspect(starts, 16, 1, 1);
        var windows = replay.Read(starts, 16, CPU);
        using var model = new WorldModel(form, 2, DramaPresets.Tiny, seed: 1);
        Assert.That(model.Target(windows.Observations).equal(windows.Observations).all().item<bool>(), "nothing was learnt from yet");
        model.Losses(windows, rand(8, 16, DramaPresets.Tiny.Categoricals));
        var target = model.Target(windows.Observations);
        Assert.That(target.mean([0]).abs().max().item<float>(), Is.LessThan(1e-2));
        Assert.That((target.std(0, unbiased: false) - 1).abs().max().item<float>(), Is.LessThan(1e-2));
    }

    private static IEnumerable<string> Mixers => SequenceMixers.All.Select(kind => kind.Name);

    private static ObservationForm Pictures()
        => new(MinAtarGames.Breakout.Describe(new MinAtarSettings { View = MinAtarView.Pixels }));

    /// <summary>Windows of falling dots under random actions, with ends of episodes in them.</summary>
    internal static (SequenceWindows Windows, ObservationForm Form) Played(int windows, int length)
    {
        using var environments = FallingDotGame.Definition.Create(new() { Count = 2 }, new FallingDotSettings { Drops = 1 });
        var form = new ObservationForm(environments.Spec);
        var replay = Fill(environments, form, 200);
        int[] starts = new int[windows];
        replay.DrawToInspect(starts, length, 1, 1);
        return (replay.Read(starts, length, CPU), form);
    }

    internal static SequenceReplay Fill(BatchEnvironment environments, ObservationForm form, int steps, int capacity = 200)
    {
        int actions = new ActionForm(environments.Spec.Action).Size;
        var replay = new SequenceReplay(form, environments.Count, capacity, actions);
        environments.Reset(seed: 1);
        bool[] first = new bool[environments.Count];
        Array.Fill(first, true);
        for (int step = 0; step < steps; step++)
        {
            replay.Observe(environments.Observations.Bytes, first);
            RandomActions.Fill(environments, seed: 2, step);
            environments.Step();
            float[] oneHot = new float[environments.Count * actions];
            for (int lane = 0; lane < environments.Count; lane++) oneHot[(lane * actions) + environments.DiscreteActions[lane]] = 1;
            replay.Complete(oneHot, environments);
            for (int lane = 0; lane < first.Length; lane++) first[lane] = environments.Terminated[lane] || environments.Truncated[lane];
        }
        return replay;
    }
}
