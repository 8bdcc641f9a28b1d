using NUnit.Framework;
using Sim.Agents.Mixers;
using Sim.Agents.Torch;
using Sim.Environments.Configuration;
using TorchSharp;
using static TorchSharp.torch;

namespace Sim.Tests.Agents.Mixers;

/// <summary>What every mixer promises: its two forms agree, states carry over, episodes are apart, nothing looks ahead.</summary>
public sealed class MixerAgreementTests
{
    private const int Batch = 3, Chunk = 8;

    private static IEnumerable<string> Names => SequenceMixers.All.Select(kind => kind.Name);

    [SetUp]
    public void Load() => TorchRuntime.EnsureLoaded();

    [Test]
    public void All_moments_at_once_and_one_by_one_agree([ValueSource(nameof(Names))] string name, [Values(1, 2, 3, 4, 7, 8, 9, 19)] int length, [Values] bool doubles)
    {
        using var scope = NewDisposeScope();
        using var backbone = Backbone(name, doubles);
        var x = Input(length, doubles);
        var (output, after) = backbone.Forward(x);
        var state = backbone.InitialState(Batch, CPU);
        for (int t = 0; t < length; t++)
        {
            (var step, state) = backbone.Step(x.select(1, t), state);
            Same(step, output.select(1, t), doubles, $"moment {t}");
        }
        for (int i = 0; i < state.Count; i++) Same(state[i], after[i], doubles, state.Names[i]);
    }

    /// <summary>Sums of rounded products differ between the forms; the limit is that of the published kernels' own comparisons, a fiftieth of the largest output.</summary>
    [Test]
    public void With_products_in_bfloat16_the_forms_agree_to_a_fiftieth([Values("mamba1", "mamba2")] string name, [Values(1, 4, 17, 64)] int length, [Values(8, 64)] int width)
    {
        using var scope = NewDisposeScope();
        var settings = new MixerSettings { Width = width, HeadWidth = 8, StateSize = 5, Layers = 2, Chunk = 16 };
        using var half = new SequenceBackbone(name, settings with { Products = ScalarType.BFloat16 }, seed: 3);
        using var whole = new SequenceBackbone(name, settings, seed: 3);
        var x = randn([Batch, length, width], generator: new Generator(7));
        var (output, _) = half.Forward(x);
        double largest = output.abs().max().ToDouble();
        var state = half.InitialState(Batch, CPU);
        for (int t = 0; t < length; t++)
        {
            (var step, state) = half.Step(x.select(1, t), state);
            Assert.That((step - output.select(1, t)).abs().max().ToDouble(), Is.LessThan(0.02 * largest), $"moment {t}");
        }
        double apart = (output - whole.Forward(x).Output).abs().max().ToDouble();
        Assert.That(apart, Is.GreaterThan(0).And.LessThan(0.1 * largest), "it is another type, and not another network");
        Assert.That(output.dtype, Is.EqualTo(ScalarType.Float32));
        Assert.That(state[1].dtype, Is.EqualTo(ScalarType.Float32));
    }

    [Test]
    public void A_window_may_be_split_anywhere([ValueSource(nameof(Names))] string name)
    {
        using var scope = NewDisposeScope();
        using var backbone = Backbone(name, doubles: true);
        var x = Input(11, doubles: true);
        var whole = backbone.Forward(x).Output;
        for (int split = 1; split < 11; split++)
        {
            var (first, middle) = backbone.Forward(x.narrow(1, 0, split));
            using var before = middle.Clone();
            var (second, _) = backbone.Forward(x.narrow(1, split, 11 - split), middle);
            Same(cat([first, second], 1), whole, true, $"split at {split}");
            for (int i = 0; i < before.Count; i++) Assert.That(TensorGolden.Difference(before[i], middle[i]), Is.Zero, "a state stays as it is");
        }
    }

