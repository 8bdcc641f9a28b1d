using NUnit.Framework;
using Sim.Agents.Mixers;
using Sim.Agents.Torch;
using static TorchSharp.torch;

namespace Sim.Tests.Agents.Mixers;

/// <summary>Both Mamba mixers against recorded outputs, states and derivatives of an independent float64 implementation.</summary>
public sealed class MambaGoldenTests
{
    private static readonly Dictionary<string, string> s_names = new()
    {
        ["_in"] = "W_in",
        ["convolution._weight"] = "conv_w",
        ["convolution._bias"] = "conv_b",
        ["_stepBias"] = "dt_bias",
        ["_logRates"] = "A_log",
        ["_skip"] = "D",
        ["_norm"] = "norm_w",
        ["_out"] = "W_out",
        ["_fromInner"] = "W_x",
        ["_toStep"] = "W_dt",
    };

    [SetUp]
    public void Load() => TorchRuntime.EnsureLoaded();

    [Test]
    public void Outputs_and_states_are_those_recorded([Values("m1_block", "m2_block", "m2_block_groups")] string file, [Values(1, 4, 64)] int chunk)
    {
        using var scope = NewDisposeScope();
        var golden = new TensorGolden(file);
        using var mixer = Mixer(file, golden, chunk);
        var (output, state) = mixer.Forward(golden.Tensor("input"));
        // Twelve printed digits of numbers of order one.
        Assert.That(TensorGolden.Difference(output, golden.Tensor("output")), Is.LessThan(1e-9));
        Assert.That(TensorGolden.Difference(state["state"], golden.Tensor("final_ssm_state")), Is.LessThan(1e-9));
        Assert.That(TensorGolden.Difference(state["convolution"].transpose(1, 2), golden.Tensor("final_conv_history")), Is.LessThan(1e-9));
    }

    [Test]
    public void A_window_that_is_split_carries_the_recorded_state_over([Values("m1_block", "m2_block", "m2_block_groups")] string file)
    {
        using var scope = NewDisposeScope();
        var golden = new TensorGolden(file);
        using var mixer = Mixer(file, golden, chunk: 4);
        long split = golden.Integer("config", "split_at");
        var input = golden.Tensor("input");
        var (_, middle) = mixer.Forward(input.narrow(1, 0, split));
        Assert.That(TensorGolden.Difference(middle["state"], golden.Tensor("state_after_split", "ssm")), Is.LessThan(1e-9));
        Assert.That(TensorGolden.Difference(middle["convolution"].transpose(1, 2), golden.Tensor("state_after_split", "conv_history")), Is.LessThan(1e-9));
        var (rest, _) = mixer.Forward(input.narrow(1, split, input.shape[1] - split), middle);
        Assert.That(TensorGolden.Difference(rest, golden.Tensor("output").narrow(1, split, input.shape[1] - split)), Is.LessThan(1e-9));
    }

    [Test]
    public void Derivatives_are_those_of_finite_differences([Values("m1_block", "m2_block", "m2_block_groups")] string file)
    {
        using var scope = NewDisposeScope();
        var golden = new TensorGolden(file);
        using var mixer = Mixer(file, golden, chunk: 4);
        var input = golden.Tensor("input").requires_grad_(true);
        var (output, _) = mixer.Forward(input);
        var loss = (arange(output.numel(), ScalarType.Float64).cos().view(output.shape) * output).sum();
        loss.backward();
        foreach (var (name, parameter) in mixer.named_parameters())
            Assert.That(TensorGolden.Difference(parameter.grad!, golden.Tensor("grads_finite_difference", s_names[name])), Is.LessThan(1e-6), name);
        Assert.That(TensorGolden.Difference(input.grad!, golden.Tensor("grads_finite_difference", "input")), Is.LessThan(1e-6));
    }

    [Test]
    public void The_bare_recurrence_holds_over_widths_of_e_to_the_minus_6_to_3_and_carries_a_state([Values(1, 3, 10)] int chunk)
    {
        using var scope = NewDisposeScope();
        var golden = new TensorGolden("ssd_core");
        Tensor One(string name) => golden.Tensor(name).unsqueeze(0);
        var y = StateSpaceDuality.Forward(One("x"), One("dt"), golden.Tensor("A"), One("B"), One("C"), One("initial_state"), null, chunk, out var after);
        Assert.That(TensorGolden.Difference(y, One("y")), Is.LessThan(1e-9));
        Assert.That(TensorGolden.Difference(after, One("final_state")), Is.LessThan(1e-9));
    }

    [Test]
    public void The_gate_of_mingru_is_the_recorded_one()
    {
        using var scope = NewDisposeScope();
        var golden = new TensorGolden("mixers");
        var x = golden.Tensor("minGRU", "x").unsqueeze(0);
        // Recorded for 3 inputs and 4 numbers of state; a fourth input of 0 makes the maps square.
        using var mixer = new MinGru(new MixerSettings { Width = 4, Type = ScalarType.Float64 }, new WeightDraws(1, ScalarType.Float64));
        using (no_grad())
        {
            foreach (var (name, parameter) in mixer.named_parameters())
                parameter.copy_(cat([golden.Tensor("minGRU", name == "_gate" ? "W_z" : "W_h"), zeros([4, 1], ScalarType.Float64)], 1));
        }
        var state = new MixerState(("state", golden.Tensor("minGRU", "h0").unsqueeze(0)));
        var (h, _) = mixer.Forward(cat([x, zeros([1, x.shape[1], 1], ScalarType.Float64)], 2), state);
        Assert.That(TensorGolden.Difference(h.squeeze(0), golden.Tensor("minGRU", "h")), Is.LessThan(1e-9));
    }

    [Test]
    public void Gated_cells_compute_what_the_modules_of_torch_do([Values("gru", "lstm")] string name)
    {
        using var scope = NewDisposeScope();
        using var mixer = SequenceMixers.Find(name).Create(new MixerSettings { Width = 6 }, new WeightDraws(3, ScalarType.Float32));
        var x = randn([2, 7, 6], generator: new Generator(5));
        var ours = mixer.Forward(x).Output;
        Tensor theirs;
        if (name == "gru")
        {
            using var module = nn.GRU(6, 6, batchFirst: true);
            Copy(mixer, module);
            theirs = module.call(x).Item1;
        }
        else
        {
            using var module = nn.LSTM(6, 6, batchFirst: true);
            Copy(mixer, module);
            theirs = module.call(x).Item1;
        }
        Assert.That(TensorGolden.Difference(ours, theirs), Is.LessThan(1e-6));
    }

    private static void Copy(nn.Module from, nn.Module to)
    {
        using var withoutGraph = no_grad();
        foreach (var (ours, theirs) in from.parameters().Zip(to.parameters())) theirs.copy_(ours);
    }

    private static SequenceMixer Mixer(string file, TensorGolden golden, int chunk)
    {
        bool first = file == "m1_block";
        var settings = new MixerSettings
        {
            Width = golden.Integer("config", "d_model"),
            StateSize = golden.Integer("config", "d_state"),
            StepRank = first ? golden.Integer("config", "dt_rank") : 0,
            HeadWidth = first ? 1 : golden.Integer("config", "head_dim"),
            Groups = first ? 1 : golden.Integer("config", "n_groups"),
            Chunk = chunk,
            Type = ScalarType.Float64,
        };
        var draws = new WeightDraws(1, ScalarType.Float64);
        SequenceMixer mixer = first ? new Mamba1(settings, draws) : new Mamba2(settings, draws);
        golden.Load(mixer, s_names);
        return mixer;
    }
}
