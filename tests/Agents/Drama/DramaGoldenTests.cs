using NUnit.Framework;
using Sim.Agents.Drama;
using Sim.Agents.Networks.Torch;
using Sim.Agents.Torch;
using Sim.Agents.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Sim.Tests.Agents.Drama;

/// <summary>Heads, losses, returns and optimiser of the world-model agent against recorded numbers.</summary>
public sealed class DramaGoldenTests
{
    // Twelve printed digits of numbers of order one; of order ten in the divergences.
    private const double Printed = 1e-9;

    [SetUp]
    public void Load() => TorchRuntime.EnsureLoaded();

    [Test]
    public void Two_hot_brackets_losses_and_decoding_are_those_recorded()
    {
        using var scope = NewDisposeScope();
        var golden = new TensorGolden("wm_heads");
        var targets = golden.Tensor("twohot", "targets");
        var (lower, weight) = TwoHot.Bracket(targets);
        Assert.That(TensorGolden.Difference(lower, golden.Tensor("twohot", "lower_index")), Is.Zero);
        Assert.That(TensorGolden.Difference(weight, golden.Tensor("twohot", "upper_weight")), Is.LessThan(Printed));
        var logits = arange(6 * TwoHot.Bins, ScalarType.Float64).sin().view(6, TwoHot.Bins);
        Assert.That(TensorGolden.Difference(TwoHot.CrossEntropy(logits, targets), golden.Tensor("twohot", "cross_entropy")), Is.LessThan(Printed));
        Assert.That(TensorGolden.Difference(TwoHot.Decode(logits), golden.Tensor("twohot", "decoded")), Is.LessThan(Printed));
    }

    [Test]
    public void Numbers_on_an_edge_and_beyond_the_bins_find_a_bracket([Values] bool doubles)
    {
        using var scope = NewDisposeScope();
        double most = Math.Exp(20) - 1;
        var (lower, weight) = TwoHot.Bracket(tensor([-1e30, -most, 0, most, 1e30], doubles ? ScalarType.Float64 : ScalarType.Float32));
        Assert.That(lower.data<long>().ToArray(), Is.EqualTo(new long[] { 0, 0, 127, 253, 253 }));
        Assert.That(weight.to(ScalarType.Float64).data<double>().ToArray(), Is.EqualTo(new[] { 0.0, 0, 0, 1, 1 }).Within(1e-4));
    }

    [Test]
    public void What_a_two_hot_distribution_holds_is_decoded_again()
    {
        using var scope = NewDisposeScope();
        var numbers = tensor([-300.0, -1.5, 0, 0.02, 7, 4000], ScalarType.Float64);
        var (lower, weight) = TwoHot.Bracket(numbers);
        var distribution = zeros([6, TwoHot.Bins], ScalarType.Float64).scatter(1, lower.unsqueeze(1), (1 - weight).unsqueeze(1)).scatter(1, (lower + 1).unsqueeze(1), weight.unsqueeze(1));
        Assert.That(TensorGolden.Difference(TwoHot.Decode((distribution + 1e-300).log()) / numbers.abs().clamp(min: 1), numbers / numbers.abs().clamp(min: 1)), Is.LessThan(Printed));
    }

    [Test]
    public void Divergences_are_those_recorded_and_below_a_nat_nothing_is_learnt()
    {
        using var scope = NewDisposeScope();
        var golden = new TensorGolden("wm_heads");
        var posteriorLogits = golden.Tensor("kl", "posterior_logits").requires_grad_(true);
        var priorLogits = golden.Tensor("kl", "prior_logits").requires_grad_(true);
        Tensor posterior = Categoricals.LogProbabilities(posteriorLogits), prior = Categoricals.LogProbabilities(priorLogits);
        Assert.That(TensorGolden.Difference(Categoricals.Divergence(posterior.narrow(1, 1, 3), prior.narrow(1, 0, 3)), golden.Tensor("kl", "kl_per_step")), Is.LessThan(10 * Printed));
        var (dynamics, representation) = Categoricals.DivergenceLosses(posterior, prior);
        Assert.That(dynamics.item<double>(), Is.EqualTo(golden.Number("kl", "loss")).Within(10 * Printed));
        Assert.That(representation.item<double>(), Is.EqualTo(golden.Number("kl", "loss")).Within(10 * Printed));
        dynamics.backward();
        Assert.That(posteriorLogits.grad is null || posteriorLogits.grad.abs().max().item<double>() == 0, Is.True, "the prior learns from the posterior, not the other way round");
        Assert.That(priorLogits.grad!.abs().max().item<double>(), Is.GreaterThan(0.01));
        priorLogits.grad.zero_();
        var same = priorLogits.detach().roll(1, 1);
        Categoricals.DivergenceLosses(Categoricals.LogProbabilities(same), Categoricals.LogProbabilities(priorLogits)).Dynamics.backward();
        Assert.That(priorLogits.grad.abs().max().item<double>(), Is.Zero, "a divergence below one nat");
    }