    [Test]
    public void An_episode_knows_nothing_of_the_one_before([ValueSource(nameof(Names))] string name)
    {
        using var scope = NewDisposeScope();
        using var backbone = Backbone(name, doubles: true);
        var x = Input(21, doubles: true);
        // Rows begin episodes at different moments: within a chunk, at its first moment, twice, at the window's first.
        int[][] begins = [[5, 9], [8], [0, 16, 17]];
        var reset = zeros([Batch, 21], ScalarType.Bool);
        for (int row = 0; row < Batch; row++)
            foreach (int t in begins[row]) reset[row, t] = true;
        var earlier = backbone.Forward(Input(6, doubles: true, seed: 9)).State;
        var (together, after) = backbone.Forward(x, earlier, reset);
        for (int row = 0; row < Batch; row++)
        {
            int[] cuts = [0, .. begins[row].Where(t => t > 0), 21];
            var only = tensor(new long[] { row });
            MixerState? state = begins[row].Contains(0) ? null : earlier.Select(only);
            for (int part = 0; part + 1 < cuts.Length; part++)
            {
                (var apart, state) = backbone.Forward(x.narrow(0, row, 1).narrow(1, cuts[part], cuts[part + 1] - cuts[part]), state);
                Same(apart, together.narrow(0, row, 1).narrow(1, cuts[part], cuts[part + 1] - cuts[part]), true, $"row {row}, part {part}");
                if (part + 2 < cuts.Length) state = null;
            }
            for (int i = 0; i < after.Count; i++) Same(state![i], after.Select(only)[i], true, $"row {row}, {after.Names[i]}");
        }
        var stepped = earlier;
        for (int t = 0; t < 21; t++)
        {
            (var step, stepped) = backbone.Step(x.select(1, t), stepped, reset.select(1, t));
            Same(step, together.select(1, t), true, $"moment {t}");
        }
    }

    [Test]
    public void Nothing_looks_ahead_and_rows_keep_to_themselves([ValueSource(nameof(Names))] string name)
    {
        using var scope = NewDisposeScope();
        using var backbone = Backbone(name, doubles: false);
        var x = Input(19, doubles: false);
        var output = backbone.Forward(x).Output;
        var other = x.clone();
        other[1, 12] = 5;
        var changed = backbone.Forward(other).Output;
        Assert.That(TensorGolden.Difference(changed.narrow(1, 0, 12), output.narrow(1, 0, 12)), name == "s4d" ? Is.LessThan(1e-6) : Is.Zero, "moments before the change; a transform spreads rounding over all of them");
        Assert.That(TensorGolden.Difference(changed[1], output[1]), Is.GreaterThan(1e-3), "the row that changed");
        Assert.That(TensorGolden.Difference(changed[0], output[0]), Is.Zero);
        Assert.That(TensorGolden.Difference(backbone.Forward(x.narrow(0, 2, 1)).Output, output.narrow(0, 2, 1)), Is.LessThan(1e-5), "alone or with others");
    }

    [Test]
    public void States_can_be_chosen_put_back_and_kept_as_numbers([ValueSource(nameof(Names))] string name)
    {
        using var scope = NewDisposeScope();
        using var backbone = Backbone(name, doubles: false);
        var state = backbone.Forward(Input(5, doubles: false)).State.Detach();
        var chosen = state.Select(tensor(new long[] { 2, 0 }));
        Assert.That((chosen.Batch, chosen.Count), Is.EqualTo((2L, state.Count)));
        var initial = backbone.InitialState(Batch, CPU);
        var back = initial.Scatter(tensor(new long[] { 2, 0 }), chosen);
        for (int i = 0; i < state.Count; i++)
        {
            Assert.That(TensorGolden.Difference(back[i][2], state[i][2]) + TensorGolden.Difference(back[i][0], state[i][0]), Is.Zero);
            Assert.That(TensorGolden.Difference(back[i][1], initial[i][1]), Is.Zero, "what was not chosen stays");
        }
        var again = back.WithNumbers(state.ToArrays());
        for (int i = 0; i < state.Count; i++) Assert.That(TensorGolden.Difference(again[i], state[i]), Is.Zero);
        Assert.That(() => back.WithNumbers([[1f]]), Throws.ArgumentException.With.Message.Contains("not 1"));
    }

