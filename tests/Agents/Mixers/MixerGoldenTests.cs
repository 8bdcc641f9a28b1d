using NUnit.Framework;
using Sim.Agents.Mixers;
using Sim.Agents.Torch;
using static TorchSharp.torch;

namespace Sim.Tests.Agents.Mixers;

/// <summary>The cores of the other mixers against recorded numbers, each of which was made by two formulations.</summary>
public sealed class MixerGoldenTests
{
    // Twelve printed digits of numbers of order one.
    private const double Printed = 1e-9;

    [SetUp]
    public void Load() => TorchRuntime.EnsureLoaded();

    [Test]
    public void Slstm_computes_the_recorded_outputs()
    {
        using var scope = NewDisposeScope();
        var golden = new TensorGolden("mixers");
        Tensor inputs = golden.Tensor("sLSTM", "preactivation_from_input"), recurrent = golden.Tensor("sLSTM", "R"), expected = golden.Tensor("sLSTM", "h");
        using var mixer = new SLstm(new MixerSettings { Width = 3, Type = ScalarType.Float64 }, new WeightDraws(1, ScalarType.Float64));
        var initial = mixer.InitialState(1, CPU);
        Tensor[] state = [.. Enumerable.Range(0, initial.Count).Select(i => initial[i])];
        for (int t = 0; t < inputs.shape[0]; t++)
        {
            state = SLstm.Cell((inputs[t] + recurrent.matmul(state[0].squeeze(0))).reshape(1, -1), state);
            Assert.That(TensorGolden.Difference(state[0], expected[t]), Is.LessThan(Printed), $"moment {t}");
        }
    }

    [Test]
    public void Aaren_averages_as_recorded()
    {
        using var scope = NewDisposeScope();
        var golden = new TensorGolden("mixers");
        var scores = golden.Tensor("Aaren", "k").matmul(golden.Tensor("Aaren", "q")) / Math.Sqrt(3);
        var all = Aaren.Scan(scores.view(1, -1, 1), ones([1, scores.numel(), 1], ScalarType.Float64), golden.Tensor("Aaren", "v").view(1, -1, 1, 2), null);
        Assert.That(TensorGolden.Difference((all.Values / all.Weight.unsqueeze(-1)).view(-1, 2), golden.Tensor("Aaren", "o")), Is.LessThan(Printed));
    }

    [Test]
    public void Deltaproduct_computes_the_recorded_outputs_with_gates_and_without([Values(1, 2, 3, 7, 64)] int chunk, [Values] bool gated)
    {
        using var scope = NewDisposeScope();
        var golden = new TensorGolden("mixers");
        Tensor One(string name, params long[] shape) => golden.Tensor("DeltaProduct", name).view(shape);
        var gate = gated ? One("gate", 1, 7, 1).log() : zeros([1, 7, 1], ScalarType.Float64);
        var output = DeltaProduct.Chunks(One("q", 1, 7, 1, 3), One("k", 1, 7, 2, 1, 3), One("v", 1, 7, 2, 1, 2), One("beta", 1, 7, 2, 1),
            gate, zeros([1, 1, 2, 3], ScalarType.Float64), null, chunk, out var after);
        Assert.That(TensorGolden.Difference(output, One(gated ? "o_gated" : "o_ungated", 1, 7, 1, 2)), Is.LessThan(Printed));
        if (gated) Assert.That(TensorGolden.Difference(after, One("S_final_gated", 1, 1, 2, 3)), Is.LessThan(Printed));
    }

    [Test]
    public void S4d_convolves_as_recorded()
    {
        using var scope = NewDisposeScope();
        var golden = new TensorGolden("mixers");
        var read = complex(golden.Tensor("S4D", "C_real"), golden.Tensor("S4D", "C_imag")).view(1, 3);
        var rates = complex(full([3], -0.5, ScalarType.Float64), Math.PI * arange(3, ScalarType.Float64)).view(1, 3);
        var exponent = 0.1 * rates;
        var input = (exponent.exp() - 1) / rates;
        var none = zeros([1, 1, 3], ScalarType.ComplexFloat64);
        var impulse = zeros([1, 1, 7], ScalarType.Float64);
        impulse[0, 0, 0] = 1;
        Assert.That(TensorGolden.Difference(S4D.Convolve(impulse, none, exponent, input, read, out _).view(-1), golden.Tensor("S4D", "kernel")), Is.LessThan(Printed));
        Assert.That(TensorGolden.Difference(S4D.Convolve(golden.Tensor("S4D", "u").view(1, 1, 7), none, exponent, input, read, out _).view(-1), golden.Tensor("S4D", "y")), Is.LessThan(Printed));
    }