    [Test]
    public void Samples_have_the_probabilities_and_pass_their_derivative_through()
    {
        using var scope = NewDisposeScope();
        const int draws = 40_000;
        var logits = tensor([0.3, -1, 2, 0, 0, 0.5], [1, 2, 3], ScalarType.Float64).requires_grad_(true);
        var logs = Categoricals.LogProbabilities(logits);
        float[] uniform = new float[draws * 2];
        CounterRandom.FillUniform(uniform, 3, Sim.Physics.Numerics.RandomStream.Sampling, 0);
        var sample = Categoricals.Sample(logs.expand(draws, 2, 3), tensor(uniform, [draws, 2], ScalarType.Float64));
        var deviation = (sample.detach().mean([0]) - logs.detach().exp().squeeze(0)) / (logs.detach().exp() * (1 - logs.detach().exp()) / draws).sqrt().squeeze(0);
        Assert.That(deviation.abs().max().item<double>(), Is.LessThan(4), "standard errors");
        Assert.That(TensorGolden.Difference(sample.detach().sum(-1), ones([draws, 2], ScalarType.Float64)), Is.LessThan(1e-12));
        (sample * tensor([1.0, 0, 0], ScalarType.Float64)).sum().backward();
        using var reference = logits.detach().requires_grad_(true);
        (Categoricals.LogProbabilities(reference).exp() * tensor([1.0, 0, 0], ScalarType.Float64)).sum().backward();
        Assert.That(TensorGolden.Difference(logits.grad! / draws, reference.grad!), Is.LessThan(1e-9));
    }

    [Test]
    public void Lambda_returns_are_those_recorded_in_both_variants([Values] bool asPublished)
    {
        using var scope = NewDisposeScope();
        var golden = new TensorGolden("wm_heads");
        var returns = LambdaReturns.Of(golden.Tensor("lambda_return", "reward"), golden.Tensor("lambda_return", "done"), golden.Tensor("lambda_return", "value"),
            golden.Number("lambda_return", "gamma"), golden.Number("lambda_return", "lambda"), asPublished);
        Assert.That(TensorGolden.Difference(returns, golden.Tensor("lambda_return", asPublished ? "returns_reference_code_variant" : "returns")), Is.LessThan(Printed));
    }

    [Test]
    public void Nothing_after_an_end_reaches_the_returns_before_it()
    {
        using var scope = NewDisposeScope();
        Tensor rewards = randn([1, 6], generator: new Generator(1)), ends = zeros([1, 6]), values = randn([1, 7], generator: new Generator(2));
        ends[0, 2] = 1;
        var before = LambdaReturns.Of(rewards, ends, values, 0.985, 0.95);
        rewards[0, 3] = 100;
        values[0, 3] = -100;
        values[0, 6] = 100;
        var after = LambdaReturns.Of(rewards, ends, values, 0.985, 0.95);
        Assert.That(TensorGolden.Difference(before.narrow(1, 0, 3), after.narrow(1, 0, 3)), Is.Zero);
        Assert.That(TensorGolden.Difference(before, after), Is.GreaterThan(1));
    }

    [Test]
    public void Laprop_takes_the_recorded_steps_and_goes_on_from_a_checkpoint()
    {
        using var scope = NewDisposeScope();
        var golden = new TensorGolden("wm_heads");
        Tensor gradients = golden.Tensor("laprop", "grads"), expected = golden.Tensor("laprop", "p_after_each");
        using var parameter = nn.Parameter(golden.Tensor("laprop", "p0"));
        using var optimiser = new LaProp([parameter]);
        // Numbers of up to 2, printed with twelve digits.
        for (int step = 0; step < 3; step++)
        {
            parameter.grad = gradients[step].clone();
            optimiser.Step(golden.Number("laprop", "lr"));
            Assert.That(TensorGolden.Difference(parameter.detach(), expected[step]), Is.LessThan(1e-11), $"step {step}");
        }

        using Parameter first = nn.Parameter(ones(3)), second = nn.Parameter(ones(3));
        using LaProp whole = new([first]), interrupted = new([second]);
        for (int step = 0; step < 4; step++)
        {
            var gradient = gradients[step % 3].to(ScalarType.Float32);
            (first.grad, second.grad) = (gradient.clone(), gradient.clone());
            whole.Step(1e-3 * (step + 1), maximumNorm: 0.5);
            interrupted.Step(1e-3 * (step + 1), maximumNorm: 0.5);
        }
        var checkpoint = new Checkpoint();
        interrupted.Save(checkpoint, "optimiser");
        using var resumed = new LaProp([second]);
        resumed.Load(checkpoint, "optimiser");
        (first.grad, second.grad) = (ones(3), ones(3));
        whole.Step(5e-3, maximumNorm: 0.5);
        Assert.That(resumed.Step(5e-3, maximumNorm: 0.5).item<float>(), Is.EqualTo(MathF.Sqrt(3)).Within(1e-6));
        Assert.That(TensorGolden.Difference(first.detach(), second.detach()), Is.Zero);
        Assert.That(resumed.Steps, Is.EqualTo(5));
    }

    [Test]
    public void The_scale_of_returns_follows_their_percentiles_and_never_falls_below_one()
    {
        using var scope = NewDisposeScope();
        using ReturnScale scale = new(CPU), resumed = new(CPU);
        Assert.That(scale.Update(arange(100, ScalarType.Float32) * 0.1).item<float>(), Is.EqualTo(1), "a hundredth of 9 is below 1");
        float last = 0;
        for (int i = 0; i < 1000; i++) last = scale.Update((arange(100, ScalarType.Float32) * 0.1).flip(0)).item<float>();
        Assert.That(last, Is.EqualTo(9).Within(0.01), "from the 6th to the 96th of a hundred");
        var checkpoint = new Checkpoint();
        scale.Save(checkpoint, "scale");
        resumed.Load(checkpoint, "scale");
        Assert.That(resumed.Update(zeros(100)).item<float>(), Is.EqualTo(scale.Update(zeros(100)).item<float>()));
    }
}