    [Test]
    public void Extreme_step_widths_leave_values_and_derivatives_finite([Values("mamba1", "mamba2")] string name)
    {
        using var scope = NewDisposeScope();
        using var mixer = SequenceMixers.Find(name).Create(Settings(doubles: false) with { Chunk = 64 }, new WeightDraws(1, ScalarType.Float32));
        using (no_grad())
        {
            foreach (var (parameter, value) in mixer.named_parameters())
            {
                if (parameter == "_stepBias") value.fill_(10);
                if (parameter == "_logRates") value.fill_(Math.Log(16));
            }
        }
        var (output, _) = mixer.Forward(Input(2048, doubles: false));
        output.pow(2).mean().backward();
        Assert.That(output.isfinite().all().item<bool>(), Is.True);
        foreach (var (parameter, value) in mixer.named_parameters()) Assert.That(value.grad!.isfinite().all().item<bool>(), Is.True, parameter);
    }

    /// <summary>The published sequence model less its stem of 1042 · 512 + 512 weights and a norm of 512.</summary>
    [TestCase("mamba2", 3_743_648 - 534_528)]
    [TestCase("mamba1", 3_925_504 - 534_528)]
    public void The_backbone_has_as_many_parameters_as_the_published_one(string name, int expected)
    {
        using var backbone = new SequenceBackbone(name, new MixerSettings { Width = 512, Layers = 2 }, seed: 1);
        Assert.That(backbone.parameters().Sum(parameter => parameter.numel()), Is.EqualTo(expected));
    }

    /// <summary>As a move to a device replaces parameters, so does one to a type, which every machine can make.</summary>
    [Test]
    public void A_backbone_that_moves_takes_all_of_its_parameters_along([ValueSource(nameof(Names))] string name)
    {
        using var scope = NewDisposeScope();
        using var backbone = Backbone(name, doubles: false);
        backbone.to(ScalarType.Float64);
        var output = backbone.Forward(Input(5, doubles: true), backbone.InitialState(Batch, CPU)).Output;
        Assert.That(output.dtype, Is.EqualTo(ScalarType.Float64));
        output.pow(2).mean().backward();
        foreach (var (parameter, value) in backbone.named_parameters()) Assert.That(value.grad, Is.Not.Null, parameter);
    }

    [Test]
    public void Equal_seeds_make_equal_networks_and_unknown_names_are_refused_with_the_nearest()
    {
        using var scope = NewDisposeScope();
        using SequenceBackbone first = Backbone("mamba2", doubles: false), second = Backbone("mamba2", doubles: false);
        foreach (var (a, b) in first.parameters().Zip(second.parameters())) Assert.That(TensorGolden.Difference(a, b), Is.Zero);
        Assert.That(() => new SequenceBackbone("mamba3", Settings(false), 1), Throws.TypeOf<SettingsException>().With.Message.Contains("nearest is 'mamba"));
        Assert.That(() => new SequenceBackbone("mamba2", Settings(false) with { HeadWidth = 7 }, 1), Throws.ArgumentException.With.Message.Contains("heads of 7"));
    }

    private static MixerSettings Settings(bool doubles) => new()
    {
        Width = 8,
        StateSize = 5,
        HeadWidth = 4,
        Groups = 2,
        Chunk = Chunk,
        Layers = 2,
        Type = doubles ? ScalarType.Float64 : ScalarType.Float32,
    };

    private static SequenceBackbone Backbone(string name, bool doubles) => new(name, Settings(doubles), seed: 4);

    private static Tensor Input(int length, bool doubles, ulong seed = 2)
        => randn([Batch, length, 8], doubles ? ScalarType.Float64 : ScalarType.Float32, generator: new Generator(seed));

    private static void Same(Tensor a, Tensor b, bool doubles, string what)
        => Assert.That(TensorGolden.Difference(a, b), Is.LessThan(doubles ? 1e-10 : 1e-5 * Math.Max(1, b.abs().max().to(ScalarType.Float64).item<double>())), what);
}