    [Test]
    public void Newton_finds_the_recorded_states_and_squares_its_error_every_time()
    {
        using var scope = NewDisposeScope();
        var golden = new TensorGolden("mixers");
        using var mixer = new ParaGru(new MixerSettings { Width = 4, Type = ScalarType.Float64 }, new WeightDraws(1, ScalarType.Float64));
        var projected = golden.Tensor("ParaGRU", "pre_z_r_h").permute(1, 0, 2).reshape(1, 7, 12);
        var expected = golden.Tensor("ParaGRU", "h");
        double[] errors = [.. Enumerable.Range(0, 6).Select(iterations => TensorGolden.Difference(
            NewtonCell.Solve(projected, zeros([1, 4, 1], ScalarType.Float64), null, golden.Tensor("ParaGRU", "a_z_r_h"), iterations, mixer.Cell).view(7, 4), expected))];
        Assert.That(errors[^1], Is.LessThan(Printed), string.Join(' ', errors));
        Assert.That(errors[0], Is.LessThan(0.4));
        for (int i = 1; i < 3; i++) Assert.That(errors[i], Is.LessThan(errors[i - 1] * 0.2), string.Join(' ', errors));
    }

    [Test]
    public void Paralstm_finds_the_recorded_states()
    {
        using var scope = NewDisposeScope();
        var golden = new TensorGolden("mixers");
        using var mixer = new ParaLstm(new MixerSettings { Width = 4, Type = ScalarType.Float64 }, new WeightDraws(1, ScalarType.Float64));
        var recurrent = cat([golden.Tensor("ParaLSTM", "a_f_z_o"), golden.Tensor("ParaLSTM", "peephole_f").view(1, 4), golden.Tensor("ParaLSTM", "peephole_o").view(1, 4)], 0);
        var projected = golden.Tensor("ParaLSTM", "pre_f_z_o").permute(1, 0, 2).reshape(1, 7, 12);
        var states = NewtonCell.Solve(projected, zeros([1, 4, 2], ScalarType.Float64), null, recurrent, NewtonCell.Iterations, mixer.Cell).squeeze(0);
        Assert.That(TensorGolden.Difference(states.select(-1, 0), golden.Tensor("ParaLSTM", "c")), Is.LessThan(Printed));
        Assert.That(TensorGolden.Difference(states.select(-1, 1), golden.Tensor("ParaLSTM", "h")), Is.LessThan(Printed));
    }

    [Test]
    public void Both_forms_have_the_same_derivatives([ValueSource(nameof(Names))] string name)
    {
        using var scope = NewDisposeScope();
        var settings = new MixerSettings { Width = 8, StateSize = 4, HeadWidth = 4, Chunk = 4, Type = ScalarType.Float64 };
        using var mixer = SequenceMixers.Find(name).Create(settings, new WeightDraws(3, ScalarType.Float64));
        var x = randn([2, 9, 8], ScalarType.Float64, generator: new Generator(6));
        var weights = randn([2, 9, 8], ScalarType.Float64, generator: new Generator(7));
        (mixer.Forward(x).Output * weights).sum().backward();
        var together = mixer.parameters().Select(parameter => parameter.grad!.clone()).ToArray();
        foreach (var parameter in mixer.parameters()) parameter.grad!.zero_();
        var state = mixer.InitialState(2, CPU);
        Tensor loss = zeros([], ScalarType.Float64);
        for (int t = 0; t < 9; t++)
        {
            (var output, state) = mixer.Step(x.select(1, t), state);
            loss = loss + (output * weights.select(1, t)).sum();
        }
        loss.backward();
        foreach (var ((parameter, value), grad) in mixer.named_parameters().Zip(together))
            Assert.That(TensorGolden.Difference(value.grad!, grad), Is.LessThan(1e-9 * Math.Max(1, grad.abs().max().item<double>())), parameter);
    }

    private static IEnumerable<string> Names => SequenceMixers.All.Select(kind => kind.Name);
}
