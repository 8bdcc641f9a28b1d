using NUnit.Framework;
using Sim.Agents.Mixers;
using Sim.Agents.MixerTasks;
using Sim.Agents.Torch;
using Sim.Environments.Configuration;
using static TorchSharp.torch;

namespace Sim.Tests.Agents.MixerTasks;

public sealed class TaskRunTests
{
    /// <summary>Small enough to be learnt in a second or two.</summary>
    private static readonly SequenceTask s_task = new ModularCounter("parity", modulus: 2, trainingLength: 12);

    private static readonly TaskSettings s_settings = new() { Seconds = 20, Parameters = 3000, Layers = 1, TestSequences = 64, SolvedLoss = 0.05 };

    private static IEnumerable<string> Mixers => SequenceMixers.All.Select(kind => kind.Name);

    [SetUp]
    public void Load() => TorchRuntime.EnsureLoaded();

    [Test]
    public void A_gated_recurrent_unit_learns_parity_and_keeps_it_over_lengths_it_has_not_seen()
    {
        using var run = new TaskRun(s_task, "gru", 1, s_settings);
        var result = run.Run(default);
        Assert.That((result.Mixer, result.Task, result.Seed, result.End), Is.EqualTo(("gru", "parity", 1UL, TaskEnd.Solved)));
        Assert.That(result.Loss, Is.LessThanOrEqualTo(s_settings.SolvedLoss));
        Assert.That(result.Scores.Select(score => score.Length), Is.EqualTo(new[] { 12, 24, 48 }));
        Assert.That(result.Scores.Select(score => score.Score), Is.All.GreaterThan(0.9));
        Assert.That(result.StateBytes, Is.EqualTo(result.Width * sizeof(float)));
    }

    [Test]
    public void Every_mixer_is_judged_at_all_lengths_for_all_questions([ValueSource(nameof(Mixers))] string mixer)
    {
        var task = new NBack([1, 2], trainingLength: 8);
        using var run = new TaskRun(task, mixer, 1, s_settings with { Seconds = 0.01, Parameters = 1000 });
        var result = run.Run(default);
        Assert.That(result.End, Is.EqualTo(TaskEnd.Time));
        Assert.That(result.Scores.Select(score => $"{score.Length} {score.Question}"), Is.EqualTo(new[] { "8 1", "8 2", "16 1", "16 2", "32 1", "32 2" }));
        Assert.That(result.Scores.Select(score => score.Score), Is.All.InRange(-1, 1));
        Assert.That(result.Costs.ForwardTokensPerSecond, Is.Positive);
        Assert.That(result.Costs.StepTokensPerSecond, Is.Positive);
    }

    [Test]
    public void Both_forms_of_a_network_answer_alike([ValueSource(nameof(Mixers))] string mixer)
    {
        using var scope = NewDisposeScope();
        using var network = new TaskNetwork(s_task, mixer, new MixerSettings { Width = 16, HeadWidth = 8, Layers = 2 }, seed: 1);
        var tokens = s_task.Draw(2, 12, new TaskDraws(1, 0)).Tokens;
        // Forms agree to 1e-5 in float32 on inputs of size 1.
        Assert.That((network.Logits(tokens, true) - network.Logits(tokens, false)).abs().max().item<float>(), Is.LessThan(1e-4));
    }

    [Test]
    public void Backbones_of_all_mixers_have_about_the_same_number_of_parameters([ValueSource(nameof(Mixers))] string mixer)
    {
        var sizes = MatchedWidth.Of(mixer, 56_000, layers: 2);
        using var backbone = new SequenceBackbone(mixer, sizes, 1);
        // Parameters grow with the square of the width, which goes in steps of 8.
        Assert.That(backbone.parameters().Sum(parameter => parameter.numel()), Is.EqualTo(56_000).Within(15).Percent);
        if (mixer == "mamba2") Assert.That(sizes.Width, Is.EqualTo(64));
    }

    [Test]
    public void A_run_that_is_cancelled_ends_with_that()
    {
        using var run = new TaskRun(s_task, "gru", 1, s_settings);
        Assert.That(() => run.Run(new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Settings_out_of_range_are_refused_by_name()
    {
        Assert.That(() => new TaskRun(s_task, "gru", 1, s_settings with { LearningRate = 0 }), Throws.InstanceOf<SettingsException>().With.Message.Contains("learning_rate 0"));
        Assert.That(() => new TaskRun(s_task, "gruu", 1, s_settings), Throws.InstanceOf<SettingsException>().With.Message.Contains("'gru'"));
    }
}
